"""`healthsheet demo`: sample accounts, scored and reported into a folder, and a leader's mail."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli import DONE, add_common, today
from scoring.errors import DataError

if TYPE_CHECKING:
    from pipeline.scored import Scored
    from pipeline.terminal import Line
    from scoring.model import ScoreModel

_MARK = ".healthsheet-demo"
_WORKBOOK, _RESULTS, _REPORTS = "accounts.xlsx", "scored.xlsx", "scorecards"
_PORTFOLIO, _MAIL = "portfolio.xlsx", "mail"
_BACKTEST, _ANALYSIS = "backtest.json", "backtest.xlsx"
_LEADER = "leader@example.com"


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    folder = Path("healthsheet-demo")
    parser.add_argument("folder", nargs="?", type=Path, default=folder, metavar="DIR",
                        help="folder to write into (default: %(default)s)")  # fmt: skip
    add_common(parser, json=False)


def run(args: argparse.Namespace) -> int:
    """Make, score and report the sample; the slips planted in it are shown, and are no failure.

    Raises:
        DataError: the folder holds something else, or cannot be written to.
        WorkbookError: one of the files is open in a spreadsheet program.
    """
    from pipeline.model_files import load_model
    from scoring.presets import DEFAULT

    started = time.perf_counter()
    model, as_of = load_model(args.model or DEFAULT), args.as_of or today()
    _claim(args.folder)
    scored = _backtest(args.folder, _score(args.folder, model, as_of), args.model or DEFAULT)
    _portfolio(args.folder, scored)
    _mail(args.folder, scored)
    reports = _report(args.folder, scored)
    _print_made(args, scored, reports, time.perf_counter() - started)
    return DONE


def _claim(folder: Path) -> None:
    """Make the folder ours: new, empty, or made by an earlier demo."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()) and not (folder / _MARK).exists():
            raise DataError(
                f"{folder} holds other files, and the demo would write among them. "
                "Give an empty or a new folder: healthsheet demo DIR"
            )
        (folder / _MARK).write_text("Made by healthsheet demo.\n", encoding="utf-8")
    except OSError as error:
        raise DataError(
            f"{folder} cannot be written to: {error.strerror or error}. Give another folder."
        ) from error


def _score(folder: Path, model: ScoreModel, as_of: date) -> Scored:
    """Write the input workbook, score it as `healthsheet score` does, print and keep the result."""
    from pipeline.results_files import write_results
    from pipeline.sample import write_sample_workbook
    from pipeline.score_view import score_lines
    from pipeline.scored import score_source
    from pipeline.terminal import print_lines, terminal_width

    source = folder / _WORKBOOK
    write_sample_workbook(source, model, as_of=as_of)
    scored = score_source(source, model, as_of=as_of)
    write_results(scored, folder / _RESULTS)
    more = f"{_RESULTS}, sheet Accounts"
    print_lines([*score_lines(scored, width=terminal_width(sys.stdout), top=10, more=more), []])
    sys.stdout.flush()
    return scored


def _backtest(folder: Path, scored: Scored, model: str) -> Scored:
    """Sample renewals and what the score foretold of them; renewals use its probabilities."""
    from pipeline.backtest_file import save_backtest, with_backtest
    from pipeline.exports import save
    from pipeline.sample.outcomes import HISTORY_FILE, OUTCOMES_FILE, write_outcomes
    from pipeline.validation import Wanted, compare
    from workbook_templates.backtest import write_backtest

    write_outcomes(folder, scored.scores.model, as_of=scored.scores.as_of)
    names = str(folder / HISTORY_FILE), str(folder / OUTCOMES_FILE)
    compared = compare(Wanted(*names, scored.scores.as_of, model))
    save_backtest(folder / _BACKTEST, compared.backtest)
    save(folder / _ANALYSIS, {".xlsx": lambda: write_backtest(compared.found)})
    return with_backtest(scored, str(folder / _BACKTEST), folder / _WORKBOOK)


def _portfolio(folder: Path, scored: Scored) -> None:
    """All accounts in one workbook, which refresh can bring up to date."""
    from pipeline.portfolio import portfolio_of
    from pipeline.refresh_source import source_spec
    from workbook_templates.package import save_bytes
    from workbook_templates.portfolio.report import fill_portfolio, portfolio_template

    path = folder / _PORTFOLIO
    spec = source_spec(str(folder / _WORKBOOK), path)
    template = portfolio_template(scored.scores.model)
    kept = {"source": spec, "backtest_file": _BACKTEST}
    save_bytes(path, fill_portfolio(template, portfolio_of(scored), kept))


def _mail(folder: Path, scored: Scored) -> None:
    """What a leader of all accounts would be mailed, as files; nothing is sent."""
    from datetime import UTC, datetime, time

    from pipeline.mail.post import Post, Told, prepare
    from pipeline.mail.preview import write_preview
    from pipeline.mail.recipients import made

    leader = made(_LEADER, "The demo", {}, everything=True)
    post = Post("HealthSheet demo <healthsheet@example.com>")
    # A clock would make two demos of one day differ.
    now = datetime.combine(scored.scores.as_of, time(6), tzinfo=UTC)
    write_preview(prepare(scored, [leader], post, Told(), now=now, asked=True), folder / _MAIL)


def _report(folder: Path, scored: Scored) -> Sequence[Path]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from pipeline.reports import write_reports
    from workbook_templates.report import account_template

    template = account_template(scored.scores.model)
    # On standard error, and gone when done: a pipe gets the result only.
    columns = (TextColumn("Scorecards"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=len(scored.scores))
        reports = write_reports(
            scored,
            folder / _REPORTS,
            template,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    return [r.path for r in reports]


def _print_made(
    args: argparse.Namespace, scored: Scored, reports: Sequence[Path], seconds: float
) -> None:
    from pipeline.results import worst_first
    from pipeline.sample.outcomes import HISTORY_FILE, OUTCOMES_FILE
    from pipeline.terminal import print_lines

    folder: Path = args.folder
    history = scored.inputs.history
    slips = sum(p.severity == "error" for p in scored.problems)
    worst = scored.scores.account_id[worst_first(scored)[0]]
    first = reports[list(scored.scores.account_id).index(worst)]
    months, accounts = history["date"].nunique(), len(scored.scores)
    told = [
        (_WORKBOOK, f"{accounts} sample accounts, {months} months of history, {slips} slips in it"),
        (_RESULTS, "scores, tiers and reasons of all accounts"),
        (_PORTFOLIO, "the portfolio: who is at risk, what moved, renewals, CSMs, checks"),
        (HISTORY_FILE, "monthly metrics before sample renewals; what became of them: outcomes.csv"),
        (_ANALYSIS, _foretold(scored)),
        (f"{_MAIL}/", "what a leader would be mailed; open preview.html"),
        (f"{_REPORTS}/", f"{len(reports)} scorecard workbooks; open {first.name} first"),
    ]
    width = max(len(name) for name, _ in told) + 2
    model = f" -m {args.model}" if args.model else ""
    source, past = folder / _WORKBOOK, f"{folder / HISTORY_FILE} {folder / OUTCOMES_FILE}"
    lines: list[Line] = [[(f"Made in {folder}, {seconds:.1f} s", "bold")]]
    lines += [[(f"  {name:<{width}}", ""), (text, "muted")] for name, text in told]
    lines += [
        [],
        [("Next", "bold")],
        [(f"  healthsheet score {source}{model} --all", "")],
        [(f"  healthsheet report {source}{model} -o reports --account {worst}", "")],
        [
            (f"  healthsheet refresh {folder / _PORTFOLIO}{model}", ""),
            ("   after you changed accounts.xlsx", "muted"),
        ],
        [(f"  healthsheet validate {past}{model}", ""), ("   did low scores churn?", "muted")],
        [("  healthsheet init my-accounts", ""), ("   a workbook for your own accounts", "muted")],
    ]
    print_lines(lines)


def _foretold(scored: Scored) -> str:
    """The backtest in a few words."""
    found = scored.inputs.backtest
    assert found is not None
    cases, churned = sum(found.kinds.values()), found.kinds.get("churned", 0)
    return f"whether the score foretold churn: {cases} sample renewals, {churned} churned"
