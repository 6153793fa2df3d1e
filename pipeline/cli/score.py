"""`healthsheet score`: read, score, print, write."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pipeline.cli import COMMANDS, DONE, FINDINGS, add_common, today


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("source", help=".xlsx, .xlsm, .xlsb, .ods, .csv or .parquet file, "
                                       "or a folder with accounts.csv")  # fmt: skip
    parser.add_argument("-o", "--output", type=Path, metavar="OUT",
                        help="write all accounts to a .csv, .xlsx or .json file")  # fmt: skip
    parser.add_argument("--all", action="store_true", help="list every account and every problem")
    parser.add_argument("--top", type=_count, default=10, metavar="N",
                        help="list the N worst accounts (default: 10)")  # fmt: skip
    add_reading(parser)
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


def run(args: argparse.Namespace) -> int:
    """Score a source; status 1 when it holds values to fix."""
    from pipeline.model_choice import choose_model
    from pipeline.scored import score_source

    scored = score_source(
        args.source,
        choose_model(args.model, args.source),
        as_of=args.as_of or today(),
        sheet=args.sheet,
        day_first=args.day_first,
        decimal=args.decimal,
    )
    if args.output is not None:
        from pipeline.results_files import write_results

        write_results(scored, args.output)
    if args.json:
        from pipeline.results_files import to_json

        sys.stdout.write(to_json(scored))
    else:
        _print(scored, args)
    return FINDINGS if any(p.severity == "error" for p in scored.problems) else DONE


def _print(scored: object, args: argparse.Namespace) -> None:
    from pipeline.score_view import score_lines
    from pipeline.scored import Scored
    from pipeline.terminal import Line, print_lines, terminal_width

    assert isinstance(scored, Scored)
    more = "--all"
    if args.output is not None:
        sheet = ", sheet Accounts" if args.output.suffix.casefold() == ".xlsx" else ""
        more = f"{args.output.name}{sheet}"
    width = terminal_width(sys.stdout)
    lines = score_lines(scored, width=width, top=None if args.all else args.top, more=more)
    ending: Line = []
    if args.output is not None:
        ending += [("Wrote ", ""), (args.output.name, "bold"), (". ", "")]
    if "report" in COMMANDS:
        model = f" -m {args.model}" if args.model else ""
        ending += [(f"Next: healthsheet report {args.source}{model} -o reports", "")]
    print_lines([*lines, *([[], ending] if ending else [])])


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of accounts. Type 1 or more.")
    return int(text)
