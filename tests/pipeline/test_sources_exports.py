"""Exports as people bring them: totals, titles, blanks, thousands, broken quotes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.scored import score_source
from pipeline.sources import read_source
from scoring.presets import load_preset
from tests.pipeline.tables import Cell, Rows, write_csv, write_xlsx

MODEL = load_preset("scorecard")
HEAD: list[Cell] = ["Account ID", "Account", "ARR", "Engagement"]


def messages(path: Path) -> list[str]:
    return [str(p) for p in read_source(path, MODEL).problems]


@pytest.mark.parametrize("last", [["Total", None, "$3,000", None], [None, "Grand total", 3, 7]])
def test_a_row_of_totals_is_no_account(last: list[Cell], tmp_path: Path) -> None:
    """A last row named Total is left out with one note, whatever else stands in it."""
    rows: Rows = [HEAD, ["1", "One", "$1,000", 4], ["2", "Total", "$2,000", 3], last]
    inputs = read_source(write_csv(tmp_path / "a.csv", rows), MODEL)
    assert inputs.accounts["arr"].tolist() == [1000, 2000]
    (note,) = inputs.problems
    assert (note.severity, note.row, note.message) == ("note", 4, "A row of totals, not read.")


def test_titles_group_headers_line_breaks_and_blank_rows(tmp_path: Path) -> None:
    """Rows above the header and rows of blanks below it are passed over in silence."""
    rows: Rows = [
        ["Accounts, Q4", None, None, None, None],
        [None, None, "Contract", "Health", None],
        ["Account\nID", "Account", "ARR", "Engage-\nment", None],
        ["1", "One", 1000.0, 4.0, None],
        [None, None, " ", None, " "],
        ["2", "Two", 2000.0, 3.0, None],
        [None, " ", None, None, None],
    ]
    inputs = read_source(write_xlsx(tmp_path / "a.xlsx", {"Data": rows}), MODEL)
    assert inputs.accounts["engagement"].tolist() == [4, 3]
    assert not inputs.problems


def test_thousands_with_dots(tmp_path: Path) -> None:
    """A lone dot before three digits is refused unless its column or the user decides it."""
    path = write_csv(tmp_path / "a.csv", [HEAD[:3], ["1", "One", "85.000"], ["2", "Two", "9"]])
    assert read_source(path, MODEL, decimal=",").accounts["arr"][0] == 85_000
    assert messages(path) == [
        (
            "a.csv, row 2, ARR: 85.000. Ambiguous: the dot may part decimals or thousands. "
            "Type 85000 or 85, or declare the decimal mark."
        )
    ]
    path = write_csv(tmp_path / "a.csv", [HEAD[:3], ["1", "One", "85.000"], ["2", "Two", "9.25"]])
    assert read_source(path, MODEL).accounts["arr"].tolist() == [85, 9.25]


def test_quoted_line_breaks_and_an_open_quotation_mark(tmp_path: Path) -> None:
    """A quoted line break is part of its cell; a quotation mark left open is named."""
    (tmp_path / "a.csv").write_text('Account ID,Account,CSM\n1,"One\nLtd",A\n2,"Two,B\n3,Three,C\n')
    inputs = read_source(tmp_path / "a.csv", MODEL)
    assert inputs.accounts["account_name"].tolist() == ["One\nLtd"]
    (problem,) = inputs.problems
    assert problem.row == 3
    assert problem.fix.startswith('A quotation mark (") that opens in it is not closed')


def test_one_row_a_month_is_told_once(tmp_path: Path) -> None:
    """A table with many rows an account says so once instead of once a row."""
    rows: list[list[Cell]] = [["Account ID", "ARR"]]
    rows += [[f"A{i % 10}", i] for i in range(200)]
    (message,) = messages(write_csv(tmp_path / "a.csv", rows))
    assert "190 rows repeat one of 10 accounts; the first row of each counts." in message


def test_two_sheets_of_one_name(tmp_path: Path) -> None:
    """Of sheets whose names differ by blanks and case alone the one that is read is named."""
    more: Rows = [["Account ID", "ARR", "CSM"], ["2", 5, "A"]]
    path = write_xlsx(tmp_path / "a.xlsx", {"accounts": [HEAD, ["1"]], "Accounts ": more})
    assert 'The sheets "accounts" and "Accounts " have one name' in messages(path)[0]


def test_a_source_without_any_input_says_what_to_add(tmp_path: Path) -> None:
    """Where no account can score a note names the columns that would give scores."""
    path = write_csv(tmp_path / "a.csv", [HEAD[:3], ["1", "One", 5]])
    (note,) = score_source(path, MODEL, as_of=date(2026, 11, 23)).problems
    assert note.severity == "note"
    assert note.fix.startswith("Add columns named Product adoption rating, Engagement rating, ")


def test_the_terminal_says_how_to_declare(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Fixes that ask for a declaration are followed by the option that makes it."""
    head: list[Cell] = ["Account ID", "ARR", "Renewal date"]
    path = write_csv(tmp_path / "a.csv", [head, ["1", "1.234,56", "03/04/2026"]], sep=";")
    assert main(["score", str(path), "-m", "scorecard", "--as-of", "2026-11-23"]) == 1
    out = capsys.readouterr().out
    assert "Numbers with a decimal comma: add --decimal ," in out
    assert "--day-first" in out
