"""Files that are damaged, dangerous or something else: one clear message, no crash."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from pipeline.sources import read_source
from scoring.errors import DataError
from scoring.presets import load_preset
from tests.pipeline.tables import Rows, write_xlsb, write_xlsx

MODEL = load_preset("scorecard")
GOOD: dict[str, Rows] = {"Accounts": [["Account ID", "Account"], ["1", "One"]]}


def replaced(path: Path, target: Path, change: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            out.writestr(name, change.get(name, source.read(name)))
    return target


def refusal(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        read_source(path, MODEL)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "x.xlsx is empty (0 bytes)."),
        (b"   \n", "x.xlsx is empty."),
        (b"%PDF-1.7", "x.xlsx is a PDF file"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "x.xlsx is an old Excel 97–2003 file"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password-protected"),
        (b"PK\x03\x04 and then nothing", "x.xlsx is damaged."),
        (b"<html><table>", "x.xlsx is a web page"),
        (b"a\x00\x01\x02\x03bcdefgh\xff", "x.xlsx is no workbook"),
        (b"PAR1 broken", "x.xlsx cannot be read as Parquet."),
        (b"one,two\n1,2\n", "has no column of accounts"),
        (b"Account ID,Account\n", "x.xlsx has headers but no row with an account."),
    ],
)
def test_other_files(tmp_path: Path, content: bytes, message: str) -> None:
    """Other files."""
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    assert message in refusal(path)


def test_nothing_there_and_folders(tmp_path: Path) -> None:
    """Nothing there and folders."""
    assert "does not exist" in refusal(tmp_path / "no.xlsx")
    assert "folder without accounts.csv" in refusal(tmp_path)


def test_a_far_cell_is_refused_before_memory_is(tmp_path: Path) -> None:
    """A far cell is refused before memory is."""
    good = write_xlsx(tmp_path / "good.xlsx", GOOD)
    sheet = (b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
             b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">'
             b'<c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>')  # fmt: skip
    path = replaced(good, tmp_path / "far.xlsx", {"xl/worksheets/sheet1.xml": sheet})
    assert "row 1,048,576, column 16,384 lies far outside" in refusal(path)
    path = write_xlsb(tmp_path / "far.xlsb", GOOD["Accounts"], far=True)
    assert "row 1,048,576, column 16,384 lies far outside" in refusal(path)


FAR_CELLS = {
    "in the middle": b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row><row r="3"/>',
    "in another row's tag": b'<row r="2"><c r="XFD1048576"><v>1</v></c></row>',
    "in lower case": b'<row r="1048576"><c r="xfd1048576"><v>1</v></c></row>',
    "under a prefix": b'<x:row r="1048576"><x:c r="XFD1048576"><v>1</v></x:c></x:row>',
    "in single quotes": b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    "behind an attribute": b'<row s="1" r="1048576"><c s="0" r="XFD1048576"><v>1</v></c></row>',
    "with blanks": b'<row r = "1048576"><c r = "XFD1048576"><v>1</v></c></row>',
    "without a reference": b'<row r="1000000">' + b"<c/>" * 16383 + b"<c><v>1</v></c></row>",
}


@pytest.mark.parametrize("place", FAR_CELLS)
def test_a_far_cell_is_found_however_it_is_written(place: str, tmp_path: Path) -> None:
    """A far cell is refused however its tags are written."""
    good = write_xlsx(tmp_path / "good.xlsx", GOOD)
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    head = b'<worksheet xmlns="%b" xmlns:x="%b"><sheetData>' % (main, main)
    sheet = head + b'<row r="1"><c r="A1"><v>1</v></c></row>' + FAR_CELLS[place]
    change = {"xl/worksheets/sheet1.xml": sheet + b"</sheetData></worksheet>"}
    path = replaced(good, tmp_path / "far.xlsx", change)
    assert "lies far outside any data" in refusal(path)


def test_a_sheet_in_utf_16(tmp_path: Path) -> None:
    """A sheet whose encoding would hide its cells from the check is refused."""
    good = write_xlsx(tmp_path / "good.xlsx", GOOD)
    change = {"xl/worksheets/sheet1.xml": "<worksheet><sheetData/></worksheet>".encode("utf-16")}
    assert "is damaged" in refusal(replaced(good, tmp_path / "wide.xlsx", change))


def test_a_part_longer_than_it_says(tmp_path: Path) -> None:
    """A part that unpacks to more than its entry claims is refused."""
    good = write_xlsx(tmp_path / "good.xlsx", GOOD)
    data = bytearray(good.read_bytes())
    entry = data.rindex(b"xl/worksheets/sheet1.xml") - 46
    assert data[entry : entry + 4] == b"PK\x01\x02"
    data[entry + 24 : entry + 28] = (200).to_bytes(4, "little")
    (tmp_path / "long.xlsx").write_bytes(data)
    assert "long.xlsx is damaged" in refusal(tmp_path / "long.xlsx")


def test_far_formatted_but_empty_cells_do_no_harm(tmp_path: Path) -> None:
    """Far formatted but empty cells do no harm."""
    good = write_xlsx(tmp_path / "good.xlsx", GOOD)
    with zipfile.ZipFile(good) as package:
        sheet = package.read("xl/worksheets/sheet1.xml")
    far = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    change = {"xl/worksheets/sheet1.xml": sheet.replace(b"</sheetData>", far)}
    path = replaced(good, tmp_path / "far.xlsx", change)
    assert len(read_source(path, MODEL).accounts) == 1


def test_a_zip_bomb_and_billion_laughs(tmp_path: Path) -> None:
    """A zip bomb and billion laughs."""
    good = write_xlsx(tmp_path / "good.xlsx", GOOD)
    bomb = replaced(good, tmp_path / "bomb.xlsx", {"xl/worksheets/sheet1.xml": b" " * 300_000_000})
    assert "unpacks to 300 MB" in refusal(bomb)
    entities = b'<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]><workbook>&b;</workbook>'
    path = replaced(good, tmp_path / "laughs.xlsx", {"xl/workbook.xml": entities})
    assert "laughs.xlsx is damaged" in refusal(path)


def test_a_plain_zip_and_a_workbook_cut_short(tmp_path: Path) -> None:
    """A plain zip and a workbook cut short."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out:
        out.writestr("hello.txt", "hello")
    assert "is a zip archive, not a workbook" in refusal(tmp_path / "a.zip")
    good = write_xlsx(tmp_path / "good.xlsx", GOOD)
    change = {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}
    assert refusal(replaced(good, tmp_path / "cut.xlsx", change))


def test_a_string_table_that_lies_about_its_size(tmp_path: Path) -> None:
    """Four thousand million claimed texts are refused before memory is reserved for them."""
    good = write_xlsx(tmp_path / "good.xlsx", GOOD)
    strings = b'<sst count="4294967295" uniqueCount="4294967295"><si><t>a</t></si></sst>'
    path = replaced(good, tmp_path / "lie.xlsx", {"xl/sharedStrings.xml": strings})
    assert "lie.xlsx is damaged" in refusal(path)
