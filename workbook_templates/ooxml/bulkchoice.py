"""Which Tables of a filling are written many rows at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workbook_templates.ooxml.columns import Columns
from workbook_templates.ooxml.places import Place, TablePlace, TableRows
from workbook_templates.ooxml.refs import Area

__all__ = ["in_bulk"]

Given = tuple[str, TablePlace, TableRows | Columns]
"""A Table as it is named, where it stands, and its rows."""


def in_bulk(tables: Sequence[Given], places: Iterable[Place]) -> dict[str, Columns]:
    """Name → rows of the Tables written many rows at once: the longest of each sheet.

    Where other values go into the same rows, the Tables of that sheet are written row by row.

    Args:
        tables: all that are filled.
        places: named cells that are filled too.
    """
    longest: dict[str, tuple[TablePlace, str, Columns]] = {}
    for name, table, rows in tables:
        if not isinstance(rows, Columns) or not rows.rows:
            continue
        if table.part not in longest or rows.rows > longest[table.part][2].rows:
            longest[table.part] = table, name, rows
    if not longest:
        return {}
    filled = [(table.part, table.data) for _, table, _ in tables]
    filled += [(place.part, place.area) for place in places]
    return {
        name: rows
        for table, name, rows in longest.values()
        if not any(
            part == table.part and area != table.data and _share_rows(area, table.data)
            for part, area in filled
        )
    }


def _share_rows(a: Area, b: Area) -> bool:
    return a.r1 <= b.r2 and b.r1 <= a.r2
