"""Snapshots over time: every earlier date scored as it stood then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.derive import derive_metrics
from scoring.history import smooth
from scoring.model import ScoreModel
from scoring.prepare import Floats
from scoring.rollup import TIERS, tier_code
from scoring.score import MANY, Scores, score_accounts

TOLD = ("told_score", "told_tier", "told_by")
"""Columns of a history frame: what another model, or another version of it, said that day."""


@dataclass(frozen=True)
class Timeline:
    """Today's scores of n accounts and the snapshots before them.

    Attributes:
        now: today's `Scores`; the tier follows the smoothed score where the model smooths.
        past: one `Scores` an earlier date, oldest first, each with the accounts it knows; all
            under today's model, so that like compares with like. Where the model smooths, the
            tier follows the mean of that date.
        told: account_id, date and `TOLD`, one row for each snapshot that another model or version
            had scored: its raw score, its tier, and that model's name and version.
    """

    now: Scores
    past: tuple[Scores, ...]
    told: pd.DataFrame = field(default_factory=lambda: _told(pd.DataFrame()))

    def history(self) -> pd.DataFrame:
        """Long frame of all earlier scores: account_id, date, score (raw), tier; oldest first."""
        frames = [
            pd.DataFrame(
                {"account_id": s.account_id, "date": s.as_of, "score": s.total, "tier": s.tier}
            )
            for s in self.past
        ]
        if not frames:
            return pd.DataFrame({"account_id": [], "date": [], "score": [], "tier": []})
        return pd.concat(frames, ignore_index=True)

    def previous(self) -> tuple[Scores, Scores] | None:
        """The last earlier snapshot that has a score, and today's, for accounts that have both.

        The two are aligned row by row; dates of the first differ from account to account, so
        its ``as_of`` is only the latest of them.
        """
        latest = self._latest()
        rows = [i for i, a in enumerate(self.now.account_id) if a in latest]
        if not rows:
            return None
        where = [latest[str(self.now.account_id[i])] for i in rows]
        return _gather(self.past, where), take(self.now, rows)

    def told_before(self) -> pd.DataFrame:
        """`TOLD` by account_id, where another model scored the snapshot that `previous` takes."""
        latest = {a: pd.Timestamp(self.past[n].as_of) for a, (n, _) in self._latest().items()}
        mine = self.told["account_id"].map(latest) == self.told["date"]
        return self.told[mine].set_index("account_id")[[*TOLD]]

    def _latest(self) -> dict[str, tuple[int, int]]:
        """Account → snapshot and row of its last earlier score."""
        latest: dict[str, tuple[int, int]] = {}
        for number, snapshot in enumerate(self.past):
            rows = np.flatnonzero(~np.isnan(snapshot.total))
            places = ((number, row) for row in rows.tolist())
            latest.update(zip(snapshot.account_id[rows], places, strict=True))
        return latest


def score_over_time(
    accounts: pd.DataFrame, history: pd.DataFrame, model: ScoreModel, *, as_of: date
) -> Timeline:
    """Score today's accounts and every earlier snapshot.

    Args:
        accounts: as for `score_accounts`.
        history: rows as in `columns.history_columns`: account_id, date, raw inputs, and
            optionally a recorded ``score`` which counts where the inputs give none, and `TOLD`.
            May be empty. Rows at or after *as_of* do not count; of two rows of one account and date
            the last one counts.
        model: the score model.
        as_of: today.
    """
    past = tuple(snapshots(history, model, as_of))
    accounts = derive_metrics(accounts, model, as_of)
    now = score_accounts(accounts, model, as_of=as_of)
    if model.smoothing_days:
        timeline = Timeline(now, past)
        today = pd.DataFrame({"account_id": now.account_id, "score": now.model_total})
        mean = smooth(timeline.history(), today, as_of=as_of, days=model.smoothing_days)
        now = score_accounts(accounts, model, as_of=as_of, smoothed=mean)
    return Timeline(now, past, _told(history))


def _told(history: pd.DataFrame) -> pd.DataFrame:
    """Rows of a history frame that another model scored; the last of an account and date."""
    columns = ["account_id", "date", *TOLD]
    if "told_score" not in history:
        empty = pd.DataFrame({key: pd.Series(dtype=object) for key in columns})
        return empty.astype({"date": "datetime64[us]", "told_score": float})
    rows = history.loc[history["told_score"].notna(), columns]
    rows = rows.assign(date=pd.to_datetime(rows["date"]).astype("datetime64[us]"))
    return rows.drop_duplicates(["account_id", "date"], keep="last").reset_index(drop=True)


def snapshots(history: pd.DataFrame, model: ScoreModel, as_of: date) -> list[Scores]:
    """Every date of a history before a day, scored as of it; oldest first.

    Args:
        history: as for `score_over_time`.
        model: the score model.
        as_of: only earlier dates count.
    """
    if history.empty:
        return []
    days = pd.to_datetime(history["date"])
    rows = history[days < pd.Timestamp(as_of)]
    rows = rows.drop_duplicates(["account_id", "date"], keep="last")
    rows = derive_metrics(rows, model, as_of)
    out: list[Scores] = []
    for stamp, part in rows.groupby(pd.to_datetime(rows["date"]), sort=True):
        day = pd.Timestamp(str(stamp)).date()
        scored = score_accounts(part, model, as_of=day)
        if model.smoothing_days:
            mean = _mean_so_far(out, _with_recorded(scored, part), day)
            scored = score_accounts(part, model, as_of=day, smoothed=mean)
        out.append(_with_recorded(scored, part))
    return out


def _mean_so_far(earlier: Sequence[Scores], now: Scores, day: date) -> Floats:
    """The rolling mean that an earlier day's tier followed, (n,)."""
    since = day - timedelta(days=now.model.smoothing_days)
    recent = Timeline(now, tuple(s for s in earlier if s.as_of > since)).history()
    # As today's: what a person set, and the placeholder of a new account, are no measurements.
    set_by_hand = (now.status == "Overridden") & ~np.isnan(now.model_total)
    own = np.where(set_by_hand, now.model_total, now.total)
    today = pd.DataFrame({"account_id": now.account_id, "score": own})
    return smooth(recent, today, as_of=day, days=now.model.smoothing_days)


def _with_recorded(scored: Scores, rows: pd.DataFrame) -> Scores:
    """A recorded score stands where the inputs give none; a neutral placeholder never does.

    A new account's 50 is no measurement: it would make a fall or a rise of the first real score,
    and pull the rolling mean.
    """
    own = np.where(scored.status == "Provisional", np.nan, scored.total)
    given = np.full(len(own), np.nan)
    if "score" in rows:
        given = pd.to_numeric(rows["score"]).to_numpy(float, na_value=np.nan)
    use = np.isnan(own) & ~np.isnan(given)
    total = np.where(use, given, own)
    basis = np.where(np.isnan(scored.smoothed), total, scored.smoothed)
    tier = np.array([*TIERS, ""], dtype=object)[tier_code(scored.model, basis, MANY)]
    return replace(scored, total=total, tier=np.where(use, tier, scored.tier))


def take(scores: Scores, rows: Sequence[int]) -> Scores:
    """The same scores for some of the accounts, in the order of ``rows``."""
    picked: dict[str, object] = {}
    for name in Scores.__dataclass_fields__:
        value = getattr(scores, name)
        if isinstance(value, pd.DataFrame):
            picked[name] = value.iloc[list(rows)]
        elif isinstance(value, np.ndarray):
            picked[name] = value[list(rows)]
    return replace(scores, **picked)  # type: ignore[arg-type]


def values_of(snapshot: Scores, key: str, ids: Sequence[str] | NDArray[np.object_]) -> Floats:
    """Raw values of a metric at a snapshot for n accounts, (n,); NaN where it has none."""
    out = np.full(len(ids), np.nan)
    if key in snapshot.values:
        at = pd.Index(snapshot.account_id).get_indexer(pd.Index(ids))
        out[at >= 0] = snapshot.values[key].to_numpy(float)[at[at >= 0]]
    return out


def unbroken_since(
    timeline: Timeline,
    holds: NDArray[np.bool_],
    told: Callable[[Scores], tuple[NDArray[np.bool_], NDArray[np.bool_]]],
) -> NDArray[np.datetime64]:
    """Since when something has held for each of n accounts, walking back from today.

    Args:
        timeline: today's scores and the snapshots before.
        holds: (n,) whether it holds today.
        told: gives for a snapshot whether it held then and whether that is not known, (n,) each;
            what is not known does not end it.

    Returns:
        (n,) the first snapshot's day of the unbroken time, NaT where it does not hold today.
    """
    out = np.full(len(timeline.now), np.datetime64("NaT", "us"))
    out[holds] = np.datetime64(timeline.now.as_of, "us")
    going = holds.copy()
    for snapshot in reversed(timeline.past):
        if not going.any():
            break
        held, unknown = told(snapshot)
        out[going & held] = np.datetime64(snapshot.as_of, "us")
        going &= held | unknown
    return out


def _gather(past: Sequence[Scores], where: Sequence[tuple[int, int]]) -> Scores:
    """Rows of several snapshots as one."""
    order: list[int] = []
    parts: list[Scores] = []
    for number in sorted({n for n, _ in where}):
        mine = [i for i, (n, _) in enumerate(where) if n == number]
        order += mine
        parts.append(take(past[number], [where[i][1] for i in mine]))
    joined = _stack(parts)
    back = np.argsort(order, kind="stable").tolist()
    return take(joined, back)


def _stack(parts: Sequence[Scores]) -> Scores:
    joined: dict[str, object] = {}
    for name in Scores.__dataclass_fields__:
        values = [getattr(p, name) for p in parts]
        if isinstance(values[0], pd.DataFrame):
            joined[name] = pd.concat(values, ignore_index=True)
        elif isinstance(values[0], np.ndarray):
            joined[name] = np.concatenate(values)
    return replace(parts[-1], **joined)  # type: ignore[arg-type]
