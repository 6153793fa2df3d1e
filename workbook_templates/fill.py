"""Fill: write values into the named places and Tables of a workbook, and nothing else.

    template = Template.open("scorecard.xlsx")
    data = template.fill({"account": "Ada Ltd", "score": 72.5}, {"Risks": [{"Risk": "…"}]})

What is not filled stays byte for byte. Formulas are never written, only their cached values;
chart caches follow; a Table grows or shrinks with its rows.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.bulkchoice import in_bulk
from workbook_templates.ooxml.cells import CellError, Value
from workbook_templates.ooxml.charts import (
    ChartChange,
    ChartPlace,
    ChartSlots,
    find_charts,
    find_slots,
)
from workbook_templates.ooxml.columns import Columns
from workbook_templates.ooxml.grow import resize_table
from workbook_templates.ooxml.places import (
    Place,
    Rows,
    TablePlace,
    TableRows,
    find_places,
    find_tables,
)
from workbook_templates.ooxml.plan import Plan, Target, Written
from workbook_templates.ooxml.problems import DoesNotFit, MissingPlace, NotInBulk
from workbook_templates.ooxml.properties import PropertyPlan
from workbook_templates.ooxml.stale import Dependents
from workbook_templates.ooxml.xml import Edit
from workbook_templates.package import Package, save_bytes

if TYPE_CHECKING:
    from workbook_templates.ooxml.bulk import Bulk

__all__ = [
    "CellError",
    "ChartChange",
    "ChartPlace",
    "Place",
    "Rows",
    "TablePlace",
    "TableRows",
    "Template",
    "Value",
    "fill_file",
]

_K = TypeVar("_K")
_V = TypeVar("_V")
_LAYOUTS, _PLANS = 128, 16
_Sizes = tuple[tuple[str, int], ...]
"""Tables and their numbers of rows, where they differ from the template's."""


class _Filling:
    """The places of one set of names, and what was compiled for them.

    Attributes:
        places: in the order of the names.
        plans: the plans, by columns given of each Table.
    """

    def __init__(self, places: list[Place]) -> None:
        self.places = places
        self.plans: OrderedDict[object, Plan] = OrderedDict()

    def flatten(self, values: Iterable[Value | Rows]) -> list[Value]:
        """One value for each cell of the places."""
        out: list[Value] = []
        for place, value in zip(self.places, values, strict=True):
            out += place.flatten(value)
        return out


class _Layout:
    """The workbook with its Tables at certain sizes, and the plans made for it."""

    def __init__(self, book: Book, bulk: Bulk | None = None) -> None:
        self.book, self.bulk = book, bulk
        self.fillings: OrderedDict[tuple[str, ...], _Filling] = OrderedDict()
        self._properties: dict[tuple[str, ...], PropertyPlan] = {}
        self._slots: dict[str, ChartSlots] = {}

    @cached_property
    def places(self) -> dict[str, Place]:
        return find_places(self.book)

    @cached_property
    def tables(self) -> dict[str, TablePlace]:
        return find_tables(self.book)

    @cached_property
    def charts(self) -> dict[str, ChartPlace]:
        return find_charts(self.book)

    def slots(self, place: ChartPlace) -> ChartSlots:
        # Charts of several sheets may have one name.
        if place.part not in self._slots:
            self._slots[place.part] = find_slots(self.book, place)
        return self._slots[place.part]

    def properties(self, names: tuple[str, ...]) -> PropertyPlan:
        if names not in self._properties:
            self._properties[names] = PropertyPlan(self.book, names)
        return self._properties[names]

    @cached_property
    def dependents(self) -> Dependents:
        return Dependents(self.book) if self.bulk is None else self.bulk.dependents()


class Template:
    """A workbook with named places: analysed once, filled many times.

    Args:
        data: the bytes of an .xlsx, .xlsm or .xltx file.

    Raises:
        NotAWorkbook, PasswordProtected, TooLarge: see there.
    """

    def __init__(self, data: bytes, where: str = "The template") -> None:
        self._begin(Book(Package(bytes(data), where)), where)

    @classmethod
    def of(cls, book: Book, where: str = "The workbook") -> Template:
        """A workbook that is open already, perhaps with parts changed, to be filled."""
        made = cls.__new__(cls)
        made._begin(book, where)
        return made

    def _begin(self, book: Book, where: str) -> None:
        self._where = where
        self._base = _Layout(book)
        self._layouts: OrderedDict[_Sizes, _Layout] = OrderedDict()
        self._books: OrderedDict[_Sizes, Book] = OrderedDict()
        self.sheets: tuple[str, ...] = tuple(s.name for s in self._base.book.sheets)

    @classmethod
    def open(cls, path: str | Path) -> Template:
        """The template in the file *path*."""
        return cls(Path(path).read_bytes(), str(path))

    def __reduce__(self) -> tuple[Callable[[bytes, str], Template], tuple[bytes, str]]:
        # A worker process analyses a template once, however often it is sent to it.
        return _unpickle, (self._data, self._where)

    @property
    def _data(self) -> bytes:
        book = self._base.book
        return book.package.render(dict(book.changed), book.removed)

    @property
    def places(self) -> Mapping[str, Place]:
        """Every defined name that is one cell or one block, with its sheet and reference."""
        return self._base.places

    @property
    def tables(self) -> Mapping[str, TablePlace]:
        """Every Table, with its sheet, reference and column headers."""
        return self._base.tables

    @property
    def charts(self) -> Mapping[str, ChartPlace]:
        """Every chart by the name of its frame."""
        return self._base.charts

    def fill(
        self,
        values: Mapping[str, Value | Rows],
        tables: Mapping[str, TableRows | Columns] | None = None,
        *,
        charts: Mapping[str, ChartChange] | None = None,
        properties: Mapping[str, str] | None = None,
    ) -> bytes:
        """A copy of the template with *values* in its named places.

        A formula in a place stays, and its value becomes the formula's cached one. Formulas
        elsewhere that read a changed cell lose theirs, and the workbook asks to be calculated.

        Args:
            values: place → one value, or rows of values for a block (its rest becomes blank).
            tables: Table → rows, as plain rows (one value a column) or mappings by column
                header, or as `Columns` where there are many. Columns not given keep what they
                hold; no rows leave one blank row.
            charts: name of a chart's frame → changes.
            properties: title, subject, creator, keywords, description …

        Returns:
            The new workbook's bytes.

        Raises:
            MissingPlace: no place, Table, column or chart of that name.
            DoesNotFit: a value or block that cannot stand there.
            CannotShift: rows must move past something that cannot move truthfully.
            SignedWorkbook: a digital signature covers the template.
        """
        grown, plan, flat = self._planned(values, tables or {})
        parts = plan.render_changing(flat, self._chart_edits(grown, charts or {}))
        if properties:
            found = grown.properties(tuple(properties))
            parts |= found.fixed
            parts[found.part] = found.render(tuple(properties.values()))
        if grown.bulk is not None:
            parts |= grown.bulk.render(plan, parts)
        return plan.package.render(parts)

    def _planned(
        self, values: Mapping[str, Value | Rows], tables: Mapping[str, TableRows | Columns]
    ) -> tuple[_Layout, Plan, list[Value]]:
        """The workbook with its Tables at their sizes, what changes in it, and the values."""
        columns = self._columns(values, tables)
        try:
            given = {n: _one_by_one(r) for n, r in tables.items() if n not in columns}
            grown = self._bulk_layout(columns, given) if columns else self._layout(given)
            return grown, *self._compile(grown, values, given)
        except NotInBulk:
            given = {name: _one_by_one(rows) for name, rows in tables.items()}
            grown = self._layout(given)
            return grown, *self._compile(grown, values, given)

    def _columns(
        self, values: Mapping[str, Value | Rows], tables: Mapping[str, TableRows | Columns]
    ) -> dict[str, Columns]:
        """Tables that are written many rows at once."""
        base, where = self._base, self._where
        given = [(n, _find(base.tables, n, "Table", where), r) for n, r in tables.items()]
        return in_bulk(given, (_find(base.places, name, "place", where) for name in values))

    def _bulk_layout(
        self, columns: Mapping[str, Columns], others: Mapping[str, TableRows]
    ) -> _Layout:
        from workbook_templates.ooxml.bulk import Bulk  # Arrow: only where it is wanted

        places = {n: _find(self._base.tables, n, "Table", self._where) for n in columns}
        for name, rows in columns.items():
            for header in rows.data:
                places[name].column(header)
        sheets = {place.sheet for place in places.values()}
        sizes = self._sizes(others)
        beside = tuple(s for s in sizes if self._base.tables[s[0]].sheet in sheets)
        rest = [s for s in sizes if s not in beside]
        named = {places[name].name: rows for name, rows in columns.items()}
        bulk = Bulk.of(self._resized(beside), named, rest)
        return _Layout(bulk.book, bulk)

    def _chart_edits(
        self, layout: _Layout, charts: Mapping[str, ChartChange]
    ) -> dict[str, list[Edit]]:
        edits: dict[str, list[Edit]] = {}
        for name, change in charts.items():
            place = _find(layout.charts, name, "chart", self._where)
            for part, found in layout.slots(place).edits(change).items():
                edits.setdefault(part, []).extend(found)
        return edits

    def _sizes(self, tables: Mapping[str, TableRows]) -> _Sizes:
        sizes = []
        for name, rows in tables.items():
            table = _find(self._base.tables, name, "Table", self._where)
            if max(len(rows), 1) != table.rows:
                sizes.append((table.name, max(len(rows), 1)))
        return tuple(sorted(sizes))

    def _layout(self, tables: Mapping[str, TableRows]) -> _Layout:
        sizes = self._sizes(tables)
        if not sizes:
            return self._base
        return _remember(self._layouts, sizes, self._resize, _LAYOUTS)

    def _resize(self, sizes: _Sizes) -> _Layout:
        return _Layout(self._resized(sizes))

    def _resized(self, sizes: _Sizes) -> Book:
        # Books for the first few sizes are kept: the next layout often shares them.
        if not sizes:
            return self._base.book

        def resize(_: object) -> Book:
            return resize_table(self._resized(sizes[:-1]), *sizes[-1])

        return _remember(self._books, sizes, resize, _LAYOUTS)

    def _compile(
        self,
        layout: _Layout,
        values: Mapping[str, Value | Rows],
        tables: Mapping[str, TableRows],
    ) -> tuple[Plan, list[Value]]:
        def fill(names: tuple[str, ...]) -> _Filling:
            return _Filling([_find(layout.places, name, "place", self._where) for name in names])

        filling = _remember(layout.fillings, tuple(values), fill, _PLANS)
        flat = filling.flatten(values.values())
        filled: list[tuple[TablePlace, tuple[int, ...]]] = []
        for name, rows in tables.items():
            table = _find(layout.tables, name, "Table", self._where)
            columns = table.columns_given(rows) if rows else self._blank(layout, table)
            filled.append((table, columns))
            flat += table.flatten(rows, columns)

        def compile_(_: object) -> Plan:
            targets: list[Target] = []
            for place in filling.places:
                targets += place.targets()
            for table, columns in filled:
                targets += table.targets(columns)
            return self._plan(layout, targets)

        key = tuple((table.name, columns) for table, columns in filled)
        plan = _remember(filling.plans, key, compile_, _PLANS)
        return plan, flat + plan.more

    @staticmethod
    def _plan(layout: _Layout, targets: list[Target]) -> Plan:
        bulk, dependents = layout.bulk, layout.dependents
        if bulk is None:
            return Plan(layout.book, dependents, targets)
        if any(map(bulk.holds, targets)):
            raise NotInBulk
        shown, more = bulk.shown(dependents.resolver, len(targets))
        return Plan(layout.book, dependents, targets, Written(bulk.written, shown, more))

    def _blank(self, layout: _Layout, table: TablePlace) -> tuple[int, ...]:
        # A Table always keeps one row: it is blanked, but for its formulas.
        sheet, a = layout.book.sheet(table.part), table.data
        row = sheet.row(a.r1)
        cells = [] if row is None else sheet.cells(row)
        computed = {c.col - a.c1 for c in cells if c.body and sheet.formula_in(c.body)}
        return tuple(k for k in range(len(table.columns)) if k not in computed)


def _one_by_one(rows: TableRows | Columns) -> TableRows:
    return rows.mappings() if isinstance(rows, Columns) else rows


def _remember(known: OrderedDict[_K, _V], key: _K, make: Callable[[_K], _V], limit: int) -> _V:
    if key in known:
        known.move_to_end(key)
        return known[key]
    known[key] = made = make(key)
    if len(known) > limit:
        known.popitem(last=False)
    return made


def _find(known: Mapping[str, _V], name: str, what: str, where: str) -> _V:
    if name in known:
        return known[name]
    found = [v for k, v in known.items() if k.casefold() == name.casefold()]
    if found:
        return found[0]
    listed = ", ".join(sorted(known)[:20]) or "none"
    raise MissingPlace(
        f"{where} has no {what} named {name!r}; it has: {listed}. "
        "Correct the name, or add it to the template in Excel."
    )


@lru_cache(maxsize=8)
def _unpickle(data: bytes, where: str) -> Template:
    return Template(data, where)


def fill_file(
    source: str | Path,
    destination: str | Path,
    values: Mapping[str, Value | Rows],
    tables: Mapping[str, TableRows] | None = None,
    *,
    charts: Mapping[str, ChartChange] | None = None,
    properties: Mapping[str, str] | None = None,
) -> None:
    """Fill the workbook *source* and save it at *destination*, which may be the same file.

    Raises:
        WorkbookLocked: *destination* is open in Excel or LibreOffice; and as `Template.fill`.
    """
    filled = Template.open(source).fill(values, tables, charts=charts, properties=properties)
    if Path(destination).is_dir():
        raise DoesNotFit(f"{destination} is a folder. Give the name of a workbook file in it.")
    save_bytes(destination, filled)
