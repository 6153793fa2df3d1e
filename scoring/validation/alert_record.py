"""How alerts did: how many were followed by churn, how much churn they caught, how early."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.alerts import Alert
from scoring.judgement.flags import Flag
from scoring.validation.cases import Cases
from scoring.validation.intervals import share_of
from scoring.validation.records import AlertRecord, ShareAt, TriggerRecord

__all__ = ["ANY", "EPISODE_DAYS", "LEAD_DAYS", "WINDOW", "alert_record", "episodes"]

Days = NDArray[np.int64]
Rows = NDArray[np.bool_]

WINDOW = 90
"""Days within which a churn counts as foretold (001: churn within 90 days)."""
EPISODE_DAYS = 30
"""Alerts of one trigger within so many days of the first tell of one decline (ours)."""
LEAD_DAYS = 180
"""Days before a loss in which its first alert is looked for (ours)."""
ANY = "any"
"""Key of the record of all triggers together."""


def alert_record(
    cases: Cases, alerts: Sequence[Alert], flags: Sequence[Flag]
) -> AlertRecord | None:
    """Precision, recall and lead time of alerts; None where none fired.

    What counts is the episode: the first alert of a trigger and its repeats within
    `EPISODE_DAYS`, for they tell of one decline. All triggers together count an account's alerts
    the same way, so that a decline that fires three of them is one.

    An alert can be followed up where the history goes on for `WINDOW` days, and the account was
    still there at their end or an outcome of it came later. Who was lost is followed again only
    where a later outcome shows that it came back.

    Args:
        cases: outcomes and the history.
        alerts: that the history's rows fired, of any day, in any order.
        flags: what people called false positives; those of alerts count, by the trigger's name.
    """
    fired = _frame(alerts)
    if not len(fired):
        return None
    follow = _Follow(cases)
    days = follow.everyone()
    base = _mean(*days)
    called = pd.Series([f.what for f in flags if f.kind == "alert"], dtype=object).value_counts()
    triggers = []
    for key, own in fired.groupby("trigger", sort=True):
        name = str(own["name"].iloc[-1])
        flagged = int(called.get(name, 0))
        triggers.append(_record(follow, str(key), name, own, base, flagged))
    total = _record(follow, ANY, "Any alert", fired, base, int(called.sum()))
    caught = follow.first_alert(fired, WINDOW) >= 0
    return AlertRecord(
        window=WINDOW,
        total=total,
        caught=ShareAt(
            count=int(caught.sum()),
            of=len(caught),
            share=share_of(caught, follow.losses // _SPAN),
        ),
        caught_base=follow.warned(fired),
        triggers=tuple(sorted(triggers, key=lambda t: (-t.fired, t.key))),
    )


def episodes(account: NDArray[np.intp], day: Days) -> Rows:
    """(n,) whether an alert begins an episode: the first, or over `EPISODE_DAYS` after the last.

    Args:
        account: (n,) a number an account, in rising order.
        day: (n,) days, rising within an account.
    """
    out = np.zeros(len(day), dtype=bool)
    who, since = -1, 0
    for i, (a, d) in enumerate(zip(account.tolist(), day.tolist(), strict=True)):
        if a != who or d - since > EPISODE_DAYS:
            out[i], who, since = True, a, d
    return out


def _frame(alerts: Sequence[Alert]) -> pd.DataFrame:
    """Alerts as columns, by account and day."""
    frame = pd.DataFrame({
        "account": pd.Series([a.account for a in alerts], dtype=object),
        "day": _numbers(pd.to_datetime(pd.Series([a.day for a in alerts]))),
        "trigger": pd.Series([a.trigger for a in alerts], dtype=object),
        "name": pd.Series([a.name for a in alerts], dtype=object),
    })  # fmt: skip
    return frame.sort_values(["account", "day"], kind="stable", ignore_index=True)


def _numbers(days: pd.Series[pd.Timestamp]) -> Days:
    return days.to_numpy("datetime64[D]").astype(np.int64)


def _record(
    follow: _Follow, key: str, name: str, fired: pd.DataFrame, base: float | None, flagged: int
) -> TriggerRecord:
    code = follow.codes(fired["account"])
    first = episodes(code, fired["day"].to_numpy(np.int64))
    known, churned = follow.up(code[first], fired["day"].to_numpy(np.int64)[first])
    leads = follow.first_alert(fired, LEAD_DAYS)
    found = leads[leads >= 0]
    return TriggerRecord(
        key=key,
        name=name,
        fired=int(known.sum()),
        churned=int(churned.sum()),
        precision=share_of(churned[known], code[first][known]),
        base=base,
        flagged=flagged,
        lead_days=float(np.median(found)) if len(found) else None,
    )


def _mean(known: Rows, churned: Rows) -> float | None:
    return float(churned.sum() / known.sum()) if known.any() else None


class _Follow:
    """What came after an account's day."""

    def __init__(self, cases: Cases) -> None:
        snapshots, frame, lost = cases.snapshots, cases.frame, cases.lost
        names = [snapshots.account_id, frame["account_id"].to_numpy(object)]
        if len(lost):
            names.append(lost["account_id"].to_numpy(object))
        self.names = pd.Index(np.unique(np.concatenate(names).astype(str)).astype(object))
        self.seen = self.codes(pd.Series(snapshots.account_id))
        self.day = snapshots.day.astype(np.int64)
        self.last = np.full(len(self.names), np.iinfo(np.int64).min // 2)
        np.maximum.at(self.last, self.seen, self.day)
        self.first = np.full(len(self.names), np.iinfo(np.int64).max // 2)
        np.minimum.at(self.first, self.seen, self.day)
        self.end = int(self.day.max()) if len(self.day) else 0
        self.losses = self._keys(frame[cases.churned])
        self.churns = np.union1d(self._keys(lost), self.losses) if len(lost) else self.losses
        # In windows design only churn ends what can be followed: nothing else is a decision, and
        # those that stayed are of ours.
        listed = frame if cases.design == "renewals" else frame.iloc[:0]
        self.outcomes = np.union1d(self._keys(listed), self.churns)

    def codes(self, accounts: pd.Series[str]) -> NDArray[np.intp]:
        """A number an account, −1 for one that is neither seen nor listed."""
        return np.asarray(self.names.get_indexer(pd.Index(accounts.astype(str), dtype=object)))

    def _keys(self, frame: pd.DataFrame) -> Days:
        """Outcomes as rising numbers of account and day."""
        keys = _key(self.codes(frame["account_id"]), _numbers(frame["date"]))
        return np.unique(keys)

    def up(self, code: NDArray[np.intp], day: Days) -> tuple[Rows, Rows]:
        """Which of n accounts' days can be followed up, and which of these saw churn, (n,)."""
        until = day + WINDOW
        churned = _between(self.churns, code, day, until)
        # An outcome later on says, too, that the account was there until then.
        decided = _between(self.outcomes, code, day, _EVER)
        gone = _last_before(self.churns, code, day) & ~decided
        known = decided | (self.last[code] >= until)
        # Nearer to the end only those that churned would be known.
        known &= (code >= 0) & ~gone & (until <= self.end)
        return known, churned & known

    def everyone(self) -> tuple[Rows, Rows]:
        """The same of each snapshot's account and day: any account, on any day."""
        return self.up(self.seen, self.day)

    def warned(self, fired: pd.DataFrame) -> float | None:
        """Share of accounts' days with an alert in the `WINDOW` before; None without such days.

        Days earlier in an account's history than that have no such time before them.
        """
        old = self.day - self.first[self.seen] >= WINDOW
        if not old.any():
            return None
        alerts = np.sort(_key(self.codes(fired["account"]), fired["day"].to_numpy(np.int64)))
        day = self.day[old]
        return float(_between(alerts, self.seen[old], day - WINDOW - 1, day - 1).mean())

    def first_alert(self, fired: pd.DataFrame, within: int) -> Days:
        """Days from the first alert before each loss to it, (n losses,); −1 where none fired.

        Alerts up to an account's earlier loss belong to that one.
        """
        alerts = np.sort(_key(self.codes(fired["account"]), fired["day"].to_numpy(np.int64)))
        place = np.searchsorted(self.churns, self.losses) - 1
        earlier = self.churns[np.maximum(place, 0)]
        again = (place >= 0) & (earlier // _SPAN == self.losses // _SPAN)
        since = np.where(again, np.maximum(self.losses - within, earlier + 1), self.losses - within)
        at = np.searchsorted(alerts, since)
        found = alerts[np.minimum(at, len(alerts) - 1)]
        return np.where((at < len(alerts)) & (found < self.losses), self.losses - found, -1)


_SPAN = 10_000_000
_EVER = 5_000_000


def _key(code: NDArray[np.intp], day: Days) -> Days:
    return code.astype(np.int64) * _SPAN + day


def _between(keys: Days, code: NDArray[np.intp], after: Days, until: Days | int) -> Rows:
    """Whether an account has a key after a day and up to another, (n,)."""
    first = np.searchsorted(keys, _key(code, after), side="right")
    last = np.searchsorted(keys, _key(code, np.broadcast_to(until, after.shape)), side="right")
    return np.asarray(last > first, dtype=bool)


def _last_before(keys: Days, code: NDArray[np.intp], day: Days) -> Rows:
    """Whether an account has a key on or before a day, (n,)."""
    first = np.searchsorted(keys, _key(code, np.zeros_like(day)), side="left")
    last = np.searchsorted(keys, _key(code, day), side="right")
    return np.asarray(last > first, dtype=bool)
