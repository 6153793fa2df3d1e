"""Changes to a chart beyond its data: axis bounds, title, alt text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.cells import number_text
from workbook_templates.ooxml.problems import DoesNotFit, MissingPlace
from workbook_templates.ooxml.xml import (
    Edit,
    Tag,
    attr,
    close_of,
    escape,
    rel_id,
    scan,
    set_attr,
    splice,
)

__all__ = ["ChartChange", "ChartPlace", "change_chart", "find_charts"]


@dataclass(frozen=True, slots=True)
class ChartChange:
    """What to change in a chart; None leaves it as it is.

    Attributes:
        axis_min, axis_max, major_unit: of the value axis, in its units.
        title: the chart's title.
        alt_text: what a screen reader says.
    """

    axis_min: float | None = None
    axis_max: float | None = None
    major_unit: float | None = None
    title: str | None = None
    alt_text: str | None = None


@dataclass(frozen=True, slots=True)
class ChartPlace:
    """A chart: the name of its frame, the sheet it is on, its part and its drawing's part."""

    name: str
    sheet: str
    part: str
    drawing: str
    alt_text: str


def find_charts(book: Book) -> dict[str, ChartPlace]:
    """Charts by the name of their frame (Excel: Selection Pane); the first of equal names."""
    out: dict[str, ChartPlace] = {}
    for sheet in book.sheets:
        for drawing in book.related(sheet.part, "drawing"):
            targets = {r.id: r.target for r in book.relations(drawing)}
            for tag, chart in _frames(book.read(drawing)):
                name, part = attr(tag.attrs, "name") or "", targets.get(chart, "")
                if book.has(part):
                    alt = attr(tag.attrs, "descr") or ""
                    out.setdefault(name, ChartPlace(name, sheet.name, part, drawing, alt))
    return out


def _frames(drawing: bytes) -> Iterator[tuple[Tag, str]]:
    """The name tag and the relationship id of every chart frame."""
    last: Tag | None = None
    for tag in scan(drawing, "cNvPr", "chart"):
        if tag.local == "cNvPr":
            last = tag
        elif last is not None and (found := rel_id(tag.attrs)):
            yield last, found


def change_chart(
    book: Book, place: ChartPlace, change: ChartChange, parts: dict[str, bytes]
) -> None:
    """Apply *change* to the chart at *place*, in *parts* (part → bytes that differ so far)."""
    if change.alt_text is not None:
        drawing = parts.get(place.drawing, book.read(place.drawing))
        tag = next(t for t, _ in _frames(drawing) if attr(t.attrs, "name") == place.name)
        new = set_attr(drawing[tag.start : tag.end], "descr", change.alt_text)
        parts[place.drawing] = splice(drawing, [(tag.start, tag.end, new)])
    data = parts.get(place.part, book.read(place.part))
    edits = []
    if change.title is not None:
        edits += _title(data, place.name, change.title)
    if (change.axis_min, change.axis_max, change.major_unit) != (None, None, None):
        edits += _axis(data, place.name, change)
    if edits:
        parts[place.part] = splice(data, edits)


def _title(data: bytes, name: str, text: str) -> list[Edit]:
    plot = next((t.start for t in scan(data, "plotArea")), len(data))
    tag = next(scan(data, "title", end=plot), None)  # further titles are the axes'
    runs = []
    if tag is not None:
        end = close_of(data, tag)[0]
        runs = [t for t in scan(data, "t", start=tag.end, end=end) if not t.closing]
    if not runs:
        raise DoesNotFit(
            f"Chart {name!r} has no typed title to change. Give it one in the template, or fill "
            "the cell that its title is linked to."
        )
    edits = [(t.end, close_of(data, t)[0], b"") for t in runs if not t.empty]
    first = runs[0]
    if first.empty:
        raise DoesNotFit(f"Chart {name!r} has an empty title. Type one in the template.")
    edits[0] = (first.end, close_of(data, first)[0], escape(text))
    return edits


def _axis(data: bytes, name: str, change: ChartChange) -> list[Edit]:
    axes = [(t, close_of(data, t)[0]) for t in scan(data, "valAx") if not t.closing]
    if not axes:
        raise MissingPlace(f"Chart {name!r} has no value axis. Change its axis in the template.")
    if len(axes) > 1:
        # A scatter chart's x axis is a value axis too; the vertical one carries the scores.
        upright = [a for a in axes if _position(data, *a) in ("l", "r")]
        axes = upright or axes
    tag, end = axes[0]
    p = tag.name[: tag.name.find(b":") + 1]
    scaling = next(scan(data, "scaling", start=tag.end, end=end))
    edits: list[Edit] = []
    bounds = {"max": change.axis_max, "min": change.axis_min}
    stop, after = close_of(data, scaling)
    new = b"".join(
        _value(p, key, _kept(data, key, scaling.end, stop) if want is None else want)
        for key, want in bounds.items()
    )
    kept = data[scaling.end : stop]
    for key in bounds:
        kept = _drop(kept, key)
    edits.append((scaling.start, after, b"<%bscaling>%b%b</%bscaling>" % (p, kept, new, p)))
    if change.major_unit is not None:
        edits += _unit(data, tag.end, end, p, change.major_unit)
    return edits


def _position(data: bytes, tag: Tag, end: int) -> str | None:
    found = next(scan(data, "axPos", start=tag.end, end=end), None)
    return None if found is None else attr(found.attrs, "val")


def _kept(data: bytes, key: str, start: int, end: int) -> float | None:
    found = next(scan(data, key, start=start, end=end), None)
    return None if found is None else float(attr(found.attrs, "val") or 0)


def _value(p: bytes, key: str, value: float | None) -> bytes:
    if value is None:
        return b""
    text = number_text(value)
    if text is None:
        raise DoesNotFit(f"An axis bound must be a finite number, not {value}.")
    return b'<%b%b val="%b"/>' % (p, key.encode(), text)


def _drop(data: bytes, key: str) -> bytes:
    tags = [t for t in scan(data, key) if not t.closing]
    return splice(data, [(t.start, close_of(data, t)[1], b"") for t in tags])


def _unit(data: bytes, start: int, end: int, p: bytes, unit: float) -> list[Edit]:
    new = _value(p, "majorUnit", unit)
    old = next(scan(data, "majorUnit", start=start, end=end), None)
    if old is not None:
        return [(old.start, close_of(data, old)[1], new)]
    # Order of the schema: … crosses, crossBetween, majorUnit, minorUnit …
    before = scan(data, "crossBetween", "crosses", start=start, end=end)
    at = max((close_of(data, t)[1] for t in before if not t.closing), default=end)
    return [(at, at, new)]
