"""What formulas of all sheets read: the day, the currency, the tiers' words, sets of weights.

It stands at the top of *Workings*, computed from *Model* where it can be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from scoring.model import SEGMENTS, ScoreModel
from scoring.rollup import TIERS
from workbook_templates.drawing.theme import SHAPE, SIGN

__all__ = [
    "AS_OF",
    "BASE",
    "MAIN_CURRENCY",
    "NEUTRAL",
    "NO_SCORE",
    "ONBOARDING",
    "PREVIOUS_DAY",
    "PROVISIONAL",
    "SEGMENT_WORDS",
    "TIER_CELLS",
    "currency_sign",
    "previous_day",
    "tier_word",
    "weight_sets",
]

AS_OF, MAIN_CURRENCY = "Workings!$B$2", "Workings!$B$3"
PREVIOUS_DAY, CURRENCY_SIGN = "Workings!$B$4", "Workings!$B$5"
TIER_CELLS: Mapping[str, str] = {
    "green": "Workings!$B$6",
    "amber": "Workings!$B$7",
    "red": "Workings!$B$8",
}
"""Cells that hold "● Green", "▲ Amber", "■ Red" in the model's words."""

BASE, ONBOARDING, NEUTRAL = "Base", "Onboarding", "Neutral"
NO_SCORE, PROVISIONAL = "○ No score", "○ Provisional"
NO_TIER = "○ No tier"
SEGMENT_WORDS: Mapping[str, str] = {
    "enterprise": "Enterprise",
    "mid_market": "Mid-market",
    "smb": "SMB",
}
SETS_TOP = 11
"""First row of the sets of weights on *Workings*: name in A, dimensions from B on."""


def weight_sets() -> tuple[str, ...]:
    """Names of the sets of weights, in the order of their rows."""
    return (BASE, *(SEGMENT_WORDS[s] for s in SEGMENTS), ONBOARDING)


def currency_sign(code: str) -> str:
    """What stands before an amount: £, $ or €, else the code and a space; "" for no currency."""
    return SIGN.get(code) or (f"{code} " if code else "")


def previous_day(frame: pd.DataFrame) -> Any:
    """The date that most accounts are compared with; None without an earlier snapshot."""
    days = frame["previous_day"].dropna()
    return None if days.empty else pd.Timestamp(days.mode().iloc[-1]).date()


def tier_word(model: ScoreModel, key: str) -> str:
    """Shape and word of a tier; "" for none."""
    return f"{SHAPE[key]} {model.tier_label(key)}" if key else ""


def tier_words(model: ScoreModel, keys: Any) -> Any:
    """Shape and word of each of n tier keys, as an object array."""
    words = {key: tier_word(model, key) for key in (*TIERS, "")}
    return np.array([words[key] for key in keys], dtype=object)
