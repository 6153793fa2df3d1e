"""Drawings, charts, comments."""

from __future__ import annotations

from collections.abc import Iterator

from tests.validity import grid
from tests.validity.book import Book, Sheet
from tests.validity.formulas import faults
from tests.validity.package import Problem
from tests.validity.rules_cells import finite
from tests.validity.xml import CHART, DRAWING, MAIN, Element, local, whole


def anchors(book: Book) -> Iterator[Problem]:
    """Every drawing is anchored on the grid."""
    for sheet in book.sheets:
        for part in book.package.related(sheet.part, "drawing"):
            root = book.package.trees[part]
            for corner in root.iter(DRAWING + "from", DRAWING + "to"):
                column = int(corner.findtext(DRAWING + "col") or 0)
                row = int(corner.findtext(DRAWING + "row") or 0)
                if not (0 <= column < grid.COLUMNS and 0 <= row < grid.ROWS):
                    yield Problem("anchor-off-grid", part, f"column {column}, row {row}")


def charts(book: Book) -> Iterator[Problem]:
    """Charts cache finite numbers, no more than they count, and name sheets that exist."""
    for part, root in book.package.trees.items():
        if local(root) != "chartSpace" or not str(root.tag).startswith(CHART):
            continue
        for cache in root.iter(CHART + "numCache", CHART + "numLit", CHART + "strCache"):
            yield from _cache(part, cache)
        for formula in root.iter(CHART + "f"):
            for fault in faults(formula.text or "", book.known):
                yield Problem("chart-formula", part, fault)


def _cache(part: str, cache: Element) -> Iterator[Problem]:
    count = cache.find(CHART + "ptCount")
    limit = whole(None if count is None else count.get("val"))
    for point in cache.iter(CHART + "pt"):
        value = point.findtext(CHART + "v") or ""
        # Excel itself caches errors by their name.
        if local(cache) != "strCache" and not value.startswith("#") and not finite(value):
            yield Problem("chart-cache-number", part, value[:20])
        if count is not None and whole(point.get("idx")) >= limit:
            yield Problem("chart-cache-index", part, str(point.get("idx")))


def comments(book: Book) -> Iterator[Problem]:
    """Comments have authors, a cell each, and the drawing that shows them."""
    for sheet in book.sheets:
        parts = book.package.related(sheet.part, "comments")
        if parts and sheet.root.find(MAIN + "legacyDrawing") is None:
            yield Problem("comments-without-drawing", sheet.part)
        for part in parts:
            yield from _comments(book, sheet, part)


def _comments(book: Book, sheet: Sheet, part: str) -> Iterator[Problem]:
    root = book.package.trees[part]
    authors = sum(1 for _ in root.iter(MAIN + "author"))
    seen = set()
    for comment in root.iter(MAIN + "comment"):
        ref = comment.get("ref") or ""
        if not grid.cell(ref):
            yield Problem("comment-off-grid", part, ref)
        if ref in seen:
            yield Problem("comment-duplicate", part, f"{sheet.name}!{ref}")
        seen.add(ref)
        if whole(comment.get("authorId")) >= authors:
            yield Problem("comment-author", part, f"{ref} {comment.get('authorId')}")


RULES = [anchors, charts, comments]
