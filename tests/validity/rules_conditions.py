"""Data validations, conditional formats, sparklines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.validity import grid
from tests.validity.book import Book, Sheet
from tests.validity.formulas import faults
from tests.validity.package import Problem
from tests.validity.xml import MAIN, X14, XM, Element, local

_LIMITS = {"errorTitle": 32, "promptTitle": 32, "error": 225, "prompt": 255}
_LIST = 255


def validations(book: Book) -> Iterator[Problem]:
    """Validations have a range, short texts, short lists and formulas that parse."""
    for sheet in book.sheets:
        for item in sheet.root.iter(MAIN + "dataValidation", X14 + "dataValidation"):
            sqref = item.get("sqref") or item.findtext(XM + "sqref")
            if grid.boxes(sqref) == [] or None in grid.boxes(sqref):
                yield Problem("validation-range", sheet.part, str(sqref))
            for key, limit in _LIMITS.items():
                if len(re.sub("_x[0-9A-Fa-f]{4}_", " ", item.get(key) or "")) > limit:
                    yield Problem("validation-text", sheet.part, f"{key} over {limit}")
            yield from _validation_formulas(book, sheet, item)


def _validation_formulas(book: Book, sheet: Sheet, item: Element) -> Iterator[Problem]:
    for formula in item.iter(MAIN + "formula1", MAIN + "formula2", XM + "f"):
        text = formula.text or ""
        if text.startswith('"') and item.get("type") == "list":
            if len(text) - 2 > _LIST:
                yield Problem("validation-list", sheet.part, f"{len(text) - 2} characters")
            continue
        # Here, and only here, Excel takes a leading equals sign.
        for fault in faults(text.removeprefix("="), book.known):
            yield Problem("validation-formula", sheet.part, fault)


def conditional_formats(book: Book) -> Iterator[Problem]:
    """Conditional formats have a range, a style that exists and formulas that parse."""
    styles = book.count("dxfs", "dxf")
    for sheet in book.sheets:
        for group in sheet.root.iter(MAIN + "conditionalFormatting"):
            # A pivot table's rule may have lost its range; Excel writes that itself.
            boxes = grid.boxes(group.get("sqref"))
            if (not boxes and group.get("pivot") is None) or None in boxes:
                yield Problem("condition-range", sheet.part, str(group.get("sqref")))
        for rule in sheet.root.iter(MAIN + "cfRule"):
            if rule.get("dxfId") and int(rule.get("dxfId") or 0) >= styles:
                yield Problem("condition-style", sheet.part, str(rule.get("dxfId")))
        for rule in sheet.root.iter(MAIN + "cfRule", X14 + "cfRule"):
            for formula in rule.iter(MAIN + "formula", XM + "f"):
                for fault in faults(formula.text or "", book.known):
                    if "prefix" not in fault:
                        yield Problem("condition-formula", sheet.part, fault)


def sparklines(book: Book) -> Iterator[Problem]:
    """Each sparkline stands in one cell and draws a range that exists."""
    for sheet in book.sheets:
        for item in sheet.root.iter(X14 + "sparkline"):
            target = item.findtext(XM + "sqref") or ""
            if grid.boxes(target) in ([], [None]):
                yield Problem("sparkline-cell", sheet.part, target)
            for fault in faults(item.findtext(XM + "f") or "#REF!", book.known):
                yield Problem("sparkline-range", sheet.part, fault)


def order(book: Book) -> Iterator[Problem]:
    """The sheet's children stand in the order of the schema."""
    for sheet in book.sheets:
        places = [_ORDER.index(local(k)) for k in sheet.root if local(k) in _ORDER]
        if places != sorted(places):
            yield Problem("sheet-child-order", sheet.part)


_ORDER = """
    sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection
    protectedRanges scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells
    phoneticPr conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup
    headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing
    legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls webPublishItems tableParts
    extLst
""".split()

RULES = [validations, conditional_formats, sparklines, order]
