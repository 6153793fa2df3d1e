"""The copies of cell values that charts carry, so that viewers need not calculate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.cells import TYPES, CellError, number_text, plain, serial, text_xml
from workbook_templates.ooxml.dependents import Place3D, Resolver
from workbook_templates.ooxml.refs import NameToken, RefToken, tokens
from workbook_templates.ooxml.remembered import Remembered
from workbook_templates.ooxml.xml import unescape

__all__ = ["Cache", "chart_parts", "find_caches", "point_text", "point_writer", "render_reference"]

_F = re.compile(rb"<((?:[\w.\-]+:)?)f(?:\s[^>]*)?>([^<]+)</\1f\s*>")
_CACHE = re.compile(
    rb"\s*<((?:[\w.\-]+:)?)(numCache|strCache|multiLvlStrCache|dlblRangeCache)(?:\s[^>]*)?"
    rb"(?:/>|>(.*?)</\1\2\s*>)",
    re.S,
)
_LEVEL = re.compile(rb"\s*<((?:[\w.\-]+:)?)lvl(\s[^>]*)?(?:/>|>(.*?)</\1lvl\s*>)", re.S)
_FORMAT = re.compile(rb"<(?:[\w.\-]+:)?formatCode\s*>.*?</(?:[\w.\-]+:)?formatCode\s*>", re.S)
_COUNT = re.compile(
    rb"<(?:[\w.\-]+:)?ptCount[^>]*val=\"(\d+)\"|<(?:[\w.\-]+:)?lvl[^>]*ptCount=\"(\d+)\""
)
_POINT = re.compile(
    rb"<((?:[\w.\-]+:)?)pt\s[^>]*?idx=\"(\d+)\"[^>]*>\s*(?:<(?:[\w.\-]+:)?v\s*>(.*?)"
    rb"</(?:[\w.\-]+:)?v\s*>|([^<]*))\s*</\1pt\s*>",
    re.S,
)


@dataclass(frozen=True, slots=True)
class Cache:
    """One cache in a chart part.

    Attributes:
        start, end: its bytes; empty (start == end) where the chart has none yet.
        kind: numCache, strCache, multiLvlStrCache, dlblRangeCache or lvl (newer chart kinds).
        prefix: namespace prefix of its elements, with the colon.
        cells: the cells it repeats, (part, row, column), in order.
        columns: columns of its area; more than one for categories with several levels.
        old: what it held: index → raw text, when it held as many points as there are cells.
        head: bytes kept in front of the points (the number format).
        label: for the categories of a numRef, its `<c:f>` element; then [start, end) is the
            whole numRef, which becomes a strRef when the new values are texts.
    """

    start: int
    end: int
    kind: str
    prefix: bytes
    cells: tuple[tuple[str, int, int], ...]
    columns: int
    old: dict[int, bytes]
    head: bytes
    label: bytes = b""


def chart_parts(book: Book) -> list[str]:
    """Every chart part that a sheet's drawing shows, newer chart kinds included."""
    out: list[str] = []
    for sheet in book.sheets:
        for drawing in book.related(sheet.part, "drawing"):
            out += book.related(drawing, "chart", "chartEx")
    return list(dict.fromkeys(out))


def find_caches(book: Book, part: str, resolver: Resolver) -> list[Cache]:
    """The caches of chart *part* whose cells are known; a computed range has none."""
    data = book.read(part)
    out: list[Cache] = []
    for m in _F.finditer(data):
        areas = _areas(unescape(m[2]), resolver)
        if areas is None or sum(a.area.size for a in areas) > 200_000:
            continue
        out += _caches_after(data, m, areas)
    return out


def _areas(formula: str, resolver: Resolver) -> list[Place3D] | None:
    found = tokens(formula)
    if not found or any(isinstance(t, NameToken) and t.call for t in found):
        return None
    if all(isinstance(t, RefToken) for t in found) or len(found) == 1:
        return resolver.areas(formula, "", 0, 0) or None
    return None


def _caches_after(data: bytes, m: re.Match[bytes], areas: list[Place3D]) -> list[Cache]:
    cells = tuple(
        (a.part, row, col)
        for a in areas
        for row in range(a.area.r1, a.area.r2 + 1)
        for col in range(a.area.c1, a.area.c2 + 1)
    )
    columns = areas[0].area.c2 - areas[0].area.c1 + 1
    found = _CACHE.match(data, m.end())
    if found is not None:
        body = found[3] or b""
        kind, prefix = found[2].decode(), found[1]
        head = _FORMAT.search(body)
        old = _old_points(body, len(cells)) if kind != "multiLvlStrCache" else {}
        span = found.start(), found.end()
        one = Cache(*span, kind, prefix, cells, columns, old, head[0] if head else b"")
        return [_switchable(data, m, one)]
    levels = [lv for lv in [_LEVEL.match(data, m.end())] if lv is not None]
    if levels and columns == 1:
        lv = levels[0]
        old = _old_points(lv[0], len(cells))
        return [Cache(lv.start(), lv.end(), "lvl", lv[1], cells, 1, old, lv[2] or b"")]
    return _missing(data, m, cells, columns)


def _missing(
    data: bytes, m: re.Match[bytes], cells: tuple[tuple[str, int, int], ...], columns: int
) -> list[Cache]:
    # XlsxWriter leaves the cache out where it did not know the values, and for categories with
    # several levels, which only a multiLvlStrRef could hold.
    if 1 < columns < len(cells):
        return []
    owner = re.compile(rb"<" + re.escape(m[1]) + rb"(num|str)Ref(?:\s[^>]*)?>\s*\Z")
    before = owner.search(data, max(0, m.start() - 200), m.start())
    if before is None:
        return []
    kind = before[1].decode() + "Cache"
    one = Cache(m.end(), m.end(), kind, m[1], cells, columns, {}, b"")
    return [_switchable(data, m, one)]


def _switchable(data: bytes, m: re.Match[bytes], cache: Cache) -> Cache:
    p = re.escape(m[1])
    before = re.compile(rb"<" + p + rb"cat\s*>\s*(<" + p + rb"numRef\s*>)\s*\Z")
    opening = before.search(data, max(0, m.start() - 100), m.start())
    closing = re.compile(rb"\s*</" + p + rb"numRef\s*>").match(data, cache.end)
    if opening is None or closing is None or cache.kind != "numCache":
        return cache
    return replace(cache, start=opening.start(1), end=closing.end(), label=m[0])


def _old_points(body: bytes, count: int) -> dict[int, bytes]:
    stated = _COUNT.search(body)
    if stated is None or int(stated[1] or stated[2]) != count:
        return {}
    found = _POINT.finditer(body)
    return {int(m[2]): m[3] if m[3] is not None else m[4] or b"" for m in found}


Point = bytes | None
"""Escaped text of one point, None for a gap."""


def point_text(value: object, *, numeric: bool, date1904: bool) -> Point:
    """*value* as a chart repeats it; text among numbers counts as 0, as Excel plots it."""
    if value is None:
        return None
    if type(value) is float and value - value == 0.0:
        return repr(value or 0.0).encode()
    if isinstance(value, CellError):
        return value.code.encode()
    if isinstance(value, bool):
        return (b"1" if value else b"0") if numeric else (b"TRUE" if value else b"FALSE")
    if isinstance(value, str):
        return b"0" if numeric else text_xml(value)[:-4].partition(b">")[2]
    if isinstance(value, (int, float)):
        return number_text(value) or b"#N/A"
    if isinstance(value, date):
        return str(serial(value, date1904=date1904)).encode()
    return point_text(plain(value), numeric=numeric, date1904=date1904)


@lru_cache(maxsize=4)
def point_writer(*, numeric: bool, date1904: bool) -> Remembered[Point]:
    """What `point_text` makes of each value, remembered."""
    return Remembered(TYPES, partial(point_text, numeric=numeric, date1904=date1904))


def render_reference(cache: Cache, points: Sequence[Point], *, texts: bool) -> bytes:
    """The cache; for switchable categories the numRef round it, or a strRef if *texts*."""
    if not cache.label:
        return render_cache(cache, points)
    kind, p = (b"str" if texts else b"num"), cache.prefix
    inner = replace(cache, kind="strCache", head=b"") if texts else cache
    filled = render_cache(inner, points)
    return b"<%b%bRef>%b%b</%b%bRef>" % (p, kind, cache.label, filled, p, kind)


def render_cache(cache: Cache, points: Sequence[Point]) -> bytes:
    """The cache element that says *points*, one for each of `cache.cells`."""
    p, kind, head = cache.prefix, cache.kind.encode(), cache.head
    if cache.kind == "lvl":
        head = re.sub(rb'ptCount="\d+"', b'ptCount="%d"' % len(points), head)
        return b"<%blvl%b>%b</%blvl>" % (p, head, _points(p, points, bare=True), p)
    if cache.kind == "multiLvlStrCache":
        count = len(points) // cache.columns
        levels = (_points(p, points[c :: cache.columns]) for c in reversed(range(cache.columns)))
        inside = b"".join(b"<%blvl>%b</%blvl>" % (p, level, p) for level in levels)
        return b'<%b%b><%bptCount val="%d"/>%b</%b%b>' % (p, kind, p, count, inside, p, kind)
    if cache.kind == "numCache" and not head:
        head = b"<%bformatCode>General</%bformatCode>" % (p, p)
    start = b'<%b%b>%b<%bptCount val="%d"/>' % (p, kind, head, p, len(points))
    return start + _points(p, points) + b"</%b%b>" % (p, kind)


def _points(p: bytes, points: Sequence[Point], *, bare: bool = False) -> bytes:
    openings, closing = _frames(p, len(points), bare)
    return b"".join(
        [
            piece
            for opening, point in zip(openings, points, strict=True)
            if point is not None
            for piece in (opening, point, closing)
        ]
    )


@lru_cache(maxsize=256)
def _frames(p: bytes, count: int, bare: bool) -> tuple[list[bytes], bytes]:
    """What stands before each point, and after every one."""
    if bare:
        return [b'<%bpt idx="%d">' % (p, i) for i in range(count)], b"</%bpt>" % p
    return [b'<%bpt idx="%d"><%bv>' % (p, i, p) for i in range(count)], b"</%bv></%bpt>" % (p, p)
