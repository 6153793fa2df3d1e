"""The styles part."""

from __future__ import annotations

from collections.abc import Iterator

from tests.validity.book import Book
from tests.validity.formats import fault
from tests.validity.package import Problem
from tests.validity.xml import MAIN, whole

_POOLS = (
    ("fonts", "font", "fontId"),
    ("fills", "fill", "fillId"),
    ("borders", "border", "borderId"),
)
_CELL_FORMATS = 65_490
_FIRST_CUSTOM = 164


def cell_formats(book: Book) -> Iterator[Problem]:
    """Cell formats are not too many and point at fonts, fills and borders that exist."""
    group = None if book.styles is None else book.styles.find(MAIN + "cellXfs")
    if group is None:
        return
    if len(group) > _CELL_FORMATS:
        yield Problem("cell-formats-count", "styles", str(len(group)))
    for pool, item, key in _POOLS:
        limit = max(book.count(pool, item), 1)
        if any(whole(xf.get(key)) >= limit for xf in group):
            yield Problem("cell-format-index", "styles", key)


def number_formats(book: Book) -> Iterator[Problem]:
    """Number formats parse, and those that cells use are there."""
    if book.styles is None:
        return
    known = set()
    for item in book.styles.iter(MAIN + "numFmt"):
        known.add(item.get("numFmtId"))
        told = fault(item.get("formatCode") or "")
        if told:
            yield Problem("number-format", "styles", f"{item.get('formatCode')!r}: {told}")
    for xf in book.styles.iter(MAIN + "xf"):
        key = xf.get("numFmtId")
        if whole(key) >= _FIRST_CUSTOM and key not in known:
            yield Problem("number-format-missing", "styles", str(key))


def fonts(book: Book) -> Iterator[Problem]:
    """Font sizes are between 1 and 409 points."""
    if book.styles is None:
        return
    for size in book.styles.iter(MAIN + "sz"):
        if not 1 <= float(size.get("val") or 11) <= 409:
            yield Problem("font-size", "styles", str(size.get("val")))


RULES = [cell_formats, number_formats, fonts]
