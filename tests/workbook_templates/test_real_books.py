"""Workbooks nobody here wrote: what is not filled survives byte for byte."""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from scoring.errors import WorkbookError
from workbook_templates.fill import Template, Value
from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.plan import Plan, Target
from workbook_templates.ooxml.stale import Dependents
from workbook_templates.package import Package

DATA = Path(
    os.environ.get("HEALTHSHEET_DATA")
    or Path(__file__).resolve().parents[2].parent / "shared" / "data"
)
needs_data = pytest.mark.skipif(
    not (DATA / "workbooks").is_dir(),
    reason=f"no collection of workbooks at {DATA} (set HEALTHSHEET_DATA)",
)


def _constant(book: Book) -> Target | None:
    """The first cell that holds a constant."""
    for sheet in book.sheets:
        if not sheet.has_cells:
            continue
        xml = book.sheet(sheet.part)
        for row in xml.rows:
            for cell in xml.cells(row):
                if cell.body and not xml.formula_in(cell.body):
                    return Target(sheet.part, row.number, cell.col)
    return None


_WHOLE_COLUMN = re.compile(rb'<mergeCell ref="[A-Z]+1:[A-Z]+1048576"')
"""openpyxl makes a million cells of such a merged area, which takes it minutes."""


def _opens(data: bytes) -> bool:
    try:
        if any(_WHOLE_COLUMN.search(part) for part in _parts(data).values()):
            return True
        openpyxl.load_workbook(io.BytesIO(data))
    except Exception:  # noqa: BLE001 - whatever openpyxl cannot read
        return False
    return True


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {n: archive.read(n) for n in archive.namelist()}


def _problem(path: Path) -> str:
    """What went wrong when one constant cell was filled, "" if nothing did."""
    data = path.read_bytes()
    try:
        book = Book(Package(data))
        target = _constant(book)
    except WorkbookError:
        return "" if path.suffix not in (".xlsx", ".xlsm") or not _opens(data) else "refused"
    if target is None or book.package.signed:
        return ""
    plan = Plan(book, Dependents(book), [target])
    filled = book.package.render(plan.render([12345.5]))
    old, new = _parts(data), _parts(filled)
    differing = {n.lstrip("/").replace("\\", "/") for n in old if old[n] != new.get(n)}
    allowed = plan.parts.keys() | ({book.workbook} if plan.stale else set())
    if old.keys() != new.keys() or not {target.part} <= differing <= allowed:
        return f"other parts changed: {sorted(differing - allowed)}"
    return "openpyxl cannot open it any more" if _opens(data) and not _opens(filled) else ""


@needs_data
@pytest.mark.slow
@pytest.mark.parametrize("share", range(8))
def test_one_filled_cell_leaves_the_rest_of_any_workbook_alone(share: int) -> None:
    """One filled cell leaves the rest of any workbook alone."""
    paths = sorted(p for p in (DATA / "workbooks").rglob("*") if p.is_file())[share::8]
    assert paths
    problems = {path.name: problem for path in paths if (problem := _problem(path))}
    assert problems == {}


@needs_data
def test_a_rich_workbook_keeps_everything_people_made() -> None:
    """A rich workbook keeps everything people made."""
    data = (DATA / "rich.xlsm").read_bytes()
    filled = Template(data).fill({"Weights": [["SMB"], ["Mid & low"], [None]]})
    old, new = _parts(data), _parts(filled)
    assert [n for n in old if old[n] != new[n]] == ["xl/worksheets/sheet4.xml"]
    assert list(old) == list(new)


@needs_data
@pytest.mark.parametrize("rows", [1, 40, 75])
def test_a_rich_workbooks_table_takes_any_number_of_rows(rows: int) -> None:
    """A rich workbooks table takes any number of rows."""
    data = (DATA / "rich.xlsm").read_bytes()
    given: list[dict[str, Value]] = [{"Account": f"A{k}", "Usage": float(k)} for k in range(rows)]
    filled = Template(data).fill({}, {"tblScores": given})
    old, new = _parts(data), _parts(filled)
    assert old.keys() - new.keys() <= {"xl/calcChain.xml"}
    table = Template(filled).tables["tblScores"]
    assert (table.ref, table.rows) == (f"A1:I{rows + 1}", rows)
    assert _opens(filled)
    kept = [n for n in new if not n.endswith((".xml", ".rels"))]
    assert all(old[n] == new[n] for n in kept)
