"""Checks on a finished scorecard: has each statement its evidence, its owner, its day?

Source: 000 Quality Checks; 004 Common health score pitfalls. Where a rule needs a number that the
documents do not give, it says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from scoring.groups import BELOW_GREEN
from scoring.judgement.records import HORIZONS, SEVERITIES
from scoring.judgement.specific import is_boast, is_specific
from scoring.lint import MOST_METRICS, MOST_OF_ONE

__all__ = [
    "ActionLine",
    "Finding",
    "Rated",
    "RiskLine",
    "Scorecard",
    "check_scorecard",
]

CLOSED = frozenset({"done", "dropped"})
"""Casefolded words of the column Status that need nothing more."""
DAYS = {"This week": 7, "This month": 31}
"""Days that a horizon reaches."""


@dataclass(frozen=True, slots=True)
class Rated:
    """A dimension of a scorecard.

    Attributes:
        name: of the dimension.
        score: 0–100, None where it has none.
        typed: a person gave it.
        observed: metrics of it that counted.
        metrics: metrics of it.
        trend: change shown against the last scorecard; None where none is shown.
        where: cell of its row.
    """

    name: str
    score: float | None
    typed: bool
    observed: int
    metrics: int
    trend: float | None
    where: str


@dataclass(frozen=True, slots=True)
class RiskLine:
    """A row of the risk Table; texts are "" where empty."""

    text: str
    severity: str
    mitigation: str
    where: str


@dataclass(frozen=True, slots=True)
class ActionLine:
    """A row of the action Table; texts are "" where empty."""

    text: str
    horizon: str
    owner: str
    due: date | None
    status: str
    where: str

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.status.casefold() not in CLOSED


@dataclass(frozen=True)
class Scorecard:
    """What a finished scorecard says.

    Attributes:
        account: its name.
        as_of: day of the scorecard.
        renewal: day of the renewal, None where not known.
        tier: key, "" without a score.
        previous: day of the scorecard before, None where there is none.
        probabilities: shares of the renewal's scenarios with the cells they stand in.
        illustrative: they are the documents' illustration, not fitted.
        play: recommended play. play_where: its cell.
        stale: (metric, day of its value, cell) of values too old to count.
        metrics: how many the model has.
        rests_on: (metric, share 0–1 of all points that could be had on what is known).
        differs: (what, formula, engine, cell) where the sheet and the engine disagree.
        sentences: (text, cell) of what people may have written as a conclusion.
        empty: cells with a formula that hold no value.
    """

    account: str
    as_of: date
    renewal: date | None
    tier: str
    previous: date | None
    dimensions: Sequence[Rated]
    risks: Sequence[RiskLine]
    actions: Sequence[ActionLine]
    probabilities: Sequence[tuple[float, str]] = ()
    illustrative: bool = True
    play: str = ""
    play_where: str = ""
    stale: Sequence[tuple[str, date | None, str]] = ()
    metrics: int = 0
    rests_on: tuple[str, float] | None = None
    differs: Sequence[tuple[str, str, str, str]] = ()
    sentences: Sequence[tuple[str, str]] = ()
    empty: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend in a scorecard, or to know.

    Attributes:
        code: stable name of the check.
        where: cell, ``Risks & actions!D6``; "" for the whole.
        message: what is wrong, one sentence.
        fix: the next step, one sentence.
        severity: "finding" asks for a change; "note" only tells.
    """

    code: str
    where: str
    message: str
    fix: str
    severity: Literal["finding", "note"] = "finding"


def check_scorecard(card: Scorecard) -> list[Finding]:
    """All checks, in the order people read the scorecard; notes last."""
    rules = (_empty, _evidence, _rests_on, _trend, _stale, _risks, _actions, _renewal, _differs,
             _boasts, _metrics)  # fmt: skip
    found = [finding for rule in rules for finding in rule(card)]
    return sorted(found, key=lambda f: f.severity == "note")


def _empty(card: Scorecard) -> Iterator[Finding]:
    if card.empty:
        yield Finding(
            "no-values",
            card.empty[0],
            f"{len(card.empty)} formulas hold no value, so they could not be checked.",
            "Open the workbook in a spreadsheet program and save it.",
        )


def _evidence(card: Scorecard) -> Iterator[Finding]:
    for d in card.dimensions:
        if d.typed and not d.observed:
            none = f"none of its {d.metrics} metrics has a value" if d.metrics else "no metric"
            yield Finding(
                "no-evidence",
                d.where,
                f"{d.name} is rated by hand, and {none}.",
                "Fill in what the rating rests on.",
            )
        elif d.score is None:
            yield Finding(
                "no-data",
                d.where,
                f"{d.name} has no data and does not count.",
                "Fill in one of its metrics, or rate it.",
                "note",
            )


def _rests_on(card: Scorecard) -> Iterator[Finding]:
    if card.rests_on and card.rests_on[1] > MOST_OF_ONE + 1e-9:
        name, share = card.rests_on
        yield Finding(
            "one-metric",
            "",
            f"{name} alone carries {share:.0%} of the score.",
            "Fill in further metrics before you rely on it.",
        )


def _trend(card: Scorecard) -> Iterator[Finding]:
    if card.previous is None:
        for d in card.dimensions:
            if d.trend is not None:
                yield Finding(
                    "trend",
                    d.where,
                    f"{d.name} shows a trend, and there is no earlier scorecard.",
                    "Clear it, or add the earlier scores to the sheet Score history.",
                )


def _stale(card: Scorecard) -> Iterator[Finding]:
    for name, day, where in card.stale:
        age = f"{(card.as_of - day).days} days old" if day else "too old"
        yield Finding(
            "stale", where, f"{name} is {age} and does not count.", "Bring a newer value."
        )


def _risks(card: Scorecard) -> Iterator[Finding]:
    if not card.risks and card.tier in BELOW_GREEN:
        message = "No risk is recorded, and the account is below green."
        yield Finding("no-risk", "", message, "Write down what endangers it.")
    for risk in card.risks:
        if not is_specific(risk.text):
            yield Finding(
                "vague-risk",
                risk.where,
                f"“{risk.text}” says nothing specific.",
                "Say what happened, when, and how much: a figure, a day or a name.",
            )
        if not risk.mitigation:
            message = f"“{_short(risk.text)}” has no mitigation."
            yield Finding("no-mitigation", risk.where, message, "Write what is done about it.")
        if risk.severity not in SEVERITIES:
            message = f"“{_short(risk.text)}” has no severity."
            fix = f"Choose {', '.join(SEVERITIES[:-1])} or {SEVERITIES[-1]}."
            yield Finding("no-severity", risk.where, message, fix)


def _actions(card: Scorecard) -> Iterator[Finding]:
    pending = [a for a in card.actions if a.open]
    if not pending and card.tier in BELOW_GREEN:
        message = "No action is open, and the account is below green."
        yield Finding("no-action", "", message, "Write down who does what by when.")
    for action in pending:
        yield from _action(card, action)


def _action(card: Scorecard, a: ActionLine) -> Iterator[Finding]:
    said = f"“{_short(a.text)}”"
    if not a.owner:
        yield Finding("no-owner", a.where, f"{said} has no owner.", "Name a person or a role.")
    if a.horizon not in HORIZONS:
        fix = f"Choose {', '.join(HORIZONS[:-1])} or {HORIZONS[-1]}."
        yield Finding("no-horizon", a.where, f"{said} has no horizon.", fix)
    if a.due is None:
        yield Finding("no-deadline", a.where, f"{said} has no deadline.", "Set a working day.")
        return
    day = f"{a.due.day} {a.due:%b %Y}"
    if a.due < card.as_of:
        message = f"{said} was due on {day}."
        yield Finding("overdue", a.where, message, "Close it, or set a new day.")
    elif a.due.weekday() > 4:  # Saturday, Sunday
        message = f"{said} is due on {a.due:%A}, {day}."
        yield Finding("weekend", a.where, message, "Set a working day.")
    else:
        yield from _horizon(card, a, said, day)


def _horizon(card: Scorecard, a: ActionLine, said: str, day: str) -> Iterator[Finding]:
    reach = DAYS.get(a.horizon)
    if reach and a.due and a.due > card.as_of + timedelta(days=reach):
        message = f"{said} stands under {a.horizon}, and is due on {day}."
        yield Finding("horizon", a.where, message, "Move the day, or the horizon.")
    if card.renewal and a.due and card.as_of < card.renewal < a.due:
        message = f"{said} is due on {day}, after the renewal."
        yield Finding("after-renewal", a.where, message, "Set a day before the renewal.")


def _renewal(card: Scorecard) -> Iterator[Finding]:
    known = [p for p, _ in card.probabilities]
    if known and abs(sum(known) - 1.0) > 5e-4:
        yield Finding(
            "probabilities",
            card.probabilities[0][1],
            f"The renewal's scenarios sum to {sum(known):.1%}.",
            "Make them sum to 100%.",
        )
    if known and card.tier == "red" and known[0] > 0.5:
        message = f"The account is red, and full renewal stands at {known[0]:.0%}."
        fix = "Check the scenarios against the pipeline."
        yield Finding("probabilities", card.probabilities[0][1], message, fix)
    if card.play == "Expand" and card.tier in BELOW_GREEN:
        message = f"The play is Expand, and the account is {card.tier}."
        yield Finding("play", card.play_where, message, "Save or hold it first.")
    if known and card.illustrative:
        message = "The renewal's probabilities are an illustration, not calibrated."
        fix = "Fit them to your outcomes (healthsheet validate), or compare with the pipeline."
        yield Finding("not-calibrated", card.probabilities[0][1], message, fix, "note")


def _differs(card: Scorecard) -> Iterator[Finding]:
    for what, formula, engine, where in card.differs:
        message = f"{what} is {formula} on the sheet; the report had {engine}."
        yield Finding("differs", where, message, "Report the account again with the new values.")


def _boasts(card: Scorecard) -> Iterator[Finding]:
    for text, where in card.sentences:
        if is_boast(text):
            message = f"“{_short(text)}” praises one figure."
            fix = "Add what it was before, and the ARR or segment it speaks of."
            yield Finding("boast", where, message, fix)


def _metrics(card: Scorecard) -> Iterator[Finding]:
    if card.metrics > MOST_METRICS:
        message = f"The model has {card.metrics} metrics; above {MOST_METRICS} few can follow it."
        yield Finding("too-many-metrics", "", message, "Drop those that predict least.", "note")


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59].rstrip() + "…"
