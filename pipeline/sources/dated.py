"""Tables with one row an account and date: *Score history*, or a file of nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipeline.sources.grid import Grid
from pipeline.sources.tables import Table, read_table
from scoring.columns import RECORDED_TIER, SCORE_HISTORY, Column, match_headers, normalise
from scoring.parse_text import Reading, clean_text

__all__ = ["HISTORY_SHEETS", "dated_rows", "read_dated_table"]

HISTORY_SHEETS = tuple(normalise(n) for n in (SCORE_HISTORY, "History", "Snapshots"))
"""Names of the sheet with earlier rows, normalised."""
_TIERS = frozenset(normalise(word) for word in RECORDED_TIER.words)
_PEEKED = 50


def read_dated_table(grid: Grid, header: int, columns: Sequence[Column], reading: Reading) -> Table:
    """Parse the cells below a header row, as `read_table` does.

    A column *Tier* is the recorded tier where its cells say so, else the segment. Accounts that
    have no id go under their name.
    """
    table = read_table(grid, header, _with_tier(grid, header, columns), reading)
    if "account_id" not in table.places and "account_name" in table.places:
        table.places["account_id"] = table.places["account_name"]
        table.frame = table.frame.assign(account_id=table.frame["account_name"])
    return table


def _with_tier(grid: Grid, header: int, columns: Sequence[Column]) -> Sequence[Column]:
    found = match_headers(grid.rows[header], (RECORDED_TIER,))[0]
    cells = (row[at] for at in found for row in grid.rows[header + 1 :][:_PEEKED])
    if any(normalise(clean_text(cell)) in _TIERS for cell in cells):
        return (*columns, RECORDED_TIER)
    return columns


def dated_rows(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with a date; one without is a problem of the table."""
    undated = frame["date"].isna()
    for i in undated[undated].index:
        reported = any(p.row == int(table.rows[i]) for p in table.problems)
        if not reported:
            row = int(table.rows[i])
            table.problems.append(table.problem(row, "date", "", "No date.", "Type one."))
    return frame[~undated].reset_index(drop=True)
