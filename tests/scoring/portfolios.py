"""Small portfolio frames for tests of what analyses them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from scoring.model import ScoreModel
from scoring.portfolio_frame import portfolio_frame
from scoring.timeline import Timeline, score_over_time
from tests.scoring.rows import AS_OF, two_by_two

MODEL = two_by_two()
"""Dimensions x (60 %) and y (40 %); green from 80, amber from 60."""

_DEFAULTS: Mapping[str, Any] = {
    "csm": "", "segment": "", "region": "", "arr": np.nan, "currency": "USD", "days_left": np.nan,
    "score": np.nan, "tier": "", "previous_score": np.nan, "previous_tier": "",
    "expansion": False, "moved": "", "dim_x": np.nan, "dim_y": np.nan, "weight_x": 0.6,
    "weight_y": 0.4,
}  # fmt: skip


def tier_of(score: float) -> str:
    """The tier of a raw score under `MODEL`."""
    if score != score:
        return ""
    return "green" if score >= 79.5 else "amber" if score >= 59.5 else "red"


def portfolio(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """A portfolio frame with the columns that analyses read; tiers follow from the scores."""
    full = []
    for number, row in enumerate(rows):
        filled = {"account_id": f"A{number:03d}", **_DEFAULTS, **row}
        filled.setdefault("account_name", filled["account_id"])
        for tier, score in (("tier", "score"), ("previous_tier", "previous_score")):
            filled[tier] = row.get(tier, tier_of(filled[score]))
        full.append(filled)
    columns = [*_DEFAULTS, "account_id", "account_name"]
    frame = pd.DataFrame(full, columns=columns, index=range(len(full)))
    for key in ("arr", "days_left", "score", "previous_score", "dim_x", "dim_y"):
        frame[key] = frame[key].astype(float)
    frame["expansion"] = frame["expansion"].astype(bool)
    frame["previous_day"] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us]")
    return frame.assign(change=frame["score"] - frame["previous_score"], shown=frame["score"])


def scored(
    now: pd.DataFrame, history: pd.DataFrame | None = None, model: ScoreModel = MODEL, **tables: Any
) -> tuple[pd.DataFrame, Timeline]:
    """Accounts of a source scored over time: their portfolio frame and the timeline."""
    past = pd.DataFrame() if history is None else history
    line = score_over_time(now, past, model, as_of=AS_OF)
    return portfolio_frame(now, line, tables, as_of=AS_OF), line


SCORES = st.one_of(st.just(float("nan")), st.floats(0, 100))
ARR = st.one_of(st.just(float("nan")), st.floats(0, 1e7))

FRAMES = st.lists(
    st.fixed_dictionaries(
        {
            "score": SCORES,
            "previous_score": SCORES,
            "arr": ARR,
            "currency": st.sampled_from(["USD", "EUR", ""]),
            "csm": st.sampled_from(["Ann", "Bob", "Cyd", ""]),
            "segment": st.sampled_from(["enterprise", "mid_market", "smb", ""]),
            "region": st.sampled_from(["EMEA", "APAC", ""]),
            "days_left": st.one_of(st.just(float("nan")), st.integers(-30, 400)),
            "expansion": st.booleans(),
            "dim_x": SCORES,
            "dim_y": SCORES,
        }
    ),
    max_size=25,
).map(lambda rows: portfolio(*rows))
"""Frames of up to 25 accounts with gaps everywhere."""


def shuffled(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The same accounts in another order."""
    order = np.random.default_rng(seed).permutation(len(frame))
    return frame.iloc[order].reset_index(drop=True)
