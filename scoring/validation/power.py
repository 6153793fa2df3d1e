"""What each dimension and metric foretold, and how early."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scoring.prepare import Floats
from scoring.validation.auc import auc_interval
from scoring.validation.cases import Cases
from scoring.validation.power_columns import Column, columns_of, corrected, enough, p_values
from scoring.validation.power_notes import Gap, Known, doubt, note_of
from scoring.validation.records import Interval, Power
from scoring.validation.timing import LEADING_DAYS, at_leads, leads_days, points_of

__all__ = ["SURE", "powers_of"]

Verdict = Literal["predicts", "wrong way", "no evidence", "too few values"]

SURE = 0.05
"""q below which a metric is said to predict: of such metrics, one in twenty does not (ours)."""


def powers_of(cases: Cases, *, days: int, seed: int) -> tuple[Power, ...]:
    """Dimensions, then metrics, each kind by falling AUC; in the model's order where equal.

    A model whose dimensions are typed has no metrics here, a history of scores alone neither. A
    case without a value does not count for that metric: missing is no low value.

    Args:
        cases: outcomes beside the history.
        days: before the outcome, at which all are tested and compared.
        seed: of the permutation.
    """
    columns = columns_of(cases.snapshots)
    out: list[Power] = []
    for kind in ("dimension", "metric"):
        own = [c for c in columns if c.kind == kind]
        if not own or not len(cases):
            continue
        looked = _Looked.at(cases, own, days, seed)
        found = [_power(looked, i) for i in range(len(own))]
        worth = [-1.0 if p.auc.value is None else round(p.auc.value, 9) for p in found]
        out += [found[i] for i in np.argsort(-np.array(worth), kind="stable").tolist()]
    return tuple(out)


@dataclass(frozen=True)
class _Looked:
    """All k dimensions, or metrics, looked at together.

    Attributes:
        leads: days before → (n, k) points, latest first.
        p, q: (k,) at *days*, NaN where too few cases have a value.
        late: (k,) whether they tell churn apart at the latest lead.
        gaps: lead → what having a value says, of each; of *days* and the latest.
    """

    cases: Cases
    columns: Sequence[Column]
    days: int
    seed: int
    leads: Mapping[int, Floats]
    p: Floats
    q: Floats
    late: NDArray[np.bool_]
    gaps: Mapping[int, Sequence[Gap]]

    @classmethod
    def at(cls, cases: Cases, columns: Sequence[Column], days: int, seed: int) -> _Looked:
        """Test them all at *days* and at the latest lead."""
        leads = at_leads(cases, columns, days)
        latest = min(leads)
        p, q, z = _tested(leads[days], cases, seed)
        late = q
        if latest != days:
            _, late, z = _tested(leads[latest], cases, seed)
        gaps = {lead: _gaps(leads[lead], cases, lead, seed) for lead in {days, latest}}
        return cls(cases, columns, days, seed, leads, p, q, (late < SURE) & (z > 0), gaps)


def _tested(points: Floats, cases: Cases, seed: int) -> tuple[Floats, Floats, Floats]:
    """(k,) p, q and z of each column; p and q NaN where too few cases have a value."""
    p, z = p_values(points, cases, seed=seed)
    p = np.where(enough(points, cases.churned), p, np.nan)
    return p, corrected(p), z


def _gaps(points: Floats, cases: Cases, days: int, seed: int) -> list[Gap]:
    """Whether having a value at all goes with churn, of each column."""
    churned, there = cases.churned, ~np.isnan(points)
    # Cases without a snapshot then miss everything, and tell of the history only.
    seen: NDArray[np.bool_] = np.asarray(there.any(axis=1))
    some = np.flatnonzero(there[seen].any(axis=0) & ~there[seen].all(axis=0))
    q = np.full(points.shape[1], np.nan)
    told = np.where(seen[:, None], there[:, some].astype(float), np.nan)
    q[some] = corrected(p_values(told, cases, seed=seed)[0])
    out = []
    for i in range(points.shape[1]):
        known, lost = there[seen, i], churned[seen]
        shares = [_mean(x) for x in (lost[known], lost[~known], known[lost], known[~lost])]
        out.append(Gap(days, float(q[i]), *(np.nan if s is None else s for s in shares)))
    return out


def _power(looked: _Looked, i: int) -> Power:
    """The i-th of those that were looked at."""
    cases, column, days = looked.cases, looked.columns[i], looked.days
    churned, own = cases.churned, looked.leads[days][:, i]
    known = ~np.isnan(own)
    lost, count = int((known & churned).sum()), int(known.sum())
    few = not enough(own[:, None], churned)[0]
    auc = _auc(own, cases, looked.seed) if not few else Interval()
    verdict = _verdict(auc, float(looked.q[i]), few=few)
    by_lead = points_of(looked.leads, i, churned, cases, looked.seed)
    since = leads_days(by_lead, days, early=verdict == "predicts", late=bool(looked.late[i]))
    timing: Literal["leading", "lagging", ""] = ""
    if since is not None:
        timing = "leading" if since >= LEADING_DAYS else "lagging"
    told = Known(
        leading=column.leading, auc=auc.value, days=days, churned=lost, stayed=count - lost,
        verdict=verdict, timing=timing, leads_days=since, by_lead=by_lead,
        gap=looked.gaps[days][i], late=looked.gaps[min(looked.leads)][i],
        fell=_fell(looked, i),
    )  # fmt: skip
    scored = cases.at[days] if days in cases.at else cases.lead(days)
    return Power(
        kind=column.kind, key=column.key, name=column.name, dimension=column.dimension,
        weight=column.weight, observed=count / max(int((scored >= 0).sum()), 1),
        cases=count, churned=lost, auc=auc,
        p_value=_number(looked.p[i]), q_value=_number(looked.q[i]),
        churned_mean=_mean(own[known & churned]), stayed_mean=_mean(own[known & ~churned]),
        correlation=None if few else _correlation(own[known], ~churned[known]),
        verdict=verdict, timing=timing, leads_days=since, by_lead=by_lead,
        suspicious=bool(doubt(told)), note=note_of(told),
    )  # fmt: skip


def _fell(looked: _Looked, i: int) -> bool | None:
    """Whether those that churned lost more points since the earliest lead than the others."""
    churned = looked.cases.churned
    reached = [d for d, x in looked.leads.items() if enough(x[:, [i]], churned)[0]]
    first = max(reached, default=looked.days)
    change = looked.leads[looked.days][:, i] - looked.leads[first][:, i]
    if first <= looked.days or not enough(change[:, None], churned)[0]:
        return None
    low = _auc(change, looked.cases, looked.seed).low
    return low is not None and low > 0.5


def _auc(points: Floats, cases: Cases, seed: int) -> Interval:
    return auc_interval(points, cases.churned, cases.accounts, seed=seed, draws=0)


def _verdict(auc: Interval, q: float, *, few: bool) -> Verdict:
    if few or auc.value is None:
        return "too few values"
    if not q < SURE:
        return "no evidence"
    return "predicts" if auc.value > 0.5 else "wrong way"


def _correlation(points: Floats, stayed: NDArray[np.bool_]) -> float | None:
    """Spearman's, of points with staying; None where all points are the same."""
    from scipy.stats import rankdata

    ranks = rankdata(points)
    if np.ptp(ranks) == 0 or stayed.all() or not stayed.any():
        return None
    return float(np.corrcoef(ranks, stayed)[0, 1])


def _mean(values: NDArray[np.float64] | NDArray[np.bool_]) -> float | None:
    return float(values.mean()) if len(values) else None


def _number(value: float) -> float | None:
    return None if value != value else float(value)
