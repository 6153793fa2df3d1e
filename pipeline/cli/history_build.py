"""`healthsheet history build`: snapshots of past days, each from what was known then."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pipeline.cli import DONE, FINDINGS, parse_day, today

if TYPE_CHECKING:
    from pipeline.past import Built
    from pipeline.store import History

__all__ = ["configure_build", "run_build"]

_LISTED = 5


def configure_build(actions: Any) -> argparse.ArgumentParser:
    """Add the action and its options."""
    parser: argparse.ArgumentParser = actions.add_parser(
        "build", help="score past days from a source that says what was known when",
        description="Score each past day with what was known then, and record it. A day that "
                    "stands there already is left as it is, so that a build that was stopped "
                    "goes on where it stopped.",
    )  # fmt: skip
    parser.add_argument("source", metavar="SOURCE",
                        help="folder or healthsheet.toml that declares tables with known_at, or a "
                             "database URL with a --query that has :as_of")  # fmt: skip
    parser.add_argument("--from", dest="first", metavar="DATE", type=parse_day, required=True,
                        help="first day, as 2026-01-31")  # fmt: skip
    parser.add_argument("--to", dest="last", metavar="DATE", type=parse_day,
                        help="last day at most (default: today)")  # fmt: skip
    parser.add_argument("--every", choices=("month", "week", "day", "quarter"), default="month",
                        help="how far apart (default: month)")  # fmt: skip
    parser.add_argument("--query", metavar="SQL", help="as for score")
    parser.add_argument("--correct", action="store_true",
                        help="score days again that stand there, and record what differs as "
                             "correction")  # fmt: skip
    return parser


def run_build(args: argparse.Namespace, opened: Callable[..., History]) -> int:
    """Build the snapshots; status 1 when values of the source are to fix.

    Args:
        args: the options.
        opened: opens the history that they name.

    Raises:
        DataError: the source cannot be read, or says nothing about past days.
        HistoryError: the history cannot be used.
    """
    from pipeline.model_choice import choose_model
    from pipeline.past import build_history, days_between, first_problems

    model = choose_model(args.model, args.source)
    days = days_between(args.first, args.last or today(), args.every)
    history = opened(args, create=True)
    bar, step = _bar(len(days))
    with bar:
        built = build_history(
            args.source, model, history, days,
            today=today(), query=args.query, correct=args.correct, progress=step,
        )  # fmt: skip
    problems = list(first_problems(built, _LISTED))
    if args.json:
        told = {"history": history.shown, "model": model.label, "days": [_data(b) for b in built]}
        print(json.dumps({**told, "problems": problems}, indent=2, default=str))
    else:
        _print(built, problems, history.shown)
    left = any(b.written is not None and b.written.kept for b in built)
    return FINDINGS if problems or left else DONE


def _bar(count: int) -> tuple[AbstractContextManager[Any], Callable[[Built], None]]:
    """A progress bar on a terminal, else nothing."""
    if not sys.stderr.isatty():
        return nullcontext(), lambda _: None
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    day = TextColumn("{task.description}")
    columns = (TextColumn("Snapshots"), BarColumn(), MofNCompleteColumn(), day)
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=count)
    return bar, lambda built: bar.update(task, advance=1, description=str(built.day))


def _data(built: Built) -> dict[str, Any]:
    written = asdict(built.written) if built.written else None
    return {"day": built.day, "scored": built.scored, "written": written}


def _print(built: list[Built], problems: list[str], shown: str) -> None:
    from pipeline.cli.history_option import written_text

    for b in built:
        if b.written is None:
            print(f"{b.day:%d %b %Y}: stands there already.".lstrip("0"))
        else:
            print(f"{written_text(b.written)} {b.scored:,} scored.")
    for problem in problems:
        print("! " + "".join(c for c in problem if c.isprintable()))
    count = sum(b.written is not None for b in built)
    print(f"\nBuilt {count:,} snapshot{'' if count == 1 else 's'} into {shown}.")
