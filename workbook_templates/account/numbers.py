"""Numbers as cells hold them; NaN is missing."""

from __future__ import annotations

import math
from collections.abc import Sequence

from workbook_templates.ooxml.cells import Value


def number(x: float) -> Value:
    """A float for a formula's cell; "" for NaN, as formulas give it."""
    return "" if math.isnan(x) else x


def blank(x: float) -> Value:
    """A float for an input cell; empty for NaN."""
    return None if math.isnan(x) else x


def shown(x: float, otherwise: str = "–") -> Value:
    """A float for a cell that people read; a dash for NaN."""
    return otherwise if math.isnan(x) else x


def column(values: Sequence[Value]) -> list[list[Value]]:
    """Values one under the other."""
    return [[v] for v in values]
