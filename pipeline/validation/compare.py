"""A history and a list of outcomes → a backtest, from names of files to the document."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipeline.alerts.rows import history_rows
from pipeline.alerts.settings import choose_triggers
from pipeline.settings import rates, settings_file
from pipeline.validation.amounts import converted, currency_note, known_facts
from pipeline.validation.outcomes import Outcomes, is_list, read_outcomes
from pipeline.validation.past import Past, read_past
from scoring.alert_rows import may_fire
from scoring.alerts import Alert, find_alerts
from scoring.errors import DataError
from scoring.inputs import Problem
from scoring.timeline import snapshots
from scoring.validation.backtest import DAYS, Asked, Found, Tell, validate
from scoring.validation.records import Backtest
from scoring.validation.snapshots import take_snapshots

__all__ = ["Compared", "Wanted", "compare"]

_READ, _SCORED, _ALERTS = 0.3, 0.45, 0.6
"""Shares of the whole time after which these are done, for the progress bar."""


@dataclass(frozen=True)
class Wanted:
    """What was asked for on the command line.

    Attributes:
        history, outcomes: names of sources.
        as_of: what is later does not exist.
        model: name or None. days: horizon of metrics, weights and probabilities.
        sheet, query: of the outcomes. history_sheet: of the history.
        day_first, decimal: how both are read.
    """

    history: str
    outcomes: str
    as_of: date
    model: str | None = None
    days: int = DAYS
    sheet: str | None = None
    history_sheet: str | None = None
    query: str | None = None
    day_first: bool | None = None
    decimal: str | None = None


@dataclass(frozen=True)
class Compared:
    """A backtest and what was wrong in what it was made from.

    Attributes:
        found: the document and its cases.
        past: the history.
        outcomes: the list.
    """

    found: Found
    past: Past
    outcomes: Outcomes

    @property
    def backtest(self) -> Backtest:
        """The document."""
        return self.found.backtest

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Of both sources, the history's first."""
        return (*self.past.history.inputs.problems, *self.outcomes.problems)


def compare(
    wanted: Wanted, *, against: Backtest | None = None, tell: Tell = lambda what, share: None
) -> Compared:
    """Read both sources and compare them.

    Args:
        wanted: what to read, and how.
        against: an earlier backtest, to see drift.
        tell: is called with the progress.

    Raises:
        DataError: a source cannot be used. HistoryError: nor can a recorded history.
        ModelError: the model cannot be read.
    """
    past, outcomes = _read(wanted, tell)
    triggers = choose_triggers(wanted.history)
    known = rates(settings_file(wanted.history))
    tell("Scoring the snapshots", _READ)
    # Alerts look at the same snapshots: what takes longest is done once.
    scored = snapshots(past.rows, past.model, wanted.as_of + timedelta(days=1))
    taken = take_snapshots(past.rows, past.model, scored)
    tell("Replaying the alerts", _SCORED)
    rows = history_rows(past.history, past.model, as_of=wanted.as_of, past=scored)
    alerts = find_alerts(rows, past.model, triggers, quick=may_fire)
    asked = Asked(
        outcomes=converted(outcomes.frame, known),
        snapshots=taken,
        made=wanted.as_of,
        history=past.shown,
        outcomes_from=outcomes.shown,
        alerts=_known(alerts, wanted.as_of),
        flags=past.flags,
        tables=dict(past.history.inputs.tables),
        facts=converted(known_facts(past.history.inputs.history), known),
        days=wanted.days,
        notes=past.notes,
    )
    found = validate(asked, lambda what, share: tell(what, _ALERTS + (1 - _ALERTS) * share))
    return Compared(_with_more(found, outcomes, against), past, outcomes)


def _read(wanted: Wanted, tell: Tell) -> tuple[Past, Outcomes]:
    """Both sources; where one cannot be read, whether they were named the wrong way round."""
    tell("Reading the history", 0.0)
    try:
        past = read_past(
            wanted.history, wanted.model, as_of=wanted.as_of, sheet=wanted.history_sheet,
            day_first=wanted.day_first, decimal=wanted.decimal,
        )  # fmt: skip
        tell("Reading the outcomes", 0.9 * _READ)
        return past, read_outcomes(
            wanted.outcomes, past.names, as_of=wanted.as_of, sheet=wanted.sheet,
            day_first=wanted.day_first, decimal=wanted.decimal, query=wanted.query,
        )  # fmt: skip
    except DataError as error:
        if is_list(wanted.history) and not is_list(wanted.outcomes):
            names = f"{shlex.quote(wanted.outcomes)} {shlex.quote(wanted.history)}"
            message = f"{wanted.history} is a list of outcomes, and the history comes first."
            raise DataError(f"{message} Type: healthsheet validate {names}") from error
        raise


def _known(alerts: list[Alert], as_of: date) -> list[Alert]:
    """Alerts up to a day; events of tables may be later."""
    return [alert for alert in alerts if alert.day < as_of + timedelta(days=1)]


def _with_more(found: Found, outcomes: Outcomes, against: Backtest | None) -> Found:
    """What only the readers of the files know: rows left out there, currencies, drift."""
    backtest, note = found.backtest, currency_note(found.cases.frame)
    more: dict[str, object] = {
        "left_out": (*outcomes.left_out, *backtest.left_out),
        "notes": (*backtest.notes, *([note] if note else [])),
    }
    if against is not None:
        from scoring.validation.drift import drift_since

        more["drift"] = drift_since(against, found.cases)
    return replace(found, backtest=backtest.model_copy(update=more))
