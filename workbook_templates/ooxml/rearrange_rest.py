"""What stands round the cells of a sheet, rewritten where a Table's rows change places."""

from __future__ import annotations

import re
from bisect import bisect_right

from workbook_templates.ooxml.rearrange_drawn import control_anchors
from workbook_templates.ooxml.rearrange_move import RowMove
from workbook_templates.ooxml.rearrange_ruled import Ruled, retext, ruled
from workbook_templates.ooxml.refs import MAX_COL, MAX_ROW, Area, parse_area, parse_cell
from workbook_templates.ooxml.xml import Edit, Tag, attr, close_of, scan, set_attr, splice

__all__ = ["areas_moved", "move_head", "move_rest"]

_AREAS = {
    "autoFilter": "ref",
    "sortState": "ref",
    "sortCondition": "ref",
    "mergeCell": "ref",
    "protectedRange": "sqref",
    "ignoredError": "sqref",
    "cellWatch": "r",
    "inputCells": "r",
    "cellSmartTags": "r",
    "webPublishItem": "sourceRef",
    "table": "ref",
    "comment": "ref",
    "threadedComment": "ref",
    "location": "ref",
    "singleXmlCell": "r",
    "nsvFilter": "ref",
}
"""Element → the attribute that holds areas of its own sheet."""
_KEPT = {"autoFilter", "sortState", "table", "location", "nsvFilter"}
"""Elements that stay, whatever becomes of their area."""
_SOURCELESS = re.compile(
    rb"(<(?:[\w.\-]+:)?sparkline(?:\s[^>]*)?>\s*)<((?:[\w.\-]+:)?f)\s*>#REF!</\2\s*>"
)
"""A sparkline whose cells are lost has no source: no program expects an error there."""
_VIEWS = ("sheetView", "customSheetView", "pane", "selection")
_HOLDERS = (
    "mergeCells",
    "dataValidations",
    "hyperlinks",
    "protectedRanges",
    "ignoredErrors",
    "cellWatches",
    "scenario",
    "scenarios",
    "smartTags",
    "webPublishItems",
    "rowBreaks",
    "sparklines",
    "sparklineGroup",
    "sparklineGroups",
    "conditionalFormattings",
    "ext",
    "extLst",
)
"""Elements that must hold something, inner ones first."""


def areas_moved(data: bytes, move: RowMove) -> tuple[list[Edit], bool]:
    """Edits for areas of the Table's sheet in a part, and whether one was taken out."""
    edits: list[Edit] = []
    removed = False
    for tag in scan(data, *_AREAS):
        key = _AREAS[tag.local]
        old = None if tag.closing else attr(tag.attrs, key)
        new = move.sqref(old) if old else None
        if old is None or new is None or new.text == old:
            continue
        if new.text:
            edits.append((tag.start, tag.end, set_attr(data[tag.start : tag.end], key, new.text)))
        elif tag.local not in _KEPT:
            edits.append((tag.start, close_of(data, tag)[1], b""))
            removed = True
    return edits, removed


def move_rest(data: bytes, sheet: str, move: RowMove) -> bytes:
    """What follows the cells of a sheet, moved; see `move_head` for what stands before them.

    Args:
        data: the end of a worksheet part.
        sheet: the sheet's name.
        move: what moves.
    """
    rules, removed = Ruled(), False
    edits: list[Edit] = []
    if sheet == move.sheet:
        rules = ruled(data, sheet, move)
        edits, removed = areas_moved(data, move)
        edits += control_anchors(data, move)
        edits += _views(data, move)
        breaks, less = _breaks(data, move)
        edits += breaks
        removed = removed or less
    links, fewer = _links(data, sheet, move)
    edits += links + rules.edits
    names = ("formula", "formula1", "formula2", "f")
    texts = retext(data, 0, len(data), names, lambda text: move.formula(text, sheet))
    edits += [e for e in texts if not _inside(e, rules)]
    rest = _SOURCELESS.sub(rb"\1", splice(data, _outermost(edits))) if edits else data
    return _tidy(rest) if removed or rules.removed or fewer else rest


def _inside(edit: Edit, rules: Ruled) -> bool:
    at = bisect_right(rules.spans, (edit[0], edit[1])) - 1
    return at >= 0 and edit[0] < rules.spans[at][1]


def _outermost(edits: list[Edit]) -> list[Edit]:
    """The edits without those inside an element that another takes out."""
    out: list[Edit] = []
    for edit in sorted(edits, key=lambda e: (e[0], -e[1])):
        if not out or edit[0] >= out[-1][1]:
            out.append(edit)
    return out


def _links(data: bytes, sheet: str, move: RowMove) -> tuple[list[Edit], bool]:
    """Hyperlinks, linked cells of controls, and areas that are consolidated."""
    edits: list[Edit] = []
    fewer = False
    for tag in scan(data, "hyperlink", "controlPr", "oleObject"):
        if tag.closing:
            continue
        raw = new = data[tag.start : tag.end]
        for key in ("location", "linkedCell", "listFillRange", "link"):
            old = attr(tag.attrs, key)
            if old and (text := move.formula(old, sheet)) != old:
                new = set_attr(new, key, text)
        ref = attr(tag.attrs, "ref") if tag.local == "hyperlink" else None
        areas = move.sqref(ref) if ref and sheet == move.sheet else None
        if areas is not None and not areas.text:
            edits.append((tag.start, close_of(data, tag)[1], b""))
            fewer = True
            continue
        new = new if areas is None else set_attr(new, "ref", areas.text)
        if new != raw:
            edits.append((tag.start, tag.end, new))
    return edits, fewer


def _breaks(data: bytes, move: RowMove) -> tuple[list[Edit], bool]:
    edits: list[Edit] = []
    removed = False
    for rows in scan(data, "rowBreaks"):
        if rows.closing or not move.whole:
            continue
        seen = set()
        for tag in scan(data, "brk", start=rows.end, end=close_of(data, rows)[0]):
            if tag.closing:
                continue
            old = int(attr(tag.attrs, "id") or 0)
            new = move.top(old + 1) - 1
            if new < 1 or new in seen:
                edits.append((tag.start, close_of(data, tag)[1], b""))
                removed = True
            elif new != old:
                raw = set_attr(data[tag.start : tag.end], "id", str(new))
                edits.append((tag.start, tag.end, raw))
            seen.add(new)
    return edits, removed


def move_head(data: bytes, move: RowMove) -> bytes:
    """What stands before the cells of the Table's own sheet, moved."""
    edits = _views(data, move)
    tag = next(scan(data, "dimension"), None)
    area = parse_area(attr(tag.attrs, "ref") or "") if tag else None
    if tag is not None and area is not None and area.r2 >= move.first:
        upto = move.lands(area.r2) if area.r2 > move.data.r2 else move.last
        bottom = max(upto or 0, area.r1, 0 if move.whole else area.r2)
        raw = set_attr(data[tag.start : tag.end], "ref", area._replace(r2=bottom).text())
        edits.append((tag.start, tag.end, raw))
    return splice(data, [e for e in edits if data[e[0] : e[1]] != e[2]])


def _views(data: bytes, move: RowMove) -> list[Edit]:
    """What is shown and selected keeps its place on the sheet, as far as it is still there."""
    edits: list[Edit] = []
    if not move.whole:
        return edits
    for tag in scan(data, *_VIEWS):
        if tag.closing:
            continue
        raw = new = data[tag.start : tag.end]
        for key in ("topLeftCell", "activeCell", "sqref"):
            old = attr(tag.attrs, key)
            if old and (text := " ".join(_seen(piece, move) for piece in old.split())) != old:
                new = set_attr(new, key, text)
        if new != raw and tag.local == "selection":
            new = _around_active(new)
        split = attr(tag.attrs, "ySplit") if tag.local == "pane" else None
        if split and split.isdigit() and (attr(tag.attrs, "state") or "").startswith("frozen"):
            rows = move.top(int(split) + 1) - 1
            new = new if rows == int(split) or rows < 1 else set_attr(new, "ySplit", str(rows))
        if new != raw:
            edits.append((tag.start, tag.end, new))
    return edits


def _around_active(tag: bytes) -> bytes:
    """The selection, of which the active cell must be a part."""
    active, areas = attr(tag, "activeCell") or "A1", (attr(tag, "sqref") or "A1").split()
    cell = parse_area(active)
    found = [area for area in map(parse_area, areas) if area is not None and cell is not None]
    inside = cell is None or any(area.contains(cell) for area in found)
    return tag if inside else set_attr(tag, "sqref", active)


def _seen(piece: str, move: RowMove) -> str:
    area = parse_area(piece)
    if area is None or area.r2 < move.first or area.r2 == MAX_ROW:
        return piece
    if parse_cell(piece):
        row = move.top(area.r1)
        return area._replace(r1=row, r2=row).text()
    found: Area | None = move.area(area) if area.r1 < area.r2 else None
    if found is None:
        row = move.top(area.r1)
        found = area._replace(r1=row, r2=row)
    return found.text() if (area.c1, area.c2) != (1, MAX_COL) else f"{found.r1}:{found.r2}"


def _tidy(rest: bytes) -> bytes:
    """*rest* without elements that hold nothing any more, and with their counts right."""
    for name in _HOLDERS:
        edits: list[Edit] = []
        for tag in scan(rest, name):
            if tag.closing or tag.empty:
                continue
            stop, end = close_of(rest, tag)
            if not rest[tag.end : stop].strip():
                edits.append((tag.start, end, b""))
            elif attr(tag.attrs, "count") is not None:
                edits.append((tag.start, tag.end, _counted(rest, tag, stop)))
            elif name == "sparklineGroup" and b"sparkline>" not in rest[tag.end : stop]:
                edits.append((tag.start, end, b""))
        rest = splice(rest, edits)
    return rest


def _counted(rest: bytes, tag: Tag, stop: int) -> bytes:
    depth, count, manual = 0, 0, 0
    for child in scan(rest, start=tag.end, end=stop):
        if not child.closing and depth == 0:
            count += 1
            manual += attr(child.attrs, "man") in ("1", "true")
        depth += 0 if child.empty else -1 if child.closing else 1
    raw = rest[tag.start : tag.end]
    raw = raw if attr(tag.attrs, "count") == str(count) else set_attr(raw, "count", str(count))
    if re.search(rb"manualBreakCount", raw):
        raw = set_attr(raw, "manualBreakCount", str(manual))
    return raw
