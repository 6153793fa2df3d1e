"""Sheet list, views, defined names, calculation chain."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tests.validity import grid
from tests.validity.book import Book, Cell
from tests.validity.formulas import faults
from tests.validity.package import Problem
from tests.validity.xml import MAIN, Element, units, whole

_NAME = re.compile(r"(?:[^\W\d]|[_\\])[\w.\\?]*")
_SHEET_REF = re.compile(r"('(?:[^']|'')+'|[^'!,]+)!([^,]+)(?:,|$)")


def sheet_names(book: Book) -> Iterator[Problem]:
    """Names of sheets: 1 to 31 characters, unique, without what formulas need."""
    for name in book.titles:
        if not 1 <= units(name) <= 31:
            yield Problem("sheet-name-length", book.part, name)
        if re.search(r"[\[\]:*?/\\\x00-\x1f]", name) or name[:1] == "'" or name[-1:] == "'":
            yield Problem("sheet-name-characters", book.part, name)
        if name.lower() == "history":
            yield Problem("sheet-name-reserved", book.part, name)
    for name, count in Counter(title.lower() for title in book.titles).items():
        if count > 1:
            yield Problem("sheet-name-duplicate", book.part, name)
    for key, count in Counter(entry.get("sheetId") for entry in book.entries).items():
        if count > 1:
            yield Problem("sheet-id-duplicate", book.part, str(key))


def views(book: Book) -> Iterator[Problem]:
    """Something is visible, and views point at what exists."""
    if book.entries and all(e.get("state") in ("hidden", "veryHidden") for e in book.entries):
        yield Problem("all-sheets-hidden", book.part)
    found = list(book.root.iter(MAIN + "workbookView"))
    for view in found:
        for key in ("activeTab", "firstSheet"):
            if whole(view.get(key)) >= len(book.entries):
                yield Problem("view-index", book.part, f"{key}={view.get(key)}")
    for sheet in book.sheets:
        for view in sheet.root.iter(MAIN + "sheetView"):
            if whole(view.get("workbookViewId")) >= max(len(found), 1):
                yield Problem("view-id", sheet.part, str(view.get("workbookViewId")))


def names(book: Book) -> Iterator[Problem]:
    """Defined names are unique, well formed, and their formulas stand."""
    seen: set[tuple[str, str | None]] = set()
    for item in book.root.iter(MAIN + "definedName"):
        name, scope = item.get("name") or "", item.get("localSheetId")
        if (name.lower(), scope) in seen:
            yield Problem("name-duplicate", book.part, name)
        seen.add((name.lower(), scope))
        if not name.startswith("_xlnm.") and _bad_name(name):
            yield Problem("name-syntax", book.part, name)
        if scope and int(scope) >= len(book.entries):
            yield Problem("name-scope", book.part, f"{name} {scope}")
        elif name in ("_xlnm.Print_Area", "_xlnm.Print_Titles"):
            yield from _print_range(book, item)
        for fault in faults(item.text or "", book.known):
            if "prefix" not in fault and not (item.text or "").startswith("["):
                yield Problem("name-formula", book.part, f"{name}: {fault}")


def _bad_name(name: str) -> bool:
    looks_like_cell = grid.cell(name.upper()) or re.fullmatch(r"[rc]|r\d*c\d*", name, re.IGNORECASE)
    return bool(looks_like_cell) or not _NAME.fullmatch(name) or len(name) > 255


def _print_range(book: Book, item: Element) -> Iterator[Problem]:
    """Print areas and titles: ranges on the grid of the sheet that they belong to."""
    text = item.text or ""
    # Excel evaluates a formula or a name, and itself writes #REF! and other workbooks' ranges.
    if re.search(r"[(\[]|#REF!", text) or _NAME.fullmatch(text):
        return
    scope = item.get("localSheetId")
    own = book.titles[int(scope)].lower() if scope else None
    end = 0
    for match in _SHEET_REF.finditer(text):
        sheet = match[1].strip("'").replace("''", "'").lower()
        if grid.boxes(match[2]) in ([], [None]) or own not in (None, sheet) or match.start() != end:
            yield Problem("print-range", book.part, text[:60])
            return
        end = match.end()
    if end != len(text) or scope is None or not text:
        yield Problem("print-range", book.part, text[:60])


def calculation_chain(book: Book) -> Iterator[Problem]:
    """The chain lists only cells that have a formula."""
    formulas = {sheet.id: _formula_cells(sheet.cells) for sheet in book.sheets}
    for part in book.package.related(book.part, "calcChain"):
        sheet = ""
        for link in book.package.trees[part]:
            sheet = link.get("i") or sheet
            ref = link.get("r") or ""
            if sheet in formulas and ref not in formulas[sheet]:
                yield Problem("calculation-chain-stale", part, f"{sheet}!{ref}")


def _formula_cells(cells: dict[str, Cell]) -> set[str]:
    found = set()
    for ref, cell in cells.items():
        formula = cell.formula
        if formula is None:
            continue
        found.add(ref)
        area = grid.box(formula.get("ref")) if formula.get("t") == "array" else None
        if area:
            found.update(
                f"{grid.column_letters(x)}{y}"
                for x in range(area.left, area.right + 1)
                for y in range(area.top, area.bottom + 1)
            )
    return found


RULES = [sheet_names, views, names, calculation_chain]
