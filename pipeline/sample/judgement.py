"""The optional sheets of the sample: goals, features, people, risks, actions, overrides, events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import pandas as pd

from pipeline.sample.facts import HIGH_VALUE
from pipeline.sample.risks import Finding, Row, find, left_on, risk_rows
from pipeline.sample.roster import NO_DATA, OVERRIDES, Profile
from pipeline.sample.texts import champion_role, features, first_unused, no_notes, spoken
from scoring.columns import SHEETS
from scoring.model import ScoreModel
from scoring.score import score_accounts
from scoring.workdays import due_day

_GOALS = (
    ("Cut the monthly report from {a} days to {b}", "{c} days at the last close"),
    ("Handle {p}% of requests without a call", "{q}% last month"),
    ("Move {t} teams onto one workflow", "{u} of {t} teams moved"),
    ("Bring first answers under {h} hours", "{i} hours on average last month"),
)
_PROGRESS = {
    "On track": ("On track", "On track", "Partial"),
    "Partial": ("Partial", "On track", "Partial"),
    "Off track": ("Off track", "Partial", "Off track"),
}
_WELL = 80.0
_DONE = {"On track": 0.9, "Partial": 0.5, "Off track": 0.15}


def sample_tables(
    profiles: Sequence[Profile],
    accounts: pd.DataFrame,
    history: pd.DataFrame,
    model: ScoreModel,
    *,
    raw: Mapping[str, Mapping[str, object]],
    as_of: date,
) -> dict[str, pd.DataFrame]:
    """All optional sheets for the accounts; risks name the metrics that really lose points.

    ``profiles`` stand in the row order of ``accounts``. ``raw`` maps each account id to what its
    source knows today, also beyond the model's columns.
    """
    lost = score_accounts(accounts, model, as_of=as_of).lost
    rows: dict[str, list[Row]] = {name: [] for name in SHEETS}
    groups = dict(tuple(history.groupby("account_id"))) if len(history) else {}
    for position, profile in enumerate(profiles):
        facts = raw[profile.account_id]
        rows["Overrides"] += _override(profile)
        rows["Events"] += _events(profile)
        if no_notes(profile) or profile.number == NO_DATA:
            continue
        account = {str(k): v for k, v in accounts.iloc[position].items()}
        past = groups.get(profile.account_id, history.head(0))
        goals = list(_goals(profile, facts))
        known = {**account, **facts, **_notes(profile, goals)}
        findings = find(account, past, lost.iloc[position], known, model)
        rows["Goals"] += goals
        rows["Features"] += _features(profile, facts)
        rows["Stakeholders"] += _stakeholders(profile, facts)
        rows["Risks"] += risk_rows(profile, findings, facts)
        rows["Actions"] += _actions(profile, findings, facts)
    return {name: _frame(name, found) for name, found in rows.items()}


def _frame(name: str, rows: Sequence[Row]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=[c.key for c in SHEETS[name]], dtype=object)
    for column in SHEETS[name]:
        if column.kind == "date":
            frame[column.key] = pd.to_datetime(frame[column.key]).astype("datetime64[us]")
        elif column.kind == "number":
            frame[column.key] = frame[column.key].astype(float)
    return frame


def _goals(profile: Profile, facts: Mapping[str, object]) -> Iterator[Row]:
    """Two or three goals whose progress agrees with the account's goal progress."""
    overall = str(facts.get("goal_progress", "Partial"))
    n = profile.number
    count = 0 if n % 10 == 3 else 2 + n % 2
    for k, progress in enumerate(_PROGRESS[overall][:count]):
        goal, evidence = _GOALS[(n + k) % len(_GOALS)]
        values = _targets(n, _DONE[progress])
        given = None if n % 7 == k else evidence.format(**values)
        yield {
            "account_id": profile.account_id,
            "goal": goal.format(**values),
            "progress": progress,
            "evidence": given,
        }


def _notes(profile: Profile, goals: Sequence[Row]) -> dict[str, object]:
    """What stands behind a weak champion, sponsor, goal or value: people, days, figures."""
    behind = next((g for g in goals if g["progress"] != "On track" and g["evidence"]), None)
    seen = spoken(profile.dates[-1] - timedelta(days=_quiet_days(profile)))
    met = spoken(profile.dates[-1] - timedelta(days=2 * _quiet_days(profile)))
    return {
        "goal_note": f"{behind['goal']}, {behind['evidence']}" if behind else "",
        "champion_contact": f"{profile.champion}, last contact {seen}",
        "sponsor_contact": f"{profile.contact('b')}, last met {met}",
        "value_note": f"no result agreed with {profile.champion}, asked on {seen}",
    }


def _quiet_days(profile: Profile) -> int:
    """Days since the champion was last spoken to; more where health is low."""
    return int(3 + (100 - float(profile.levels[-1])) * 0.6)


def _targets(n: int, done: float) -> dict[str, int]:
    """Numbers of the goals, and where they stand when a share of the way is done."""
    a, b, h, t, p = 8 + n % 4, 3 + n % 2, 2 + n % 3, 4 + n % 5, 50 + 5 * (n % 6)
    return {
        "a": a, "b": b, "c": round(a - done * (a - b)), "h": h, "i": round(h + (1 - done) * 8),
        "t": t, "u": round(done * t), "p": p, "q": round(p * (0.4 + 0.6 * done)),
    }  # fmt: skip


def _features(profile: Profile, facts: Mapping[str, object]) -> Iterator[Row]:
    if profile.number % 6 == 4:
        return  # only the lists on Accounts
    used, unused = features(facts)
    for name in used + unused:
        yield {
            "account_id": profile.account_id,
            "feature": name,
            "used": name in used,
            "high_value": name in HIGH_VALUE,
        }


def _stakeholders(profile: Profile, facts: Mapping[str, object]) -> Iterator[Row]:
    if profile.number % 9 == 7:
        return
    today, warm = profile.dates[-1], float(profile.levels[-1])
    quiet = _quiet_days(profile)
    mood = "Positive" if warm >= 78 else "Neutral" if warm >= 55 else "Negative"
    sponsor = str(facts.get("executive_sponsor", "Passive"))
    strength = str(facts.get("champion_strength", "Moderate"))
    people = [
        ("b", "Chief Operating Officer", "Executive sponsor", sponsor, 2 * quiet, "Neutral"),
        (profile.champion[-1], champion_role(profile), "Champion", strength, quiet, mood),
        ("d", "Team lead", "User", None, quiet + 9, mood),
    ]
    for letter, role, relation, strong, days, feeling in people[: 2 + profile.number % 2]:
        if relation == "Executive sponsor" and sponsor == "Vacant":
            continue
        yield {
            "account_id": profile.account_id,
            "name": profile.contact(letter),
            "role": role,
            "relation": relation,
            "strength": strong,
            "last_contact": today - timedelta(days=days),
            "sentiment": feeling,
        }


def _actions(
    profile: Profile, findings: Sequence[Finding], facts: Mapping[str, object]
) -> Iterator[Row]:
    """Actions in three horizons, each with an owner and a deadline before the renewal."""
    if profile.number % 11 == 8:
        return
    today, n = profile.dates[-1], profile.number
    topic = findings[0].metric.name if findings else "usage"
    left = max((profile.renewal - today).days, 3)
    who = profile.champion
    support = f"Support Sample {'AB'[n % 2]}"
    plans = [
        ("This week", f"Call {who} about {topic}", profile.csm, 2 + n % 4, "Open"),
        ("This week", "Get a dated fix for the oldest open ticket", support, 3, "In progress"),
        ("This month", f"Train one more team on {first_unused(facts)}", profile.csm, 18, "Open"),
        ("This month", "Hold the overdue call with the sponsor", profile.csm, -4, "Open"),
        ("Before renewal", f"Value review signed by {who}", profile.csm, left // 2, "Open"),
        ("Before renewal", "Send the renewal offer", "Sales Sample A", left - 2, "Open"),
    ]  # fmt: skip
    # Few people type a plan for an account that is well; the others differ.
    chosen = _typed_places(n, left, well=float(profile.levels[-1]) >= _WELL)
    for k, (horizon, action, owner, days, status) in enumerate(plans):
        if k not in chosen or (k == 1 and not facts.get("open_tickets")):
            continue
        yield {
            "account_id": profile.account_id,
            "action": action,
            "horizon": horizon,
            "owner": owner,
            "deadline": _working(today + timedelta(days=min(days, left)), profile.renewal),
            "status": status,
            **_tried(n, k),
        }


def _typed_places(n: int, left: int, *, well: bool) -> set[int]:
    """Which of the plans somebody typed for account *n*, which renews in *left* days."""
    offer = {5} if left <= 90 else set()
    if well:
        return offer | ({3} if n % 16 == 0 else set())
    tries = {0} if n % 8 in (3, 5) or n % 3 == 0 else {2} if n % 3 == 1 else set()
    return offer | tries | ({1} if n % 2 else {3} if n % 8 == 4 else set())


def _working(day: date, renewal: date) -> date:
    """The day itself; of a weekend the Monday after it, before a renewal the Friday."""
    later = due_day(day, 0)
    return later if later <= renewal or day > renewal else day - timedelta(days=day.weekday() - 4)


def _tried(number: int, place: int) -> Row:
    """Attempts without response: some once by email, some three times."""
    if place or number % 8 not in (3, 5):
        return {}
    times, channel = (3.0, "Phone") if number % 8 == 3 else (1.0, "Email")
    return {"attempts": times, "last_channel": channel, "response": "None"}


def _override(profile: Profile) -> Iterator[Row]:
    if profile.number not in OVERRIDES:
        return
    today, days = profile.dates[-1], OVERRIDES[profile.number]
    tier = "red" if profile.number == 8 else "amber"
    reason = {
        8: "Procurement told us in writing that two vendors are compared",
        26: "Migration in progress, usage counts are not complete",
    }.get(profile.number, "Outage of the last month, customer confirmed that it is settled")
    yield {
        "account_id": profile.account_id,
        "tier": tier,
        "score": None,
        "reason": reason,
        "author": profile.csm,
        "expires": today + timedelta(days=days),
    }


def _events(profile: Profile) -> Iterator[Row]:
    """Facts from outside the numbers, with day and source."""
    day = profile.dates[profile.turn] - timedelta(days=2 + profile.number % 23)
    told: list[tuple[date, str, str]] = []
    if profile.story == "champion_left":
        told.append((left_on(profile), f"Champion {profile.contact('a')} left", "CRM note"))
    if profile.story == "recovery":
        told.append((day, "Incident of two days, root cause shared", "Support"))
    if profile.number % 17 == 8:
        told.append((day, "New funding announced", "News"))
    if profile.number % 19 == 10:
        told.append((day, "Merger with another customer announced", "News"))
    for when, event, source in told:
        yield {
            "account_id": profile.account_id, "date": when, "event": event, "source": source,
        }  # fmt: skip
