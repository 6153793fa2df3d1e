"""`healthsheet validate`: whether the score foretold churn, and what to change."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.cli import DONE, FINDINGS, add_common, today
from pipeline.cli.score import add_reading
from scoring.errors import DataError, ModelError

if TYPE_CHECKING:
    from pipeline.terminal import Line
    from pipeline.validation import Compared
    from scoring.model import ScoreModel
    from scoring.validation.records import Backtest

__all__ = ["configure", "run"]

_ENDINGS = (".xlsx", ".json")
_MODEL_ENDINGS = (".toml", ".xlsx")


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.description = (
        "Compare scores with what happened later: did low scores come before churn, which metrics "
        "foretold it, who was missed, which weights and tiers would have done better. Only what "
        "was known 30, 60 and 90 days before counts. The exit status is 1 when there are values "
        "to fix."
    )
    parser.add_argument("history", metavar="HISTORY",
                        help="what score --history recorded (a SQLite file or postgresql:// URL), "
                             "a project that names it, a source with Score history, or one table "
                             "with account, date and metrics or score")  # fmt: skip
    parser.add_argument("outcomes", metavar="OUTCOMES",
                        help="table with account, date and outcome (renewed, contracted, "
                             "expanded, churned), or account and churn date; a file, a workbook "
                             "with a sheet Outcomes, or a database URL with --query")  # fmt: skip
    parser.add_argument("-o", "--output", type=Path, action="append", default=[], metavar="OUT",
                        help="write the Backtest workbook (.xlsx), or the backtest that other "
                             "commands take their churn probability from (.json); may be "
                             "repeated")  # fmt: skip
    parser.add_argument("--write-model", type=Path, metavar="FILE",
                        help="write the model with the recommended changes, as a new version "
                             "(.toml or .xlsx)")  # fmt: skip
    parser.add_argument("--days", type=int, choices=(30, 60, 90), default=60,
                        help="look at metrics, weights and probabilities so many days before the "
                             "outcome (default: 60)")  # fmt: skip
    parser.add_argument("--against", metavar="FILE",
                        help="an earlier backtest.json, to see what drifted since (default: "
                             "healthsheet.toml's)")  # fmt: skip
    parser.add_argument("--all", action="store_true",
                        help="list every metric, account and problem")  # fmt: skip
    add_reading(
        parser,
        sheet="the sheet with the outcomes (default: Outcomes)",
        asked="a database URL of outcomes",
    )
    parser.add_argument("--history-sheet", metavar="NAME",
                        help="the sheet of a workbook with the history")  # fmt: skip
    add_common(parser)


def run(args: argparse.Namespace) -> int:
    """Compare, write, print; status 1 where values are to fix or no model could be written.

    Raises:
        DataError: a source cannot be used, or options contradict each other.
        HistoryError: a recorded history cannot be used.
        ModelError: a model cannot be read or written.
        WorkbookError: a file to write is open in a spreadsheet program.
    """
    _check(args)
    from pipeline.validation import Wanted, compare

    wanted = Wanted(
        history=args.history, outcomes=args.outcomes, as_of=args.as_of or today(),
        model=args.model, days=args.days, sheet=args.sheet, history_sheet=args.history_sheet,
        query=args.query, day_first=args.day_first, decimal=args.decimal,
    )  # fmt: skip
    bar, tell = _bar()
    with bar:
        compared = compare(wanted, against=_against(args), tell=tell)
    written = _write(compared, args)
    model, refused = _write_model(compared, args)
    if args.json:
        from pipeline.backtest_file import backtest_json

        sys.stdout.write(backtest_json(compared.backtest))
        _warn(compared, args, refused)
    else:
        _print(compared, args, written, model, refused)
    wrong = any(p.severity == "error" for p in compared.problems)
    return FINDINGS if wrong or refused else DONE


def _check(args: argparse.Namespace) -> None:
    """Refuse what cannot be written before anything is read."""
    asked = [*args.output, *([args.write_model] if args.write_model else [])]
    for path in asked:
        if path.is_dir():
            raise DataError(f"{path} is a folder. Name a file in it.")
    for path in args.output:
        if path.suffix.casefold() not in _ENDINGS:
            raise DataError(f"{path} has no known ending. Name it .xlsx or .json.")
    if args.write_model and args.write_model.suffix.casefold() not in _MODEL_ENDINGS:
        raise DataError(f"{args.write_model.name} is no model's name. Name it .toml or .xlsx.")
    for path in asked:
        if not path.parent.is_dir():
            raise DataError(f"The folder {path.parent} does not exist. Make it first.")
        if asked.count(path) > 1:
            raise DataError(f"{path} is to be written twice. Give each file its own name.")
        for source in (args.history, args.outcomes):
            if path.exists() and Path(source).exists() and path.samefile(source):
                raise DataError(f"{path} is read here. Write to another file.")


def _against(args: argparse.Namespace) -> Backtest | None:
    """The earlier backtest that is named; else that of the settings, if it is there yet."""
    from pipeline.backtest_file import choose_backtest, read_backtest

    path = choose_backtest(args.against, args.history)
    if path is None or (args.against is None and not path.exists()):
        return None
    return read_backtest(path)


def _bar() -> tuple[AbstractContextManager[Any], Callable[[str, float], None]]:
    """A progress bar on a terminal, else nothing."""
    if not sys.stderr.isatty():
        return nullcontext(), lambda what, share: None
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    # On standard error, and gone when done: a pipe gets the result only.
    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"))
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=1.0)
    return bar, lambda what, share: bar.update(task, completed=share, description=what)


def _write(compared: Compared, args: argparse.Namespace) -> list[Path]:
    for path in args.output:
        if path.suffix.casefold() == ".json":
            from pipeline.backtest_file import save_backtest

            save_backtest(path, compared.backtest)
        else:
            from pipeline.exports import save
            from workbook_templates.backtest import write_backtest

            save(path, {".xlsx": lambda: write_backtest(compared.found)})
    return list(args.output)


def _write_model(compared: Compared, args: argparse.Namespace) -> tuple[ScoreModel | None, str]:
    """The new model, written; or why there is none."""
    if args.write_model is None:
        return None, ""
    from pipeline.model_files import write_model
    from scoring.validation.new_model import KINDS, advised_kinds, new_model

    backtest, past = compared.backtest, compared.past
    source = f"{sum(backtest.kinds.values()):,} outcomes"
    advised = advised_kinds(backtest.recommendations)
    try:
        model = new_model(
            past.model, backtest.recommendations, made=backtest.made, source=source,
            which=advised[:1] or KINDS,
            used={past.model.version, *past.versions},
        )  # fmt: skip
    except ModelError as error:
        if advised:
            raise
        return None, f"{args.write_model.name} was not written. {error}"
    write_model(model, args.write_model)
    return model, ""


def _warn(compared: Compared, args: argparse.Namespace, refused: str) -> None:
    """What the document does not hold, beside it: problems, and why there is no model."""
    from pipeline.score_totals import fix_lines
    from pipeline.terminal import print_lines, terminal_width

    limit = None if args.all else 5
    lines = fix_lines(compared.problems, limit, terminal_width(sys.stderr))
    print_lines([*lines, *([[(refused, "warn")]] if refused else [])], sys.stderr)


def _print(
    compared: Compared,
    args: argparse.Namespace,
    written: list[Path],
    model: ScoreModel | None,
    refused: str,
) -> None:
    from pipeline.terminal import print_lines, terminal_width
    from pipeline.validation.view import backtest_lines

    width = terminal_width(sys.stdout)
    lines = backtest_lines(
        compared.backtest, compared.problems, width=width, all_of_it=args.all
    )  # fmt: skip
    ending = _ending(compared, args, written, model)
    if refused:
        # Why stands above, one line a recommendation.
        short = refused.partition(". ")[0]
        ending.insert(0, [(f"! {short}: no change is recommended.", "warn")])
    print_lines([*lines, [], *ending])


def _ending(
    compared: Compared, args: argparse.Namespace, written: list[Path], model: ScoreModel | None
) -> list[Line]:
    """What was written, and what to do with it."""
    from scoring.validation.new_model import advised_kinds

    lines: list[Line] = []
    names = [path.name for path in written]
    if model is not None:
        names.append(f"{args.write_model.name} ({model.label})")
    if names:
        lines.append([("Wrote ", ""), (", ".join(names), "bold"), (".", "")])
    backtest = compared.backtest
    kept = next((p for p in written if p.suffix.casefold() == ".json"), None)
    advised = advised_kinds(backtest.recommendations)
    sources = f"{shlex.quote(args.history)} {shlex.quote(args.outcomes)}"
    if model is not None:
        name = shlex.quote(str(args.write_model))
        lines.append([(f"Next: healthsheet score SOURCE -m {name}", "")])
        if rest := advised[1:]:
            told = " and ".join(rest)
            lines.append([(f"It changes one thing; look at {told} again: ", ""),
                          (f"healthsheet validate {sources} -m {name}", "")])  # fmt: skip
    elif advised and args.write_model is None:
        lines.append([(f"Next: healthsheet validate {sources} --write-model model.toml", "")])
    if kept is not None and backtest.calibration is not None and model is not None:
        told = f"Its probabilities are of {backtest.model}; for those of {model.label} run it again"
        lines.append([(f"{told} with -m {name}.", "")])
    elif kept is not None and backtest.calibration is not None:
        told = f'Its probabilities count with backtest = "{kept.name}" in healthsheet.toml'
        lines.append([(f"{told}, or --backtest {kept.name}.", "")])
    elif kept is None and backtest.calibration is not None and model is None and not advised:
        lines.append([(f"Next: healthsheet validate {sources} -o backtest.json", "")])
    elif not written and not lines:
        lines.append([(f"Next: healthsheet validate {sources} -o backtest.xlsx", "")])
    return lines
