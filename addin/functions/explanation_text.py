"""An explanation as text for a mail, and as rows for a sheet."""

from __future__ import annotations

import math
from collections.abc import Iterator

from addin.cells import today
from addin.functions.explanation import Explanation
from addin.functions.verdict import Change, Missing, Verdict
from scoring.rollup import round_half_up
from scoring.units import MINUS

__all__ = [
    "coverage_text",
    "drivers_text",
    "explanation_rows",
    "explanation_text",
    "missing_text",
    "signed",
    "velocity_text",
]

# A sum of weights may miss its whole number by this much.
_SLACK = 1e-9

ExplanationRow = tuple[str, float | str, str]


def explanation_text(found: Explanation) -> str:
    """The explanation line by line, numbers first; "" without a score."""
    if found.verdict is None:
        return ""
    lines = []
    for name, value, more in explanation_rows(found):
        told = signed(value) if isinstance(value, float) else value
        lines.append(" ".join(filter(None, (f"{name}:" if told else name, told, more))))
    return "\n".join(lines) + "\n"


def explanation_rows(found: Explanation) -> list[ExplanationRow]:
    """Name, figure or words, and what belongs to it; headings stand alone. Empty without a score.

    Figures are raw; a sheet shows them with one decimal.
    """
    verdict = found.verdict
    if verdict is None:
        return []
    rows: list[ExplanationRow] = [(found.account or "Account", _head(verdict), "")]
    rows.append(("Model", found.model, _on_day(found)))
    if verdict.note:
        rows.append(("Status", verdict.note, ""))
    if verdict.bounds:
        rows.append(("Bounds", verdict.bounds.sentence, ""))
    rows.append(("Coverage", coverage_text(verdict), ""))
    if verdict.missing:
        rows.append(("Missing", missing_text(verdict.missing), ""))
    if verdict.velocity:
        rows.append(("Velocity", velocity_text(verdict.velocity), ""))
    if found.override:
        rows.append(("Override", found.override, ""))
    rows += _drivers(verdict)
    rows += _steps(verdict.change) if verdict.change else ()
    return rows


def coverage_text(verdict: Verdict) -> str:
    """``88%, 14 of 16 metrics``."""
    share = 100 * verdict.coverage
    # Rounded down, so that 49.6% never reads as the 50% it misses.
    whole = math.floor(share + _SLACK) if verdict.total is None else round_half_up(share)
    return f"{whole:.0f}%, {verdict.seen}"


def drivers_text(verdict: Verdict) -> str:
    """``Drivers: 42.0 points lost``; a new account's score does not stand on its data yet."""
    what = "Data so far" if verdict.status == "Provisional" else "Drivers"
    return f"{what}: {verdict.lost:.1f} points lost"


def missing_text(missing: tuple[Missing, ...], *, most: int | None = None) -> str:
    """``NPS (stale, 3 Jul), Advocacy``; beyond *most* names ``and 9 more``."""
    names = [f"{m.name} (stale, {m.stale})" if m.stale else m.name for m in missing]
    if most is None or len(names) <= most + 1:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"


def velocity_text(velocity: tuple[float, str]) -> str:
    """``−0.62 a day, declining fast``."""
    points, label = velocity
    return f"{signed(points, 2)} a day, {label.lower()}"


def signed(points: float, digits: int = 1) -> str:
    """Points with their sign, a true minus: ``−7.4``, ``+0.8``, ``0.0``."""
    text = f"{abs(points):.{digits}f}"
    return text if not float(text) else f"{MINUS if points < 0 else '+'}{text}"


def _head(verdict: Verdict) -> str:
    if verdict.total is None:
        return "No score"
    return f"{round_half_up(verdict.total):.0f}{f', {verdict.label}' if verdict.label else ''}"


def _on_day(found: Explanation) -> str:
    day = today()
    segment = f"{found.segment}, " if found.segment else ""
    return f"({segment}{day.day} {day:%b %Y})"


def _drivers(verdict: Verdict) -> Iterator[ExplanationRow]:
    if not verdict.losses:
        return
    yield "", "", ""
    yield drivers_text(verdict), "", ""
    for loss in verdict.losses:
        yield loss.name, -loss.points, f"({loss.value})"
    if verdict.others:
        yield f"{verdict.others} others", -verdict.rest, ""


def _steps(change: Change) -> Iterator[ExplanationRow]:
    yield "", "", ""
    before, after = (f"{round_half_up(s.total):.0f}" for s in (change.before, change.after))
    days = f"{change.days} day{'' if change.days == 1 else 's'}"
    yield f"Change since {change.before.day}: {before} to {after} in {days}", "", ""
    for step in change.steps:
        yield step.name, step.points, "" if step.kind == "behaviour" else f"({step.cause.lower()})"
    if change.others:
        yield f"{change.others} others", change.rest, ""
