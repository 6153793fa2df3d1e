"""Texts of the account workbook, composed from facts; formulas on the sheets say the same."""

from __future__ import annotations

import math

from scoring.account_facts import Facts
from scoring.judgement.phrases import day_words as day_words
from scoring.model import Metric, ScoreModel
from scoring.rollup import TIERS, round_half_up, tier_code
from scoring.trend import assessment, velocity, velocity_label
from workbook_templates.drawing.theme import SHAPE

SEGMENT_WORDS = {"enterprise": "Enterprise", "mid_market": "Mid-market", "smb": "SMB"}


def whole(x: float) -> str:
    """Half-up whole number as a formula joins it into a text."""
    return f"{round_half_up(x):.0f}"


def cut(text: str, letters: int) -> str:
    """A text of at most so many letters, the last an ellipsis where it was longer."""
    return text if len(text) <= letters else f"{text[: letters - 1]}…"


def code_words(model: ScoreModel, code: int | None) -> str:
    """Shape and word of a tier code; "" for none."""
    if code is None or code < 0:
        return ""
    return f"{SHAPE[TIERS[code]]} {model.tier_label(TIERS[code])}"


def score_code(model: ScoreModel, score: float) -> int | None:
    """Tier code of a score, None without one."""
    return None if math.isnan(score) else int(tier_code(model, score))


def tier_words(f: Facts) -> str:
    """What the score panel calls the tier: shape and word, or a hollow shape and the status."""
    return code_words(f.model, f.tier_code) or f"○ {f.status}"


def signed(x: float, digits: int = 1) -> str:
    """+1.5, −6.0, 0.0 with a true minus."""
    text = f"{x:+.{digits}f}".replace("-", "−")
    return text if float(f"{x:.{digits}f}") else f"{0:.{digits}f}"


def now_words(metric: Metric, value: float | str) -> str:
    """A raw value with its unit, as `formulas.now_text` computes it in a cell."""
    if isinstance(value, str):
        return value
    x = float(value)
    if metric.unit in ("fraction", "change"):
        sign = "+" if metric.unit == "change" and x > 0 else ""
        return f"{sign}{plain(_rounded(x * 100, 0))}%"
    if metric.unit == "days":
        return f"{plain(_rounded(x, 0))} days"
    tail = {"per_week": " a week", "per_month": " a month"}.get(metric.unit, "")
    return f"{plain(_rounded(x, 1))}{tail}"


def _rounded(x: float, digits: int) -> float:
    """Excel's ROUND: half away from zero, on decimal digits."""
    scale = 10.0**digits
    return math.copysign(math.floor(abs(x) * scale + 0.5 + 1e-9) / scale, x)


def plain(x: float) -> str:
    """A number as a formula joins it into a text: no needless decimals, "-" for minus."""
    return f"{x:.15g}" if x else "0"


def previous_words(f: Facts) -> str | None:
    """23 Sep 2026 (89 ● Green)."""
    shot = f.previous
    if shot is None:
        return None
    code = TIERS.index(shot.tier) if shot.tier else None
    tier = code_words(f.model, code)
    was = "" if f.told is None else whole(f.told.total)
    # People may remember another number: that of the model which scored the day.
    then = f", was {was}" if was and was != whole(shot.total) else ""
    return f"{day_words(shot.day)} ({whole(shot.total)}{' ' + tier if tier else ''}{then})"


def change_words(f: Facts) -> str:
    """First line of the panel: the change since the previous scorecard."""
    shot = f.previous
    if shot is None:
        return "First scorecard, nothing to compare"
    if math.isnan(f.total):
        return f"Last score: {previous_words(f)}"
    change = round_half_up(f.total) - round_half_up(shot.total)
    amount = f"{'+' if change > 0 else '−'}{abs(change):.0f}" if change else "No change"
    return f"{amount} since {previous_words(f)}"


def coverage_words(f: Facts) -> str:
    """Second line: coverage and bounds."""
    text = f"Coverage {whole(f.coverage * 100)}%"
    return text if math.isnan(f.low) else f"{text}  ·  bounds {whole(f.low)} to {whole(f.high)}"


def override_active(f: Facts) -> bool:
    """Whether a person's override is in force."""
    return f.status == "Overridden"


def override_note(f: Facts) -> str | None:
    """Who set the tier, until when, and why."""
    if f.record.get("override_tier") is None and math.isnan(f.number("override_score")):
        return None
    who = f.text("override_author") or "author not provided"
    until = f.day("override_expires")
    limit = f" until {day_words(until)}" if until else ""
    # All of a long reason stands in the input; the panel has room for two lines.
    reason = cut(f.text("override_reason"), 60)
    return f"Set by {who}{limit}: {reason or 'reason not provided'}"


def last_words(f: Facts) -> str:
    """Third line: an override or gate in force, else what the score could still be."""
    if override_active(f):
        model = "" if math.isnan(f.model_total) else f"; model {whole(f.model_total)}"
        return f"{override_note(f)}{model}"
    if f.tier_code is None or math.isnan(f.high):
        return _no_tier_words(f)
    cap, own = gate_cap(f), own_code(f)
    if own is not None and cap < own:
        return f"Capped: {gate_note(f)}"
    mine = code_words(f.model, f.tier_code)
    for edge in (f.high, f.low):
        code = score_code(f.model, edge)
        if code != f.tier_code:
            return f"{mine}, could be {code_words(f.model, code)}"
    return ""


def _no_tier_words(f: Facts) -> str:
    rolled = f.rolled.total
    so_far = "" if math.isnan(rolled) else f"; data so far {whole(rolled)}"
    if young(f):
        return f"Neutral until day {f.model.lifecycle.neutral_days}{so_far}"
    if f.status == "Insufficient data":
        return f"A score needs {whole(f.model.min_coverage * 100)}% coverage{so_far}"
    return ""


def basis(f: Facts) -> float:
    """Score that the tier follows: the rolling mean where the model smooths."""
    if math.isnan(f.model_total) or f.status == "Provisional" or young(f):
        return math.nan
    return f.smoothed if not math.isnan(f.smoothed) else f.model_total


def young(f: Facts) -> bool:
    """Within the neutral days of the lifecycle."""
    age = age_days(f)
    return age is not None and age <= f.model.lifecycle.neutral_days


def age_days(f: Facts) -> int | None:
    """Days from the start date; None without one."""
    start = f.day("start_date")
    return None if start is None else (f.as_of - start).days


def own_code(f: Facts) -> int | None:
    """Tier code of the model before gates and overrides."""
    return score_code(f.model, basis(f))


def gate_cap(f: Facts) -> int:
    """Best tier code that gates leave."""
    fired = [TIERS.index(g.cap) for g in f.model.gates if f.record.get(g.key) in (True, 1)]
    return min(fired, default=2)


def gate_note(f: Facts) -> str | None:
    """Names of the conditions that fired."""
    names = [g.name for g in f.model.gates if f.record.get(g.key) in (True, 1)]
    return ", ".join(names) or None


def points_a_day(f: Facts) -> float:
    """Velocity over about 30 days, NaN without an earlier score."""
    score, days = f.month_ago
    return velocity(f.total, score, days)


def movement(f: Facts) -> str:
    """Velocity class and what it means for this tier: ``Declining fast: urgent …``."""
    label = velocity_label(points_a_day(f))
    says = assessment(f.tier, label)
    return f"{label}: {says[0].lower()}{says[1:]}" if says else label


def subtier_words(f: Facts) -> str:
    """Small line under the tier: the rolling mean it follows, or a status worth saying."""
    if f.model.smoothing_days:
        mean = basis(f)
        return "" if math.isnan(mean) else f"{f.model.smoothing_days}-day mean {whole(mean)}"
    return f.status if f.status != "Scored" and f.tier_code is not None else ""
