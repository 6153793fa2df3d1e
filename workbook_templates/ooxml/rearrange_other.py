"""The other sheets of a workbook, where a Table's rows on one of them change places."""

from __future__ import annotations

from workbook_templates.ooxml.book import Book, Sheet
from workbook_templates.ooxml.formulas import Formula, read_formulas
from workbook_templates.ooxml.rearrange_move import RowMove
from workbook_templates.ooxml.rearrange_rest import move_rest
from workbook_templates.ooxml.rearrange_seeds import Seeds
from workbook_templates.ooxml.sheet import SheetXml
from workbook_templates.ooxml.xml import Edit, escape, splice

__all__ = ["move_other_sheets"]


def move_other_sheets(book: Book, move: RowMove, seeds: Seeds) -> dict[str, bytes]:
    """Part → new bytes of each worksheet, but the Table's own, whose references change.

    *seeds* takes the formulas there that read what leaves.
    """
    out: dict[str, bytes] = {}
    for sheet in book.sheets:
        if not sheet.has_cells or sheet.part == move.part:
            continue
        xml = book.sheet(sheet.part)
        cells = _cells(xml, sheet, move, seeds)
        rest = xml.data[xml.end :]
        new = move_rest(rest, sheet.name, move)
        if cells or new != rest:
            out[sheet.part] = splice(xml.data, [*cells, (xml.end, len(xml.data), new)])
    return out


def _cells(xml: SheetXml, sheet: Sheet, move: RowMove, seeds: Seeds) -> list[Edit]:
    formulas = read_formulas(xml)
    moved: dict[Formula, str] = {}
    for f in formulas:
        if not seeds.mentions(f.text):
            continue
        if seeds.reads(f.text, sheet.name, stays=True):
            seeds.add(sheet.part, f.area)
        new = move.formula(f.text, sheet.name)
        if new != f.text:
            moved[f] = new
    torn = {f.group for f in moved if f.kind == "shared"}
    edits: list[Edit] = []
    for f in formulas:
        if f.kind == "shared" and f.group in torn:
            p, text = xml.prefix, escape(moved.get(f, f.text))
            edits.append((f.start, f.end, b"<%bf>%b</%bf>" % (p, text, p)))
        elif f in moved:
            start = xml.data.index(b">", f.start) + 1
            stop = xml.data.index(b"<", start)
            edits.append((start, stop, escape(moved[f])))
    return edits
