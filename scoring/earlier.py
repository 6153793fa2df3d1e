"""What stood some time ago: for each account the snapshot of then, and its inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.prepare import Floats
from scoring.timeline import Timeline

__all__ = ["LATE_DAYS", "QUARTER_DAYS", "Earlier", "earlier"]

QUARTER_DAYS = 90
LATE_DAYS = 15
"""A snapshot so much younger than asked for still is the one of then (ours): half a month."""


@dataclass(frozen=True)
class Earlier:
    """Inputs of n accounts as they stood.

    Attributes:
        values: (n, i) raw inputs by key, NaN where not known; words as points.
        age: (n,) days before today; NaN where there is no such snapshot.
    """

    values: pd.DataFrame
    age: Floats


def earlier(
    timeline: Timeline,
    *,
    days: int = QUARTER_DAYS,
    late_days: int = LATE_DAYS,
    keys: Sequence[str] | None = None,
) -> Earlier:
    """The snapshot that stood *days* ago, for each account of ``timeline.now``.

    Args:
        timeline: today's scores and the snapshots before.
        days: how far to look back.
        late_days: a snapshot up to so many days younger still counts. Of those that are old
            enough the youngest counts, as long as it is not older than twice *days*.
        keys: of the model's inputs; all when not given.
    """
    now = timeline.now
    wanted = list(now.model.inputs if keys is None else keys)
    age = np.full(len(now), np.nan)
    values = np.full((len(now), len(wanted)), np.nan)
    for snapshot in reversed(timeline.past):
        back = (now.as_of - snapshot.as_of).days
        if not days - late_days <= back <= 2 * days:
            continue
        at = _places(snapshot.account_id, now.account_id)
        fill = (at >= 0) & np.isnan(age)
        rows = at[fill]
        age[fill] = back
        for column, key in enumerate(wanted):
            if key in snapshot.values:
                values[fill, column] = snapshot.values[key].to_numpy(float)[rows]
    return Earlier(pd.DataFrame(values, columns=wanted), age)


def _places(ids: NDArray[np.object_], wanted: NDArray[np.object_]) -> NDArray[np.intp]:
    """Where each wanted id stands among *ids*; −1 where it does not."""
    return np.asarray(pd.Index(ids).get_indexer(pd.Index(wanted)))
