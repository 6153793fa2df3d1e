"""Sparklines in a Table: one a row, so new rows get one and lost rows lose theirs."""

from __future__ import annotations

from workbook_templates.ooxml.change import RowChange
from workbook_templates.ooxml.refs import MAX_ROW, Area, RefToken, map_refs, parse_area
from workbook_templates.ooxml.xml import Edit, close_of, escape, scan, splice, unescape

__all__ = ["grow_sparklines"]


def grow_sparklines(data: bytes, start: int, change: RowChange) -> bytes:
    """The Table's sheet with the sparklines of its rows copied down, or taken out.

    Args:
        data: the worksheet part, its references already moved.
        start: where its `<sheetData>` ends.
        change: what moved.
    """
    edits: list[Edit] = []
    d = change.data
    for tag in scan(data, "sparkline", start=start):
        if tag.closing or tag.empty:
            continue
        stop, end = close_of(data, tag)
        area = parse_area(_text(data, "sqref", tag.end, stop))
        if area is None or not d.c1 <= area.c1 <= d.c2:
            continue
        if change.last < area.r1 <= d.r2:
            edits.append((tag.start, end, b""))
        elif area.r1 == d.r1:
            raw = data[tag.start : end]
            copies = (_copy(raw, area, row - d.r1) for row in range(d.r2 + 1, change.last + 1))
            edits.append((end, end, b"".join(copies)))
    return _without_empty_groups(splice(data, edits), start)


def _text(data: bytes, name: str, start: int, end: int) -> str:
    tag = next(scan(data, name, start=start, end=end), None)
    return "" if tag is None else unescape(data[tag.end : close_of(data, tag)[0]]).strip()


def _copy(raw: bytes, area: Area, rows: int) -> bytes:
    def down(token: RefToken) -> Area | None:
        a = token.area
        if a.r1 != a.r2 or a.r2 + rows > MAX_ROW:
            return a
        return a._replace(r1=a.r1 + rows, r2=a.r2 + rows)

    edits: list[Edit] = []
    for tag in scan(raw, "f", "sqref"):
        if not tag.closing:
            stop = close_of(raw, tag)[0]
            new = map_refs(unescape(raw[tag.end : stop]), down)
            edits.append((tag.end, stop, escape(new)))
    return splice(raw, edits)


def _without_empty_groups(data: bytes, start: int) -> bytes:
    edits: list[Edit] = []
    for tag in scan(data, "sparklineGroup", start=start):
        if tag.closing or tag.empty:
            continue
        stop, end = close_of(data, tag)
        if not any(True for _ in scan(data, "sparkline", start=tag.end, end=stop)):
            edits.append((tag.start, end, b""))
    return splice(data, edits)
