"""Pictures, charts, buttons and notes where a Table's rows change places.

What lies in one row goes with its row. What is taller moves with its first row as far as the
order of rows stays, and keeps its height: rows that come and go with each refresh would wear it
down. Nothing that was drawn is taken out, but the box of a note that leaves.
"""

from __future__ import annotations

from workbook_templates.ooxml.rearrange_move import RowMove
from workbook_templates.ooxml.rearrange_ruled import retext
from workbook_templates.ooxml.references import VML_LINKS
from workbook_templates.ooxml.refs import Area
from workbook_templates.ooxml.xml import Edit, Tag, attr, close_of, scan, set_attr

__all__ = ["control_anchors", "drawing_edits", "vml_edits"]

_ROW_EMU = 190_500
"""Height of a row of the default height, in the units of drawings."""


def drawing_edits(data: bytes, sheet: str, move: RowMove) -> list[Edit]:
    """Edits of a drawing part that belongs to *sheet*."""
    edits: list[Edit] = []
    for tag in scan(data, "sp", "cxnSp", "pic"):
        link = None if tag.closing else attr(tag.attrs, "textlink")
        new = move.formula(link, sheet) if link else link
        if new and new != link:
            raw = set_attr(data[tag.start : tag.end], "textlink", new)
            edits.append((tag.start, tag.end, raw))
    if sheet != move.sheet:
        return edits
    for tag in scan(data, "twoCellAnchor", "oneCellAnchor"):
        if not tag.closing and attr(tag.attrs, "editAs") != "absolute":
            edits += _anchor(data, tag, close_of(data, tag)[0], move)
    return edits


def control_anchors(data: bytes, move: RowMove) -> list[Edit]:
    """Edits for controls and embedded objects, anchored in the end of the sheet part itself."""
    edits: list[Edit] = []
    for tag in scan(data, "anchor"):
        if not tag.closing and attr(tag.attrs, "moveWithCells") in ("1", "true"):
            edits += _anchor(data, tag, close_of(data, tag)[0], move)
    return edits


def _anchor(data: bytes, tag: Tag, end: int, move: RowMove) -> list[Edit]:
    first = _corner(data, "from", tag.end, end)
    last = _corner(data, "to", tag.end, end)
    if first is None:
        return []
    top, columns, span, _ = first
    bottom, below = top, None
    if last is None:
        size = next(scan(data, "ext", start=tag.end, end=end), None)
        low = size is None or int(attr(size.attrs, "cy") or 0) <= 1.5 * _ROW_EMU
    else:
        bottom, right, below, offset = last
        columns = columns._replace(c2=right.c2)
        low = bottom == top or (bottom == top + 1 and offset == 0)
    by = _top(move, top, columns, low=low) - top
    if not by:
        return []
    edits = [(*span, b"%d" % (top + by - 1))]
    return [*edits, (*below, b"%d" % (bottom + by - 1))] if below else edits


def _top(move: RowMove, row: int, columns: Area, *, low: bool) -> int:
    """Where the first *row* of something drawn goes that is *low* enough to lie in it."""
    if not move.travels(columns):
        return row
    # What lies in a row that leaves is left in its place.
    return (move.lands(row) if low else None) or move.top(row)


def _corner(
    data: bytes, name: str, start: int, end: int
) -> tuple[int, Area, tuple[int, int], int] | None:
    """Row (from 1), column, the bytes of the row's number, and offset into the row."""
    tag = next(scan(data, name, start=start, end=end), None)
    if tag is None:
        return None
    stop = close_of(data, tag)[0]
    found: dict[str, tuple[int, int]] = {}
    for part in scan(data, "row", "col", "rowOff", start=tag.end, end=stop):
        if not part.closing and not part.empty:
            found.setdefault(part.local, (part.end, close_of(data, part)[0]))
    if "row" not in found or "col" not in found:
        return None
    row, col = (int(data[slice(*found[key])]) + 1 for key in ("row", "col"))
    offset = int(data[slice(*found["rowOff"])]) if "rowOff" in found else 0
    return row, Area(0, col, 0, col), found["row"], offset


def vml_edits(data: bytes, sheet: str, move: RowMove) -> list[Edit]:
    """Edits of a legacy drawing of *sheet*: the boxes of notes, and form controls."""
    edits: list[Edit] = []
    own = sheet == move.sheet
    for shape in scan(data, "shape"):
        if shape.closing or shape.empty:
            continue
        stop, end = close_of(data, shape)
        client = next(scan(data, "ClientData", start=shape.end, end=stop), None)
        if client is None:
            continue
        if own and attr(client.attrs, "ObjectType") == "Note":
            edits += _note(data, (shape.start, end), client.end, stop, move)
            continue
        links = retext(data, client.end, stop, VML_LINKS, lambda t: move.formula(t, sheet))
        edits += links
        # In this format the presence of MoveWithCells means that a box stays put.
        if own and b"MoveWithCells" not in data[client.end : stop]:
            edits += _box(data, client.end, stop, move)
    return edits


def _note(data: bytes, shape: tuple[int, int], start: int, stop: int, move: RowMove) -> list[Edit]:
    row, col = (_number(data, name, start, stop) for name in ("Row", "Column"))
    if row is None or col is None or not move.travels(Area(0, col[0] + 1, 0, col[0] + 1)):
        return []
    to = move.lands(row[0] + 1)
    if to is None:
        return [(*shape, b"")]
    by = to - 1 - row[0]
    if not by:
        return []
    edits: list[Edit] = [(*row[1], b"%d" % (to - 1))]
    found = _numbers(data, start, stop)
    if found is not None:
        span, numbers = found
        edits.append((*span, _joined(numbers, max(numbers[2] + by, 0), max(numbers[6] + by, 0))))
    return edits


def _box(data: bytes, start: int, stop: int, move: RowMove) -> list[Edit]:
    found = _numbers(data, start, stop)
    if found is None:
        return []
    span, numbers = found
    columns = Area(0, numbers[0] + 1, 0, numbers[4] + 1)
    low = numbers[6] == numbers[2]
    by = _top(move, numbers[2] + 1, columns, low=low) - numbers[2] - 1
    return [(*span, _joined(numbers, numbers[2] + by, numbers[6] + by))] if by else []


def _joined(numbers: list[int], top: int, bottom: int) -> bytes:
    new = [*numbers[:2], top, *numbers[3:6], bottom, numbers[7]]
    return b", ".join(b"%d" % n for n in new)


def _number(data: bytes, name: str, start: int, stop: int) -> tuple[int, tuple[int, int]] | None:
    tag = next(scan(data, name, start=start, end=stop), None)
    if tag is None:
        return None
    span = tag.end, close_of(data, tag)[0]
    text = data[slice(*span)].strip()
    return (int(text), span) if text.isdigit() else None


def _numbers(data: bytes, start: int, stop: int) -> tuple[tuple[int, int], list[int]] | None:
    """The eight numbers of an anchor, the third and seventh of them rows."""
    tag = next(scan(data, "Anchor", start=start, end=stop), None)
    if tag is None:
        return None
    span = tag.end, close_of(data, tag)[0]
    pieces = data[slice(*span)].split(b",")
    if len(pieces) != 8 or not all(p.strip().lstrip(b"-").isdigit() for p in pieces):
        return None
    return span, [int(p) for p in pieces]
