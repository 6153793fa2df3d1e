"""What is stale and what formulas become, column by column, is what it is one by one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workbook_templates.alikes import COUNT, FIRST, LAST, PARTS, SHEETS, Cells, book, columns
from workbook_templates.ooxml.alike import sheet_formulas
from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.dependents import Resolver
from workbook_templates.ooxml.follow import CellSet, follow, readers
from workbook_templates.ooxml.formulas import Formula, read_formulas
from workbook_templates.ooxml.grow import apply_change, row_change
from workbook_templates.ooxml.rearrange import rearrange
from workbook_templates.ooxml.rearrange_move import RowMove
from workbook_templates.ooxml.rearrange_reach import plan_move
from workbook_templates.ooxml.refs import Area
from workbook_templates.ooxml.rowmap import RowMap
from workbook_templates.ooxml.rowset import rows_of

Cell = tuple[str, int, int]
SEEDS = st.sets(
    st.tuples(st.sampled_from(PARTS), st.integers(1, LAST + 3), st.integers(1, 8)),
    min_size=1,
    max_size=3,
)


def _stale_one_by_one(made: Book, seeds: set[Cell]) -> set[Cell]:
    """Each formula looked at again and again until none reads a stale cell any more."""
    resolver, stale = Resolver(made), set(seeds)
    formulas = [
        (part, f, resolver.read(f.text, name, f.row, f.col))
        for name, part in zip(SHEETS, PARTS, strict=True)
        for f in read_formulas(made.sheet(part))
    ]
    while True:
        found = {
            (part, f.row, f.col)
            for part, f, reads in formulas
            if reads is None
            or any(
                place.part == at and place.area.contains(Area(row, col, row, col))
                for place in reads
                for at, row, col in stale
            )
        }
        if found <= stale:
            return stale
        stale |= found


@settings(max_examples=120)
@given(formulas=columns(), seeds=SEEDS)
def test_stale_is_what_one_by_one_is_stale(formulas: Cells, seeds: set[Cell]) -> None:
    """Own rows, fixed cells, running totals and other sheets: the same cells, no more, no less."""
    made, changed = book(formulas), CellSet()
    for part, row, col in seeds:
        changed.add_area(part, Area(row, col, row, col))
    resolver = Resolver(made)
    follow(changed, [r for sheet in made.sheets for r in readers(resolver, sheet)])
    found = {(part, row, col) for part, col, rows in changed for row in rows_of(rows)}
    assert found == _stale_one_by_one(made, seeds)


AREAS = st.tuples(*[st.integers(1, 40)] * 2, *[st.integers(1, 400)] * 2).map(
    lambda t: Area(min(t[:2]), min(t[2:]), max(t[:2]), max(t[2:]))
)


@given(areas=st.lists(AREAS, max_size=4), asked=AREAS)
def test_cells_by_columns(areas: list[Area], asked: Area) -> None:
    """Narrow and wide areas are found again, and the rows they take up."""
    cells = CellSet()
    for area in areas:
        cells.add_area("p", area)
    assert cells.touches("p", asked) == any(asked.overlaps(area) for area in areas)
    assert not cells.touches("q", asked)
    there = [a for a in areas if a.c1 <= asked.c2 and asked.c1 <= a.c2]
    rows = set(rows_of(cells.rows("p", asked.c1, asked.c2)))
    assert rows == {row for a in there for row in range(a.r1, a.r2 + 1)}
    assert bool(cells) == bool(areas)


@st.composite
def sources(draw_: st.DrawFn) -> tuple[int | None, ...]:
    """Rows that leave, change places or are new."""
    kept: list[int | None] = list(draw_(st.permutations(range(COUNT))))
    kept = kept[: draw_(st.integers(1, COUNT))]
    if draw_(st.booleans()):
        kept.sort(key=lambda k: k or 0)
    return (*kept, *[None] * draw_(st.integers(0, COUNT - len(kept))))


def _expected(move: RowMove, part: str, f: Formula) -> tuple[int, int, str] | None:
    """Where a formula goes and what it says there; None where it leaves."""
    name = SHEETS[PARTS.index(part)]
    if part != move.part:
        return f.row, f.col, move.formula(f.text, name)
    travels = move.left <= f.col <= move.right and f.row >= move.first
    to = move.lands(f.row) if travels else f.row
    inside = travels and FIRST <= f.row <= LAST
    return None if to is None else (to, f.col, move.formula(f.text, name, f.row if inside else 0))


@settings(max_examples=80)
@given(formulas=columns(), source=sources(), beside=st.booleans())
def test_moved_formulas_are_those_moved_one_by_one(
    formulas: Cells, source: tuple[int | None, ...], beside: bool
) -> None:
    """Whichever rows move, each formula stands and reads as if it had been looked at alone."""
    before = book(formulas, beside=beside)
    table = next(t for t in before.tables)
    move = plan_move(before, table, source, alone=beside)
    after = rearrange(before, [RowMap("T", source, alone=beside)])
    if after is before:
        return
    for part in PARTS:
        one_by_one = (_expected(move, part, f) for f in read_formulas(before.sheet(part)))
        found = {(f.row, f.col, f.text) for f in read_formulas(after.sheet(part))}
        assert found == {f for f in one_by_one if f is not None}


@settings(max_examples=60)
@given(formulas=columns(), rows=st.integers(1, COUNT + 5))
def test_a_table_that_grows_moves_them_as_one_by_one(formulas: Cells, rows: int) -> None:
    """References of formulas that read alike follow a Table's new size like those of each."""
    before = book(formulas)
    change = row_change(before, "T", rows)
    after = apply_change(before, change, made=False)
    for name, part in zip(SHEETS, PARTS, strict=True):
        own = part == change.part
        one_by_one = [
            (
                change.row(f.row) if own else f.row,
                f.col,
                change.formula(f.text, name, own_row=own and FIRST <= f.row <= LAST),
            )
            for f in read_formulas(before.sheet(part))
        ]
        found = [(f.row, f.col, f.text) for f in read_formulas(after.sheet(part))]
        assert found == one_by_one


def test_what_a_sheet_says_is_not_kept_alive_by_its_formulas() -> None:
    """A sheet and what is known of its formulas hold each other in no circle."""
    sheet = book({("S", 5, 3): "B5"}).sheet(PARTS[0])
    assert sheet not in vars(sheet_formulas(sheet)).values()
