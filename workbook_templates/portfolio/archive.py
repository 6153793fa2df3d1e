"""What fills *Archive*: what people wrote beside rows that are gone, kept for ever."""

from __future__ import annotations

from scoring.model import ScoreModel
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.names import ARCHIVE
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = ["TABLE", "archive_title", "fill", "tables"]

TABLE = "Archive"

_SPEC = TableSpec(
    TABLE,
    ARCHIVE,
    key=(),
    columns=(
        TableColumn("account_id", "Account ID", width=110),
        TableColumn("account", "Account", width=220),
        TableColumn("place", "Table", width=90),
        TableColumn("column", "Column", width=150),
        TableColumn("kind", "Kind", width=70),
        TableColumn("content", "Content", width=320, wrap=True),
        TableColumn("author", "Author", width=110),
        TableColumn("archived", "Archived", format="date", width=90, align="right"),
        TableColumn("archived_by", "By", width=90, align="left1"),
        TableColumn("returned", "Returned", format="date", width=90, align="right"),
        TableColumn("line", "Line", width=190, align="left1", wrap=True),
    ),
    keeps_order=True,
    keeps_rows=True,
)


def tables(model: ScoreModel) -> tuple[TableSpec, ...]:
    """Tables of the sheet."""
    return (_SPEC,)


def fill(p: Portfolio) -> Filling:
    """Values of the sheet in a new workbook."""
    return Filling({"archive_title": archive_title(0)}, {TABLE: []})


def archive_title(entries: int) -> str:
    """The sheet's conclusion."""
    if not entries:
        return "Nothing archived"
    return f"{entries:,} {'entry' if entries == 1 else 'entries'} archived"
