"""Which Tables and columns of a workbook are ours, whatever people call them by now."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from scoring.errors import WorkbookError
from workbook_templates.ooxml.book import Book, Table
from workbook_templates.ooxml.places import Place, find_places
from workbook_templates.ooxml.refs import cell_name
from workbook_templates.portfolio.tables import TableColumn, TableSpec
from workbook_templates.refresh.earlier import Known

__all__ = ["Chosen", "Found", "find_tables"]

_LEAST = 2
"""Headers of ours that a Table without our name or names needs, the account among them."""


@dataclass(frozen=True)
class Chosen:
    """What people say about a workbook, where it cannot be seen.

    Attributes:
        tables: our Table → the Table's name there.
        columns: our column of *Accounts*, by header or key → the header there.
        aliases: key of a column of *Accounts* → further headers that mean it.
    """

    tables: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """One of our Tables, found in a workbook.

    Attributes:
        spec: what we own of it.
        table: as it stands there.
        part: of its sheet.
        columns: our column's key → number of the sheet's column.
        gone: headers of our columns that it does not have any more.
        never: headers of those that it never had.
        ours: our names or its own name say that it is ours; else its headers only.
    """

    spec: TableSpec
    table: Table
    part: str
    columns: Mapping[str, int]
    gone: tuple[str, ...]
    ours: bool
    never: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Number of its data rows."""
        return self.table.data.r2 - self.table.data.r1 + 1

    @property
    def owned(self) -> dict[str, int]:
        """Columns that we fill in every row; people write the others."""
        return {k: c for k, c in self.columns.items() if not self.spec.column(k).kept}

    def header(self, column: int) -> str:
        """Header of a sheet's column inside the Table; "" beside it."""
        at = column - self.table.area.c1
        return self.table.columns[at] if 0 <= at < len(self.table.columns) else ""


def find_tables(
    book: Book, specs: Mapping[str, TableSpec], chosen: Chosen
) -> tuple[dict[str, Found], list[str]]:
    """Our Tables in a workbook, and a note on each that is not there.

    A Table is found by the names on its header cells, by its own name, then by its headers; a
    column by its name, then by its header.

    Raises:
        WorkbookError: the accounts are not found, or what was chosen is not there.
    """
    places = {n.casefold(): p for n, p in find_places(book).items() if n.startswith("hs_")}
    out: dict[str, Found] = {}
    notes: list[str] = []
    known = Known.of(book)
    free = {t.name.casefold(): t for t in book.tables if t.headers}
    _check_chosen(free, specs, chosen)
    for name, spec in specs.items():
        named = chosen.tables.get(name, "")
        table, ours = _find_table(book, spec, named, free, places)
        if table is None:
            if not known.never_table(spec):
                notes.append(_away(spec, places))
            continue
        free.pop(table.name.casefold())
        given = chosen if name == "Accounts" else Chosen()
        out[name] = _columns(book, spec, table, ours, places, given)
    if "Accounts" in specs and "Accounts" not in out:
        found = _by_headers(specs["Accounts"], free, chosen)
        if found is None:
            raise WorkbookError(_no_accounts(book, specs["Accounts"]))
        # A workbook of somebody else's: that our other Tables are not there goes without saying.
        notes = notes if out else []
        accounts = _columns(book, specs["Accounts"], found, False, places, chosen)
        out = {"Accounts": accounts, **out}
    return out, notes


def _away(spec: TableSpec, places: Mapping[str, Place]) -> str:
    """What to do about a Table that is gone; its cells may stand there with old values."""
    marked = sorted(_marked(spec, places).values(), key=lambda p: p.area.c1)
    if not marked:
        return f"Table {spec.name} is not there; it stays away."
    at = marked[0]
    where = f"{at.sheet}!{cell_name(at.area.r1, at.area.c1)}"
    return (
        f"Table {spec.name} is no Table any more, and what stands there is not refreshed. Mark "
        f"it from its headers at {where} on, press Ctrl+T, and refresh again."
    )


def _check_chosen(
    tables: Mapping[str, Table], specs: Mapping[str, TableSpec], chosen: Chosen
) -> None:
    for ours, theirs in chosen.tables.items():
        if ours not in specs:
            known = ", ".join(specs)
            raise WorkbookError(f"--table {ours}={theirs}: we have no Table {ours}. Use {known}.")
        if theirs.casefold() not in tables:
            there = ", ".join(t.name for t in tables.values()) or "none"
            raise WorkbookError(f"--table {ours}={theirs}: no such Table. There are: {there}.")


def _find_table(
    book: Book,
    spec: TableSpec,
    named: str,
    free: Mapping[str, Table],
    places: Mapping[str, Place],
) -> tuple[Table | None, bool]:
    if named:
        return free.get(named.casefold()), spec.name.casefold() == named.casefold()
    marked = _marked(spec, places)
    counts = {
        t.name: sum(_in_header(book, t, place) for place in marked.values()) for t in free.values()
    }
    best = max(counts, key=lambda n: counts[n], default="")
    if best and counts[best]:
        return free[best.casefold()], True
    found = free.get(spec.name.casefold())
    if found is None:
        return None, False
    # Somebody's own Table may have the same name, but hardly with our columns.
    known = {_plain(h) for h in found.columns} & {_plain(c.header) for c in spec.columns}
    return (found, True) if len(known) >= min(_LEAST, len(spec.columns)) else (None, False)


def _by_headers(spec: TableSpec, free: Mapping[str, Table], chosen: Chosen) -> Table | None:
    """The Table that knows the most of our headers, if it is about accounts at all."""
    sure = _unmistakable(spec)
    known = {t.name: _matched(sure, t, chosen.aliases) for t in free.values()}
    about = {n: len(m) for n, m in known.items() if _identity(spec, m) and len(m) >= _LEAST}
    best = max(about, key=lambda n: about[n], default="")
    return free[best.casefold()] if best else None


def _identity(spec: TableSpec, columns: Mapping[str, int]) -> bool:
    return bool({*spec.key, "account_name", "account"} & columns.keys())


def _marked(spec: TableSpec, places: Mapping[str, Place]) -> dict[str, Place]:
    found = {c.key: places.get(f"hs_{spec.name}_{c.key}".casefold()) for c in spec.columns}
    return {key: place for key, place in found.items() if place is not None}


def _in_header(book: Book, table: Table, place: Place) -> bool:
    a = table.area
    return (
        book.part_of(table.sheet) == place.part
        and place.area.r1 == a.r1
        and a.c1 <= place.area.c1 <= a.c2
    )


def _columns(
    book: Book,
    spec: TableSpec,
    table: Table,
    ours: bool,
    places: Mapping[str, Place],
    chosen: Chosen,
) -> Found:
    marked = {k: p.area.c1 for k, p in _marked(spec, places).items() if _in_header(book, table, p)}
    heads = {table.area.c1 + i: _plain(h) for i, h in enumerate(table.columns)}
    mine = {_plain(c.header) for c in spec.columns}
    # A name over another header of ours was left behind when columns were copied about.
    sure = {
        k: c
        for k, c in marked.items()
        if heads[c] == _plain(spec.column(k).header) or heads[c] not in mine
    }
    found = {c.key: sure[c.key] for c in spec.columns if c.key in sure} | _picked(
        spec, table, chosen.columns
    )
    # In a workbook of ours an alias may be somebody's own column, and a name whose cell is gone
    # says that people deleted the column.
    aliases = {} if ours else chosen.aliases
    guessed = spec if ours else _unmistakable(spec)
    dead = _deleted(book, spec)
    rest = _matched(guessed, table, aliases, taken=frozenset(found.values()))
    found = {k: c for k, c in rest.items() if k not in dead} | found
    if spec.key and not _identity(spec, found):
        raise WorkbookError(_no_key(spec, table))
    known = Known.of(book)
    away = [c for c in spec.columns if c.key not in found]
    never = tuple(c.header for c in away if known.never(f"{spec.name}_{c.key}"))
    gone = tuple(c.header for c in away if c.header not in never)
    ordered = {c.key: found[c.key] for c in spec.columns if c.key in found}
    part = book.part_of(table.sheet)
    return Found(spec, table, part, ordered, gone, ours or bool(sure), never)


def _unmistakable(spec: TableSpec) -> TableSpec:
    """Without the dimensions: elsewhere a column Usage may be what the score is made of."""
    return replace(spec, columns=tuple(c for c in spec.columns if not c.key.startswith("dim_")))


def _deleted(book: Book, spec: TableSpec) -> set[str]:
    lost = {n.name.casefold() for n in book.names if "#REF!" in n.formula}
    return {c.key for c in spec.columns if f"hs_{spec.name}_{c.key}".casefold() in lost}


def _picked(spec: TableSpec, table: Table, columns: Mapping[str, str]) -> dict[str, int]:
    """Key of our column → number of the sheet's column that people say it is.

    Raises:
        WorkbookError: either of the two is not there.
    """
    heads = {_plain(h): table.area.c1 + i for i, h in enumerate(table.columns)}
    out: dict[str, int] = {}
    for ours, theirs in columns.items():
        column = _named(spec, ours)
        if _plain(theirs) not in heads:
            there = ", ".join(table.columns)
            raise WorkbookError(
                f"--column {ours}={theirs}: Table {table.name} has no column {theirs}. "
                f"It has: {there}."
            )
        out[column.key] = heads[_plain(theirs)]
    return out


def _matched(
    spec: TableSpec,
    table: Table,
    aliases: Mapping[str, Sequence[str]],
    taken: frozenset[int] = frozenset(),
) -> dict[str, int]:
    """Columns by header: first those of our own names, then those of aliases."""
    heads = {_plain(h): table.area.c1 + i for i, h in enumerate(table.columns)}
    own = [[c.header] for c in spec.columns]
    others = [list(aliases.get(c.key, ())) for c in spec.columns]
    out: dict[str, int] = {}
    for texts in (own, others):
        for column, names in zip(spec.columns, texts, strict=True):
            places = (heads[_plain(n)] for n in names if _plain(n) in heads)
            free = next((p for p in places if p not in taken), None)
            if column.key not in out and free is not None:
                out[column.key] = free
                taken = taken | {free}
    return out


def _named(spec: TableSpec, text: str) -> TableColumn:
    for column in spec.columns:
        if _plain(text) in (_plain(column.header), _plain(column.key)):
            return column
    known = ", ".join(c.header for c in spec.columns)
    raise WorkbookError(f"--column {text}=…: we have no column {text}. Ours are: {known}.")


def _plain(text: str) -> str:
    """A header for comparison: case, blanks, punctuation and accents do not count."""
    folded = unicodedata.normalize("NFKD", text).casefold().replace("%", " pct ")
    return re.sub(r"[\W_]+", "", folded) or text.strip().casefold()


def _no_key(spec: TableSpec, table: Table) -> str:
    header = spec.column(spec.key[0]).header
    there = ", ".join(table.columns)
    return (
        f"Table {table.name} on sheet {table.sheet} has no column {header}, so its rows cannot "
        f'be told apart. It has: {there}. Say which it is, as --column "{header}=Customer no.".'
    )


def _no_accounts(book: Book, spec: TableSpec) -> str:
    listed = "; ".join(
        f"{t.name} on {t.sheet} ({', '.join(t.columns[:6])}{' …' if len(t.columns) > 6 else ''})"
        for t in book.tables[:8]
    )
    wanted = ", ".join(c.header for c in spec.columns[:8])
    there = f"Its Tables: {listed}." if listed else "It has no Table (Insert > Table in Excel)."
    return (
        f"{book.package.where} has no Table of accounts. Wanted: a column of accounts and at least "
        f"one of {wanted}. {there} Say which is meant, as --table Accounts=Table1 and --column "
        '"Score=Health".'
    )
