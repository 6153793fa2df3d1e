"""The cell formulas of a sheet, rewritten after a Table's rows moved."""

from __future__ import annotations

from workbook_templates.ooxml.change import RowChange
from workbook_templates.ooxml.formulas import Formula, read_formulas
from workbook_templates.ooxml.problems import CannotShift
from workbook_templates.ooxml.refs import Area, cell_name
from workbook_templates.ooxml.sheet import SheetXml
from workbook_templates.ooxml.xml import Edit, escape, set_attr, splice

__all__ = ["move_formulas"]


def move_formulas(sheet: SheetXml, name: str, change: RowChange) -> bytes:
    """The part with each formula's references moved; cells stay where they are.

    A shared formula whose members no longer read alike, or that stands in the Table or below
    it, becomes single formulas.

    Raises:
        CannotShift: an array formula or a data table would be torn apart.
    """
    formulas = read_formulas(sheet)
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
    return splice(sheet.data, edits)


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
