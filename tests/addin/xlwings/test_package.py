"""The add-in's file."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from addin.hosts.xlwings.package import write_xlam
from addin.hosts.xlwings.ribbon import BUTTONS
from addin.hosts.xlwings.vba import modules
from addin.registry import FUNCTIONS
from scoring.errors import HostError
from tests.addin.xlwings.reading import Compound, decompressed
from tests.validity import assert_valid

SETTINGS = {"Version": "0.1.0", "Command": 'cmd.exe /K ""C:\\A & B\\pythonw.exe" -c "<x>""'}


@pytest.fixture(scope="module")
def xlam(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The add-in, written once."""
    path = tmp_path_factory.mktemp("xlam") / "new" / "healthsheet.xlam"
    write_xlam(path, SETTINGS, xlwings_version="1.2.3")
    return path


def _rows(path: Path, part: str) -> list[list[str]]:
    with zipfile.ZipFile(path) as book:
        root = etree.fromstring(book.read(part))
    rows = root.iter("{*}row")
    return [["".join(map(str, cell.itertext())) for cell in row.iter("{*}c")] for row in rows]


def test_excel_would_open_it(xlam: Path) -> None:
    """Microsoft's validator finds nothing wrong, the ribbon included."""
    assert_valid(xlam)


def test_it_is_an_add_in_with_macros(xlam: Path) -> None:
    """The content type says so, and the project holds every module."""
    with zipfile.ZipFile(xlam) as book:
        assert b"ms-excel.addin.macroEnabled.main+xml" in book.read("[Content_Types].xml")
        streams = Compound(book.read("xl/vbaProject.bin")).streams
    for name, source in modules("1.2.3").items():
        assert decompressed(streams[f"VBA/{name}"]).decode().endswith(source)


def test_code_names_are_modules(xlam: Path) -> None:
    """Workbook and sheets are called as their modules are."""
    with zipfile.ZipFile(xlam) as book:
        streams = Compound(book.read("xl/vbaProject.bin")).streams
        parts = [n for n in book.namelist() if n.startswith("xl/w") and n.endswith(".xml")]
        named = {re.search(rb'codeName="(\w+)"', book.read(p))[1].decode() for p in parts}  # type: ignore[index]
    assert named == {"ThisWorkbook", "SettingsSheet", "FunctionsSheet"}
    assert {f"VBA/{name}" for name in named} <= set(streams)


def test_settings_stand_in_cells(xlam: Path) -> None:
    """The VBA finds each setting in column B beside its name."""
    assert _rows(xlam, "xl/worksheets/sheet1.xml") == [list(pair) for pair in SETTINGS.items()]


def test_help_stands_in_cells(xlam: Path) -> None:
    """Every function with its help, category and the help of each argument."""
    rows = _rows(xlam, "xl/worksheets/sheet2.xml")
    assert [row[0] for row in rows] == [f.name for f in FUNCTIONS]
    for row, function in zip(rows, FUNCTIONS, strict=True):
        helped = [a.help for a in function.arguments]
        assert row[1:] == [function.help, "HealthSheet", str(len(helped)), *helped]


def test_buttons_call_the_add_in(xlam: Path) -> None:
    """Each button runs the one macro of the ribbon and names its command."""
    with zipfile.ZipFile(xlam) as book:
        buttons = list(etree.fromstring(book.read("customUI/customUI14.xml")).iter("{*}button"))
    assert [b.get("tag") for b in buttons] == [b.command for b in BUTTONS]
    assert {b.get("onAction") for b in buttons} == {"HealthRibbon.RunCommand"}
    assert "Public Sub RunCommand(control As Object)" in modules("1.2.3")["HealthRibbon"]


def test_same_settings_give_the_same_file(xlam: Path, tmp_path: Path) -> None:
    """Nothing in the file depends on the day or the machine."""
    again = tmp_path / "again.xlam"
    write_xlam(again, SETTINGS, xlwings_version="1.2.3")
    assert again.read_bytes() == xlam.read_bytes()


def test_a_file_that_is_open_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says which file and what to do, and the old file stays."""
    path = tmp_path / "healthsheet.xlam"
    path.write_text("old")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(HostError, match=r"Permission denied\. Close Excel"):
        write_xlam(path, SETTINGS, xlwings_version="1.2.3")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["healthsheet.xlam"]
