"""The accounts of a sheet: where their header row stands, which rows they are, what they score."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from addin.cells import CellProblem, Grid, Result, Row, today
from addin.functions.accounts import Accounts, score_row
from addin.functions.explanation import Explanation, Question, explain
from addin.functions.recognition import Place, best_preset, match_table
from addin.records import layout
from scoring.drivers import drivers
from scoring.errors import HostError
from scoring.model import ScoreModel
from scoring.parse_text import is_blank

__all__ = ["OWN", "Account", "Refreshed", "Table", "find_table", "score_table"]

OWN = ("Health score", "Health tier", "Coverage", "Top driver")
"""Headers of the columns that a refresh writes; none of them is read as an input."""

_HEADER_ROWS = 30
_LEAST = 2
_SHOWN = 0.05
"""Points below which a loss reads as 0.0."""


@dataclass(frozen=True, slots=True)
class Account:
    """One row of a table: its number on the sheet, 1-based, and its cells."""

    row: int
    cells: Row


@dataclass(frozen=True, slots=True)
class Table:
    """Accounts under their header row.

    Attributes:
        headers: a cell each column; None over the columns that a refresh writes.
        accounts: the rows in which an input stands.
        column: number of the first column on the sheet, 1-based.
        header_row: number of the header row on the sheet, 1-based.
        last_row: number of the last row that belongs to it.
    """

    headers: Row
    accounts: tuple[Account, ...]
    column: int
    header_row: int
    last_row: int

    @property
    def span(self) -> tuple[int, int]:
        """Numbers of the first and the last column over which a header stands."""
        filled = [at for at, header in enumerate(self.headers) if not is_blank(header)]
        return self.column + filled[0], self.column + filled[-1]

    def question(self, account: Account, model: ScoreModel) -> Question:
        """What to explain about one account."""
        place = Place(self.column - 1, account.row, self.header_row)
        return Question(self.headers, account.cells, model, place=place)


def find_table(
    grid: Grid, *, row: int, column: int, model: ScoreModel | None, own: Sequence[int] = ()
) -> Table:
    """The table whose headers the model knows best.

    Args:
        grid: cells of a sheet, or of a table on it.
        row: number of its first row, 1-based.
        column: number of its first column, 1-based.
        model: decides which headers count; without one, every preset.
        own: numbers of the columns that a refresh writes.

    Raises:
        HostError: no row is a header row over accounts.
    """
    skipped = {number - column for number in own}
    plain = tuple(_without(cells, skipped) for cells in grid)
    known = [_known(cells, model) for cells in plain[:_HEADER_ROWS]]
    best = max(known, default=0)
    if best < _LEAST:
        raise HostError(
            "No row of this sheet is the header row of accounts. Go to the sheet with the "
            "accounts; its headers are names such as Account, Segment and the metrics of a model."
        )
    top = known.index(best)
    headers = plain[top]
    matched = match_table(headers, model or best_preset(headers))[0]
    accounts = tuple(
        Account(row + i, cells)
        for i, cells in enumerate(plain[top + 1 :], top + 1)
        if any(not is_blank(cells[at]) for at in matched)
    )
    return Table(headers, accounts, column, row + top, row + len(grid) - 1)


def _without(cells: Row, skipped: set[int]) -> Row:
    return tuple(None if at in skipped else cell for at, cell in enumerate(cells))


def _known(cells: Row, model: ScoreModel | None) -> int:
    """How many of the cells are headers of accounts; 0 where the model would score nothing."""
    if not any(isinstance(cell, str) and cell for cell in cells):
        return 0
    chosen = model or best_preset(cells)
    try:
        layout(cells, chosen)
    except CellProblem:
        return 0
    return len(match_table(cells, chosen)[0])


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh writes and says.

    Attributes:
        cells: row number → a value for each of `OWN`.
        problems: a sentence for each account without a score, with its cell or row.
    """

    cells: dict[int, tuple[Result, ...]]
    problems: tuple[str, ...]

    @property
    def scored(self) -> int:
        """Number of accounts with a score."""
        return sum(isinstance(values[0], float) for values in self.cells.values())


def score_table(table: Table, model: ScoreModel) -> Refreshed:
    """Score every account; one without a score gets no number, and its reason is told."""
    how = layout(table.headers, model)
    accounts = Accounts(model, (), how, None, today() if how.dated else None)
    cells: dict[int, tuple[Result, ...]] = {}
    problems: list[str] = []
    for account in table.accounts:
        try:
            values = _scores(account.cells, accounts)
        except CellProblem:
            values = ("", "No score", "", "")
        cells[account.row] = values
        if values[0] == "":
            problems += _reasons(explain(table.question(account, model)), account.row)
    return Refreshed(cells, tuple(problems))


def _scores(row: Row, accounts: Accounts) -> tuple[Result, ...]:
    score = score_row(row, accounts).score
    if math.isnan(score.total):
        return "", score.status, score.coverage, ""
    tier = accounts.model.tier_label(score.tier) or score.status
    lost = next((f"{d.name} −{d.lost:.1f}" for d in drivers(score) if d.lost >= _SHOWN), "")
    return score.total, tier, score.coverage, lost


def _reasons(explained: Explanation, row: int) -> Iterator[str]:
    """Why a row has no score: each cell that is wrong, or what is missing."""
    named = f"Row {row}" + (f" ({explained.account})" if explained.account else "")
    for problem in explained.problems:
        value = f"{problem.cell} ({problem.name}): {problem.value}. "
        yield f"{value if problem.cell else f'{named}: '}{problem.text}"
    if not explained.problems and explained.verdict:
        yield f"{named}: {explained.verdict.note}"
