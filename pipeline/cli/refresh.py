"""`healthsheet refresh`: the portfolio workbook, made or refreshed in place."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.cli import DONE, FINDINGS, add_common, today
from pipeline.cli.backtest_option import add_backtest
from pipeline.cli.history_option import add_history
from pipeline.cli.score import add_reading

if TYPE_CHECKING:
    from pipeline.refresh import Outcome
    from pipeline.store import History
    from pipeline.store.use import Remembered
    from scoring.inputs import Inputs
    from scoring.model import ScoreModel
    from workbook_templates.fill import Template

_KEPT = "{workbook} was there before and keeps its looks; {template} is for a new workbook."


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.description = (
        "Make the portfolio workbook of a source or, where it is there, refresh it in place: only "
        "our cells change. Your columns, notes, sheets, charts and formats stay, and go along when "
        "rows move. What changed is printed and stands on the sheet Changes."
    )
    parser.add_argument("workbook", metavar="WORKBOOK", type=Path,
                        help="portfolio workbook (.xlsx, .xlsm); made if absent")  # fmt: skip
    parser.add_argument("--from", dest="source", metavar="SOURCE",
                        help="the accounts: .xlsx, .xlsm, .xlsb, .ods, .csv or .parquet file, or a "
                             "folder with accounts.csv or with a healthsheet.toml that "
                             "declares a source, or a database URL with --query "
                             "(default: refresh.from in healthsheet.toml, else as the last "
                             "time)")  # fmt: skip
    parser.add_argument("--dry-run", action="store_true",
                        help="print what would change and write nothing")  # fmt: skip
    parser.add_argument("--column", action="append", default=[], type=_pair, metavar="OURS=YOURS",
                        help="our column stands under this header of yours; may be "
                             "repeated")  # fmt: skip
    parser.add_argument("--table", action="append", default=[], type=_pair, metavar="OURS=YOURS",
                        help="our Table is called so in the workbook; may be repeated")  # fmt: skip
    parser.add_argument("--template", type=Path, metavar="FILE",
                        help="make a new workbook of this one, not of ours (see template "
                             "--help); one that is there keeps its own looks")  # fmt: skip
    parser.add_argument("--replace-model", action="store_true",
                        help="put the model of -m on the workbook's sheet Model and score with it "
                             "from now on")  # fmt: skip
    add_reading(parser)
    add_history(parser)
    add_backtest(parser)
    add_common(parser)


def run(args: argparse.Namespace) -> int:
    """Refresh the workbook; status 1 when the source holds values to fix.

    Raises:
        DataError: the source cannot be read.
        WorkbookError: the workbook cannot be used or written; it is as it was.
        HistoryError: the history cannot be used.
        WorkbookError: the template cannot be used.
        ModelError: the workbook was made for another model than the one that scores the day.
    """
    from datetime import datetime

    from pipeline.backtest_file import with_backtest
    from pipeline.refresh import Wanted, check_same_model, refresh_file, refresh_model
    from pipeline.refresh_source import backtest_of, origin_of
    from pipeline.settings import rates, settings_file

    started = time.perf_counter()
    origin = origin_of(args.workbook, args.source, args.query)
    args.source, args.query = origin.source, origin.query
    model, replaced = refresh_model(
        args.model, args.workbook, args.source, replace=args.replace_model
    )
    score, history = scoring(args, model)
    done = score()
    named, kept = backtest_of(args.workbook, args.backtest, args.source)
    scored = with_backtest(done.scored, named, args.source)
    done = replace(done, scored=scored)
    check_same_model(args.workbook, model, scored.scores)
    template = _template(args, scored.scores.model)
    found = rates(settings_file(args.source))
    wanted = Wanted(
        when=datetime.now().astimezone().replace(tzinfo=None, microsecond=0),
        spec=origin.spec,
        query=origin.query_spec,
        backtest=kept,
        columns=dict(args.column),
        tables=dict(args.table),
        rates=found[1] if found else None,
        template=template,
        replaced=replaced,
        flags=() if history is None else tuple(history.flags(scored.scores.as_of)),
        dry_run=args.dry_run,
    )
    outcome = refresh_file(scored, args.workbook, wanted)
    outcome.diff.notes += [origin.note] if origin.note else []
    if args.template and not outcome.made:
        outcome.diff.notes.append(_KEPT.format(workbook=args.workbook, template=args.template))
    if history is not None and not args.dry_run:
        # Only now: a workbook that could not be saved must not leave a snapshot behind.
        if not done.reproduced:
            done = replace(done, written=done.record())
        if outcome.flags:
            history.flag(outcome.flags)
    _tell(args, outcome, (history, done), time.perf_counter() - started)
    to_fix = any(p.severity == "error" for p in scored.problems)
    return FINDINGS if to_fix or (done.written is not None and done.written.kept) else DONE


def _template(args: argparse.Namespace, model: ScoreModel) -> Template | None:
    """The template given, checked before anything is written; None where it is not needed."""
    if args.template is None or args.workbook.exists():
        return None
    from pipeline.templates import usable_template

    return usable_template(args.template, model, as_of=args.as_of or today(), kind="portfolio")


def scoring(
    args: argparse.Namespace, model: ScoreModel
) -> tuple[Callable[..., Remembered], History | None]:
    """What scores the source of a portfolio workbook, and the history it asks.

    The history is opened first, as it may refuse. The source is read when it is needed, and once:
    a day that was recorded needs none.
    """
    from pipeline.model_choice import has_model_sheet
    from pipeline.portfolio_typed import kept_overrides, with_overrides
    from pipeline.scored import score_inputs
    from pipeline.sources import read_source
    from pipeline.store.choice import choose_history
    from pipeline.store.use import Remembered, refuse_future, score_with_history

    day = args.as_of or today()
    reading = {k: v for k in ("sheet", "day_first", "decimal", "query")
               if (v := getattr(args, k, None)) is not None}  # fmt: skip
    book = args.workbook.read_bytes() if args.workbook.is_file() else b""

    @cache
    def read() -> Inputs:
        """The source, with the overrides that people typed into the workbook."""
        inputs = read_source(args.source, model, as_of=day, **reading)
        typed = kept_overrides(book, model, str(args.workbook)) if book else []
        sheet = f"{args.workbook.name}, Overrides"
        return with_overrides(inputs, typed, model, as_of=day, sheet=sheet)

    address = choose_history(args.history, args.source)
    if address is None or (args.dry_run and address.path and not address.path.exists()):
        return lambda: Remembered(score_inputs(read(), model, as_of=day)), None
    # Before anything is written: the workbook and its snapshot belong together.
    refuse_future(day, today())
    from pipeline.store import History

    history = History(address, create=not args.dry_run)
    named = bool(args.model) or has_model_sheet(args.workbook)
    score = partial(
        score_with_history, read, model, history,
        as_of=day, today=today(), record=False, full=True, named=named,
    )  # fmt: skip
    return score, history


def _tell(
    args: argparse.Namespace,
    outcome: Outcome,
    recorded: tuple[History | None, Remembered],
    seconds: float,
) -> None:
    from pipeline.refresh_view import refresh_data, refresh_lines

    history, done = recorded
    if args.json:
        import json

        document = refresh_data(done.scored, outcome, args.workbook)
        print(json.dumps(document | _history_data(*recorded), indent=2, allow_nan=False))
        return
    from pipeline.cli.history_option import Found, history_line
    from pipeline.terminal import print_lines, terminal_width

    lines = refresh_lines(
        done.scored, outcome, args.workbook, width=terminal_width(sys.stdout), seconds=seconds
    )
    if history is not None and (done.written is not None or done.reproduced):
        found = Found(done.scored, history.shown, done.written, done.reproduced)
        lines.append([(history_line(found), "")])
    print_lines(lines)


def _history_data(history: History | None, done: Remembered) -> dict[str, Any]:
    from pipeline.cli.history_option import Found, history_data

    if history is None or (done.written is None and not done.reproduced):
        return {}
    return history_data(Found(done.scored, history.shown, done.written, done.reproduced))


def _pair(text: str) -> tuple[str, str]:
    ours, sign, theirs = text.partition("=")
    if not (sign and ours.strip() and theirs.strip()):
        raise argparse.ArgumentTypeError(f'{text} is no pair. Type it as "Score=Health".')
    return ours.strip(), theirs.strip()
