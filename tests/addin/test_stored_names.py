"""Names of functions inside .xlsx files, and the command that changes them."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from addin.hosts.libreoffice.stored_names import PROGRAMS, rename_functions
from addin.registry import FUNCTIONS
from pipeline.cli import main
from tests.office.client import Office

LONG, SHORT = "ORG.HEALTHSHEET.CELLS.HEALTHTIER", "_xldudf_HEALTH_TIER"


@pytest.mark.parametrize(
    ("stored", "wanted"),
    [
        (f"{SHORT}(A1)", f"{LONG}(A1)"),
        ("HEALTH_TIER(A1)", f"{LONG}(A1)"),
        ("[1]!HEALTH_TIER(A1)", f"{LONG}(A1)"),
        ("_xll.HEALTH_TIER(A1)", f"{LONG}(A1)"),
        ("_xldudf_health_tier(A1)", f"{LONG}(A1)"),
        ("IF(B1&lt;2,HEALTH_TIER(A1),HEALTH_TIER (A2))",
         f"IF(B1&lt;2,{LONG}(A1),{LONG} (A2))"),
        ('"HEALTH_TIER(A1)"&amp;HEALTH_TIER(A1)', f'"HEALTH_TIER(A1)"&amp;{LONG}(A1)'),
        ("&quot;HEALTH_TIER(&quot;", "&quot;HEALTH_TIER(&quot;"),
        ("MY_HEALTH_TIER(A1)", "MY_HEALTH_TIER(A1)"),
        ("HEALTH_TIERS(A1)+HEALTH_TIER", "HEALTH_TIERS(A1)+HEALTH_TIER"),
    ],
)  # fmt: skip
def test_formulas(stored: str, wanted: str) -> None:
    """Calls under any name are found; texts and names that only look alike stay."""
    xml = f'<row><c><f t="array" ref="A1">{stored}</f><v>HEALTH_TIER(</v></c><c><f/></c></row>'
    renamed, changed = rename_functions(xml, "libreoffice")
    assert renamed == xml.replace(stored, wanted, 1)
    assert changed == wanted.count(LONG)


@given(st.lists(st.sampled_from(FUNCTIONS), min_size=1), st.sampled_from(sorted(PROGRAMS)))
def test_there_and_back(functions: list[object], program: str) -> None:
    """Names for one program become those of the other and the same again, whatever the order."""
    names = [PROGRAMS[program](f) for f in functions]  # type: ignore[arg-type]
    other = next(name for name in PROGRAMS if name != program)
    xml = "".join(f"<x:f>{name}(A1)</x:f>" for name in names)
    there, changed = rename_functions(xml, other)
    assert changed == len(names)
    assert rename_functions(there, program) == (xml, changed)
    assert rename_functions(xml, program) == (xml, 0)


def _workbook(path: Path, prefix: str) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        sheet.write_row("A1", [4, 5, 3, 4, 4])
        sheet.write_array_formula("A3:E9", f"{{={prefix}HEALTH_SCORECARD(A1:E1)}}")
        sheet.write_formula("G1", f"={prefix}HEALTH_SCORE(A1:E1)", value=0)
        book.define_name("Tier", f"={prefix}HEALTH_TIER(Data!$G$1)")
        sheet.write_formula("G2", "=Tier", value="")
    return path


@pytest.mark.office
@pytest.mark.parametrize("prefix", ["_xldudf_", "[1]!", ""])
def test_command_for_libreoffice(office: Office, tmp_path: Path, prefix: str) -> None:
    """A workbook from Excel, spilled tables and names included, calculates in LibreOffice."""
    path = _workbook(tmp_path / "excel.xlsx", prefix)
    assert main(["addin", "rename", str(path), "--for", "libreoffice"]) == 0
    shown = office.recalculate(tmp_path / "excel-libreoffice.xlsx")["Data"]
    assert (shown["G1"], shown["G2"], shown["A3"], shown["D9"]) == (
        80.0,
        "Green",
        "Dimension",
        80.0,
    )


@pytest.mark.office
def test_command_for_excel(office: Office, tmp_path: Path) -> None:
    """What LibreOffice saved has Excel's names afterwards, and its values."""
    made = _workbook(tmp_path / "a.xlsx", "")
    main(["addin", "rename", str(made), "--for", "libreoffice"])
    made = tmp_path / "a-libreoffice.xlsx"
    saved = office.convert(made, tmp_path / "out", "xlsx", recalculate=True)
    target = tmp_path / "back.xlsx"
    assert main(["addin", "rename", str(saved), "--for", "excel", "-o", str(target)]) == 0
    # LibreOffice 25 writes these names itself, and there is nothing to rename.
    with zipfile.ZipFile(target if target.exists() else saved) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    found = re.findall(r"<f[^>]*>(\w+)\(A1:E1\)</f><v>([^<]*)</v>", sheet)
    assert {name for name, _ in found} == {"_xldudf_HEALTH_SCORECARD", "_xldudf_HEALTH_SCORE"}
    assert "80" in {value for _, value in found}


def test_command_without_functions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A workbook that has none of the functions is left alone."""
    path = tmp_path / "none.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_formula("A1", "=SUM(B1:C1)")
    assert main(["addin", "rename", str(path), "--for", "excel"]) == 0
    assert "Nothing written." in capsys.readouterr().out
    assert [p.name for p in tmp_path.iterdir()] == ["none.xlsx"]


def test_command_with_another_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is no workbook is an error in a sentence."""
    path = tmp_path / "table.xlsx"
    path.write_text("a,b")
    assert main(["addin", "rename", str(path), "--for", "excel"]) == 2
    assert "is not an Excel workbook" in capsys.readouterr().err
