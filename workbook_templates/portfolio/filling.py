"""What goes into the portfolio workbook: sheet by sheet, then joined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from workbook_templates.fill import ChartChange, Rows, TableRows, Value
from workbook_templates.ooxml.columns import Columns

__all__ = ["Filling", "join"]


@dataclass(frozen=True)
class Filling:
    """Values for the places, Tables and charts of a sheet.

    Attributes:
        values: place without its ``hs_`` → value, or rows of a block.
        tables: Table → rows; the keys of rows are column keys of `portfolio.tables`.
        charts: name of a chart's frame → changes.
    """

    values: Mapping[str, Value | Rows] = field(default_factory=dict)
    tables: Mapping[str, TableRows | Columns] = field(default_factory=dict)
    charts: Mapping[str, ChartChange] = field(default_factory=dict)


def join(parts: Iterable[Filling]) -> Filling:
    """All parts as one."""
    values: dict[str, Value | Rows] = {}
    tables: dict[str, TableRows | Columns] = {}
    charts: dict[str, ChartChange] = {}
    for part in parts:
        values |= part.values
        tables |= part.tables
        charts |= part.charts
    return Filling(values, tables, charts)
