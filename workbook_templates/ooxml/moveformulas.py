"""The cell formulas of a sheet, rewritten after a Table's rows moved."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from workbook_templates.ooxml.alike import (
    OTHER_ROW,
    ROW,
    Alike,
    SheetFormulas,
    own_ends,
    sheet_formulas,
)
from workbook_templates.ooxml.change import RowChange
from workbook_templates.ooxml.formulas import Formula
from workbook_templates.ooxml.problems import CannotShift
from workbook_templates.ooxml.refs import Area, RefToken, cell_name, tokens
from workbook_templates.ooxml.sheet import SheetXml
from workbook_templates.ooxml.xml import Edit, escape, set_attr, splice, unescape

__all__ = ["move_formulas"]


def move_formulas(sheet: SheetXml, name: str, change: RowChange) -> bytes:
    """The part with each formula's references moved; cells stay where they are.

    A shared formula whose members no longer read alike, or that stands in the Table or below
    it, becomes single formulas.

    Raises:
        CannotShift: an array formula or a data table would be torn apart.
    """
    found = sheet_formulas(sheet)
    edits: list[Edit] = []
    for group in found.groups:
        edits += _alike(found, group, name, change)
    return splice(sheet.data, edits + _others(sheet, name, change))


def _alike(found: SheetFormulas, group: Alike, name: str, change: RowChange) -> Iterator[Edit]:
    """Edits of formulas that differ only in their own row: at once, as far as that may be."""
    rows, d, key = group.rows, change.data, group.key
    first, last = 0, len(rows)
    own = name == change.sheet
    if own:
        first, last = bisect_left(rows, d.r1), bisect_left(rows, d.r2 + 1)
    if first < last and _keeps_own_row(group, own, change):
        text = unescape(key.replace(ROW, b"%d" % OTHER_ROW))
        new = change.formula(text, name, own_row=own, stays=OTHER_ROW if own else 0)
        if new != text:
            to = escape(new).replace(b"%d" % OTHER_ROW, ROW)
            for k in range(first, last):
                yield *found.text_span(group.items[k]), to.replace(ROW, b"%d" % rows[k])
        alone = [*range(first), *range(last, len(rows))]
    else:
        alone = list(range(len(rows)))
    for k in alone:
        text = group.text(rows[k])
        new = change.formula(text, name, own_row=own and d.r1 <= rows[k] <= d.r2)
        if new != text and key:
            yield *found.text_span(group.items[k]), escape(new)


def _keeps_own_row(group: Alike, own: bool, change: RowChange) -> bool:
    """References to the own row stay, in whatever row of the Table."""
    if not group.sound or b"%d" % OTHER_ROW in group.key:
        return False
    row, d = group.rows[0], change.data
    ends = [(t, own_ends(t, row)) for t in tokens(group.sample) if isinstance(t, RefToken)]
    if own:
        whole = all(n in (0, 1 if t.shape == "cell" else 2) for t, n in ends)
        return whole and d.r1 < d.r2
    return not any(n and change.concerns(t, "") for t, n in ends)


def _others(sheet: SheetXml, name: str, change: RowChange) -> list[Edit]:
    """Edits of shared and array formulas, and of data tables."""
    formulas = tuple(sheet_formulas(sheet).others.values())
    own = name == change.sheet
    moved = {f: _moved(f, name, change, own=own) for f in formulas}
    alone = _groups(formulas, moved, change, own=own)
    edits: list[Edit] = []
    for f in formulas:
        raw = sheet.data[f.start : f.end]
        if f.kind == "shared" and f.group in alone:
            new = _single(sheet.prefix, moved[f])
        else:
            new = _same(raw, f, moved[f], change, own=own)
        if new != raw:
            edits.append((f.start, f.end, new))
    return edits


def _moved(f: Formula, name: str, change: RowChange, *, own: bool) -> str:
    d = change.data
    return change.formula(f.text, name, own_row=own and d.r1 <= f.row <= d.r2)


def _groups(
    formulas: tuple[Formula, ...], moved: dict[Formula, str], change: RowChange, *, own: bool
) -> set[str]:
    """Shared formulas that must be written out, one for each cell."""
    first = change.data.r1
    return {
        f.group
        for f in formulas
        if f.kind == "shared" and (moved[f] != f.text or (own and f.row >= first))
    }


def _single(prefix: bytes, text: str) -> bytes:
    return b"<%bf>%b</%bf>" % (prefix, escape(text), prefix)


def _same(raw: bytes, f: Formula, text: str, change: RowChange, *, own: bool) -> bytes:
    gt = raw.index(b">") + 1
    tag, rest = raw[:gt], raw[gt:]
    if own and f.kind in ("array", "dataTable"):
        tag = set_attr(tag, "ref", _whole(f, change).text())
        if f.kind == "dataTable" and f.area.r2 >= change.data.r1:
            raise CannotShift(
                f"A what-if data table at {change.sheet}!{f.area.text()} would have to move. "
                "Move it to another sheet in Excel."
            )
    if text == f.text or tag.endswith(b"/>"):
        return raw if tag == raw[:gt] else tag + rest
    return tag + escape(text) + rest[rest.index(b"</") :]


def _whole(f: Formula, change: RowChange) -> Area:
    a = f.area
    torn = change.inserted and a.r1 < change.below <= a.r2
    if torn or (not a.is_cell and a.overlaps(change.data)):
        raise CannotShift(
            f"The array formula at {change.sheet}!{cell_name(f.row, f.col)} fills {a.text()}, "
            "where rows must be inserted. Move it in Excel."
        )
    return a._replace(r1=change.row(a.r1), r2=change.row(a.r2))
