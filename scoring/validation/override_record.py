"""Whether people who overrode the score were right."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scoring.rollup import TIERS
from scoring.validation.cases import Cases
from scoring.validation.intervals import share_of
from scoring.validation.records import OverrideRecord, ShareAt

__all__ = ["LEAST_LEFT", "override_record"]

Rows = NDArray[np.bool_]

LEAST_LEFT = 10
"""Cases of a tier that nobody overrode, below which they are no comparison (ours)."""


def override_record(cases: Cases, *, days: int) -> OverrideRecord | None:
    """Overrides that stood *days* before an outcome; None where there were none.

    An override that made the tier better than the model's is right where the account stayed, one
    that made it worse where it churned; the model is right where the person is not. One that left
    the tier as it was is neither. As most accounts stay, most overrides to a better tier are
    right whoever sets them: what stands beside them is how often that is so of accounts that the
    model put in the same tiers and nobody overrode.
    """
    places = cases.at.get(days, cases.landmark)
    known = places >= 0
    at, churned, who = places[known], cases.churned[known], cases.accounts[known]
    overridden = cases.snapshots.overridden[at]
    if not overridden.any():
        return None
    shown, own = _codes(cases.snapshots.tier[at]), _codes(cases.snapshots.model_tier[at])
    both = overridden & (shown >= 0) & (own >= 0)
    better, worse = both & (shown > own), both & (shown < own)
    right = (better & ~churned) | (worse & churned)
    moved = better | worse
    return OverrideRecord(
        better=_share(right, better, who),
        worse=_share(right, worse, who),
        right=_share(right, moved, who),
        model_right=_share(~right, moved, who),
        better_base=_base(own, better, ~overridden, ~churned),
        worse_base=_base(own, worse, ~overridden, churned),
    )


def _codes(tiers: NDArray[np.object_]) -> NDArray[np.intp]:
    """(n,) place among `TIERS`, rising from red; −1 for none."""
    known = {key: code for code, key in enumerate(TIERS)}
    return np.array([known.get(str(key), -1) for key in tiers], dtype=np.intp)


def _share(hit: Rows, among: Rows, accounts: NDArray[np.intp]) -> ShareAt:
    count, of = int((hit & among).sum()), int(among.sum())
    return ShareAt(count=count, of=of, share=share_of(hit[among], accounts[among]))


def _base(own: NDArray[np.intp], overridden: Rows, left: Rows, hit: Rows) -> float | None:
    """The share hit of cases left alone, mixed as the model's tiers of the overridden are."""
    total = 0.0
    for code, count in zip(*np.unique(own[overridden], return_counts=True), strict=True):
        same = left & (own == code)
        if same.sum() < LEAST_LEFT:
            return None
        total += int(count) * float(hit[same].mean())
    return total / int(overridden.sum()) if overridden.any() else None
