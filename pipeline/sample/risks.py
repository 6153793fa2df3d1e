"""Risks of a sample account, from the metrics that lose it the most points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from pipeline.sample.roster import Profile
from pipeline.sample.texts import first_unused, money, spoken
from scoring.model import Metric, ScoreModel
from scoring.units import format_value

Row = dict[str, object]

_CHANCES = frozenset(
    {("expansion_signals", "No"), ("expansions_12m", 0.0), ("expansion_history", "Flat")}
)
"""Values of metrics that are a chance not taken, not a risk."""

_NOTES: Mapping[str, str] = {
    "payment_history": "payment_details",
    "downgrade_signals": "downgrade_details",
    "unresolved_escalations": "escalation_details",
    "champion_strength": "champion_contact",
    "executive_sponsor": "sponsor_contact",
    "goal_progress": "goal_note",
    "value_evidenced": "value_note",
}
"""Metric → note that says what is behind its word."""


@dataclass(frozen=True)
class Finding:
    """A metric that costs points: what it is now, what it was, when it was that.

    Attributes:
        lost: points of the total.
        detail: a further fact that belongs to it, empty where there is none.
        before: raw value three snapshots ago, None where unknown or the same.
        since: day of that snapshot.
    """

    metric: Metric
    dimension: str
    lost: float
    now: float | str
    detail: str
    before: float | str | None
    since: date | None

    def sentence(self) -> str:
        """The finding with its numbers: ``DAU/MAU is 14%, was 31% on 22 Aug 2026 …``."""
        unit = self.metric.unit
        text = f"{self.metric.name} is {format_value(self.now, unit)}"
        if self.before is not None and self.since is not None:
            text += f", was {format_value(self.before, unit)} on {spoken(self.since)}"
        if isinstance(self.now, str) and self.detail:
            return f"{text}: {self.detail}"
        more = f"; {self.detail}" if self.detail else ""
        return f"{text}; healthy is {healthy_text(self.metric)}{more}"


def healthy_text(metric: Metric) -> str:
    """The healthy range in words: ``25% or more``, ``90 days or less``; a state's best word."""
    low, high = metric.healthy_range
    if metric.curve.kind == "states":
        return metric.curve.points[0][0]
    if low is not None and high is not None:
        return f"{format_value(low, metric.unit)} to {format_value(high, metric.unit)}"
    if high is not None:
        return f"{format_value(high, metric.unit)} or less"
    return f"{format_value(low, metric.unit)} or more" if low is not None else ""


def find(
    account: Mapping[str, object],
    history: pd.DataFrame,
    lost: pd.Series[float],
    known: Mapping[str, object],
    model: ScoreModel,
) -> list[Finding]:
    """Unhealthy metrics that lose an account at least a point, the most costly first."""
    past = history.sort_values("date").tail(3)
    out = []
    for dimension in model.dimensions:
        for metric in dimension.metrics:
            now = _plain(account.get(metric.key))
            if now is None or (metric.key, now) in _CHANCES or _is_healthy(metric, now):
                continue
            if lost[metric.key] < 1.0:
                continue
            before, since = _earlier(past, metric.key, now)
            cost, detail = float(lost[metric.key]), _detail(metric.key, now, known)
            out.append(Finding(metric, dimension.name, cost, now, detail, before, since))
    return sorted(out, key=lambda f: -f.lost)


def _plain(value: object) -> float | str | None:
    if value is None or value != value:
        return None
    return value if isinstance(value, str) else float(str(value))


def _is_healthy(metric: Metric, now: float | str) -> bool:
    if isinstance(now, str):
        return now == metric.curve.points[0][0]
    low, high = metric.healthy_range
    return (low is None or now >= low) and (high is None or now <= high)


def _detail(key: str, now: float | str, known: Mapping[str, object]) -> str:
    """The counts, names or notes behind a metric, where the source knows them."""
    n = {k: f"{v:.0f}" for k, v in known.items() if isinstance(v, float) and v == v}
    if key == "seats_active_share" and {"seats_active", "seats_licensed"} <= set(n):
        return f"{n['seats_active']} of {n['seats_licensed']} seats active"
    if key == "dau_mau" and {"dau", "mau"} <= set(n):
        return f"{n['dau']} of {n['mau']} users on a day"
    if key == "feature_breadth":
        return f"{first_unused(known)} not in use"
    if key == "executive_sponsor" and now == "Vacant":
        return "no replacement named"
    note = known.get(_NOTES.get(key, ""))
    if not isinstance(note, str) or not note:
        return ""
    # Abbreviations and names keep their capital in the middle of a sentence.
    keeps = note[1:2].isupper() or note[1:2].isdigit() or note.startswith("Sample")
    return note if keeps else note[0].lower() + note[1:]


def _earlier(
    past: pd.DataFrame, key: str, now: float | str
) -> tuple[float | str | None, date | None]:
    if past.empty or key not in past:
        return None, None
    row = past.iloc[0]
    before = _plain(row[key])
    return (None, None) if before in (None, now) else (before, row["date"].date())


_TYPES = 3
"""Of so many accounts one has a risk that somebody typed."""


def risk_rows(
    profile: Profile, findings: Sequence[Finding], raw: Mapping[str, object]
) -> list[Row]:
    """What a CSM typed: the story's own, and in every third account the costliest finding.

    The others are found in data.
    """
    rows: list[Row] = []
    if profile.story == "champion_left":
        rows.append(_champion_left(profile))
    for place, finding in enumerate(findings[: int(profile.number % _TYPES == 0)]):
        if finding.metric.key == "champion_strength" and rows:
            continue
        worst = finding.lost >= 6 or (place == 0 and finding.lost >= 4)
        rows.append(
            {
                "account_id": profile.account_id,
                "risk": finding.sentence(),
                "severity": "High" if worst else "Medium" if finding.lost >= 2.5 else "Low",
                "mitigation": _mitigation(profile, finding, raw),
                "dimension": finding.dimension,
            }
        )
    return rows


def _champion_left(profile: Profile) -> Row:
    return {
        "account_id": profile.account_id,
        "risk": f"Champion {profile.contact('a')} left on {spoken(left_on(profile))}; "
        f"{profile.contact('c')} has not taken over yet",
        "severity": "High",
        "mitigation": f"{profile.csm} onboards {profile.contact('c')} by "
        f"{spoken(profile.dates[-1] + timedelta(days=10))}, with {profile.contact('b')} present",
        "dimension": "Engagement",
    }


def left_on(profile: Profile) -> date:
    """The day the champion left: shortly before the snapshot that shows it."""
    return profile.dates[profile.turn] - timedelta(days=6 + profile.number % 9)


def _mitigation(profile: Profile, finding: Finding, raw: Mapping[str, object]) -> str:
    """A specific remedy with a person and a day."""
    today = profile.dates[-1]
    soon, later = spoken(today + timedelta(days=11)), spoken(today + timedelta(days=25))
    who, idle = profile.champion, profile.seats - float(str(raw.get("seats_active", 0)))
    third = money(round(profile.arr * idle / profile.seats, -2), profile.currency)
    by_key = {
        "seats_active_share": f"Reassign the {idle:.0f} idle seats (worth {third} a year) to a "
        f"second team by {later}",
        "feature_breadth": f"Pilot {first_unused(raw)} with {who} by {later}",
        "days_since_qbr": f"Hold the QBR by {soon}, goals first",
        "executive_sponsor": f"{who} introduces a sponsor by {soon}; agree a call a quarter",
        "unresolved_escalations": f"Named engineer and a dated fix by {soon}; weekly update",
        "payment_history": f"Finance calls accounts payable by {soon}; agree direct debit",
    }
    general = (
        f"{profile.csm} reviews it with {who} by {soon}; agree a target for {later}",
        f"Working session with {who} by {soon}; check {finding.metric.name} again on {later}",
        f"Written plan to {who} by {soon}, progress shown at the meeting on {later}",
    )
    return by_key.get(finding.metric.key, general[profile.number % len(general)])
