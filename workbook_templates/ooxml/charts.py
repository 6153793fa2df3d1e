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

__all__ = ["ChartChange", "ChartPlace", "ChartSlots", "find_charts", "find_slots"]


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
    """Charts by the name of their frame (Excel: Selection Pane).

    Some programs call the charts of every sheet Chart 1, Chart 2 …: all but the first of equal
    names go by name and sheet.
    """
    out: dict[str, ChartPlace] = {}
    for sheet in book.sheets:
        for drawing in book.related(sheet.part, "drawing"):
            targets = {r.id: r.target for r in book.relations(drawing)}
            for tag, chart in _frames(book.read(drawing)):
                name, part = attr(tag.attrs, "name") or "", targets.get(chart, "")
                if book.has(part):
                    alt = attr(tag.attrs, "descr") or ""
                    keys = (name, f"{name}, {sheet.name}", f"{name}, {part}")
                    key = next((k for k in keys if k not in out), part)
                    out[key] = ChartPlace(name, sheet.name, part, drawing, alt)
    return out


def _frames(drawing: bytes) -> Iterator[tuple[Tag, str]]:
    """The name tag and the relationship id of every chart frame."""
    last: Tag | None = None
    for tag in scan(drawing, "cNvPr", "chart"):
        if tag.local == "cNvPr":
            # Excel writes its own id inside the tag: the closing one has no name.
            last = last if tag.closing else tag
        elif last is not None and (found := rel_id(tag.attrs)):
            yield last, found


@dataclass(frozen=True, slots=True)
class ChartSlots:
    """Where a chart's changeable bytes stand in its part and in its drawing's.

    Attributes:
        place: the chart.
        frame: start and end of the frame's name tag in the drawing, and the tag.
        title: spans of the title's texts; the first takes the new title, the others go.
        scaling: span of the value axis's `<c:scaling>`, prefix, bytes to keep, max, min.
        unit: span where `<c:majorUnit>` stands or belongs.
    """

    place: ChartPlace
    frame: tuple[int, int, bytes]
    title: tuple[tuple[int, int], ...]
    scaling: tuple[int, int, bytes, bytes, float | None, float | None] | None
    unit: tuple[int, int]

    def edits(self, change: ChartChange) -> dict[str, list[Edit]]:
        """Part → edits that make *change*, in the parts as `find_slots` saw them.

        Raises:
            DoesNotFit: the chart has no typed title. MissingPlace: it has no value axis.
        """
        out: dict[str, list[Edit]] = {}
        if change.alt_text is not None:
            start, end, tag = self.frame
            new = set_attr(tag, "descr", change.alt_text)
            out[self.place.drawing] = [(start, end, new)]
        edits: list[Edit] = []
        if change.title is not None:
            edits += self._title(change.title)
        if (change.axis_min, change.axis_max, change.major_unit) != (None, None, None):
            edits += self._axis(change)
        if edits:
            out[self.place.part] = edits
        return out

    def _title(self, text: str) -> list[Edit]:
        if not self.title:
            raise DoesNotFit(
                f"Chart {self.place.name!r} has no typed title to change. Give it one in the "
                "template, or fill the cell that its title is linked to."
            )
        first, *others = self.title
        return [(*first, escape(text)), *((*span, b"") for span in others)]

    def _axis(self, change: ChartChange) -> list[Edit]:
        if self.scaling is None:
            raise MissingPlace(
                f"Chart {self.place.name!r} has no value axis. Change its axis in the template."
            )
        start, end, p, kept, top, bottom = self.scaling
        top = top if change.axis_max is None else change.axis_max
        bottom = bottom if change.axis_min is None else change.axis_min
        inner = kept + _value(p, "max", top) + _value(p, "min", bottom)
        edits = [(start, end, b"<%bscaling>%b</%bscaling>" % (p, inner, p))]
        if change.major_unit is not None:
            edits.append((*self.unit, _value(p, "majorUnit", change.major_unit)))
        return edits


def find_slots(book: Book, place: ChartPlace) -> ChartSlots:
    """Look once where the chart at *place* can be changed."""
    drawing, data = book.read(place.drawing), book.read(place.part)
    targets = {r.id: r.target for r in book.relations(place.drawing)}
    tag = next(t for t, chart in _frames(drawing) if targets.get(chart) == place.part)
    frame = tag.start, tag.end, drawing[tag.start : tag.end]
    axis = _value_axis(data)
    if axis is None:
        return ChartSlots(place, frame, _title_spans(data), None, (0, 0))
    start, end = axis[0].end, axis[1]
    p = axis[0].name[: axis[0].name.find(b":") + 1]
    scaling = next(scan(data, "scaling", start=start, end=end))
    stop, after = close_of(data, scaling)
    kept = data[scaling.end : stop]
    for key in ("max", "min"):
        kept = _drop(kept, key)
    top, bottom = (_kept(data, key, scaling.end, stop) for key in ("max", "min"))
    found = (scaling.start, after, p, kept, top, bottom)
    return ChartSlots(place, frame, _title_spans(data), found, _unit(data, start, end))


def _title_spans(data: bytes) -> tuple[tuple[int, int], ...]:
    plot = next((t.start for t in scan(data, "plotArea")), len(data))
    tag = next(scan(data, "title", end=plot), None)  # further titles are the axes'
    if tag is None:
        return ()
    end = close_of(data, tag)[0]
    runs = (t for t in scan(data, "t", start=tag.end, end=end) if not t.closing and not t.empty)
    return tuple((t.end, close_of(data, t)[0]) for t in runs)


def _value_axis(data: bytes) -> tuple[Tag, int] | None:
    axes = [(t, close_of(data, t)[0]) for t in scan(data, "valAx") if not t.closing]
    # A scatter chart's x axis is a value axis too; the vertical one carries the scores.
    upright = [a for a in axes if _position(data, *a) in ("l", "r")]
    return next(iter((upright if len(axes) > 1 else []) + axes), None)


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


def _unit(data: bytes, start: int, end: int) -> tuple[int, int]:
    old = next(scan(data, "majorUnit", start=start, end=end), None)
    if old is not None:
        return old.start, close_of(data, old)[1]
    # Order of the schema: … crosses, crossBetween, majorUnit, minorUnit …
    before = scan(data, "crossBetween", "crosses", start=start, end=end)
    at = max((close_of(data, t)[1] for t in before if not t.closing), default=end)
    return at, at
