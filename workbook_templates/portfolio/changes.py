"""What fills *Changes*: what the last refresh changed."""

from __future__ import annotations

from collections.abc import Sequence

from scoring.model import ScoreModel
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.names import CHANGES
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = ["MOST", "TABLE", "fill", "fill_changes", "tables"]

TABLE = "Changes"
MOST = 5_000
"""Lines that the Table holds; the rest is counted."""

_SPEC = TableSpec(
    TABLE,
    CHANGES,
    key=("account_id", "account", "what"),
    columns=(
        TableColumn("account_id", "Account ID", width=110),
        TableColumn("account", "Account", width=240),
        TableColumn("what", "What", width=200),
        TableColumn("before", "Before", width=240),
        TableColumn("after", "After", width=240),
    ),
)


def tables(model: ScoreModel) -> tuple[TableSpec, ...]:
    """Tables of the sheet."""
    return (_SPEC,)


def fill(p: Portfolio) -> Filling:
    """Values of the sheet in a new workbook."""
    return fill_changes("No refresh yet", "A refresh lists here what it changed.", ())


def fill_changes(title: str, note: str, lines: Sequence[Sequence[str]]) -> Filling:
    """Values of the sheet after a refresh.

    Args:
        title: as it reads.
        note: as it reads.
        lines: account id, account, what, before, after; those above `MOST` are only counted.
    """
    more = len(lines) - MOST
    told = f"{more:,} more changes are not listed." if more > 0 else None
    shown = [tuple(line) for line in lines[:MOST]]
    return Filling(
        {"changes_title": title, "changes_note": note, "changes_more": told}, {TABLE: shown}
    )
