"""Columns, panes, page setup, merges, hyperlinks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from tests.validity import grid
from tests.validity.book import Book, Sheet
from tests.validity.package import Problem
from tests.validity.xml import MAIN, local, whole

_HYPERLINKS = 65_530


def columns(book: Book) -> Iterator[Problem]:
    """Column definitions do not overlap, are on the grid and not too wide."""
    for sheet in book.sheets:
        spans = sorted(
            (int(c.get("min") or 0), int(c.get("max") or 0)) for c in sheet.root.iter(MAIN + "col")
        )
        for first, second in pairwise(spans):
            if second[0] <= first[1]:
                yield Problem("columns-overlap", sheet.part, f"{first} {second}")
        if any(low < 1 or high > grid.COLUMNS or low > high for low, high in spans):
            yield Problem("column-off-grid", sheet.part)
        for column in sheet.root.iter(MAIN + "col"):
            if float(column.get("width") or 0) > 255.99:
                yield Problem("column-width", sheet.part, str(column.get("width")))


def panes(book: Book) -> Iterator[Problem]:
    """Views and panes point at cells; zoom is between 10 and 400 %."""
    for sheet in book.sheets:
        for item in sheet.root.iter(MAIN + "sheetView", MAIN + "pane", MAIN + "selection"):
            for key in ("topLeftCell", "activeCell"):
                ref = item.get(key)
                if ref and not grid.cell(ref):
                    yield Problem("view-reference", sheet.part, f"{key}={ref}")
            if None in grid.boxes(item.get("sqref")):
                yield Problem("view-reference", sheet.part, f"{item.get('sqref')}")
            if local(item) == "sheetView" and not 10 <= whole(item.get("zoomScale"), 100) <= 400:
                yield Problem("view-zoom", sheet.part, str(item.get("zoomScale")))


def page(book: Book) -> Iterator[Problem]:
    """Page scale is 10 to 400, page counts and header texts are within limits."""
    for sheet in book.sheets:
        for setup in sheet.root.iter(MAIN + "pageSetup"):
            if not 10 <= whole(setup.get("scale"), 100) <= 400:
                yield Problem("page-scale", sheet.part, str(setup.get("scale")))
            for key in ("fitToWidth", "fitToHeight"):
                if not 0 <= whole(setup.get(key), 1) <= 32_767:
                    yield Problem("page-fit", sheet.part, f"{key}={setup.get(key)}")
        for group in sheet.root.iter(MAIN + "headerFooter"):
            for text in group:
                if len(text.text or "") > 255:
                    yield Problem("header-length", sheet.part, local(text))


def merges(book: Book) -> Iterator[Problem]:
    """Merged ranges lie on the grid, apart from each other and from tables."""
    for sheet in book.sheets:
        found = [grid.box(item.get("ref")) for item in sheet.root.iter(MAIN + "mergeCell")]
        if None in found:
            yield Problem("merge-off-grid", sheet.part)
        ordered = sorted((b for b in found if b), key=lambda b: b.top)
        active: list[grid.Box] = []
        for box in ordered:
            active = [other for other in active if other.bottom >= box.top]
            if any(other.meets(box) for other in active):
                yield Problem("merge-overlap", sheet.part, str(box))
            active.append(box)
            if any(table.area and table.area.meets(box) for table in sheet.tables):
                yield Problem("merge-in-table", sheet.part, str(box))


def hyperlinks(book: Book) -> Iterator[Problem]:
    """Hyperlinks stand on the grid, are not too many and lead somewhere."""
    for sheet in book.sheets:
        links = list(sheet.root.iter(MAIN + "hyperlink"))
        if len(links) > _HYPERLINKS:
            yield Problem("hyperlinks-count", sheet.part, str(len(links)))
        for link in links:
            if grid.boxes(link.get("ref")) in ([], [None]):
                yield Problem("hyperlink-off-grid", sheet.part, str(link.get("ref")))
            for key in ("tooltip", "location"):
                if len(link.get(key) or "") > (255 if key == "tooltip" else 2079):
                    yield Problem("hyperlink-length", sheet.part, f"{link.get('ref')} {key}")


def filters(book: Book) -> Iterator[Problem]:
    """A sheet's own filter does not lie over a table."""
    for sheet in book.sheets:
        yield from _filter(sheet)


def _filter(sheet: Sheet) -> Iterator[Problem]:
    found = sheet.root.find(MAIN + "autoFilter")
    if found is None or not found.get("ref"):
        return
    area = grid.box(found.get("ref"))
    if area is None:
        yield Problem("filter-off-grid", sheet.part, str(found.get("ref")))
    elif any(table.area and table.area.meets(area) for table in sheet.tables):
        yield Problem("filter-over-table", sheet.part, str(found.get("ref")))


RULES = [columns, panes, page, merges, hyperlinks, filters]
