"""The other sheets of a workbook, where a Table's rows on one of them change places."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_templates.ooxml.alike import (
    OTHER_ROW,
    ROW,
    Alike,
    SheetFormulas,
    own_ends,
    sheet_formulas,
)
from workbook_templates.ooxml.book import Book, Sheet
from workbook_templates.ooxml.rearrange_move import RowMove
from workbook_templates.ooxml.rearrange_rest import move_rest
from workbook_templates.ooxml.rearrange_seeds import Seeds
from workbook_templates.ooxml.refs import Area, RefToken, split_sheet, tokens
from workbook_templates.ooxml.sheet import SheetXml
from workbook_templates.ooxml.xml import Edit, escape, splice, unescape

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
    found = sheet_formulas(xml)
    edits: list[Edit] = []
    for group in found.groups:
        if group.sound and not seeds.mentions(group.sample):
            continue
        if group.sound and not _follows(group, sheet.name, move):
            edits += _together(found, group, sheet, move, seeds)
            continue
        for item, row in zip(group.items, group.rows, strict=True):
            new = _moved(group.text(row), Area(row, group.col, row, group.col), sheet, move, seeds)
            if new is not None:
                edits.append((*found.text_span(item), escape(new)))
    return edits + _others(xml, sheet, move, seeds)


def _follows(group: Alike, sheet: str, move: RowMove) -> bool:
    """Each of the formulas names another row of the Table's sheet: its own row's number."""
    refs = (t for t in tokens(group.sample) if isinstance(t, RefToken))
    return b"%d" % OTHER_ROW in group.key or any(
        own_ends(t, group.rows[0]) and (move.owns(t, sheet) or _several(t)) for t in refs
    )


def _several(token: RefToken) -> bool:
    sheets = split_sheet(token.prefix)
    return sheets is not None and sheets[0] != sheets[1]


def _together(
    found: SheetFormulas, group: Alike, sheet: Sheet, move: RowMove, seeds: Seeds
) -> Iterator[Edit]:
    """Edits of formulas that read alike before and afterwards."""
    if seeds.reads(group.sample, sheet.name, stays=True):
        seeds.add_rows(sheet.part, group.col, group.mask)
    text = unescape(group.key.replace(ROW, b"%d" % OTHER_ROW))
    new = move.formula(text, sheet.name)
    if new != text:
        key = escape(new).replace(b"%d" % OTHER_ROW, ROW)
        for item, row in zip(group.items, group.rows, strict=True):
            yield (*found.text_span(item), key.replace(ROW, b"%d" % row))


def _moved(text: str, area: Area, sheet: Sheet, move: RowMove, seeds: Seeds) -> str | None:
    """What a formula says afterwards; None where it stays as it is."""
    if not seeds.mentions(text):
        return None
    if seeds.reads(text, sheet.name, stays=True):
        seeds.add(sheet.part, area)
    new = move.formula(text, sheet.name)
    return None if new == text else new


def _others(xml: SheetXml, sheet: Sheet, move: RowMove, seeds: Seeds) -> list[Edit]:
    """Edits of shared and array formulas."""
    formulas = sheet_formulas(xml).others.values()
    found = {f: _moved(f.text, f.area, sheet, move, seeds) for f in formulas}
    moved = {f: new for f, new in found.items() if new is not None}
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
