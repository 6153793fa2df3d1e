"""What all parts of a backtest's document are made of; see `records`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["Frozen", "Interval", "ShareAt"]


class Frozen(BaseModel):
    """A part of the document: it never changes, and knows all its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Interval(Frozen):
    """An estimate with its 95 % interval; ``value`` None where nothing can be said."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


class ShareAt(Frozen):
    """So many of so many, with the interval of the share."""

    count: int
    of: int
    share: Interval
