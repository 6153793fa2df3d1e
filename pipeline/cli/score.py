"""`healthsheet score`: read, score, print, write."""

from __future__ import annotations

import argparse
import shlex
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.cli import COMMANDS, DONE, FINDINGS, add_common
from pipeline.cli.backtest_option import add_backtest
from pipeline.cli.history_option import add_history
from pipeline.cli.score_engine import add_engine, run_engine
from scoring.errors import DataError

if TYPE_CHECKING:
    from pipeline.cli.history_option import Found
    from pipeline.terminal import Line


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
    parser.add_argument("--judgement", action="store_true",
                        help="with --json: risks, actions, 30-day goal, renewal strategy and "
                             "outlook of each account")  # fmt: skip
    add_reading(parser)
    add_history(parser)
    add_backtest(parser)
    parser.add_argument("--correct", action="store_true",
                        help="score a past day from SOURCE although the history has recorded it, "
                             "and record that as a correction")  # fmt: skip
    add_engine(parser)
    add_common(parser)


def add_reading(
    parser: argparse.ArgumentParser,
    *,
    sheet: str = "the sheet with the accounts",
    asked: str = "a database URL",
) -> None:
    """Options that say how a source is read.

    Args:
        parser: takes them.
        sheet: help of the option for the sheet.
        asked: what a query is for.
    """
    parser.add_argument("--sheet", metavar="NAME", help=sheet)
    order = parser.add_mutually_exclusive_group()
    order.add_argument("--day-first", dest="day_first", action="store_true", default=None,
                       help="read 03/04/2026 as 3 April")  # fmt: skip
    order.add_argument("--month-first", dest="day_first", action="store_false",
                       help="read 03/04/2026 as 4 March")  # fmt: skip
    parser.add_argument("--decimal", choices=[".", ","], help="decimal mark of numbers in text")
    parser.add_argument("--query", metavar="SQL",
                        help=f"what to ask of {asked}: a SELECT, or the name of a .sql "
                             "file; :as_of in it is the day")  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Score a source; status 1 when it holds values to fix.

    Raises:
        DataError: the source cannot be read, or judgement is asked for where it is not told.
    """
    if args.judgement and (args.engine or not args.json):
        raise DataError(
            "--judgement is told with --json, without --engine. Add --json, or make scorecards: "
            "healthsheet report."
        )
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

        # Scores of many accounts come fast; what is said of each takes longer.
        said = {"judgement": _judged(found)} if args.judgement else {}
        sys.stdout.write(to_json(scored, **said, **history_data(found)))
    else:
        _print(found, args)
    left = found.written is not None and found.written.kept
    return FINDINGS if left or any(p.severity == "error" for p in scored.problems) else DONE


def _judged(found: Found) -> dict[str, Any]:
    """Account id → all that is said of it."""
    from scoring.account_facts import gather
    from scoring.judgement.data import judgement_data
    from scoring.judgement.judge import judge

    scores = found.scored.scores
    facts = gather(found.scored.inputs, scores.model, as_of=scores.as_of)
    return {f.account_id: judgement_data(judge(f)) for f in facts}


def _print(found: Found, args: argparse.Namespace) -> None:
    from pipeline.cli.history_option import history_line
    from pipeline.score_view import score_lines
    from pipeline.terminal import print_lines, terminal_width

    scored, more = found.scored, "--all"
    if args.output is not None:
        sheet = ", sheet Accounts" if args.output.suffix.casefold() == ".xlsx" else ""
        more = f"{args.output.name}{sheet}"
    width = terminal_width(sys.stdout)
    lines = score_lines(scored, width=width, top=None if args.all else args.top, more=more)
    if len(scored.scores) == 1:
        lines += [[], *_summary_lines(found, width)]
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


def _summary_lines(found: Found, width: int) -> list[Line]:
    """The one account there is, in two to four sentences."""
    from scoring.account_facts import gather
    from scoring.judgement.judge import judge

    scores = found.scored.scores
    facts = next(gather(found.scored.inputs, scores.model, as_of=scores.as_of))
    # Texts come from data: what a terminal would act on is left out.
    text = "".join(c if c.isprintable() else " " for c in judge(facts).summary)
    return [[(line, "")] for line in textwrap.wrap(text, width)]


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of accounts. Type 1 or more.")
    return int(text)
