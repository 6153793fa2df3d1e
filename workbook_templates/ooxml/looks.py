"""How the rows of a Table look: what new rows take over.

Somebody may have coloured one row, the first as well as any other; a new row looks as most do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from workbook_templates.ooxml.refs import Area
from workbook_templates.ooxml.sheet import RowSpan, SheetXml
from workbook_templates.ooxml.xml import attr

__all__ = ["COPIED", "Looks", "usual_looks"]

COPIED = ("s", "customFormat", "ht", "customHeight", "thickTop", "thickBot", "x14ac:dyDescent")
"""Attributes of a row that say how it looks."""

_WINDOW, _WINDOWS = 12, 6
"""Rows looked at in a stretch, and stretches, of a Table that has more of them."""


@dataclass(frozen=True)
class Looks:
    """What most rows of a Table have.

    Attributes:
        row: attributes of the row, of `COPIED`.
        styles: sheet column → number of its cells' style; columns without one are absent.
    """

    row: dict[str, str]
    styles: dict[int, str]


def usual_looks(sheet: SheetXml, data: Area) -> Looks:
    """The looks that are most common in a Table; where several are, those of the upper row.

    Args:
        sheet: where it stands.
        data: its rows. Of very many only some stretches are looked at.
    """
    rows: Counter[tuple[tuple[str, str], ...]] = Counter()
    styles: dict[int, Counter[str]] = {}
    seen = 0
    for span in _some(sheet, data):
        seen += 1
        tag = sheet.data[span.start : span.inner]
        rows[tuple((name, v) for name in COPIED if (v := attr(tag, name)) is not None)] += 1
        for cell in sheet.cells(span):
            style = attr(cell.attrs, "s")
            if style is not None and data.c1 <= cell.col <= data.c2:
                styles.setdefault(cell.col, Counter())[style] += 1
    found = {}
    for col, counts in styles.items():
        style, count = counts.most_common(1)[0]
        if count >= seen - counts.total():
            found[col] = style
    return Looks(dict(rows.most_common(1)[0][0]) if rows else {}, found)


def _some(sheet: SheetXml, data: Area) -> Iterator[RowSpan]:
    """All rows of a Table, or some stretches of it from its first row to its last."""
    count = data.r2 - data.r1 + 1
    if count <= _WINDOW * _WINDOWS:
        yield from sheet.rows_between(data.r1, data.r2)
        return
    for k in range(_WINDOWS):
        first = data.r1 + (count - _WINDOW) * k // (_WINDOWS - 1)
        yield from sheet.rows_between(first, first + _WINDOW - 1)
