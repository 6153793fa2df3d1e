"""A Table's many rows taken out of their sheet, so that all else can be worked out without them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbook_templates.ooxml.book import Book, Table
from workbook_templates.ooxml.bulkcells import joined
from workbook_templates.ooxml.bulkformulas import RowNumbers, copied_down
from workbook_templates.ooxml.bulkpack import cut
from workbook_templates.ooxml.bulkrows import (
    Ints,
    RowBlock,
    Truths,
    has_formulas,
    read_rows,
    slices,
)
from workbook_templates.ooxml.bulkwrite import Stretch
from workbook_templates.ooxml.change import RowChange
from workbook_templates.ooxml.formulas import Formula, formula_tag, read_formulas
from workbook_templates.ooxml.grow import apply_change, row_change
from workbook_templates.ooxml.problems import NotInBulk
from workbook_templates.ooxml.refs import Area, shift_formula
from workbook_templates.ooxml.sheet import SheetXml
from workbook_templates.ooxml.xml import attr, escape, unescape

__all__ = [
    "FirstFormula",
    "Folded",
    "OtherFormula",
    "first_formulas",
    "fold",
    "other_formulas",
    "resize_folded",
]


@dataclass(frozen=True)
class FirstFormula:
    """A formula of the Table's first data row and its ``<f>`` element."""

    formula: Formula
    element: bytes

    @property
    def tag(self) -> str:
        """The element's start tag."""
        return self.element[: self.element.index(b">") + 1].decode()


@dataclass
class Folded:
    """A Table's rows below the first, which are not in the workbook any more.

    Attributes:
        table: the Table as it was.
        part, prefix: its sheet, and the namespace prefix there, with the colon.
        last: its last data row afterwards.
        rows: the rows below the first: those that stay, are left, and are taken in.
        formulas: those of its first row before anything moved, by column.
        changes: all that moved, in order.
    """

    table: Table
    part: str
    prefix: str
    last: int
    rows: list[Stretch]
    formulas: Mapping[int, FirstFormula]
    changes: list[RowChange] = field(default_factory=list)

    @property
    def first(self) -> int:
        """The Table's first data row."""
        return self.table.data.r1

    def has_formulas(self) -> bool:
        """There are formulas in rows below the first."""
        return any(has_formulas(s.data, s.at, s.end, self.prefix.encode()) for s in self.rows)

    def stays(self, kind: str, col: int) -> bool:
        """What stands in column *col* of rows of that *kind* is not taken away."""
        d = self.table.data
        return kind == "kept" or not d.c1 <= col <= d.c2


def fold(book: Book, table: Table, rows: int) -> tuple[Folded, Book]:
    """Take the rows of *table* out; it will have *rows* of them.

    Raises:
        NotInBulk: an array formula or a data table fills several cells of these rows.
    """
    part, d = book.part_of(table.sheet), table.data
    sheet, last = book.sheet(part), d.r1 + max(rows, 1) - 1
    formulas = first_formulas(sheet, d.r1)
    after, middle, end = (sheet.at_row(n) for n in (d.r1 + 1, min(d.r2, last) + 1, d.r2 + 1))
    stretches = [
        Stretch("kept", d.r1 + 1, min(d.r2, last) + 1, sheet.data, after, middle),
        Stretch("cleared", last + 1, d.r2 + 1, sheet.data, middle, end),
    ]
    prefix = sheet.prefix.decode()
    book = _without(book, part, after, end)
    if any(_fills_several(f, d) for f in read_formulas(book.sheet(part))):
        raise NotInBulk
    if not all(one.formula.text for one in formulas.values()):
        raise NotInBulk  # it shares the text of a formula above the Table
    out = Folded(table, part, prefix, last, [s for s in stretches if s.stop > s.start], formulas)
    return out, book


def _fills_several(f: Formula, rows: Area) -> bool:
    several = not f.area.is_cell or f.kind == "dataTable"
    return several and f.area.r1 <= rows.r2 and f.area.r2 >= rows.r1


def resize_folded(book: Book, folded: Folded) -> tuple[RowChange, Book]:
    """Give the Table its new size in all that refers to it, and take out rows it grows into.

    Raises:
        DoesNotFit, CannotShift: as `resize_table`. NotInBulk: a totals row must move up.
    """
    d, last, part = folded.table.data, folded.last, folded.part
    change = row_change(book, folded.table.name, last - d.r1 + 1)
    if change.totals and last < d.r2:
        raise NotInBulk
    if last > d.r2:
        grown = Stretch("grown", d.r2 + 1, last + 1)
        if not change.inserted:
            sheet = book.sheet(part)
            start, end = sheet.at_row(d.r2 + 1), sheet.at_row(last + 1)
            grown = Stretch("grown", d.r2 + 1, last + 1, sheet.data, start, end)
            book = _without(book, part, start, end)
        folded.rows.append(grown)
    return change, apply_change(book, change, made=False)


def _without(book: Book, part: str, start: int, end: int) -> Book:
    data = book.sheet(part).data
    out = book.edited({part: data[:start] + data[end:]})
    out.uncalculated = book.uncalculated
    return out


def first_formulas(sheet: SheetXml, row: int) -> dict[int, FirstFormula]:
    """The formulas of sheet row *row*, by column."""
    span = sheet.row(row)
    if span is None or sheet.data.find(b"<" + sheet.prefix + b"f", span.inner, span.close) < 0:
        return {}
    alone = SheetXml(
        sheet.data[: sheet.start] + sheet.data[span.start : span.end] + sheet.data[sheet.end :],
        sheet.part,
    )
    found = (FirstFormula(f, alone.data[f.start : f.end]) for f in read_formulas(alone))
    return {one.formula.col: one for one in found}


@dataclass(frozen=True)
class OtherFormula:
    """A formula of a row that does not read as the first row's.

    Attributes:
        formula: where it stands and what it says.
        moved: its element after the changes, None where it stays.
    """

    formula: Formula
    moved: str | None


def other_formulas(folded: Folded) -> dict[int, dict[int, OtherFormula]]:
    """Column → row → formula, of the cells that stay, where they differ from the first row's.

    Columns whose formulas all read like the first row's are there too, empty.

    Raises:
        NotInBulk: an array formula over several cells.
    """
    out: dict[int, dict[int, OtherFormula]] = {}
    prefix, masters = folded.prefix, dict[str, tuple[int, int, str]]()
    for one in folded.formulas.values():
        f = one.formula
        if f.kind == "shared" and f.text:
            masters[f.group] = f.row, f.col, f.text
    for stretch in folded.rows:
        if not has_formulas(stretch.data, stretch.at, stretch.end, prefix.encode()):
            continue
        for piece in cut(stretch, prefix, 1):
            block = read_rows(piece.data[piece.at : piece.end], prefix.encode())
            for f in _others(folded, stretch.kind, block, masters, out):
                moved = _moved(folded, f, prefix)
                out[f.col][f.row] = OtherFormula(f, moved)
    return out


def _others(
    folded: Folded,
    kind: str,
    block: RowBlock,
    masters: dict[str, tuple[int, int, str]],
    seen: dict[int, dict[int, OtherFormula]],
) -> Iterator[Formula]:
    cells = np.flatnonzero(block.formula >= 0)
    cols = block.col[cells]
    for col in np.unique(cols).tolist():
        if not folded.stays(kind, col):
            continue
        seen.setdefault(col, {})
        mine = cells[cols == col]
        rows = block.number[block.row[mine]]
        found = slices(block.data, block.formula[mine], block.formula_end[mine])
        differ = _differ(folded, col, rows, found)
        for k in np.flatnonzero(differ).tolist():
            f = _read(found[k].as_py().encode(), int(rows[k]), col, folded.prefix, masters)
            first = folded.formulas.get(col)
            same = first and f.text == shift_formula(first.formula.text, f.row - folded.first, 0)
            if not (same and f.kind in ("", "shared")):
                yield f


def _differ(folded: Folded, col: int, rows: Ints, found: pa.Array) -> Truths:
    """Which elements are not plainly the first row's, copied down."""
    first, p = folded.formulas.get(col), folded.prefix
    if first is None:
        return np.ones(len(rows), bool)
    f = first.formula
    if f.kind == "shared":
        same = pc.equal(found, f'<{p}f t="shared" si="{f.group}"/>')
    elif f.kind:
        return np.ones(len(rows), bool)
    else:
        copies = copied_down(f.text, f.row, RowNumbers(rows))
        same = pc.equal(found, joined([first.tag, *copies, f"</{p}f>"], len(rows)))
    differ: Truths = ~same.to_numpy(zero_copy_only=False)
    return differ


def _read(
    raw: bytes, row: int, col: int, prefix: str, masters: dict[str, tuple[int, int, str]]
) -> Formula:
    m = formula_tag(prefix.encode()).match(raw)
    if m is None:
        raise NotInBulk
    kind, text = attr(m[1], "t") or "", unescape(m[2]) if m[2] else ""
    group = (attr(m[1], "si") or "") if kind == "shared" else ""
    area = Area(row, col, row, col)
    if kind in ("array", "dataTable") and (attr(m[1], "ref") or "") != area.text():
        raise NotInBulk
    if kind == "shared" and text:
        masters[group] = row, col, text
    elif group in masters:
        r, c, master = masters[group]
        text = shift_formula(master, row - r, col - c)
    return Formula(row, col, 0, len(raw) if m[2] else 0, text, kind, area, group)


def _moved(folded: Folded, f: Formula, prefix: str) -> str | None:
    """The element with its references moved; it no longer shares its text with others."""
    text = f.text
    for change in folded.changes:
        own = change.part == folded.part
        d = change.data
        inside = own and d.r1 <= f.row <= d.r2
        text = change.formula(text, folded.table.sheet, own_row=inside)
    if text == f.text and not (f.kind == "shared" and folded.changes):
        return None
    tag = f"<{prefix}f>"
    if f.kind == "array":
        tag = f'<{prefix}f t="array" ref="{f.area.text()}">'
    return f"{tag}{escape(text).decode()}</{prefix}f>"
