"""`healthsheet refresh`: the portfolio workbook, made or refreshed in place."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.cli import DONE, FINDINGS, add_common, today
from pipeline.cli.history_option import add_history
from pipeline.cli.score import add_reading

if TYPE_CHECKING:
    from pipeline.refresh import Outcome
    from pipeline.scored import Scored
    from pipeline.store import History, Written
    from scoring.inputs import Inputs
    from scoring.model import ScoreModel


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
                             "folder with accounts.csv (default: refresh.from in "
                             "healthsheet.toml, else as the last time)")  # fmt: skip
    parser.add_argument("--dry-run", action="store_true",
                        help="print what would change and write nothing")  # fmt: skip
    parser.add_argument("--column", action="append", default=[], type=_pair, metavar="OURS=YOURS",
                        help="our column stands under this header of yours; may be "
                             "repeated")  # fmt: skip
    parser.add_argument("--table", action="append", default=[], type=_pair, metavar="OURS=YOURS",
                        help="our Table is called so in the workbook; may be repeated")  # fmt: skip
    add_reading(parser)
    add_history(parser)
    add_common(parser)


def run(args: argparse.Namespace) -> int:
    """Refresh the workbook; status 1 when the source holds values to fix.

    Raises:
        DataError: the source cannot be read.
        WorkbookError: the workbook cannot be used or written; it is as it was.
        HistoryError: the history cannot be used.
    """
    from datetime import datetime

    from pipeline.refresh import Wanted, refresh_file, refresh_model, source_of, source_spec
    from pipeline.settings import rates, settings_file

    started = time.perf_counter()
    named = args.source
    args.source = source_of(args.workbook, named)
    model = refresh_model(args.model, args.workbook, args.source)
    inputs, history = _read(args, model)
    scored = _scored(args, inputs, model, history, record=False)[0]
    found = rates(settings_file(args.source))
    wanted = Wanted(
        when=datetime.now().astimezone().replace(tzinfo=None, microsecond=0),
        spec=source_spec(args.source, args.workbook),
        columns=dict(args.column),
        tables=dict(args.table),
        rates=found[1] if found else None,
        dry_run=args.dry_run,
    )
    outcome = refresh_file(scored, args.workbook, wanted)
    written = None
    if history is not None and not args.dry_run:
        # Only now: a workbook that could not be saved must not leave a snapshot behind.
        written = _scored(args, inputs, model, history, record=True)[1]
    _tell(args, scored, outcome, (history, written), time.perf_counter() - started)
    to_fix = any(p.severity == "error" for p in scored.problems)
    return FINDINGS if to_fix or (written is not None and written.kept) else DONE


def _read(args: argparse.Namespace, model: ScoreModel) -> tuple[Inputs, History | None]:
    """The source, and the history that remembers it; opened first, as it may refuse."""
    from pipeline.sources import read_source
    from pipeline.store.choice import choose_history

    address = choose_history(args.history, args.source)
    history = None
    if address is not None and not (args.dry_run and address.path and not address.path.exists()):
        from pipeline.store import History

        history = History(address, create=not args.dry_run)
    reading = {k: v for k in ("sheet", "day_first", "decimal", "query")
               if (v := getattr(args, k, None)) is not None}  # fmt: skip
    return read_source(args.source, model, as_of=args.as_of, **reading), history


def _scored(
    args: argparse.Namespace,
    inputs: Inputs,
    model: ScoreModel,
    history: History | None,
    *,
    record: bool,
) -> tuple[Scored, Written | None]:
    from pipeline.scored import score_inputs

    day = args.as_of or today()
    if history is None:
        return score_inputs(inputs, model, as_of=day), None
    from pipeline.store.use import score_with_history

    done = score_with_history(
        inputs, model, history, as_of=day, today=today(), record=record, full=True
    )
    return done.scored, done.written


def _tell(
    args: argparse.Namespace,
    scored: Scored,
    outcome: Outcome,
    recorded: tuple[History | None, Written | None],
    seconds: float,
) -> None:
    from pipeline.refresh_view import refresh_data, refresh_lines

    history = _history_data(*recorded)
    if args.json:
        import json

        document = refresh_data(scored, outcome, args.workbook) | history
        print(json.dumps(document, indent=2, allow_nan=False))
        return
    from pipeline.terminal import print_lines, terminal_width

    lines = refresh_lines(
        scored, outcome, args.workbook, width=terminal_width(sys.stdout), seconds=seconds
    )
    if recorded[1] is not None and recorded[0] is not None:
        from pipeline.cli.history_option import written_text

        lines.append([(f"{recorded[0].shown}: {written_text(recorded[1])}", "")])
    print_lines(lines)


def _history_data(history: History | None, written: Written | None) -> dict[str, Any]:
    if history is None or written is None:
        return {}
    from dataclasses import asdict

    counts = {k: v for k, v in asdict(written).items() if k not in ("day", "model")}
    return {"history": {"address": history.shown, **counts}}


def _pair(text: str) -> tuple[str, str]:
    ours, sign, theirs = text.partition("=")
    if not (sign and ours.strip() and theirs.strip()):
        raise argparse.ArgumentTypeError(f'{text} is no pair. Type it as "Score=Health".')
    return ours.strip(), theirs.strip()
