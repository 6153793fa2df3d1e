"""The sentences of *Backtest*: what was found, what rests on it today, what it would tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoring.renewal import LABEL
from scoring.validation.chances import chances_for
from scoring.validation.drift import score_drift
from scoring.validation.records import AlertRecord, Backtest, Interval, OverrideRecord
from workbook_templates.fill import Value
from workbook_templates.portfolio import texts as t
from workbook_templates.portfolio.facts import Portfolio

__all__ = ["NONE", "Said", "metrics_note", "said_of", "within"]

NONE = "–"
"""Where a figure is not known."""
_MAKE = (
    'Keep a history (history = "history.db" in healthsheet.toml) and list outcomes: account_id, '
    "outcome, date. Then: healthsheet validate history.db outcomes.csv -o backtest.json. Then: "
    "healthsheet refresh portfolio.xlsx --backtest backtest.json"
)
_WOULD = (
    "A backtest holds recorded scores against what happened later: whether low scores came before "
    "churn, churn by tier and score with intervals, which metrics foretold it, what to change. "
    "It also fits a probability of churn to each score, for renewals."
)
_WEIGHTS = (
    "Weights, tiers and metrics to drop would stand here, each with its gain on accounts that it "
    "was not fitted to."
)
_AUC = "AUC: how often a churned account scored below one that stayed; 0.5 is chance, 1 is always."


@dataclass(frozen=True, slots=True)
class Said:
    """Texts of the page.

    Attributes:
        title, note: as on every sheet.
        text: what it rests on. use: what rests on it.
        tiers: title of the chart.
        churned, surprises, until: number and context of three cards.
        lines: block → sentences.
        legend, more: below the page.
    """

    title: str
    note: str
    text: str
    use: str
    tiers: str
    churned: tuple[Value, str]
    surprises: tuple[Value, str]
    until: tuple[Value, str]
    lines: Mapping[str, Sequence[str]]
    legend: str
    more: str = ""


def said_of(p: Portfolio) -> Said:
    """The texts for a portfolio, with or without a backtest."""
    return _nothing(p) if p.backtest is None else _found(p, p.backtest)


def within(interval: Interval, form: str) -> str:
    """``0.68–0.80`` or ``37–60%``; "" where it is not known."""
    if interval.low is None or interval.high is None:
        return ""
    low, high = (
        (f"{x:.0%}" if form == "0%" else f"{x:.2f}") for x in (interval.low, interval.high)
    )
    return f"{low.removesuffix('%')}–{high}"


def _nothing(p: Portfolio) -> Said:
    none: tuple[Value, str] = (NONE, "")
    lines = {
        "recommendations": [_WEIGHTS],
        "record": ["How often churn came after an alert, and whether overrides were right."],
        "data": ["Outcomes left out, and how scores moved since."],
    }
    return Said(
        title="No backtest yet: nothing says whether the score foretells churn",
        note=t.context(p, f"probabilities: {LABEL.lower()}"),
        text=_WOULD, use=_MAKE, tiers="Churn by tier", churned=none, surprises=none, until=none,
        lines=lines, legend=_AUC,
    )  # fmt: skip


def _found(p: Portfolio, found: Backtest) -> Said:
    cases, churned = sum(found.kinds.values()), found.kinds.get("churned", 0)
    span = ""
    if found.since is not None and found.until is not None:
        span = f"{t.day_text(found.since)} to {t.day_text(found.until)}"
    note = t.joined([
        f"made {t.day_text(found.made)}",
        f"{_cases(cases)}, {churned:,} churned",
        span,
        f"{found.history} against {found.outcomes}" if found.history and found.outcomes else "",
        found.model,
    ])  # fmt: skip
    use, until = _use(p, found)
    lines = {
        "recommendations": [x.headline for x in found.recommendations] or ["Nothing to change."],
        "record": [_alerts(found.alerts), _overrides(found.overrides)],
        "data": [*_moved(p, found), *found.drift, _left_out(found), *found.notes],
    }
    green = len(found.green_churned)
    red = len(found.red_stayed)
    more = green - 10
    return Said(
        title=found.verdict.headline.rstrip("."),
        note=note,
        text=found.verdict.detail,
        use=use,
        tiers=f"Churn by tier, {found.days} days before",
        churned=(churned, f"of {_cases(cases)}"),
        surprises=(green, f"{t.counted(red, 'red account')} stayed"),
        until=until,
        lines=lines,
        legend=f"{_AUC} Intervals: 95%.",
        more=f"{t.counted(more, 'more green account')} churned; the Backtest workbook lists all, "
        "and reviews each loss." if more > 0 else "",
    )  # fmt: skip


def _cases(count: int) -> str:
    return f"{count:,} case{'' if count == 1 else 's'}"


def _use(p: Portfolio, found: Backtest) -> tuple[str, tuple[Value, str]]:
    """Whether the probabilities come from it today, and the card that says so."""
    _, why = chances_for(found, digest=p.model.digest, as_of=p.as_of, model=p.model.label)
    fit = found.calibration
    if why or fit is None:
        return f"{why} Renewals show the illustration.", ("Not used", LABEL)
    day = t.day_text(fit.expires)
    rest = f"{fit.churned:,} of {fit.cases:,} cases churned"
    told = (
        f"Renewals use its probabilities until {day}: {fit.meaning}; {rest}. On held-out accounts "
        f"the Brier score is {fit.brier:.3f}; one share for all gives {fit.brier_base:.3f}."
    )
    return told, (day, f"fitted {t.day_text(fit.fitted)}")


def _alerts(record: AlertRecord | None) -> str:
    """How many alerts came before churn, and what any account would have had."""
    if record is None or not record.total.fired:
        return "No alerts could be followed up."
    total, caught = record.total, record.caught
    # The first alert is looked for in 180 days, so that it may lie before the window.
    lead = total.lead_days
    days = f"; the first of 180 days came {lead:.0f} days before" if lead is not None else ""
    base, had = _beside("any account", total.base), _beside("any account", record.caught_base)
    return (
        f"{total.churned:,} of {t.counted(total.fired, 'alert')} came before churn within "
        f"{record.window} days{base}. {caught.count:,} of {caught.of:,} lost accounts had one "
        f"in that time{had}{days}."
    )


def _overrides(record: OverrideRecord | None) -> str:
    """How often overrides were right, and how often accounts left alone went that way."""
    if record is None or not record.right.of:
        return "No overrides could be followed up."
    better, worse = record.better, record.worse
    told = [f"{record.right.count:,} of {t.counted(record.right.of, 'override')} were right"]
    if better.of:
        beside = _beside("left alone", record.better_base)
        told.append(f"{better.count:,} of {better.of:,} to a better tier{beside}")
    if worse.of:
        beside = _beside("left alone", record.worse_base)
        told.append(f"{worse.count:,} of {worse.of:,} to a worse one{beside}")
    return f"{'; '.join(told)}."


def _beside(whose: str, share: float | None) -> str:
    return "" if share is None else f" ({whose}: {share:.0%})"


def _moved(p: Portfolio, found: Backtest) -> list[str]:
    """How far today's scores are from those that the probabilities in use were fitted to.

    Those of another model say nothing: not the accounts moved but the weights.
    """
    if found.calibration is None or p.model.digest != found.digest:
        return []
    told = score_drift(found.calibration, p.frame["score"].to_numpy(dtype=float)).sentence
    return [told] if told else []


def _left_out(found: Backtest) -> str:
    if not found.left_out:
        return "No outcome was left out."
    total = sum(x.count for x in found.left_out)
    told = "; ".join(f"{x.reason[:1].lower()}{x.reason[1:]}: {x.count:,}" for x in found.left_out)
    return f"{t.counted(total, 'outcome')} left out: {told}."


def metrics_note(found: Backtest | None, best: int, weakest: int) -> str:
    """Which metrics are listed, of how many."""
    if found is None:
        return ""
    metrics = [x for x in found.powers if x.kind == "metric"]
    known = sum(x.auc.value is not None for x in metrics)
    few = len(metrics) - known
    told = [f"best {best} and weakest {weakest} of {known:,}" if known > best + weakest else ""]
    told += [f"{few:,} with too few values" if few else ""]
    told += ["too good: may only be known because the account was leaving"
             if any(x.suspicious for x in metrics) else ""]  # fmt: skip
    text = t.joined(told)
    return f"{text[:1].upper()}{text[1:]}"
