"""Currencies that stand only in number formats: amounts of several are never one sum."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from pipeline.sources import read_source
from pipeline.sources.formats import format_currency
from scoring.presets import load_preset
from tests.office.client import Office

MODEL = load_preset("scorecard")
FORMATS = ("[$£-809]#,##0", '"€"#,##0', "$#,##0", "_-[$EUR] * #,##0_-", "#,##0")
CODES = ["GBP", "EUR", "USD", "EUR", None]


def write(path: Path, formats: Sequence[str], said: Sequence[str | None] = ()) -> Path:
    """Accounts whose amounts have these number formats, with a Currency column where said."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Accounts")
        sheet.write_row(0, 0, ["Account ID", "ARR", *(["Currency"] if said else [])])
        for row, code in enumerate(formats, start=1):
            sheet.write_string(row, 0, f"A{row}")
            sheet.write_number(row, 1, 1000 * row, book.add_format({"num_format": code}))
            if said and said[row - 1]:
                sheet.write_string(row, 2, str(said[row - 1]))
    return path


@pytest.mark.parametrize(
    ("code", "currency"),
    [
        *zip(FORMATS, CODES, strict=True),
        ('_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_);_(@_)', "USD"),
        ("[$$-C09]#,##0", "AUD"),
        ("[$$-409]#,##0;[Red]-[$$-409]#,##0", "USD"),
        ("#,##0.00\\ [$€-407]", "EUR"),
        ("#,##0\\ \\€", "EUR"),
        ('#,##0 "CHF"', "CHF"),
        ("[$kr-41D]#,##0", "SEK"),
        ("[$-409]d mmm yyyy", None),
        ('0.0 "k"', None),
        ("0%", None),
        ("General", None),
    ],
)
def test_formats(code: str, currency: str | None) -> None:
    """A number format names a currency by sign, by code, or by sign and country."""
    assert format_currency(code) == currency


def test_row_by_row(tmp_path: Path) -> None:
    """Each amount takes the currency of its own cell's format."""
    inputs = read_source(write(tmp_path / "a.xlsx", FORMATS), MODEL)
    assert inputs.accounts["currency"].tolist() == CODES
    assert inputs.accounts["arr"].tolist() == [1000, 2000, 3000, 4000, 5000]
    assert not inputs.problems


def test_the_currency_column_counts(tmp_path: Path) -> None:
    """Where the column Currency and a format disagree the column counts, with one note."""
    said = ["GBP", "USD", None, "USD", "SEK"]
    inputs = read_source(write(tmp_path / "a.xlsx", FORMATS, said), MODEL)
    assert inputs.accounts["currency"].tolist() == ["GBP", "USD", "USD", "USD", "SEK"]
    (note,) = inputs.problems
    assert note.severity == "note"
    assert str(note) == (
        "Accounts!B3, row 3, ARR. Formatted as EUR, but Currency says USD in 2 rows, here first; "
        "USD counts. Correct the format or the column Currency."
    )


@pytest.mark.office
def test_saved_by_libreoffice(tmp_path: Path, office: Office) -> None:
    """The currencies are still read after LibreOffice has saved the workbook in its own way."""
    source = write(tmp_path / "a.xlsx", FORMATS)
    saved = office.convert(source, tmp_path / "out", "xlsx")
    assert read_source(saved, MODEL).accounts["currency"].tolist() == CODES


@pytest.mark.office
def test_open_document(tmp_path: Path, office: Office) -> None:
    """An .ods file names the currency in the cell where its format declares one with a country."""
    source = write(tmp_path / "a.xlsx", FORMATS)
    saved = office.convert(source, tmp_path / "out", "ods")
    found = read_source(saved, MODEL).accounts["currency"].tolist()
    assert found == ["GBP", None, None, "EUR", None]
