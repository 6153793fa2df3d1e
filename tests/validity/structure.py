"""All structural rules over one file."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.validity import (
    rules_cells,
    rules_conditions,
    rules_drawings,
    rules_package,
    rules_sheet,
    rules_styles,
    rules_tables,
    rules_workbook,
)
from tests.validity.book import Book
from tests.validity.package import Package, Problem

_BOOK_RULES: list[Callable[[Book], Iterator[Problem]]] = [
    *rules_workbook.RULES,
    *rules_styles.RULES,
    *rules_cells.RULES,
    *rules_sheet.RULES,
    *rules_tables.RULES,
    *rules_conditions.RULES,
    *rules_drawings.RULES,
]


def check(path: Path) -> list[Problem]:
    """What in the workbook at *path* breaks a rule that Microsoft's schema does not hold."""
    try:
        package = Package(path)
    except zipfile.BadZipFile as error:
        return [Problem("zip-unreadable", path.name, str(error))]
    problems = [problem for rule in rules_package.RULES for problem in rule(package)]
    parts = package.related("", "officeDocument")
    if parts:
        book = Book(package, parts[0])
        problems += [problem for rule in _BOOK_RULES for problem in rule(book)]
    return list(dict.fromkeys(problems))
