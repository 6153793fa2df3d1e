"""The tier that the model alone gave, where a person had set another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.model import ScoreModel
from scoring.score import Scores
from scoring.timeline import snapshots

__all__ = ["model_tiers"]

_SET = ("override_score", "override_tier")


def model_tiers(
    history: pd.DataFrame, scored: Sequence[Scores], model: ScoreModel
) -> list[NDArray[np.object_]]:
    """Tier keys of each snapshot without overrides; "" where the inputs give no score.

    Args:
        history: that was scored, as for `timeline.score_over_time`.
        scored: its snapshots.
        model: that scored them.

    Returns:
        An array for each of *scored*, one element an account. Accounts that nobody overrode keep
        their tier; the others are scored once more, so that smoothing and gates count as ever.
    """
    names = [s.account_id[s.status == "Overridden"] for s in scored]
    concerned = {str(name) for part in names for name in part.tolist()}
    if not concerned:
        return [s.tier for s in scored]
    own = history[history["account_id"].astype(str).isin(concerned)]
    after = max(s.as_of for s in scored) + timedelta(days=1)
    again = {s.as_of: _by_account(s) for s in snapshots(_plain(own), model, after)}
    return [_tiers(s, again.get(s.as_of, {})) for s in scored]


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows without overrides; a score recorded beside one may be the person's, so it goes too."""
    given = [rows[key].notna() for key in _SET if key in rows]
    plain = rows.drop(columns=[c for c in rows.columns if str(c).startswith("override_")])
    if "score" in plain and given:
        score: pd.Series[Any] = pd.to_numeric(plain["score"]).astype(float)
        plain["score"] = score.mask(np.logical_or.reduce(given))
    return plain


def _by_account(scores: Scores) -> dict[str, str]:
    return dict(zip(scores.account_id.tolist(), scores.tier.tolist(), strict=True))


def _tiers(scores: Scores, again: dict[str, str]) -> NDArray[np.object_]:
    if not again:
        return scores.tier
    pairs = zip(scores.account_id.tolist(), scores.tier.tolist(), strict=True)
    return np.array([again.get(name, tier) for name, tier in pairs], dtype=object)
