"""A small workbook of ours as people may have left it, and today's values for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tests.workbook_templates.books import cells, draw
from workbook_templates.portfolio import archive, changes
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.tables import TableColumn, TableSpec
from workbook_templates.refresh.find import Chosen
from workbook_templates.refresh.workbook import Refresh, Refreshed, refresh_workbook

WHEN = datetime(2026, 11, 22, 21, 30)  # noqa: DTZ001 - local, as a person reads it

ACCOUNTS = TableSpec(
    "Accounts",
    "Accounts",
    ("account_id",),
    (
        TableColumn("account_id", "Account ID"),
        TableColumn("account_name", "Account"),
        TableColumn("score", "Score", "score", told=True),
        TableColumn("tier", "Tier", told=True),
        TableColumn("arr", "ARR", "money", told=True),
        TableColumn("next_action", "Next action", kept=True),
    ),
    keeps_order=True,
)
MOVERS = TableSpec(
    "Movers",
    "Movers",
    ("account_id",),
    (TableColumn("account_id", "Account ID"), TableColumn("change", "Change", "change")),
)
OWN = [(c.key, c.header) for c in ACCOUNTS.columns]
SPECS = {
    s.name: s
    for s in (ACCOUNTS, MOVERS, *changes.tables(None), *archive.tables(None))  # type: ignore[arg-type]
}

Head = tuple[str, str]
"""Our key, or "" of a column of people's; and its header."""
Row = Sequence[Any]

ADA: Row = ["A-1", "Ada Ltd", 72.0, "▲ Amber", 1200.0, "call"]
BEA: Row = ["A-2", "Bea Inc", 91.0, "● Green", 3400.0, None]
CYD: Row = ["A-3", "Cyd plc", 44.0, "■ Red", 560.0, "escalate"]


def workbook(
    rows: Sequence[Row] = (ADA, BEA, CYD),
    heads: Sequence[Head] = OWN,
    *,
    table: str = "Accounts",
    sheet: str = "Accounts",
    names: bool = True,
    movers: Sequence[Row] = (["A-1", -9.0],),
    mover_heads: Sequence[Head] = (("account_id", "Account ID"), ("change", "Change")),
    lists: bool = True,
    more: Callable[[Any], None] = lambda book: None,
) -> bytes:
    """The workbook's bytes.

    Args:
        rows: of *Accounts*, from row 4; a text that begins with "=" is a formula.
        heads: of its columns, from B.
        table, sheet: what they are called by now.
        names: whether our names stand on the header cells.
        movers: rows of *Movers*.
        mover_heads: of its columns.
        lists: whether *Movers*, *Changes* and *Archive* are there.
        more: draws what else people made.
    """

    def build(book: Any) -> None:
        _table(book, table, sheet, heads, rows, "accounts" if names else "")
        if lists:
            _table(book, "Movers", "Movers", mover_heads, movers, "movers" if names else "")
            for spec in (SPECS["Changes"], SPECS["Archive"]):
                columns = [(c.key, c.header) for c in spec.columns]
                blank = [[None] * len(columns)]
                _table(book, spec.name, spec.sheet, columns, blank, spec.name.lower())
                book.get_worksheet_by_name(spec.sheet).write("B1", "")
            book.define_name("hs_changes_title", "=Changes!$B$1")
            book.define_name("hs_archive_title", "=Archive!$B$1")
        more(book)

    return draw(build)


def _table(
    book: Any, table: str, sheet: str, heads: Sequence[Head], rows: Sequence[Row], mark: str
) -> None:
    ws = book.add_worksheet(sheet)
    for r, row in enumerate(rows, 4):
        for c, value in enumerate(row, 1):
            if isinstance(value, str) and value.startswith("="):
                ws.write_formula(r - 1, c, value, None, 0)
            elif value is not None:
                ws.write(r - 1, c, value)
    columns = [{"header": header} for _, header in heads]
    ws.add_table(2, 1, 2 + len(rows), len(heads), {"name": table, "columns": columns})
    for c, (key, _) in enumerate(heads):
        if key and mark:
            quoted = sheet.replace("'", "''")
            letter = chr(ord("B") + c)
            book.define_name(f"hs_{mark}_{key}", f"='{quoted}'!${letter}$3")


def today(
    *rows: Row,
    movers: Sequence[Row | Mapping[str, Any]] = (["A-1", -9.0],),
    values: Mapping[str, Any] | None = None,
) -> Filling:
    """Today's values: rows of *Accounts* as in `ADA`, rows of *Movers*."""
    keys = [c.key for c in ACCOUNTS.columns]
    accounts = [dict(zip(keys, row, strict=True)) for row in rows or (ADA, BEA, CYD)]
    listed: Any = list(movers)
    return Filling(dict(values or {}), {"Accounts": accounts, "Movers": listed})


def refresh(data: bytes, filling: Filling, **chosen: Any) -> Refreshed:
    """A refresh of the small workbook by Ann."""
    given = Refresh(SPECS, filling, chosen=Chosen(**chosen), when=WHEN, who="ann")
    return refresh_workbook(data, given, "small.xlsx")


def refreshed(data: bytes, filling: Filling, **chosen: Any) -> bytes:
    """The file after a refresh that changed something."""
    found = refresh(data, filling, **chosen)
    assert found.data is not None
    return found.data


def grid(
    data: bytes, sheet: str = "Accounts", first: int = 4, *, values: bool = True
) -> list[list[Any]]:
    """Rows of a sheet from column B on, blank cells at the end left out."""
    found = cells(data, sheet, values=values)
    places = [(int("".join(filter(str.isdigit, at))), at.rstrip("0123456789")) for at in found]
    last = max((row for row, _ in places), default=0)
    out = []
    for row in range(first, last + 1):
        letters = [chr(c) for c in range(ord("B"), ord("Z") + 1)]
        line = [found.get(f"{letter}{row}") for letter in letters]
        while line and line[-1] is None:
            line.pop()
        out.append(line)
    return out
