"""Any rows of any workbook may leave or change places: a model of Excel says what must follow."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.validity import structure
from tests.workbook_templates import rich_book
from tests.workbook_templates.books import SHEET1, cells, draw, part
from tests.workbook_templates.moving import Rows, Source, Steps, moved, rewritten
from tests.workbook_templates.rich_book import rich
from workbook_templates.ooxml.book import Book
from workbook_templates.package import Package

FIRST, COUNT = 4, 7
LAST = FIRST + COUNT - 1
HEADERS = ("Key", "One", "Two", "Sum")


@st.composite
def references(draw_: st.DrawFn, *, prefix: str, ranges: bool = True) -> str:
    """A reference to cells of sheet S in and round the Table."""
    column = draw_(st.sampled_from("ABCDEF"))
    rows = sorted(draw_(st.lists(st.integers(1, LAST + 4), min_size=2, max_size=2)))
    marks = draw_(st.tuples(*[st.sampled_from(["", "$"])] * 4))
    first = f"{prefix}{marks[0]}{column}{marks[1]}{rows[0]}"
    if not ranges or draw_(st.booleans()):
        return first
    other = draw_(st.sampled_from("ABCDEF"))
    left, right = sorted((column, other))
    return f"{prefix}{marks[0]}{left}{marks[1]}{rows[0]}:{marks[2]}{right}{marks[3]}{rows[1]}"


@st.composite
def formulas(draw_: st.DrawFn, *, prefix: str = "", ranges: bool = True) -> str:
    """A formula over one to three references."""
    found = st.lists(references(prefix=prefix, ranges=ranges), min_size=1, max_size=3)
    return "+".join(f"SUM({text})" for text in draw_(found))


@st.composite
def orders(draw_: st.DrawFn) -> list[int | None]:
    """Some rows leave, the others keep their order, some are new at the end."""
    kept = draw_(st.sets(st.integers(0, COUNT - 1), min_size=1))
    room = COUNT - len(kept)
    return [*sorted(kept), *[None] * draw_(st.integers(0, room))]


Placed = dict[tuple[int, int], str]
PLACES = st.tuples(st.integers(FIRST, LAST + 3), st.sampled_from([3, 5]))


def _book(own: Placed, other: list[str]) -> bytes:
    """Sheet S with the Table in A:D and formulas in D, F and below; sheet O with formulas."""

    def build(book: Any) -> None:
        sheet, second = book.add_worksheet("S"), book.add_worksheet("O")
        columns = [{"header": h} for h in HEADERS]
        sheet.add_table(FIRST - 2, 0, LAST - 1, 3, {"name": "T", "columns": columns})
        for row in range(FIRST, LAST + 1):
            sheet.write(row - 1, 0, f"key {row}")
            sheet.write(row - 1, 1, row * 1.5)
            sheet.write_comment(row - 1, 0, f"note {row}")
            sheet.write_formula(row - 1, 2, f"=B{row}*2+$B${row}", None, row * 4.5)
        for (row, col), text in own.items():
            sheet.write_formula(row - 1, col, f"={text}", None, 1)
        for k, text in enumerate(other):
            second.write_formula(k, 0, f"={text}", None, 1)
            book.define_name(f"name_{k}", f"={text}")

    return draw(build)


def _names(data: bytes) -> dict[str, str]:
    return {n.name: n.formula for n in Book(Package(data)).names}


@settings(max_examples=40)
@given(
    own=st.dictionaries(PLACES, formulas(), max_size=6),
    other=st.lists(formulas(prefix="S!"), min_size=1, max_size=4),
    source=orders(),
)
def test_rows_that_leave_are_deleted_as_in_excel(
    own: Placed, other: list[str], source: list[int | None]
) -> None:
    """References shrink, move and are lost as if rows were deleted and inserted one by one."""
    steps = Steps(FIRST, COUNT, source)

    def rows(found: Rows, range_: bool) -> Rows | None:
        return steps.rows(found, range_=range_)

    before = _book(own, other)
    after = moved(before, T=source)
    told = cells(after, "S", values=False)
    for (row, col), text in own.items():
        place = steps.rows((row, row), range_=False)
        if place is not None:
            assert told[f"{'ABCDEF'[col]}{place[0]}"] == "=" + rewritten(text, rows, home="S")
    elsewhere, names = cells(after, "O", values=False), _names(after)
    for k, text in enumerate(other):
        new = rewritten(text, rows, home="O")
        assert elsewhere[f"A{k + 1}"] == "=" + new
        assert names[f"name_{k}"] == new
    _rows_whole(after, source)


def _rows_whole(after: bytes, source: Source) -> None:
    """Each row that stayed has its cells, its note and its own-row formula with its value."""
    told, values = cells(after, "S", values=False), cells(after, "S")
    notes = _notes(after)
    for place, k in enumerate(source):
        row = FIRST + place
        assert told[f"C{row}"] == f"=B{row}*2+$B${row}" or k is None
        if k is None:
            assert f"A{row}" not in told
            assert f"C{row}" not in values
            continue
        was = FIRST + k
        found = values[f"A{row}"], values[f"B{row}"], values[f"C{row}"], notes[f"A{row}"]
        assert found == (f"key {was}", was * 1.5, was * 4.5, f"note {was}")
    assert len(notes) == sum(k is not None for k in source)


def _notes(data: bytes) -> dict[str, str]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {c.coordinate: c.comment.text for row in book["S"].iter_rows() for c in row if c.comment}


@settings(max_examples=25)
@given(
    own=st.dictionaries(PLACES, formulas(ranges=False), max_size=6),
    other=st.lists(formulas(prefix="S!", ranges=False), min_size=1, max_size=4),
    source=st.permutations(range(COUNT)),
)
def test_a_reference_to_a_cell_goes_where_its_row_goes(
    own: Placed, other: list[str], source: list[int]
) -> None:
    """In a new order every reference to one cell still names the cell it named."""

    def lands(row: int) -> int:
        return FIRST + source.index(row - FIRST) if FIRST <= row <= LAST else row

    def rows(found: Rows, range_: bool) -> Rows:
        return lands(found[0]), lands(found[1])

    after = moved(_book(own, other), T=source)
    told = cells(after, "S", values=False)
    for (row, col), text in own.items():
        cell = f"{'ABCDEF'[col]}{lands(row)}"
        assert told[cell] == "=" + rewritten(text, rows, home="S")
    elsewhere = cells(after, "O", values=False)
    for k, text in enumerate(other):
        new = rewritten(text, rows, home="O")
        assert elsewhere[f"A{k + 1}"] == "=" + new
    _rows_whole(after, source)


@settings(max_examples=15)
@given(order=st.permutations(range(COUNT)), other=st.lists(formulas(prefix="S!", ranges=False)))
def test_there_and_back_again_is_the_same_workbook(order: list[int], other: list[str]) -> None:
    """A new order and then its opposite give back the rows and every reference."""
    before = _book({}, other)
    back = [order.index(k) for k in range(COUNT)]
    after = moved(moved(before, T=order), T=back)
    for sheet in ("S", "O"):
        assert cells(after, sheet, values=False) == cells(before, sheet, values=False)
    assert _notes(after) == _notes(before)
    assert _names(after) == _names(before)


BOOKS = {"alone": rich(), "beside": rich(beside=True), "merged": rich(crossing=True)}
SIZE = rich_book.LAST - rich_book.FIRST + 1


@st.composite
def sources(draw_: st.DrawFn) -> list[int | None]:
    """Any rows in any order, with new ones anywhere."""
    kept: list[int | None] = list(draw_(st.permutations(range(SIZE))))
    kept = kept[: draw_(st.integers(0, SIZE))]
    for at in draw_(st.lists(st.integers(0, SIZE), max_size=SIZE - len(kept) + 2)):
        kept.insert(at, None)
    return kept


@settings(max_examples=25)
@given(which=st.sampled_from(sorted(BOOKS)), source=sources())
def test_any_map_gives_a_sound_workbook(
    which: str, source: list[int | None], tmp_path_factory: Any
) -> None:
    """Whatever the order, each row has all that hung on it, and no structural rule is broken."""
    assume(which == "alone" or len(source) <= SIZE)
    after = moved(BOOKS[which], Accounts_T=source)
    values = cells(after, "Accounts")
    notes = re.findall(r'<comment ref="A(\d+)"', part(after, "xl/comments1.xml"))
    for place, k in enumerate(source):
        row = rich_book.FIRST + place
        found = [values.get(f"{column}{row}") for column in "ABF"]
        assert found == ([None] * 3 if k is None else [f"key {k}", 100 * k, f"view {k}"])
        assert (str(row) in notes) == (k in (0, 2, SIZE - 1))
        link = f'<hyperlink ref="K{row}" location="Summary!A{k + 1 if k is not None else 0}"'
        assert which != "alone" or (link in part(after, SHEET1)) == (k is not None)
    path = tmp_path_factory.mktemp("sound") / "book.xlsx"
    path.write_bytes(after)
    assert structure.check(path) == []
