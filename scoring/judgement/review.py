"""What a manager must decide: who, what, why, since when, how much revenue.

A better tier asks for no decision, and an account whose fall is listed needs no second line for
the risk behind it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import pandas as pd

from scoring.judgement.flags import Flag
from scoring.judgement.risks import Found
from scoring.model import ScoreModel
from scoring.rollup import TIERS, round_half_up
from scoring.score import score_accounts

__all__ = ["KINDS", "NEW_LISTED", "ReviewLine", "review_lines"]

KINDS = ("Escalated", "Overdue", "Override", "Tier change", "New High risk", "Little data",
         "Rating differs", "False positive")  # fmt: skip
"""What is listed, the most pressing first."""
NEW_DAYS = 31
"""Days that a risk or an override is new (ours): a month of weekly refreshes."""
NEW_LISTED = 25
"""Accounts with new High risks that are listed, those with most ARR (ours): *Risks* has all."""
ENDING_DAYS = 14
"""Days before its end at which an override is listed."""
LARGE, LITTLE = 10.0, 0.7
"""Points of a move (001's smaller drop), and coverage below which it rests on little (ours)."""
_NO_NAMES: Mapping[str, str] = {}
_PRESSING = frozenset({"Escalated", "Overdue", "Tier change"})
"""Kinds beside which an account's new risk is not listed again."""
_APART = 25.0
"""Points between two ratings."""


class ReviewLine(NamedTuple):
    """One thing to look at; `key` tells it from others of its kind and account."""

    kind: str
    account_id: str
    what: str
    why: str
    since: date | None
    key: str


def review_lines(
    frame: pd.DataFrame,
    accounts: pd.DataFrame,
    actions: pd.DataFrame,
    found: Found,
    model: ScoreModel,
    *,
    as_of: date,
    flags: Sequence[Flag] = (),
    names: Mapping[str, str] = _NO_NAMES,
) -> list[ReviewLine]:
    """All that needs a decision, by kind and then by ARR.

    Args:
        frame: of `portfolio_frame`.
        accounts: row by row the same, as scored.
        actions: of `plan_portfolio`.
        found: risks, row by row.
        model: its labels, and its dimensions that people rate.
        as_of: today.
        flags: false positives.
        names: key of a risk → its name; one that has none is told by its key.
    """
    recent = [f for f in flags if as_of - f.day <= timedelta(days=NEW_DAYS)]
    lines = [*_of_actions(actions), *_overrides(accounts, as_of), *_moves(frame, model),
             *_ratings(accounts, frame, model, as_of),
             *(_flag(f, names) for f in recent)]  # fmt: skip
    told = {line.account_id for line in lines if line.kind in _PRESSING}
    arr = dict(zip(frame["account_id"], frame["arr"], strict=True))

    def order(line: ReviewLine) -> tuple[Any, ...]:
        amount = arr.get(line.account_id, 0.0)
        return (KINDS.index(line.kind), -amount if amount == amount else 0.0, line.account_id,
                line.key)  # fmt: skip

    lines += sorted(_risks(frame, found, as_of, told), key=order)[:NEW_LISTED]
    return sorted(lines, key=order)


def _day(value: object) -> date | None:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()  # type: ignore[call-overload, arg-type]


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return rows.to_dict("records") if len(rows) else []  # type: ignore[return-value]


def _of_actions(actions: pd.DataFrame) -> Iterator[ReviewLine]:
    for row in _records(actions):
        if _day(row["closed"]) is not None:
            continue
        if row["escalated"]:
            kind, why = KINDS[0], str(row["why"])
        elif row["origin"] == "tier" and row["overdue"]:
            due = pd.Timestamp(row["deadline"])
            kind, why = KINDS[1], f"Due {due.day} {due:%b %Y}; {row['why']}"
        else:
            continue
        since = _day(row["deadline"]) if kind == KINDS[1] else _day(row["opened"])
        what = f"{row['owner']}: {row['action']}"
        yield ReviewLine(kind, str(row["account_id"]), what, why, since, str(row["key"]))


def _overrides(accounts: pd.DataFrame, as_of: date) -> Iterator[ReviewLine]:
    if "override_expires" not in accounts:
        return
    keys = [f"override_{k}" for k in ("tier", "score", "reason", "author", "expires")]
    for row in _records(accounts.reindex(columns=["account_id", *keys])):
        ends = _day(row["override_expires"])
        if ends is None or not as_of <= ends:
            continue
        soon = ends <= as_of + timedelta(days=ENDING_DAYS)
        set_to = row["override_tier"] or f"{row['override_score']:g}"
        ended = f"ends {ends.day} {ends:%b %Y}" + (", soon" if soon else "")
        what = f"{row['override_author']} set {set_to}; {ended}"
        yield ReviewLine(KINDS[2], str(row["account_id"]), what, str(row["override_reason"]),
                         None, f"{set_to} {ends.isoformat()}")  # fmt: skip


def _moves(frame: pd.DataFrame, model: ScoreModel) -> Iterator[ReviewLine]:
    columns = ["account_id", "tier", "previous_tier", "previous_day", "change", "coverage",
               "driver", "moved", "shown"]  # fmt: skip
    for row in _records(frame[columns]):
        account, since = str(row["account_id"]), _day(row["previous_day"])
        before, now = row["previous_tier"], row["tier"]
        if _worse(before, now):
            what = f"{model.tier_label(before)} → {model.tier_label(now)}, score {row['shown']:.0f}"
            why = str(row["moved"] or row["driver"])
            yield ReviewLine(KINDS[3], account, what, why, since, f"{before} {now}")
        if abs(row["change"]) >= LARGE and row["coverage"] < LITTLE:
            points = f"{row['change']:+.1f}".replace("-", "−")
            what = f"{points} points on {row['coverage']:.0%} of the weight"
            yield ReviewLine(KINDS[5], account, what, "Large move, little data", since, "little")


def _worse(before: str, now: str) -> bool:
    """Whether a tier is worse than the one before; no tier is neither."""
    return before in TIERS and now in TIERS and TIERS.index(now) < TIERS.index(before)


def _risks(
    frame: pd.DataFrame, found: Found, as_of: date, told: Collection[str]
) -> Iterator[ReviewLine]:
    """A line an account, of its heaviest new risk; how many more are new beside it."""
    new = as_of - timedelta(days=NEW_DAYS)
    accounts = frame["account_id"].astype(str).tolist()
    for i, (account, high) in enumerate(zip(accounts, found.high.tolist(), strict=True)):
        if not high or account in told:
            continue
        risks = [r for r in found.risks[i]
                 if r.severity == "High" and r.since is not None and r.since >= new]  # fmt: skip
        if risks:
            first, more = risks[0], len(risks) - 1
            what = f"{first.name}, and {more} more" if more else first.name
            yield ReviewLine(KINDS[4], account, what, first.text, first.since,
                             first.key or first.name)  # fmt: skip


def _ratings(
    accounts: pd.DataFrame, frame: pd.DataFrame, model: ScoreModel, as_of: date
) -> Iterator[ReviewLine]:
    """Dimensions that a person rated at least one rating away from what the metrics give."""
    typed = [d for d in model.dimensions if d.key in accounts and accounts[d.key].notna().any()]
    if not typed:
        return
    computed = score_accounts(
        accounts.drop(columns=[d.key for d in typed]), model, as_of=as_of
    ).dimensions
    for d in typed:
        given: Mapping[int, float] = dict(enumerate(frame[f"dim_{d.key}"].tolist()))
        rated = accounts[d.key].notna().tolist()
        for i, points in enumerate(computed[d.key].tolist()):
            if rated[i] and abs(points - given[i]) >= _APART:
                shown = (f"{round_half_up(x):.0f}" for x in (given[i], points))
                what = "{}: rated {}, metrics give {}".format(d.name, *shown)
                yield ReviewLine(KINDS[6], str(frame["account_id"].iloc[i]), what,
                                 "A person's rating counts", None, d.key)  # fmt: skip


def _flag(flag: Flag, names: Mapping[str, str]) -> ReviewLine:
    called = names.get(flag.what, flag.what) if flag.kind == "risk" else flag.what
    what = f"{flag.kind.capitalize()}: {called}"
    return ReviewLine(KINDS[7], flag.account_id, what, f"{flag.reason} ({flag.author})", flag.day,
                      f"{flag.kind} {flag.what}")  # fmt: skip
