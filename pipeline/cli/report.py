"""`healthsheet report`: a scorecard workbook for each account."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli import DONE, FINDINGS, add_common, today
from pipeline.cli.backtest_option import add_backtest
from pipeline.cli.history_option import add_history
from pipeline.cli.score import SOURCE, add_reading

if TYPE_CHECKING:
    from pipeline.cli.history_option import Found
    from pipeline.reports import Report
    from pipeline.scored import Scored
    from pipeline.terminal import Line
    from scoring.model import ScoreModel
    from workbook_templates.fill import Template

_LISTED = 10


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.description = (
        "Write a scorecard workbook for each account: score, reasons, evidence, risks, renewal "
        "and a what-if sheet, with formulas that recalculate without HealthSheet. A workbook of "
        "the same account is replaced; other files in the folder stay."
    )
    parser.add_argument("source", metavar="SOURCE", help=SOURCE)
    parser.add_argument("-o", "--output", type=Path, metavar="DIR", required=True,
                        help="folder for the workbooks; made if absent")  # fmt: skip
    parser.add_argument("--account", action="append", default=[], metavar="A",
                        help="this account only, by id or name; may be repeated")  # fmt: skip
    parser.add_argument("--template", type=Path, metavar="FILE",
                        help="fill this workbook, not ours (see template --help)")  # fmt: skip
    parser.add_argument("--jobs", type=_jobs, metavar="N",
                        help="processes to use (default: 1; from 1,000 accounts on "
                             "one a core)")  # fmt: skip
    add_reading(parser)
    add_history(parser)
    add_backtest(parser)
    add_common(parser)


def run(args: argparse.Namespace) -> int:
    """Write the workbooks; status 1 when the source holds values to fix or an account failed.

    Raises:
        DataError: the source cannot be read, an account is unknown, the folder not written to.
        WorkbookError: the template cannot be used.
    """
    from pipeline.cli.history_option import remembered
    from pipeline.model_choice import choose_model
    from pipeline.reports import choose_accounts
    from workbook_templates.report import refuse_earlier

    started = time.perf_counter()
    model = choose_model(args.model, args.source)
    template = _template(args, model)
    choose = partial(choose_accounts, wanted=args.account) if args.account else None
    found = remembered(args, model, choose=choose)
    scored = found.scored
    if scored.scores.model is not model:
        template = _template(args, scored.scores.model)
    refuse_earlier(template, scored.inputs.chances)
    reports = _write(found, args, template)
    if args.json:
        _print_json(found, args.output, reports)
    else:
        _print(found, args, reports, time.perf_counter() - started)
    to_fix = any(p.severity == "error" for p in scored.problems)
    return FINDINGS if to_fix or any(r.problem for r in reports) else DONE


def _template(args: argparse.Namespace, model: ScoreModel) -> Template:
    """Ours, or the one given: checked before anything is written."""
    from workbook_templates.report import account_template

    if args.template is None:
        return account_template(model)
    from pipeline.templates import usable_template

    return usable_template(args.template, model, as_of=args.as_of or today())


def _write(found: Found, args: argparse.Namespace, template: Template) -> list[Report]:
    from pipeline.reports import sensible_jobs, write_reports

    count = len(found.scored.scores)
    write = partial(
        write_reports,
        found.scored,
        args.output,
        template,
        jobs=args.jobs or sensible_jobs(count),
        names=found.names,
        past=found.past,
        judged=args.json,
    )
    if not sys.stderr.isatty():
        return write()
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    # On standard error, and gone when done: a pipe gets the result only.
    columns = (TextColumn("Scorecards"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=count)
        return write(progress=lambda done, _: bar.update(task, completed=done))


def _print(
    found: Found, args: argparse.Namespace, reports: Sequence[Report], seconds: float
) -> None:
    from pipeline.cli.history_option import history_line
    from pipeline.score_totals import fix_lines, total_lines
    from pipeline.score_view import spoken_date
    from pipeline.terminal import print_lines, terminal_width

    width = terminal_width(sys.stdout)
    made = [r for r in reports if not r.problem]
    scored, scores = found.scored, found.scored.scores
    count = f"Reported {len(made):,} account{'' if len(made) == 1 else 's'}"
    where = f"  {scored.inputs.source}, {scores.model.label}, {spoken_date(scores.as_of)}"
    lines: list[Line] = [[(count, "bold"), (where, "")], []]
    if len(reports) == len(found.names):
        lines += [*total_lines(scored, width), []]
    lines += _listed(scored, made, f"{args.output}/")
    lines += _failed(reports)
    lines += _carried(reports)
    fixes = fix_lines(scored.problems, 5, width)
    lines += [*fixes, []] if fixes else []
    lines += [[(history_line(found), "")], []] if found.reproduced else []
    word = "workbook" if len(made) == 1 else "workbooks"
    lines.append([(f"Wrote {len(made):,} {word} to {args.output}, {seconds:.1f} s", "bold")])
    print_lines(lines)


def _listed(scored: Scored, made: Sequence[Report], folder: str) -> list[Line]:
    """The workbooks, worst account first."""
    from pipeline.results import SHAPES, worst_first

    scores, by_row = scored.scores, {r.row: r for r in made}
    order = [i for i in worst_first(scored) if i in by_row]
    lines: list[Line] = []
    for i in order[:_LISTED]:
        tier = str(scores.tier[i])
        word = scores.model.tier_label(tier) or "No score"
        score = "  –" if scores.rounded[i] != scores.rounded[i] else f"{scores.rounded[i]:3.0f}"
        lines.append([(SHAPES[tier], tier), (f" {word:<8} {score}  {by_row[i].path.name}", "")])
    if len(order) > _LISTED:
        lines.append([(f"{_LISTED} of {len(order):,} shown, worst first. All: {folder}", "muted")])
    return [*lines, []] if lines else []


def _failed(reports: Sequence[Report]) -> list[Line]:
    lines: list[Line] = []
    for r in (r for r in reports if r.problem):
        who = r.account_id if r.name == r.account_id else f"{r.account_id}, {r.name}"
        lines.append([("! Not reported", "warn"), (f"  {_clean(who)}: {r.problem}", "")])
    return [*lines, []] if lines else []


def _carried(reports: Sequence[Report]) -> list[Line]:
    """What became of workbooks that people had saved."""
    kept = [r for r in reports if r.backup is not None]
    if not kept:
        return []
    word = "scorecard" if len(kept) == 1 else "scorecards"
    folder = kept[0].backup.parent.name if kept[0].backup else ""
    told = f"{len(kept):,} {word} had changes of yours: carried over. As they were: {folder}"
    lines: list[Line] = [[(told, "")]]
    for r in [r for r in kept if r.left][:_LISTED]:
        what = f"  {_clean(r.name)}: only in the backup: {', '.join(r.left)}"
        lines.append([("! Not carried over", "warn"), (what, "")])
    return [*lines, []]


def _clean(text: str) -> str:
    """Names come from data: what a terminal would act on is left out."""
    return "".join(c for c in text if c.isprintable())[:80]


def _print_json(found: Found, folder: Path, reports: Sequence[Report]) -> None:
    from pipeline.cli.history_option import history_data

    scored, scores = found.scored, found.scored.scores
    told = [
        {
            "account_id": r.account_id,
            "account_name": r.name,
            "score": None if scores.rounded[r.row] != scores.rounded[r.row]
            else int(scores.rounded[r.row]),
            "tier": str(scores.tier[r.row]) or None,
            "file": None if r.problem else str(r.path),
            "problem": r.problem or None,
            "change": _change_data(r),
            "judgement": r.judgement,
            "backup": str(r.backup) if r.backup else None,
            "only_in_backup": list(r.left),
        }
        for r in reports
    ]  # fmt: skip
    document = {
        "folder": str(folder),
        "model": scores.model.label,
        "as_of": scores.as_of.isoformat(),
        "source": scored.inputs.source,
        "reports": told,
        **history_data(found),
        "problems": [{f: getattr(p, f) for f in p.__dataclass_fields__} for p in scored.problems],
    }
    # Escaped, because a name may hold half a character that no encoding can write.
    print(json.dumps(document, indent=2, allow_nan=False))


def _change_data(r: Report) -> dict[str, object] | None:
    """Since when, from which score by which model, and the steps to today's; None without one."""
    if r.previous is None:
        return None
    by = {"model": r.told.model} if r.told else {}
    before = r.told.total if r.told else r.previous.total
    steps = [{"cause": s.kind, "input": s.key or None, "points": s.points} for s in r.steps]
    return {"since": r.previous.day.isoformat(), "score": before, **by, "steps": steps}


def _jobs(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of processes. Type 1 or more.")
    return int(text)
