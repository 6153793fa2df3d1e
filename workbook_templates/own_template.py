"""A template of one's own: ours, restyled by a company in Excel or in another program."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from workbook_templates.fill import ChartChange, Rows, TablePlace, TableRows, Template, Value
from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.columns import Columns
from workbook_templates.ooxml.xml import attr, close_of, rel_id, scan, unescape

__all__ = ["LATER", "Frame", "OwnTemplate", "frames", "match_columns", "same_charts"]

_ALIKE = 0.5
"""Two charts are the same when they have more than this share of their ranges in common."""
LATER = {
    "churn probabilities fitted to outcomes": frozenset({
        "hs_chances", "hs_chances_label", "hs_chances_note", "hs_chances_shown",
        "hs_chances_title", "hs_card_scenario_head",
    }),
}  # fmt: skip
"""What a later version brought to a sheet that was there → its places, which came together."""
_START = re.compile(r"^(?:'((?:[^']|'')*)'|([^'!]+))!\$?([A-Z]+)\$?(\d+)")


@dataclass(frozen=True, slots=True)
class Frame:
    """A chart on a sheet.

    Attributes:
        name: of its frame, as the Selection Pane of Excel shows it.
        sheet: name of its sheet.
        drawing, part: parts of the drawing it stands in and of the chart itself.
        start, end: its name tag in the drawing.
        plotted: first cells of the ranges it plots; their ends move with the number of rows.
    """

    name: str
    sheet: str
    drawing: str
    part: str
    start: int
    end: int
    plotted: frozenset[str]


def frames(book: Book) -> Iterator[Frame]:
    """Every chart of the workbook, sheet by sheet."""
    for sheet in book.sheets:
        for drawing in book.related(sheet.part, "drawing"):
            yield from _frames(book, sheet.name, drawing)


def _frames(book: Book, sheet: str, drawing: str) -> Iterator[Frame]:
    targets = {r.id: r.target for r in book.relations(drawing)}
    name, start, end = "", 0, 0
    for tag in scan(book.read(drawing), "cNvPr", "chart"):
        # Excel puts an id into the name tag, so that it has an end tag, which carries nothing.
        if tag.closing:
            continue
        if tag.local == "cNvPr":
            name, start, end = attr(tag.attrs, "name") or "", tag.start, tag.end
            continue
        part = targets.get(rel_id(tag.attrs) or "", "")
        if book.has(part):
            yield Frame(name, sheet, drawing, part, start, end, _plotted(book.read(part)))


def _plotted(chart: bytes) -> frozenset[str]:
    found = (t for t in scan(chart, "f") if not t.closing and not t.empty)
    texts = (unescape(chart[t.end : close_of(chart, t)[0]]) for t in found)
    starts = (_START.match(text) for text in texts)
    return frozenset(f"{m[1] or m[2]}!{m[3]}{m[4]}".casefold() for m in starts if m)


def _alike(wanted: Frame, among: Sequence[Frame]) -> list[Frame]:
    """Charts that plot most of what *wanted* plots, best first; labels may have been lost.

    Two sheets may plot the same: the chart on the sheet of that name goes first.
    """

    def share(f: Frame) -> float:
        return len(f.plotted & wanted.plotted) / max(len(f.plotted | wanted.plotted), 1)

    found = (f for f in among if share(f) > _ALIKE)
    return sorted(found, key=lambda f: (f.sheet == wanted.sheet, share(f)), reverse=True)


def match_columns(ours: Sequence[str], theirs: Sequence[str]) -> list[str | None]:
    """For each of our Table's columns the header it has in the other; None where it is gone.

    Headers are matched by name. One that was renamed or translated is found by its position.
    """
    known = {t.casefold().strip(): t for t in theirs}
    wanted = {o.casefold() for o in ours}
    free = {t for t in theirs if t.casefold().strip() not in wanted}
    out: list[str | None] = []
    for position, name in enumerate(ours):
        found = known.get(name.casefold())
        if found is None and position < len(theirs) and theirs[position] in free:
            found = theirs[position]
        out.append(found)
    return out


def same_charts(theirs: Template, ours: Template) -> dict[str, str]:
    """Our chart → the same chart's key in another workbook, found by name or by what it plots."""
    mine = list(frames(theirs._base.book))
    keys = {place.part: key for key, place in theirs.charts.items()}
    wanted = list(frames(ours._base.book))
    out = {f.name: keys[m.part] for f in wanted for m in mine if m.name == f.name}
    for frame in wanted:
        free = [f for f in mine if keys[f.part] not in out.values()]
        if frame.name not in out and (found := _alike(frame, free)):
            out[frame.name] = keys[found[0].part]
    return out


class OwnTemplate(Template):
    """A company's template: filled as ours is, and all that was added to it stays.

    Tables are filled by header, so that columns may be added, moved or renamed. Charts may be
    moved and renamed; one that is gone is left out.

    Args:
        data: the bytes of the file.
        standard: the product's own template of the same model.
        where: what to call it in messages.

    Raises:
        NotAWorkbook, PasswordProtected, TooLarge: see there.
    """

    def __init__(self, data: bytes, standard: Template, where: str = "The template") -> None:
        super().__init__(data, where)
        self.standard = standard

    @classmethod
    def load(cls, path: Path, standard: Template) -> OwnTemplate:
        """The template in the file *path*."""
        return cls(path.read_bytes(), standard, path.name)

    def __reduce__(self) -> tuple[Callable[..., Template], tuple[object, ...]]:  # type: ignore[override]
        # A worker process analyses a template once, however often it is sent to it.
        return _unpickle, (self._data, self.standard, self._where)

    @property
    def where(self) -> str:
        """What it is called in messages."""
        return self._where

    @property
    def book(self) -> Book:
        """The workbook itself."""
        return self._base.book

    @cached_property
    def newer_sheets(self) -> tuple[str, ...]:
        """Our sheets that an earlier version, which made the template, did not have.

        Nothing of such a sheet was ever named in it. Where people delete a sheet, the names of its
        cells stay behind without a target.
        """
        had = {n.name.casefold() for n in self.book.names}
        named: dict[str, list[str]] = {}
        for name, place in self.standard.places.items():
            named.setdefault(place.sheet, []).append(name.casefold())
        return tuple(
            sheet for sheet in self.standard.sheets
            if named.get(sheet) and sheet not in self.sheets and had.isdisjoint(named[sheet])
        )  # fmt: skip

    @cached_property
    def lacks(self) -> tuple[str, ...]:
        """What of `LATER` came after the version that made the template: it names none of it."""
        had = {n.name.casefold() for n in self.book.names}
        ours = self.standard.places.keys()
        return tuple(what for what, names in LATER.items() if names <= ours and not names & had)

    @cached_property
    def newer_places(self) -> frozenset[str]:
        """Our places that the template never had: of `lacks`, and of `newer_sheets`.

        The latter stand on those sheets or, as a chart's cells, elsewhere.
        """
        ours = self.standard.places
        first = {n.split("_")[1] for n, p in ours.items() if p.sheet in self.newer_sheets}
        had = {n.name.casefold() for n in self.book.names}
        found = (n for n in ours if n.split("_")[1] in first and n.casefold() not in had)
        return frozenset(found).union(*(LATER[what] for what in self.lacks))

    @cached_property
    def newer_tables(self) -> frozenset[str]:
        """Our Tables on `newer_sheets`."""
        tables = self.standard.tables
        return frozenset(n for n, t in tables.items() if t.sheet in self.newer_sheets)

    @cached_property
    def chart_names(self) -> Mapping[str, str]:
        """Our chart → the same chart's name here, found by name or else by what it plots."""
        return same_charts(self, self.standard)

    def columns_of(self, name: str) -> list[str | None]:
        """For each of our columns of a Table the header it has here; None where it is gone.

        A column whose header cell has a name of ours is found by it, wherever it was moved and
        whatever it is called now; the others by header, then by place.

        Raises:
            KeyError: there is no such Table, here or in the standard template.
        """
        ours, theirs = self.standard.tables[name], self.tables[name]
        named = dict(self._named_headers(ours, theirs))
        found = match_columns(ours.columns, theirs.columns)
        taken = set(named.values())
        return [named.get(at, None if head in taken else head) for at, head in enumerate(found)]

    def _named_headers(self, ours: TablePlace, theirs: TablePlace) -> Iterator[tuple[int, str]]:
        for name, place in self.standard.places.items():
            here = self.places.get(name)
            if here is None or not ours.has_header(place) or not theirs.has_header(here):
                continue
            yield place.area.c1 - ours.data.c1, theirs.columns[here.area.c1 - theirs.data.c1]

    def fill(
        self,
        values: Mapping[str, Value | Rows],
        tables: Mapping[str, TableRows | Columns] | None = None,
        *,
        charts: Mapping[str, ChartChange] | None = None,
        properties: Mapping[str, str] | None = None,
    ) -> bytes:
        """As `Template.fill`, where rows and charts are named as in the standard template.

        What belongs to sheets that the template never had is left out.
        """
        values = {n: v for n, v in values.items() if n not in self.newer_places}
        rows = {name: self._by_header(name, given) for name, given in (tables or {}).items()
                if name not in self.newer_tables}  # fmt: skip
        known = self.chart_names
        changes = {known[n]: c for n, c in (charts or {}).items() if n in known}
        return super().fill(values, rows, charts=changes, properties=properties)

    def _by_header(self, name: str, rows: TableRows | Columns) -> TableRows | Columns:
        ours, theirs = self.standard.tables.get(name), self.tables.get(name)
        if ours is None or theirs is None or ours.columns == theirs.columns:
            return rows
        matched = self.columns_of(name)
        heads = [there or here for there, here in zip(matched, ours.columns, strict=True)]
        if isinstance(rows, Columns):
            named = dict(zip(ours.columns, heads, strict=True))
            return Columns({named[h]: column for h, column in rows.data.items()}, rows.rows)
        # No rows would blank the whole first row, added columns too: blank our cells only.
        plain: TableRows = rows or [[None] * len(heads)]
        return [r if isinstance(r, Mapping) else dict(zip(heads, r, strict=True)) for r in plain]


@lru_cache(maxsize=8)
def _unpickle(data: bytes, standard: Template, where: str) -> OwnTemplate:
    return OwnTemplate(data, standard, where)
