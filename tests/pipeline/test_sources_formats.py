"""The same accounts from every format: same values, same problems."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pipeline.sources import read_source
from scoring.inputs import Inputs
from scoring.presets import load_preset
from tests.office.client import Office
from tests.pipeline.tables import Cell, write_csv, write_xlsb, write_xlsx

MODEL = load_preset("four-dimension")
ROWS: list[list[Cell]] = [
    ["Customer accounts, November"],
    [],
    ["ID", "Account", "arr", "Renewal", "Certification Rate", "executive-sponsor",
     "Logins per week"],
    ["00123", "NA", "£1,200", "2026-12-31", "48 %", "ACTIVE", 5.0],
    ["00124", "None", "$1.2M", "31-01-2027", "48%", "passive", "#DIV/0!"],
    ["00125", "null", "€96K", "2027-02-01", 0.48, "Vacant", None],
    ["00126", "Sample 4", "120k", "2027-02-01", 48.0, "Pasive", "many"],
    ["00123", "Twice", None, None, None, None, None],
]  # fmt: skip


def check(inputs: Inputs) -> None:
    frame = inputs.accounts
    assert frame["account_id"].tolist() == ["00123", "00124", "00125", "00126"]
    assert frame["account_name"].tolist() == ["NA", "None", "null", "Sample 4"]
    assert frame["arr"].tolist() == [1200.0, 1_200_000.0, 96_000.0, 120_000.0]
    assert frame["currency"].tolist() == ["GBP", "USD", "EUR", None]
    assert frame["renewal_date"].dt.date.tolist()[:2] == [date(2026, 12, 31), date(2027, 1, 31)]
    assert frame["certification_rate"].tolist()[:3] == [0.48, 0.48, 0.48]
    assert pd.isna(frame["certification_rate"][3])
    assert frame["executive_sponsor"].tolist() == ["Active", "Passive", "Vacant", None]
    assert frame["logins_per_week"].isna().tolist() == [False, True, True, True]
    found = {(p.row, p.column, p.value, p.message) for p in inputs.problems}
    assert found == {
        (5, "Logins per week", "#DIV/0!",
         "The cell shows the error #DIV/0!, so the value is missing."),
        (7, "Certification Rate", found_value(inputs), "Not a fraction."),
        (7, "executive-sponsor", "Pasive", "Not one of Active, Passive, Vacant."),
        (7, "Logins per week", "many", "Text where a number belongs."),
        (8, "ID", "00123", "The account stands in rows 4 and 8; the first counts."),
    }  # fmt: skip


def found_value(inputs: Inputs) -> str:
    """48 from a workbook, 48.0 from text: shown as it stands."""
    return next(p.value for p in inputs.problems if p.column == "Certification Rate")


def test_xlsx(tmp_path: Path) -> None:
    """An .xlsx workbook gives all values and problems, with cell addresses."""
    inputs = read_source(write_xlsx(tmp_path / "a.xlsx", {"Accounts": ROWS}), MODEL)
    check(inputs)
    assert "Accounts!E7" in {f"{p.sheet}!{p.address}" for p in inputs.problems}


def test_xlsx_with_its_parts_at_the_root(tmp_path: Path) -> None:
    """A workbook whose parts lie at the root of the package, as some exporters write it."""
    source = write_xlsx(tmp_path / "a.xlsx", {"Accounts": ROWS})
    path = tmp_path / "root.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            text = old.read(name).replace(b'Target="xl/', b'Target="').replace(b'"/xl/', b'"/')
            new.writestr(name.removeprefix("xl/"), text)
    check(read_source(path, MODEL))


def test_xlsb(tmp_path: Path) -> None:
    """An .xlsb workbook gives the same values and problems."""
    check(read_source(write_xlsb(tmp_path / "a.xlsb", ROWS), MODEL))


@pytest.mark.office
def test_ods(tmp_path: Path, office: Office) -> None:
    """An .ods workbook gives the same values and problems."""
    source = write_xlsx(tmp_path / "a.xlsx", {"Accounts": ROWS})
    check(read_source(office.convert(source, tmp_path / "out", "ods"), MODEL))


@pytest.mark.parametrize(
    ("sep", "encoding"),
    [(",", "utf-8-sig"), (";", "utf-8"), ("\t", "utf-16"), ("|", "utf-16-le"), (";", "cp1252")],
)
def test_text(tmp_path: Path, sep: str, encoding: str) -> None:
    """Text tables give the same whatever their separator and encoding."""
    width = len(ROWS[2])
    rows = [[*row, *[None] * (width - len(row))] for row in ROWS]
    check(read_source(write_csv(tmp_path / "a.csv", rows, sep=sep, encoding=encoding), MODEL))


def test_parquet(tmp_path: Path) -> None:
    """A Parquet file is known by its content and read by column."""
    frame = pd.DataFrame({"Account ID": ["00123", "NA"], "Certification rate": [0.48, 48.0],
                          "Renewal date": pd.to_datetime(["2026-12-31"] * 2)})  # fmt: skip
    frame.to_parquet(tmp_path / "a.bin")
    inputs = read_source(tmp_path / "a.bin", MODEL)
    assert inputs.accounts["account_id"].tolist() == ["00123", "NA"]
    assert [str(p) for p in inputs.problems] == [
        "a.bin, row 3, Certification rate: 48. Not a fraction. Type 48% or 0.48."
    ]


def test_a_folder_of_tables(tmp_path: Path) -> None:
    """A folder of tables reads like a workbook with these sheets."""
    write_csv(tmp_path / "accounts.csv", [["Account ID", "Account"], ["1", "One"]])
    write_csv(tmp_path / "goals.csv", [["Account ID", "Goal"], ["One", "Grow"], ["9", "Lost"]])
    inputs = read_source(tmp_path, MODEL)
    assert inputs.tables["Goals"][["account_id", "goal"]].values.tolist() == [["1", "Grow"]]
    (problem,) = inputs.problems
    assert str(problem) == ("goals.csv, row 3, Account ID: 9. No such account in the sheet "
                            "Accounts. Type an ID that stands there; the row "
                            "is not used.")  # fmt: skip
