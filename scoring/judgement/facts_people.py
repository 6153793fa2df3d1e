"""Facts of the sheets beside *Accounts*: stakeholders, goals, and events with their day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.happenings import KINDS, kinds_of
from scoring.judgement.facts import Concept, FactTable
from scoring.judgement.facts_column import Days, FactColumn, no_days, no_words, words_of
from scoring.prepare import Floats

__all__ = ["PEOPLE"]


def _sheet(t: FactTable, name: str) -> tuple[pd.DataFrame, NDArray[np.intp]] | None:
    """Rows of a sheet that belong to the accounts, and whose they are; None without any."""
    frame = t.tables.get(name)
    if frame is None or frame.empty:
        return None
    index = pd.Index(t.now.account_id)
    at = np.asarray(index.get_indexer(pd.Index(frame["account_id"].astype(str).astype(object))))
    known = at >= 0
    return (frame[known], at[known]) if known.any() else None


def _count(t: FactTable, at: NDArray[np.intp], which: NDArray[np.bool_]) -> Floats:
    """How many rows each account has of those that count; NaN for accounts without any row."""
    every = np.bincount(at, minlength=t.n)
    out = np.bincount(at[which], minlength=t.n).astype(float)
    out[every == 0] = np.nan
    return out


def _contacts(t: FactTable) -> FactColumn | None:
    """Contacts of the account: the model's metric, else rows of *Stakeholders*."""
    if "stakeholder_contacts" in t.metrics:
        return t.metric("stakeholder_contacts")
    found = _sheet(t, "Stakeholders")
    if found is None:
        return None
    frame, at = found
    count = _count(t, at, np.ones(len(frame), bool))
    # 003 Relationship health: 3+ contacts are healthy.
    return FactColumn(count, "Contacts", "count", benchmark="3 or more")


def _column(frame: pd.DataFrame, key: str) -> NDArray[np.object_]:
    return words_of(frame[key]) if key in frame else no_words(len(frame))


def _champions(frame: pd.DataFrame) -> NDArray[np.bool_]:
    return np.array(["champion" in x for x in _column(frame, "relation").tolist()], bool)


def _strong_champions(t: FactTable) -> FactColumn | None:
    """Strong champions: rows of *Stakeholders*, else the strength that the model asks for."""
    found = _sheet(t, "Stakeholders")
    rated = t.values("champion")
    count = np.full(t.n, np.nan)
    if found is not None:
        frame, at = found
        strong = _champions(frame) & (_column(frame, "strength") == "strong")
        count = _count(t, at, strong)
    if rated is not None:
        own = np.where(rated == "", np.nan, (rated == "strong").astype(float))
        count = np.where(np.isnan(count), own, count)
    if np.isnan(count).all():
        return None
    return FactColumn(count, "Strong champions", "count")


def _recorded(t: FactTable) -> FactColumn | None:
    """Whether a champion is recorded, where the source has a place for one: yes or no."""
    found = _sheet(t, "Stakeholders")
    rated = t.values("champion")
    if "champion_name" not in t.accounts and found is None:
        return None
    yes = t.words("champion_name") != ""
    if found is not None:
        frame, at = found
        yes |= np.nan_to_num(_count(t, at, _champions(frame))) > 0
    if rated is not None:
        yes |= rated != ""
    return FactColumn(np.where(yes, "yes", "no").astype(object), "Champion recorded", "state")


def _role(metric: str, name: str, relation: str, who: str) -> Concept:
    """State of a champion or sponsor, with the name and role of the person."""

    def build(t: FactTable) -> FactColumn | None:
        if metric in t.metrics:
            column = t.metric(metric)
        else:
            found = _sheet(t, "Stakeholders")
            if found is None:
                return None
            frame, at = found
            mine = np.array([relation in x for x in _column(frame, "relation").tolist()], bool)
            words = no_words(t.n)
            words[at[mine]] = _column(frame, "strength")[mine]
            column = FactColumn(words, name, "state")

        def detail(row: int) -> str:
            person, role = t.text(who, row), t.text(f"{relation}_role", row)
            return ", ".join(x for x in (person, role) if x)

        return replace(column, name=name, detail=detail)

    return build


def _days_since_contact(t: FactTable) -> FactColumn | None:
    """Days since anybody of the account was last spoken to."""
    found = _sheet(t, "Stakeholders")
    if found is None or "last_contact" not in found[0]:
        return None
    frame, at = found
    day = pd.to_datetime(frame["last_contact"], errors="coerce").to_numpy("datetime64[D]")
    today = np.datetime64(t.as_of, "D")
    known = ~np.isnat(day) & (day <= today)
    return _latest(t, at[known], day[known], "Days since contact")


def _latest(t: FactTable, at: NDArray[np.intp], day: Days, name: str) -> FactColumn | None:
    if not len(at):
        return None
    last = np.full(t.n, np.iinfo(np.int64).min)
    np.maximum.at(last, at, day.astype("int64"))
    when = no_days(t.n)
    seen = last > np.iinfo(np.int64).min
    when[seen] = last[seen].astype("datetime64[D]")
    gap = (np.datetime64(t.as_of, "D") - when).astype(float)
    gap[~seen] = np.nan
    return FactColumn(gap, name, "days", when=when)


def _negative(t: FactTable) -> FactColumn | None:
    """Contacts whose sentiment is negative."""
    found = _sheet(t, "Stakeholders")
    if found is None or "sentiment" not in found[0]:
        return None
    frame, at = found
    bad = _column(frame, "sentiment") == "negative"
    count = _count(t, at, bad)
    names = [str(x) for x in frame["name"].tolist()]
    mine: dict[int, list[int]] = {}
    for k in np.flatnonzero(bad).tolist():
        mine.setdefault(int(at[k]), []).append(k)
    when = no_days(t.n)
    if "last_contact" in frame:
        found_days = pd.to_datetime(frame["last_contact"], errors="coerce")
        days = found_days.to_numpy("datetime64[D]")
        for row, ks in mine.items():
            when[row] = days[ks[0]]

    def detail(row: int) -> str:
        return " and ".join(names[k] for k in mine.get(row, [])[:2])

    return FactColumn(count, "Negative contacts", "count", when=when, detail=detail)


def _goals_off(t: FactTable) -> FactColumn | None:
    """Goals that are off track, by *Goals*."""
    found = _sheet(t, "Goals")
    if found is None:
        return None
    frame, at = found
    off = _column(frame, "progress") == "off track"
    texts = [str(x).strip() for x in frame["goal"].tolist()]
    proof = frame["evidence"].tolist() if "evidence" in frame else [None] * len(frame)
    mine: dict[int, list[int]] = {}
    for k in np.flatnonzero(off).tolist():
        mine.setdefault(int(at[k]), []).append(k)

    def detail(row: int) -> str:
        first = mine.get(row)
        if not first:
            return ""
        said = proof[first[0]]
        shown = f", {said.strip()}" if isinstance(said, str) and said.strip() else ""
        more = f" (and {len(first) - 1} more)" if len(first) > 1 else ""
        return f"{texts[first[0]]}: off track{shown}{more}"

    return FactColumn(_count(t, at, off), "Goals off track", "count", benchmark="0", detail=detail)


def _event(kind: str) -> Concept:
    """Days since the last event of a kind, with its text and source."""

    def build(t: FactTable) -> FactColumn | None:
        rows = t.once("events", lambda: _events(t)).get(kind)
        if not rows:
            return None
        gap, when = np.full(t.n, np.nan), no_days(t.n)
        for row, (day, _) in rows.items():
            when[row] = day
            gap[row] = float((np.datetime64(t.as_of, "D") - day).astype(int))
        return FactColumn(
            gap, f"Days since {kind.replace('_', ' ')}", "days",
            when=when, since=when, detail=lambda row: rows.get(row, (None, ""))[1],
        )  # fmt: skip

    return build


def _events(t: FactTable) -> Mapping[str, Mapping[int, tuple[Any, str]]]:
    """Kind → row → day and text of its last event up to today."""
    out: dict[str, dict[int, tuple[Any, str]]] = {}
    found = _sheet(t, "Events")
    if found is not None:
        frame, at = found
        days = pd.to_datetime(frame["date"], errors="coerce").to_numpy("datetime64[D]")
        sources = frame["source"].tolist() if "source" in frame else [None] * len(frame)
        today = np.datetime64(t.as_of, "D")
        order = np.argsort(days, kind="stable").tolist()
        for k in order:
            text = frame["event"].iat[k]
            if np.isnat(days[k]) or days[k] > today or not isinstance(text, str):
                continue
            source = sources[k]
            said = text.strip().rstrip(".")
            if isinstance(source, str) and source.strip():
                said = f"{said} ({source.strip()})"
            for kind in kinds_of(text):
                out.setdefault(kind, {})[int(at[k])] = (days[k], said)
    return out


def _payment_failed(t: FactTable) -> FactColumn | None:
    """Whether a payment failed: a column says so, or an event of the last 60 days (ours)."""
    keys = [k for k in ("payment_failed", "payment_failure") if k in t.accounts]
    column = t.column("payment_failed_days")
    if not keys and column is None:
        return None
    out = t.words(keys[0]) if keys else no_words(t.n)
    since = None
    if column is not None:
        out = np.where(column.values <= 60, "yes", out).astype(object)
        since = column.since
    return FactColumn(out, "Payment failed", "state", since=since)


def _said(key: str, name: str) -> Concept:
    """A yes or no of *Accounts*, such as a gate of the model."""

    def build(t: FactTable) -> FactColumn | None:
        return FactColumn(t.words(key), name, "state") if key in t.accounts else None

    return build


PEOPLE: Mapping[str, Concept] = {
    "contacts": _contacts,
    "strong_champions": _strong_champions,
    "champion_recorded": _recorded,
    "champion": _role("champion_strength", "Champion", "champion", "champion_name"),
    "sponsor": _role("executive_sponsor", "Executive sponsor", "sponsor", "executive_sponsor_name"),
    "days_since_contact": _days_since_contact,
    "contacts_negative": _negative,
    "goals_off": _goals_off,
    "payment_failed": _payment_failed,
    "champion_left": _said("champion_left", "Champion left"),
    "stakeholder_left": _said("stakeholder_left", "Stakeholder left"),
    "cancellation_notice": _said("cancellation_notice", "Cancellation notice"),
    **{f"{kind}_days": _event(kind) for kind in KINDS},
}
"""Facts by key; each tells None where the source has no such sheet."""
