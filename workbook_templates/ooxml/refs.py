"""A1 references: cells, areas, and the references inside a formula's text."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple

__all__ = [
    "MAX_COL",
    "MAX_ROW",
    "Area",
    "NameToken",
    "RefToken",
    "StructToken",
    "Token",
    "cell_name",
    "col_name",
    "col_number",
    "map_refs",
    "parse_area",
    "parse_cell",
    "shift_formula",
    "split_sheet",
    "tokens",
]

MAX_ROW, MAX_COL = 1_048_576, 16_384


class Area(NamedTuple):
    """Rows r1..r2 and columns c1..c2, counted from 1, both ends included."""

    r1: int
    c1: int
    r2: int
    c2: int

    @property
    def is_cell(self) -> bool:
        """One cell only."""
        return self.r1 == self.r2 and self.c1 == self.c2

    @property
    def size(self) -> int:
        """Number of cells."""
        return (self.r2 - self.r1 + 1) * (self.c2 - self.c1 + 1)

    def overlaps(self, other: Area) -> bool:
        """At least one cell in common."""
        return (
            self.r1 <= other.r2
            and other.r1 <= self.r2
            and self.c1 <= other.c2
            and other.c1 <= self.c2
        )

    def contains(self, other: Area) -> bool:
        """Every cell of *other* is in this area."""
        return (
            self.r1 <= other.r1
            and self.r2 >= other.r2
            and self.c1 <= other.c1
            and self.c2 >= other.c2
        )

    def text(self) -> str:
        """The reference: B6 or B6:D11."""
        first = cell_name(self.r1, self.c1)
        return first if self.is_cell else f"{first}:{cell_name(self.r2, self.c2)}"


@cache
def col_number(letters: str) -> int:
    """Letters to number: A → 1, XFD → 16384."""
    n = 0
    for ch in letters.upper():
        n = n * 26 + ord(ch) - 64
    return n


@cache
def col_name(number: int) -> str:
    """Number to letters: 1 → A, 16384 → XFD."""
    out = ""
    while number:
        number, rest = divmod(number - 1, 26)
        out = chr(65 + rest) + out
    return out


def cell_name(row: int, col: int) -> str:
    """(6, 2) → "B6"."""
    return f"{col_name(col)}{row}"


_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})\Z")


def parse_cell(text: str) -> tuple[int, int] | None:
    """$B$6 → (6, 2); None when it is not a cell of the grid."""
    m = _CELL.match(text)
    if m is None:
        return None
    row, col = int(m[2]), col_number(m[1])
    return (row, col) if 1 <= row <= MAX_ROW and col <= MAX_COL else None


def parse_area(text: str) -> Area | None:
    """B6, $B$6:D11, A:C or 1:3 → Area; None when it is none of them."""
    found = tokens(text)
    if len(found) == 1 and isinstance(found[0], RefToken) and not found[0].prefix:
        return found[0].area if found[0].end == len(text) and not found[0].start else None
    return None


class RefToken(NamedTuple):
    """A reference in a formula: text [start, end), sheet *prefix* such as `'My sheet'!`."""

    start: int
    end: int
    prefix: str
    area: Area
    shape: str  # "cell", "range", "columns" or "rows"
    marks: tuple[str, str, str, str]  # "$" or "" of first column, first row, last column, last row

    def write(self, area: Area) -> str:
        """This reference pointed at *area*, `$` signs and sheet prefix kept."""
        a, b, c, d = self.marks
        r1, c1, r2, c2 = area
        if self.shape == "columns":
            return f"{self.prefix}{a}{col_name(c1)}:{c}{col_name(c2)}"
        if self.shape == "rows":
            return f"{self.prefix}{b}{r1}:{d}{r2}"
        first = f"{self.prefix}{a}{col_name(c1)}{b}{r1}"
        if self.shape == "cell" and area.is_cell:
            return first
        return f"{first}:{c}{col_name(c2)}{d}{r2}"


class NameToken(NamedTuple):
    """A defined name (or LET variable, or function name when *call*)."""

    start: int
    end: int
    prefix: str
    name: str
    call: bool


class StructToken(NamedTuple):
    """A structured reference: `Table[...]` or, inside the Table, `[...]`."""

    start: int
    end: int
    table: str
    inner: str


Token = RefToken | NameToken | StructToken

_SHEET = r"(?:'(?:[^']|'')+'|(?:\[\d+\])?[^\W\d][\w.]*(?::[^\W\d][\w.]*)?|\[\d+\][\w.]+)!"
_TOKEN = re.compile(
    rf"""
  "(?:[^"]|"")*"
| \#[A-Z0-9/?!]+[!?A]?
| (?P<sheet>{_SHEET})?
  (?: (?P<area>(?P<m1>\$?)(?P<c1>[A-Za-z]{{1,3}})(?P<m2>\$?)(?P<r1>[1-9]\d{{0,6}})
        (?::(?P<m3>\$?)(?P<c2>[A-Za-z]{{1,3}})(?P<m4>\$?)(?P<r2>[1-9]\d{{0,6}}))? (?![\w.(!\[]))
    | (?P<cols>(?P<n1>\$?)(?P<d1>[A-Za-z]{{1,3}}):(?P<n2>\$?)(?P<d2>[A-Za-z]{{1,3}}) (?![\w.(!\[]))
    | (?P<rows>(?P<o1>\$?)(?P<s1>[1-9]\d{{0,6}}):(?P<o2>\$?)(?P<s2>[1-9]\d{{0,6}}) (?![\w.(!\[]))
    | (?P<table>[^\W\d][\w.\\]*)?(?P<struct>\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\])
    | (?P<name>[^\W\d][\w.\\?]*|\\[\w.\\?]*)(?P<call>\s*\()?
  )
| \d+(?:\.\d*)?(?:[Ee][+-]?\d+)?
""",
    re.X | re.S,
)


@lru_cache(maxsize=16384)
def tokens(formula: str) -> tuple[Token, ...]:
    """References, names and structured references of *formula*, in order."""
    out: list[Token] = []
    for m in _TOKEN.finditer(formula):
        token = _token(m)
        if token is not None:
            out.append(token)
    return tuple(out)


def _token(m: re.Match[str]) -> Token | None:
    prefix = m["sheet"] or ""
    if m["area"] or m["cols"] or m["rows"]:
        return _reference(m, prefix)
    if m["struct"]:
        return StructToken(m.start(), m.end(), m["table"] or "", m["struct"][1:-1])
    if m["name"]:
        return NameToken(m.start(), m.end("name"), prefix, m["name"], bool(m["call"]))
    return None


def _reference(m: re.Match[str], prefix: str) -> Token | None:
    span = m.start(), m.end()
    if m["cols"]:
        c1, c2 = sorted((col_number(m["d1"]), col_number(m["d2"])))
        area, shape = Area(1, c1, MAX_ROW, c2), "columns"
        marks = (m["n1"], "", m["n2"], "")
    elif m["rows"]:
        r1, r2 = sorted((int(m["s1"]), int(m["s2"])))
        area, shape = Area(r1, 1, r2, MAX_COL), "rows"
        marks = ("", m["o1"], "", m["o2"])
    else:
        return _cells(m, prefix)
    if area.r2 > MAX_ROW or area.c2 > MAX_COL:
        return NameToken(*span, prefix, m[0][len(prefix) :], False)
    return RefToken(*span, prefix, area, shape, marks)


def _cells(m: re.Match[str], prefix: str) -> Token:
    r1, c1, a, b = int(m["r1"]), col_number(m["c1"]), m["m1"], m["m2"]
    r2, c2, c, d = r1, c1, a, b
    if m["c2"]:
        r2, c2, c, d = int(m["r2"]), col_number(m["c2"]), m["m3"], m["m4"]
    # A name such as TAX2024 reads like a cell, but its column lies off the grid.
    if max(r1, r2) > MAX_ROW or max(c1, c2) > MAX_COL:
        return NameToken(m.start(), m.end(), prefix, m["area"], False)
    if r1 > r2:
        r1, r2, b, d = r2, r1, d, b
    if c1 > c2:
        c1, c2, a, c = c2, c1, c, a
    shape = "range" if m["c2"] else "cell"
    return RefToken(m.start(), m.end(), prefix, Area(r1, c1, r2, c2), shape, (a, b, c, d))


@lru_cache(maxsize=4096)
def split_sheet(prefix: str) -> tuple[str, str] | None:
    """First and last sheet name of a prefix (`Jan:Mar!` → ("Jan", "Mar")).

    ("", "") for no prefix, i.e. the formula's own sheet; None for another workbook.
    """
    if not prefix:
        return "", ""
    body = prefix[:-1]
    if body.startswith("'"):
        body = body[1:-1].replace("''", "'")
    if "[" in body:
        return None
    first, colon, last = body.partition(":")
    return first, last if colon else first


Change = Callable[[RefToken], Area | None]


def map_refs(formula: str, change: Change) -> str:
    """*formula* with each reference replaced by `change(token)`; None gives #REF!."""
    out: list[str] = []
    at = 0
    for token in tokens(formula):
        if not isinstance(token, RefToken):
            continue
        area = change(token)
        if area != token.area:
            new = token.prefix + "#REF!" if area is None else token.write(area)
            out += (formula[at : token.start], new)
            at = token.end
    return "".join(out) + formula[at:] if out else formula


def shift_formula(formula: str, rows: int, cols: int) -> str:
    """*formula* as it reads when copied *rows* down and *cols* right."""

    def change(token: RefToken) -> Area | None:
        a, b, c, d = token.marks
        r1, c1, r2, c2 = token.area
        whole_rows, whole_cols = token.shape == "rows", token.shape == "columns"
        if not whole_cols:
            r1, r2 = r1 + (0 if b else rows), r2 + (0 if d else rows)
        if not whole_rows:
            c1, c2 = c1 + (0 if a else cols), c2 + (0 if c else cols)
        inside = min(r1, c1, r2, c2) >= 1 and max(r1, r2) <= MAX_ROW and max(c1, c2) <= MAX_COL
        return Area(r1, c1, r2, c2) if inside else None

    return map_refs(formula, change) if rows or cols else formula
