"""The buttons of the ribbon. Each command does one thing to the open workbook and says what."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import NamedTuple

import xlwings

from addin.cells import Grid
from addin.functions.accounts import read_model
from addin.functions.explanation import explain
from addin.functions.recognition import best_preset
from addin.hosts.xlwings.portfolio import refresh_open_portfolio
from addin.hosts.xlwings.sheets import Area, Book, Sheet, address
from addin.hosts.xlwings.table import OWN, Account, Table, find_table, score_table
from addin.registry import FUNCTIONS
from scoring.errors import HealthSheetError, HostError
from scoring.model import ScoreModel
from scoring.model_sheet import SHEET

__all__ = ["explain_score", "insert_scorecard", "refresh_portfolio", "show_help"]

_BY_NAME = {f.name: f for f in FUNCTIONS}
_FORMATS = ("0.0", "", "0%", "")
_NOTHING = ("",) * len(OWN)
_MOST_PROBLEMS = 10
_MOST_LETTERS = 900  # a message box of VBA cuts at 1,024
_TINT = {"green": "#DBF3E8", "amber": "#FFEBB8", "red": "#F5C6C8"}
_TEXT = {"green": "#0B5B45", "amber": "#7A4B00", "red": "#8C1524"}
_HEAD = "#E8EFF8"


class _Selected(NamedTuple):
    """The account in whose row the active cell stands, and how formulas speak of it.

    Attributes:
        size: function → rows and columns that it fills for this account.
    """

    sheet: Sheet
    table: Table
    account: Account
    model: ScoreModel
    named: str
    given: str
    size: Callable[[str], tuple[int, int]]


def _command(run: Callable[[Book], str]) -> Callable[[object], list[list[str]]]:
    """A command as the add-in calls it: with the open workbook, for a text."""

    def told(workbook):  # type: ignore[no-untyped-def]  # xlwings would read hints as converters
        return [[_cut(_run(run, workbook))]]

    told.__name__, told.__doc__ = run.__name__, run.__doc__
    made = xlwings.arg("workbook", "raw")(xlwings.func(told))
    return xlwings.ret("raw")(made)


def _run(run: Callable[[Book], str], workbook: object) -> str:
    try:
        return run(Book(workbook))
    except HealthSheetError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 (a person must never read a traceback)
        told = getattr(error, "excepinfo", None)
        if told and told[2]:  # Excel's own words, as for a protected sheet
            return f"Excel refused: {told[2]}"
        return _logged(error)


def _logged(error: Exception) -> str:
    with NamedTemporaryFile(
        "w", prefix="healthsheet-", suffix=".log", delete=False, encoding="utf-8"
    ) as log:
        log.write("".join(traceback.format_exception(error)))
    kind = type(error).__name__
    return f"An error of ours ({kind}). Please report it with {Path(log.name)}."


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_LETTERS else f"{text[: _MOST_LETTERS - 1]}…"


@_command
def refresh_portfolio(book: Book) -> str:
    """Refresh a portfolio workbook from its source; else score the accounts of the active sheet.

    There our own columns are written and nothing else.
    """
    told = refresh_open_portfolio(book)
    if told is not None:
        return told
    sheet = book.active
    area, table, model, _ = _accounts(book, sheet)
    scored = score_table(table, model)
    first = table.header_row + 1
    for i, column in enumerate(_own_columns(sheet, area, table)):
        rows = range(first, table.last_row + 1)
        sheet.write(first, column, [(scored.cells.get(row, _NOTHING)[i],) for row in rows])
    head = f"Scored {scored.scored} of {len(scored.cells)} accounts with {model.label}."
    return "\n".join((head, *_listed(scored.problems)))


def _own_columns(sheet: Sheet, area: Area, table: Table) -> list[int]:
    """Numbers of our columns; those that are missing are added at the right end."""
    known = sheet.marked()
    end = _right_end(area)
    for i, header in enumerate(OWN):
        if str(i) in known:
            continue
        end = known[str(i)] = sheet.add_column(area, str(i), header, table.header_row, end + 1)
        height = table.last_row - table.header_row
        sheet.format(table.header_row + 1, end, (height, 1), number=_FORMATS[i])
    return [known[str(i)] for i in range(len(OWN))]


def _right_end(area: Area) -> int:
    """Number of the last column in which anything stands."""
    filled = (at for row in area.grid for at, cell in enumerate(row) if cell not in (None, ""))
    return area.column + max(filled, default=0)


def _listed(problems: tuple[str, ...]) -> list[str]:
    if not problems:
        return []
    more = len(problems) - _MOST_PROBLEMS
    return ["", *problems[:_MOST_PROBLEMS], *([f"… and {more} more."] if more > 0 else [])]


@_command
def explain_score(book: Book) -> str:
    """A sheet with score, bounds, drivers and dimensions of the selected row, as formulas."""
    at = _selected(book)
    explained = explain(at.table.question(at.account, at.model))
    page, name = _page(book, at, "Explain ")
    page.write(4, 1, [["Score"], ["Tier"], ["Coverage"], ["Bounds"]])
    page.spill(4, 2, f"=HEALTH_SCORE({at.given})", (1, 1))
    page.spill(5, 2, f"=HEALTH_TIER({address(4, 2)},{at.named})", (1, 1))
    page.spill(6, 2, f"=HEALTH_COVERAGE({at.given})", (1, 1))
    page.spill(7, 2, f"=HEALTH_BOUNDS({at.given})", at.size("HEALTH_BOUNDS"))
    row = _block(page, 9, "HEALTH_DRIVERS", at)
    row = _block(page, row, "HEALTH_SCORECARD", at)
    notes = [f"{p.cell}: {p.text}" if p.cell else p.text for p in explained.problems]
    notes += explained.notes
    if notes:
        page.write(row, 1, [["Notes"], *([note] for note in notes)])
        page.format(row, 1, (1, 1), bold=True)
    page.format(4, 2, (1, 1), number="0.0", bold=True)
    page.format(6, 2, (1, 1), number="0%")
    page.fit(5)
    return f"{name} is explained on the sheet {page.name}; it follows row {at.account.row}."


@_command
def insert_scorecard(book: Book) -> str:
    """A sheet with the scorecard of the selected row, coloured by its tier."""
    at = _selected(book)
    page, name = _page(book, at)
    page.write(4, 1, [["Tier"]])
    page.spill(4, 2, f"=HEALTH_TIER(HEALTH_SCORE({at.given}),{at.named})", (1, 1))
    for key, fill in _TINT.items():
        formula = f'={address(4, 2, fixed=True)}="{at.model.tier_label(key)}"'
        page.colour_when(4, 2, formula, fill, _TEXT[key])
    rows, columns = at.size("HEALTH_SCORECARD")
    _block(page, 6, "HEALTH_SCORECARD", at)
    if rows > 1:  # else it is an error, which needs no format
        for column, number in ((2, "0.0"), (3, "0%"), (4, "0.0")):
            page.format(7, column, (rows - 1, 1), number=number)
        page.format(5 + rows, 1, (1, columns), bold=True)
    page.fit(5)
    return f"The scorecard of {name} is on the sheet {page.name}; it follows row {at.account.row}."


@_command
def show_help(book: Book) -> str:
    """A new workbook that lists the functions."""
    page = book.new()
    rows = [(f.signature, f.help, f.examples[-1]) for f in FUNCTIONS]
    page.write(1, 1, [("Function", "Gives", "Example"), *rows])
    page.format(1, 1, (1, 3), bold=True, fill=_HEAD)
    page.fit(3)
    return f"{len(FUNCTIONS)} functions are listed in a new workbook."


def _accounts(book: Book, sheet: Sheet) -> tuple[Area, Table, ScoreModel, Grid | None]:
    """The accounts of a sheet; the model that scores them, and its cells on a *Model* sheet."""
    area = sheet.area()
    cells = book.cells(SHEET)
    model = read_model(cells) if cells else None
    own = tuple(sheet.marked().values())
    table = find_table(area.grid, row=area.row, column=area.column, model=model, own=own)
    return area, table, model or best_preset(table.headers), cells


def _selected(book: Book) -> _Selected:
    """The account in whose row the active cell stands.

    Raises:
        HostError: no account stands there.
    """
    sheet = book.active
    _, table, model, cells = _accounts(book, sheet)
    row = sheet.selected()[0]
    account = next((a for a in table.accounts if a.row == row), None)
    if account is None:
        rows = f"{table.header_row + 1} to {table.last_row}"
        raise HostError(f"Row {row} holds no account. Choose one in the rows {rows}.")
    named = f'"{model.name}"'
    if cells:
        named = f"{SHEET}!$A$1:{address(len(cells), len(cells[0]), fixed=True)}"
    left, right = table.span
    values = sheet.reference(row, left, right)
    headers = sheet.reference(table.header_row, left, right)

    def size(function: str) -> tuple[int, int]:
        result = _BY_NAME[function].call((account.cells,), (table.headers,), cells or model.name)
        return (len(result), len(result[0])) if isinstance(result, tuple) else (1, 1)

    given = f"{values},{headers},{named}"
    return _Selected(sheet, table, account, model, named, given, size)


def _page(book: Book, at: _Selected, before: str = "") -> tuple[Sheet, str]:
    """A new sheet named after the account, its first lines written; and the account's name."""
    explained = explain(at.table.question(at.account, at.model))
    name = explained.account or f"Row {at.account.row}"
    page = book.add(f"{before}{name}")
    page.write(1, 1, [[name], [f"{at.model.label}, row {at.account.row} of {at.sheet.name}"]])
    page.format(1, 1, (1, 1), bold=True)
    return page, name


def _block(page: Sheet, row: int, function: str, at: _Selected) -> int:
    """A table under its own header; gives the second row under it."""
    rows, columns = at.size(function)
    page.spill(row, 1, f"={function}({at.given})", (rows, columns))
    page.format(row, 1, (1, columns), bold=True, fill=_HEAD)
    return row + rows + 1
