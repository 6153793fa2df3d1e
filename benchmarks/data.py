"""Random accounts for any model: only their number and their types matter here."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.model import ScoreModel, StateCurve

_MISSING = 0.05


def random_accounts(model: ScoreModel, count: int, seed: int = 1) -> pd.DataFrame:
    """``count`` accounts with every metric of the model, 5 % of the values missing."""
    rng = np.random.default_rng(seed)
    columns: dict[str, NDArray[Any]] = {
        "account_id": np.char.add("A", np.arange(count).astype(str)).astype(object)
    }
    for metric in model.metrics:
        curve = metric.curve
        if isinstance(curve, StateCurve):
            words = np.array([*curve.words], dtype=object)
            columns[metric.key] = words[rng.integers(0, len(words), count)]
            continue
        low, high = curve.points[0][0], curve.points[-1][0]
        values = rng.uniform(low, high, count)
        values[rng.random(count) < _MISSING] = np.nan
        columns[metric.key] = values
    return pd.DataFrame(columns)
