"""A judgement as plain data, for JSON: no NaN, days as text, empty instead of missing lists."""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from scoring.judgement.records import Judgement

__all__ = ["judgement_data"]

_PRIVATE = frozenset({"given"})
"""Fields that only the product reads."""


def judgement_data(judgement: Judgement) -> dict[str, Any]:
    """A judgement as dicts, lists, texts and numbers.

    Args:
        judgement: of one account.

    Returns:
        The fields of `Judgement` by name. Days are ISO texts; what is not known, and a number
        that is none, is None. ``json.dumps(..., allow_nan=False)`` takes it.
    """
    found: dict[str, Any] = _plain(judgement)
    return found


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        names = [x.name for x in fields(value) if x.name not in _PRIVATE]
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, dict):
        return {str(key): _plain(x) for key, x in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(x) for x in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
