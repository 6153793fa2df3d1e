"""`healthsheet score`: read, score, print, write."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli import COMMANDS, DONE, FINDINGS, add_common
from pipeline.cli.history_option import add_history
from pipeline.cli.score_engine import add_engine, run_engine

if TYPE_CHECKING:
    from pipeline.cli.history_option import Found


SOURCE = (
    ".xlsx, .xlsm, .xlsb, .ods, .csv or .parquet file, a folder with accounts.csv or with a "
    "healthsheet.toml that declares a source, or a database URL with --query"
)
"""Help of the argument that says what is read."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("source", metavar="SOURCE", help=SOURCE)
    parser.add_argument("-o", "--output", type=Path, metavar="OUT",
                        help="write all accounts to a .csv, .xlsx or .json file")  # fmt: skip
    parser.add_argument("--all", action="store_true", help="list every account and every problem")
    parser.add_argument("--top", type=_count, default=10, metavar="N",
                        help="list the N worst accounts (default: 10)")  # fmt: skip
    add_reading(parser)
    add_history(parser)
    parser.add_argument("--correct", action="store_true",
                        help="score a past day from SOURCE although the history has recorded it, "
                             "and record that as a correction")  # fmt: skip
    add_engine(parser)
    add_common(parser)


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Options that say how a source is read."""
    parser.add_argument("--sheet", metavar="NAME", help="the sheet with the accounts")
    order = parser.add_mutually_exclusive_group()
    order.add_argument("--day-first", dest="day_first", action="store_true", default=None,
                       help="read 03/04/2026 as 3 April")  # fmt: skip
    order.add_argument("--month-first", dest="day_first", action="store_false",
                       help="read 03/04/2026 as 4 March")  # fmt: skip
    parser.add_argument("--decimal", choices=[".", ","], help="decimal mark of numbers in text")
    parser.add_argument("--query", metavar="SQL",
                        help="what to ask of a database URL: a SELECT, or the name of a .sql "
                             "file; :as_of in it is the day")  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Score a source; status 1 when it holds values to fix."""
    if args.engine:
        return run_engine(args)
    from pipeline.cli.history_option import history_data, remembered
    from pipeline.model_choice import choose_model

    model = choose_model(args.model, args.source)
    found = remembered(args, model, record=True)
    scored = found.scored
    if args.output is not None:
        from pipeline.results_files import write_results

        write_results(scored, args.output)
    if args.json:
        from pipeline.results_files import to_json

        sys.stdout.write(to_json(scored, **history_data(found)))
    else:
        _print(found, args)
    left = found.written is not None and found.written.kept
    return FINDINGS if left or any(p.severity == "error" for p in scored.problems) else DONE


def _print(found: Found, args: argparse.Namespace) -> None:
    from pipeline.cli.history_option import history_line
    from pipeline.score_view import score_lines
    from pipeline.terminal import Line, print_lines, terminal_width

    scored, more = found.scored, "--all"
    if args.output is not None:
        sheet = ", sheet Accounts" if args.output.suffix.casefold() == ".xlsx" else ""
        more = f"{args.output.name}{sheet}"
    width = terminal_width(sys.stdout)
    lines = score_lines(scored, width=width, top=None if args.all else args.top, more=more)
    if found.history:
        said = history_line(found)
        if found.reproduced:
            said += " --correct takes the source's values."
        lines += [[], [(said, "")]]
    ending: Line = []
    if args.output is not None:
        ending += [("Wrote ", ""), (args.output.name, "bold"), (". ", "")]
    if "report" in COMMANDS:
        model = f" -m {args.model}" if args.model else ""
        query = f" --query {shlex.quote(args.query)}" if args.query else ""
        source = shlex.quote(str(args.source))
        day = f" --as-of {args.as_of}" if args.as_of else ""
        ending += [(f"Next: healthsheet report {source}{query}{model}{day} -o reports", "")]
    print_lines([*lines, *([[], ending] if ending else [])])


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of accounts. Type 1 or more.")
    return int(text)
