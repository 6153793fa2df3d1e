"""Where the rows of a Table go: which stay, which leave, in what order, and which are new."""

from __future__ import annotations

from dataclasses import dataclass

from workbook_templates.ooxml.problems import DoesNotFit

__all__ = ["RowMap"]


@dataclass(frozen=True)
class RowMap:
    """The data rows of a Table afterwards, in order.

    Attributes:
        table: name of the Table.
        source: for each data row afterwards the data row (counted from 0) that it was, or None
            for a new row. Rows that are not named are removed. A Table keeps one row: with
            nothing in *source* it is left with one that is new.
        alone: whether the Table's own columns move and nothing beside them, as on a sheet where
            each block has rows of its own.
    """

    table: str
    source: tuple[int | None, ...]
    alone: bool = False

    def check(self, rows: int) -> None:
        """Make sure that the map fits a Table of *rows* data rows.

        Raises:
            DoesNotFit: it names a row twice, or one that is not there.
        """
        named = [k for k in self.source if k is not None]
        odd = next((k for k in named if not 0 <= k < rows), None)
        if odd is not None:
            raise DoesNotFit(
                f"Table {self.table!r} has {rows} rows, so there is no row {odd + 1} to move. "
                "Read the workbook again."
            )
        if len(set(named)) != len(named):
            raise DoesNotFit(
                f"A row of Table {self.table!r} was given two places. Give each row one place."
            )
