"""Conditional formats, validations and sparklines where a Table's rows change places."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from workbook_templates.ooxml.rearrange_move import Areas, RowMove
from workbook_templates.ooxml.references import texts_moved
from workbook_templates.ooxml.refs import Area, parse_area
from workbook_templates.ooxml.xml import (
    Edit,
    Tag,
    attr,
    close_of,
    escape,
    scan,
    set_attr,
    splice,
    unescape,
)

__all__ = ["Ruled", "retext", "ruled"]

Change = Callable[[str], str]
_FORMULAS = ("formula", "formula1", "formula2", "f")


class Ruled:
    """The edits, and the spans of the elements they were made in.

    Attributes:
        edits: the edits.
        spans: bytes whose formulas are done.
        removed: at least one element was taken out.
    """

    def __init__(self) -> None:
        self.edits: list[Edit] = []
        self.spans: list[tuple[int, int]] = []
        self.removed = False


def ruled(data: bytes, sheet: str, move: RowMove) -> Ruled:
    """What follows the cells of the Table's own sheet: rules for cells, and sparklines.

    Args:
        data: the end of the worksheet part.
        sheet: its name.
        move: what moves.
    """
    out = Ruled()
    for tag in scan(data, "conditionalFormatting", "dataValidation", "sparkline"):
        if tag.closing or (tag.empty and attr(tag.attrs, "sqref") is None):
            continue
        stop, end = close_of(data, tag)
        out.spans.append((tag.start, end))
        if tag.local == "sparkline":
            _sparkline(data, (tag.start, tag.end, stop, end), sheet, move, out)
        else:
            _rule(data, tag, stop, end, sheet, move, out)
    return out


def retext(
    data: bytes, start: int, end: int, names: tuple[str, ...], change: Change
) -> Iterator[Edit]:
    """An edit for each element of *names* in [start, end) whose text *change* changes."""
    return texts_moved(data, names, lambda _, text: change(text), start, end)


def _rule(
    data: bytes, tag: Tag, stop: int, end: int, sheet: str, move: RowMove, out: Ruled
) -> None:
    own = attr(tag.attrs, "sqref")
    inner = None if own else next(scan(data, "sqref", start=tag.end, end=stop), None)
    span = (inner.end, close_of(data, inner)[0]) if inner else (tag.end, tag.end)
    areas = own if own else unescape(data[slice(*span)])
    moved = move.sqref(areas)
    if moved is not None and not moved.text:
        out.edits.append((tag.start, end, b""))
        out.removed = True
        return
    if moved is not None and moved.text != " ".join(areas.split()):
        if own:
            raw = set_attr(data[tag.start : tag.end], "sqref", moved.text)
            out.edits.append((tag.start, tag.end, raw))
        else:
            out.edits.append((*span, escape(moved.text)))
    if tag.empty:
        return
    change = _rule_change(areas, moved, sheet, move)
    out.edits += retext(data, tag.end, stop, _FORMULAS, change)
    for limit in scan(data, "cfvo", start=tag.end, end=stop):
        old = None if limit.closing else attr(limit.attrs, "val")
        if old and (new := change(old)) != old:
            raw = set_attr(data[limit.start : limit.end], "val", new)
            out.edits.append((limit.start, limit.end, raw))


def _rule_change(areas: str, moved: Areas | None, sheet: str, move: RowMove) -> Change:
    """How the formulas of a rule for *areas* are rewritten."""
    found = [a for a in map(parse_area, areas.split()) if a is not None]
    if not found:
        return lambda text: move.formula(text, sheet)
    if len(found) == 1 and found[0].r1 == found[0].r2:
        inside = move.data.r1 <= found[0].r1 <= move.data.r2 and move.travels(found[0])
        return lambda text: move.formula(text, sheet, found[0].r1 if inside else 0)
    corner = min(a.r1 for a in found), min(a.c1 for a in found)
    old, new = (moved.old, moved.new) if moved else (corner, corner)
    return lambda text: move.based(text, sheet, old, new)


def _sparkline(
    data: bytes, span: tuple[int, int, int, int], sheet: str, move: RowMove, out: Ruled
) -> None:
    start, inner, stop, end = span
    tag = next(scan(data, "sqref", start=inner, end=stop), None)
    area = parse_area(_text(data, tag)) if tag else None
    if tag is None or area is None:
        return
    moved = move.area(area)
    edits = list(retext(data, inner, stop, ("f",), lambda text: move.formula(text, sheet, area.r1)))
    copies = _copies(data[start:end], area, sheet, move)
    if moved is None:
        out.edits.append((start, end, copies))
        out.removed = True
        return
    if moved != area:
        edits.append((tag.end, close_of(data, tag)[0], escape(moved.text())))
    out.edits += edits
    if copies:
        out.edits.append((end, end, copies))


def _copies(raw: bytes, area: Area, sheet: str, move: RowMove) -> bytes:
    """The first row's sparkline for each new row."""
    d = move.data
    if area.r1 != d.r1 or area.r2 != d.r1 or not d.c1 <= area.c1 <= d.c2:
        return b""
    out = []
    for place in move.news:
        old, new = (d.r1, area.c1), (d.r1 + place, area.c1)
        change = lambda text, old=old, new=new: move.based(text, sheet, old, new)  # noqa: E731
        edits = list(retext(raw, 0, len(raw), ("f",), change))
        tag = next(t for t in scan(raw, "sqref") if not t.closing)
        where = area._replace(r1=new[0], r2=new[0])
        edits.append((tag.end, close_of(raw, tag)[0], escape(where.text())))
        out.append(splice(raw, edits))
    return b"".join(out)


def _text(data: bytes, tag: Tag) -> str:
    return unescape(data[tag.end : close_of(data, tag)[0]]).strip()
