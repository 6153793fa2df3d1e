"""Values of *Detail*: every field of the scorecard in words, or "not provided"."""

from __future__ import annotations

import math
from typing import Any

from scoring.account_facts import Facts
from scoring.judgement.assessment import LETTERS, assess
from scoring.units import format_value
from workbook_templates.account import words as w
from workbook_templates.drawing.account.detail import NOT_PROVIDED

LONG = LETTERS
"""Letters that a cell of *Detail* holds, on three lines."""


def detail_values(f: Facts) -> dict[str, Any]:
    """Place → texts, in the order of the groups in ``drawing.account.detail``."""
    groups = {
        "detail_0_0": _adoption(f),
        "detail_0_1": _engagement(f),
        "detail_0_2": _outcomes(f),
        "detail_1_0": _support(f),
        "detail_1_1": _commercial(f),
        "assessment": [assess(f, d.key) for d in f.model.dimensions],
    }
    facts = [f.name[:LONG], f"id {f.account_id}"]
    facts += [f.text(k) for k in ("region",) if f.text(k)]
    values: dict[str, Any] = {
        k: [[w.cut(x, LONG) or NOT_PROVIDED] for x in v] for k, v in groups.items()
    }
    values["detail_note"] = " · ".join([*facts, f"as of {w.day_words(f.as_of)}"])
    return values


def _value(f: Facts, key: str) -> str:
    """A metric's raw value with its unit, "" where missing; stale ones say so."""
    metric = next((m for m in f.model.metrics if m.key == key), None)
    raw = f.record.get(key)
    if raw is None:
        return ""
    text = format_value(raw, metric.unit if metric else None)
    return f"{text} (stale, not counted)" if key in f.stale else text


def _joined(*parts: str, by: str = ", ") -> str:
    return by.join(p for p in parts if p)


def _share(f: Facts, key: str, top: str, bottom: str) -> str:
    a, b = f.number(top), f.number(bottom)
    given = f.number(key)
    x = given if given == given else a / b if b > 0 else math.nan
    return "" if math.isnan(x) else f"{w.whole(x * 100)}%"


def _features(f: Facts, *, used: bool) -> str:
    rows = f.tables["Features"]
    picked = [r for r in rows if r.get("used") is used and (used or r.get("high_value"))]
    names = [str(r["feature"]) for r in picked if r.get("feature")]
    return _joined(*names) or f.text("features_used_list" if used else "features_unused_list")


def _adoption(f: Facts) -> list[str]:
    share = _share(f, "dau_mau", "dau", "mau")
    power = f.number("power_users")
    found = "" if math.isnan(power) else f"Yes, {power:g}" if power > 0 else "No"
    return [
        f"{share} (benchmark: above 25% is healthy)" if share else "",
        _features(f, used=True),
        _features(f, used=False),
        found,
    ]


def _engagement(f: Facts) -> list[str]:
    last, following = f.day("last_qbr_date"), f.day("next_qbr_date")
    qbr = _joined(w.day_words(last) if last else "", f.text("qbr_outcome"), by=" — ")
    planned = ""
    if following:
        late = following < f.as_of
        planned = f"{'Overdue since' if late else 'Scheduled,'} {w.day_words(following)}"
    elif last:
        overdue = (f.as_of - last).days > 90
        planned = "Overdue, none scheduled" if overdue else "Not scheduled"
    sponsor = _person(f, "sponsor")
    champion = _person(f, "champion")
    return [
        qbr,
        planned,
        _joined(_value(f, "executive_sponsor"), f.text("executive_sponsor_name") or sponsor),
        _joined(
            f.text("champion_name") or champion,
            f.text("champion_role"),
            _strength(_value(f, "champion_strength")),
        ),
    ]


def _strength(word: str) -> str:
    return f"strength {word.lower()}" if word else ""


def _person(f: Facts, relation: str) -> str:
    """Name and role of a stakeholder of this relation."""
    for row in f.tables["Stakeholders"]:
        if relation in str(row.get("relation") or "").casefold():
            return _joined(str(row.get("name") or ""), str(row.get("role") or ""))
    return ""


def _outcomes(f: Facts) -> list[str]:
    goals = f.tables["Goals"]
    stated = [str(r["goal"]) for r in goals if r.get("goal")]
    progress = [f"{r['goal']}: {r['progress']}" for r in goals if r.get("progress")]
    evidence = [str(r["evidence"]) for r in goals if r.get("evidence")]
    overall = _value(f, "goal_progress")
    return [
        "; ".join(stated[:3]),
        _joined(overall, "; ".join(progress[:3]), by=" — "),
        f.text("evidence_of_value") or "; ".join(evidence[:2]),
    ]


def _count(f: Facts, key: str) -> str:
    x = f.number(key)
    return "" if math.isnan(x) else f"{x:g}"


def _support(f: Facts) -> list[str]:
    by_priority = [f"P{n}: {_count(f, f'open_p{n}')}" for n in (1, 2, 3) if _count(f, f"open_p{n}")]
    total = _count(f, "open_tickets")
    priorities = f"({', '.join(by_priority)})" if by_priority else ""
    csat = _value(f, "csat_10") or _value(f, "csat")
    scale = "10" if _value(f, "csat_10") else "5"
    nps = _value(f, "nps_index")
    survey = _joined(
        f"CSAT {csat} of {scale}" if csat else "", f"NPS {nps}" if nps else "", by=" · "
    )
    goal = " (benchmark: CSAT above 8 of 10, NPS above 30)" if survey else ""
    raw = next((f.record[k] for k in _ESCALATIONS if f.record.get(k) is not None), None)
    return [
        _joined(total, priorities, by=" "),
        survey + goal,
        _joined(_yes_no(raw), f.text("escalation_details"), by=" — "),
        _trend(f),
    ]


def _yes_no(raw: object) -> str:
    """No, Yes, or Yes with a count; "" where missing."""
    if raw is None:
        return ""
    if raw in (0, "No", False):
        return "No"
    return f"Yes, {raw:g}" if isinstance(raw, int | float) else "Yes"


_ESCALATIONS = ("unresolved_escalations", "escalations_90d", "escalations")


def _trend(f: Facts) -> str:
    raw = f.record.get("ticket_trend_90d")
    if not isinstance(raw, int | float):
        return "" if raw is None else str(raw)
    word = "Stable" if abs(raw) < 0.005 else "Increasing" if raw > 0 else "Decreasing"
    return f"{word} ({format_value(float(raw), 'change')})"


def _commercial(f: Facts) -> list[str]:
    licensed, active = _count(f, "seats_licensed"), _count(f, "seats_active")
    used = _share(f, "seats_active_share", "seats_active", "seats_licensed")
    seats = _joined(
        f"{licensed} licensed" if licensed else "",
        f"{active} active" if active else "",
        f"{used} used" if used else "",
    )
    late = f.number("late_payments_12m")
    on_time = _value(f, "payments_on_time")
    paid = f"{on_time} on time" if on_time and on_time[0].isdigit() else on_time
    if not paid and not math.isnan(late):
        paid = "On time" if late == 0 else f"Late {late:g} times in 12 months"
    return [
        seats,
        _joined(paid, f.text("payment_details"), by=" — "),
        _signal(f, "expansion_signals", "expansion_details"),
        _signal(f, "downgrade_signals", "downgrade_details"),
    ]


def _signal(f: Facts, state: str, details: str) -> str:
    said, more = _value(f, state), f.text(details)
    return _joined(said or ("Yes" if more else ""), more, by=" — ")
