"""Sentences of the *Accounts* sheet that agree with the numbers beside them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from pipeline.sample.facts import FEATURES, HIGH_VALUE
from pipeline.sample.roster import Profile

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}
_ROLES = ("Head of Operations", "Finance Systems Lead", "Director of Support", "IT Manager")
_OUTCOMES = (
    "Agreed two goals for the next quarter; asked for a plan for {unused}",
    "Usage reviewed team by team; {seats:.0f} active seats confirmed with the sponsor",
    "Short meeting: {tickets:.0f} open tickets took most of the time",
    "Value review shared with the sponsor; next step is {unused}",
)
_EVIDENCE = (
    "Monthly report takes {days} days instead of {before}",
    "{share}% of requests handled without a call, {was}% a year ago",
    "{hours} hours of manual work saved a month, confirmed at the last QBR",
)


def no_notes(profile: Profile) -> bool:
    """Whether this account's CSM writes nothing down beside the numbers."""
    return profile.number % 8 == 5


def spoken(day: date) -> str:
    """A day as people write it in a sentence: ``3 Dec 2026``."""
    return f"{day.day} {day:%b %Y}"


def money(amount: float, currency: str) -> str:
    """An amount as people write it in a sentence: ``£45,000``."""
    return f"{_SIGNS.get(currency, currency + ' ')}{amount:,.0f}"


def champion_role(profile: Profile) -> str:
    """Job title of the account's champion."""
    return _ROLES[profile.number % len(_ROLES)]


def features(raw: Mapping[str, object]) -> tuple[list[str], list[str]]:
    """Features in use and features not in use, as many as the row counts."""
    used = int(float(str(raw.get("features_used", 0))))
    return list(FEATURES[:used]), list(FEATURES[used:])


def first_unused(raw: Mapping[str, object]) -> str:
    """The feature to talk about next: the first high-value one not in use."""
    unused = features(raw)[1]
    return next((f for f in unused if f in HIGH_VALUE), unused[0] if unused else "more teams")


def account_texts(profile: Profile, raw: Mapping[str, object]) -> dict[str, object]:
    """Text columns and QBR plans of one account; empty where its CSM writes nothing down."""
    if no_notes(profile):
        return {}
    return _people(profile) | _qbr(profile, raw) | _use(profile, raw) | _commercial(profile, raw)


def _people(profile: Profile) -> dict[str, object]:
    return {
        "executive_sponsor_name": None if profile.number % 7 == 3 else profile.contact("b"),
        "champion_name": profile.champion,
        "champion_role": champion_role(profile),
    }


def _qbr(profile: Profile, raw: Mapping[str, object]) -> dict[str, object]:
    last = raw.get("last_qbr_date")
    if not isinstance(last, date):
        return {}
    text = _OUTCOMES[profile.number % len(_OUTCOMES)].format(
        unused=first_unused(raw), seats=raw["seats_active"], tickets=raw["open_tickets"]
    )
    planned = profile.number % 6 != 1
    return {
        "qbr_outcome": text,
        "next_qbr_date": last + timedelta(days=91) if planned else None,
    }


def _use(profile: Profile, raw: Mapping[str, object]) -> dict[str, object]:
    used, unused = features(raw)
    out: dict[str, object] = {
        "features_used_list": ", ".join(used),
        "features_unused_list": ", ".join(unused) or None,
    }
    if raw.get("value_evidenced") == "Yes":
        n = profile.number
        out["evidence_of_value"] = _EVIDENCE[n % len(_EVIDENCE)].format(
            days=3 + n % 3, before=7 + n % 4, share=40 + n % 30, was=18 + n % 15, hours=20 + n
        )
    return out


def _commercial(profile: Profile, raw: Mapping[str, object]) -> dict[str, object]:
    """Details wherever a metric says that there are any."""
    due = spoken(profile.dates[-1] - timedelta(days=20 + profile.number % 15))
    tenth = money(round(profile.arr * 0.1, -2), profile.currency)
    late = raw.get("payment_history") == "Late"
    out: dict[str, object] = {
        "payment_details": f"Invoice due {due} paid {6 + profile.number % 20} days late"
        if late
        else f"Invoice due {due} paid on time",
    }
    if raw.get("unresolved_escalations") == "Yes":
        kind = "P1" if raw.get("open_p1") else "P2"
        out["escalation_details"] = (
            f"{kind} on {_area(profile)}, escalated on {due}; fix not dated yet"
        )
    if raw.get("expansion_signals") == "Yes":
        feature = first_unused(raw)
        out["expansion_details"] = f"Asked on {due} for a price for {feature}, about {tenth} a year"
    if raw.get("downgrade_signals") == "Yes":
        out["downgrade_details"] = f"Asked on {due} whether seats can be returned at renewal"
    return out


def _area(profile: Profile) -> str:
    return FEATURES[(profile.number * 5) % len(FEATURES)].lower()
