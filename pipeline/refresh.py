"""Refreshing a portfolio workbook from a source: made where absent, else filled in place."""

from __future__ import annotations

import getpass
import shlex
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.model_choice import choose_model, has_model_sheet
from pipeline.model_files import load_model
from pipeline.portfolio import portfolio_of
from pipeline.portfolio_ahead import ahead_data
from pipeline.portfolio_data import to_do_data
from pipeline.portfolio_typed import Typed, read_typed_rows
from pipeline.risk_library import library_of_workbook
from pipeline.scored import Scored, score_inputs
from pipeline.workbook_file import ChangedMeanwhile, WorkbookFile
from scoring.columns import account_columns
from scoring.errors import ModelError
from scoring.judgement.flags import Flag
from scoring.model import ScoreModel
from scoring.score import Scores
from workbook_templates.fill import Template
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.report import fill_portfolio, portfolio_template
from workbook_templates.portfolio.sheets import fill_sheets, portfolio_tables
from workbook_templates.refresh.diff import Diff
from workbook_templates.refresh.find import Chosen
from workbook_templates.refresh.new_model import NewModel, replaceable
from workbook_templates.refresh.workbook import Refresh, refresh_workbook

__all__ = [
    "Outcome",
    "Wanted",
    "check_same_model",
    "refresh_file",
    "refresh_model",
]

_TRIES = 3
"""How often a workbook that others save meanwhile is read anew."""


@dataclass(frozen=True)
class Outcome:
    """What a refresh did.

    Attributes:
        diff: what changed; of a new workbook only its number of accounts.
        made: the workbook was not there before.
        written: the file was written; not on a dry run, and not where nothing changed.
        backup: the file as it was.
        ahead: goals, renewals, actions and what to review of the portfolio, as plain data.
        flags: false positives that people flagged in it, also before.
    """

    diff: Diff
    made: bool = False
    written: bool = False
    backup: Path | None = None
    ahead: Mapping[str, Any] = field(default_factory=dict)
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """What a refresh is asked for, besides the scored source.

    Attributes:
        when: the moment.
        spec: the source as the workbook remembers it; "" for one it must not.
        query: likewise the query of a database.
        backtest: likewise the backtest, "" for none or for that of the settings.
        columns, tables: what people say of the workbook's columns and Tables.
        rates: currency → units of the base currency; None leaves amounts in their own.
        template: what a new workbook is made of; None is ours.
        replaced: the workbook's own model, where another one takes its place.
        flags: false positives that a history remembers.
        dry_run: tell, and write nothing.
    """

    when: datetime
    spec: str = ""
    query: str = ""
    backtest: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)
    rates: Mapping[str, float] | None = None
    template: Template | None = None
    replaced: ScoreModel | None = None
    flags: tuple[Flag, ...] = ()
    dry_run: bool = False


def refresh_model(
    named: str | None, workbook: Path, source: str | Path, *, replace: bool = False
) -> tuple[ScoreModel, ScoreModel | None]:
    """The named model, else that of the workbook's *Model* sheet, else as for other commands.

    Args:
        named: ``-m``.
        workbook: the portfolio workbook, which need not be there.
        source: whose model counts for a new one.
        replace: ``--replace-model``: the named model takes the place of the workbook's.

    Returns:
        The model that scores, and the workbook's own where that is to be replaced.

    Raises:
        ModelError: it cannot be read, or the workbook was made for another one and cannot hold
            this one, or shall not.
    """
    if not workbook.exists() or not has_model_sheet(workbook):
        return choose_model(named, source), None
    own = load_model(workbook)
    if named is None:
        return own, None
    model = load_model(named)
    if model.digest == own.digest:
        return own, None
    if not replaceable(own, model):
        new = workbook.with_name(f"{workbook.stem}-{model.name}{workbook.suffix}")
        raise ModelError(
            f"{workbook} was made for {own.label}; {model.label} has other dimensions, metrics or "
            f"gates, which need other columns. Make it a workbook of its own: healthsheet refresh "
            f"{shlex.quote(str(new))} --from {shlex.quote(str(source))} -m {shlex.quote(named)}"
        )
    if not replace:
        raise ModelError(
            f"{workbook} holds {own.label} on its sheet Model, and {model.label} is another one. "
            "Add --replace-model to score with it from now on, or leave -m out."
        )
    return model, own


def check_same_model(workbook: Path, model: ScoreModel, scores: Scores) -> None:
    """Refuse a workbook whose *Model* sheet is not the model that scored the day.

    Raises:
        ModelError: its formulas would contradict the scores beside them.
    """
    used = scores.model
    if used.digest != model.digest and workbook.exists() and has_model_sheet(workbook):
        raise ModelError(
            f"{workbook} holds {model.label} on its sheet Model, and {scores.as_of} was recorded "
            f"by {used.label} as it was then. Name a new workbook for that day."
        )


def refresh_file(scored: Scored, workbook: Path, wanted: Wanted) -> Outcome:
    """Make a portfolio workbook of a scored source, or refresh the one that is there.

    Raises:
        WorkbookError: the file cannot be used or written; what was there stands as it was.
        ChangedMeanwhile: others kept saving it; what would have been written lies beside it.
    """
    file = WorkbookFile(workbook)
    given = _given(scored, wanted)
    existed = file.exists
    with nullcontext() if wanted.dry_run or not existed else file.alone():
        for left in range(_TRIES - 1, -1, -1):
            data, outcome, was = _compute(file, given, wanted)
            if data is None or wanted.dry_run:
                return outcome
            try:
                backup = file.save(data, was, wanted.when)
            except ChangedMeanwhile as error:
                if left:
                    continue
                beside = file.keep_beside(data, wanted.when)
                raise ChangedMeanwhile(f"{error} What was refreshed lies in {beside}.") from error
            return replace(outcome, written=True, backup=backup)
    raise AssertionError  # the last try returns or raises


@dataclass(frozen=True)
class _Given:
    """What fills a workbook that is there, and a new one: worked out when it is asked for."""

    refresh: Callable[[bytes], Refresh]
    new: Callable[[], bytes]
    accounts: int
    read: list[Typed]
    ahead: dict[str, Any]


def _compute(
    file: WorkbookFile, given: _Given, wanted: Wanted
) -> tuple[bytes | None, Outcome, bytes | None]:
    """The new file if there is one to write, what it means, and what was read."""
    if not file.exists:
        data = given.new()
        diff = Diff(accounts=given.accounts)
        return data, Outcome(diff, made=True, ahead=given.ahead), None
    was = file.read()
    found = refresh_workbook(was, given.refresh(was), file.shown)
    typed = given.read[-1]
    found.diff.notes += typed.notes
    return found.data, Outcome(found.diff, ahead=given.ahead, flags=typed.flags), was


def _given(scored: Scored, wanted: Wanted) -> _Given:
    model = scored.scores.model
    template = portfolio_template(model)
    read: list[Typed] = []
    source = {"source": wanted.spec or None, "source_query": wanted.query or None,
              "backtest_file": wanted.backtest or None}  # fmt: skip
    ahead: dict[str, Any] = {}

    def refresh(was: bytes) -> Refresh:
        # What is due next depends on what people did; the file that others save meanwhile counts.
        typed = read_typed_rows(
            was, model, as_of=scored.scores.as_of, who=_user(), known=wanted.flags
        )
        read.append(typed)
        # RevOps edits risks and plays in the workbook: its own sheets win.
        own = library_of_workbook(was, "The workbook", model) or scored.inputs.library
        judged = replace(scored, inputs=replace(scored.inputs, library=own))
        portfolio = portfolio_of(judged, rates=wanted.rates, typed=typed)
        ahead.update(ahead_data(portfolio) | to_do_data(portfolio))
        found = fill_sheets(portfolio)
        aliases = {c.key: (c.name, *c.aliases) for c in account_columns(model)}
        return Refresh(
            portfolio_tables(model),
            Filling({**found.values, **source}, found.tables, found.charts),
            template,
            Chosen(wanted.tables, wanted.columns, _ALIASES | aliases),
            wanted.when,
            _user(),
            scored.scores.as_of,
            _new_model(scored, wanted.replaced),
        )

    def new() -> bytes:
        portfolio = portfolio_of(scored, rates=wanted.rates)
        ahead.update(ahead_data(portfolio) | to_do_data(portfolio))
        return fill_portfolio(wanted.template or template, portfolio, source)

    return _Given(refresh, new, len(scored.scores), read, ahead)


_ALIASES: dict[str, tuple[str, ...]] = {
    "score": ("health score", "health", "customer health score"),
    "tier": ("health tier", "rag", "rag status", "health status"),
    "driver": ("top driver", "main driver", "reason"),
    "previous_score": ("last score", "score before"),
    "days_left": ("days to renewal",),
}
"""Headers that mean our columns in somebody else's workbook."""


def _new_model(scored: Scored, old: ScoreModel | None) -> NewModel | None:
    if old is None:
        return None
    now = scored.scores
    before = score_inputs(scored.inputs, old, as_of=now.as_of).scores
    scores = dict(zip(before.account_id.tolist(), before.total.tolist(), strict=True))
    return NewModel(old, now.model, scores)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
