"""Everything wrong with a source is told at once; what is right still scores."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from pipeline.scored import score_source
from pipeline.sources import read_source
from scoring.errors import DataError
from scoring.presets import load_preset
from tests.pipeline.tables import Rows, write_csv, write_xlsx

MODEL = load_preset("scorecard")


def test_headers_rows_and_optional_sheets(tmp_path: Path) -> None:
    """Headers rows and optional sheets."""
    sheets: dict[str, Rows] = {
        "Accounts": [
            ["Account ID", "Account", "CSM", "Owner", "Sentimnt", "Engagement"],
            ["1", "One", "A", "B", "x", 6],
            [None, "No id", "A", None, None, 4],
            [None, None, "Lonely", None, None, 3],
        ],
        "Risks": [["Account ID", "Severity"], ["1", "High"]],
        "Overrides": [
            ["Account ID", "Tier", "Reason", "Author", "Expires"],
            ["1", "Purple", "r", "a", "2027-01-01"],
            ["1", "Red", "r", "a", None],
            ["1", "Red", "Sponsor left", "Sample CSM", "2027-01-01"],
        ],
    }  # fmt: skip
    inputs = read_source(write_xlsx(tmp_path / "a.xlsx", sheets), MODEL)
    assert inputs.accounts["account_id"].tolist() == ["1", "No id"]
    assert inputs.accounts["override_tier"].tolist() == ["red", None]
    assert [str(p) for p in inputs.problems] == [
        "Accounts!E1, row 1, Sentimnt. Unknown column, not read. Rename it if the model needs it.",
        (
            "Accounts!D1, row 1, Owner. The same column as CSM in C1; this one is not read. "
            "Delete or rename one."
        ),
        "Accounts!F2, row 2, Engagement: 6. Outside the scale 1 to 5. Type a value from 1 to 5.",
        (
            "Accounts!A3, row 3, Account ID. No account ID. "
            "Type one; until then the row goes under its name."
        ),
        (
            "Accounts!A4, row 4, Account ID. No account ID. Type one, or delete the row; "
            "it is not used."
        ),
        "Risks. The sheet has no column Risk; it is not read. Add the column.",
        "Overrides!B2, row 2, Tier: Purple. Not one of Green, Amber, Red. Type one.",
        (
            "Overrides!E3, row 3, Expires. The override has no expiry date, so it is not applied. "
            "Type one."
        ),
    ]


def test_ragged_rows_are_named_and_not_shifted(tmp_path: Path) -> None:
    """Ragged rows are named and not shifted."""
    (tmp_path / "a.csv").write_text(
        "Account ID,Account,CSM\n1,One,A\n2,Two\n3,Three,C,D\n4,Four,E\n"
    )
    inputs = read_source(tmp_path / "a.csv", MODEL)
    assert inputs.accounts["account_id"].tolist() == ["1", "4"]
    assert [str(p) for p in inputs.problems] == [
        (
            "a.csv, row 3. The row has 2 cells, the header 3; it is not used. "
            "Look for a missing separator or quotation mark."
        ),
        (
            "a.csv, row 4. The row has 4 cells, the header 3; it is not used. "
            "Look for a missing separator or quotation mark."
        ),
    ]


def test_the_sheet_with_most_known_headers_holds_the_accounts(tmp_path: Path) -> None:
    """The sheet with most known headers holds the accounts."""
    sheets: dict[str, Rows] = {
        "Notes": [["Account", "Other", "CSM"], ["x", "y", "z"]],
        "Customers": [["Account ID", "Account", "CSM", "ARR"], ["1", "One", "A", 5]],
    }
    path = write_xlsx(tmp_path / "a.xlsx", sheets)
    assert read_source(path, MODEL).accounts["account_id"].tolist() == ["1"]
    assert read_source(path, MODEL, sheet="notes").accounts["account_id"].tolist() == ["x"]


def test_declared_decimal_comma_and_day_order(tmp_path: Path) -> None:
    """Declared decimal comma and day order."""
    rows = [["Account ID", "ARR", "Renewal date"], ["1", "1.234,56", "03/04/2026"]]
    path = write_csv(tmp_path / "a.csv", rows, sep=";")
    assert len(read_source(path, MODEL).problems) == 2
    inputs = read_source(path, MODEL, decimal=",", day_first=True)
    assert not inputs.problems
    assert inputs.accounts["arr"].tolist() == [1234.56]
    assert str(inputs.accounts["renewal_date"][0].date()) == "2026-04-03"


def test_a_table_of_something_else(tmp_path: Path) -> None:
    """A table that shares one column with accounts is told apart from one without any."""
    rows = [["churn_event_id", "account_id", "churn_date"], ["C-1", "A-1", "2024-10-27"]]
    with pytest.raises(DataError) as caught:
        read_source(write_csv(tmp_path / "events.csv", rows), MODEL)
    assert str(caught.value).startswith(
        "events.csv has only one known column, account_id (row 1); an accounts table needs "
    )


@pytest.mark.parametrize("name", ["Score history", "HISTORY", "snapshots"])
def test_names_of_the_score_history(name: str, tmp_path: Path) -> None:
    """Earlier scores are found under the name we write and under those people choose."""
    sheets: dict[str, Rows] = {
        "Accounts": [["Account ID", "Account"], ["1", "One"]],
        name: [["Account ID", "Date", "Score"], ["1", "2026-10-01", 55]],
    }
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    assert read_source(path, MODEL).history["score"].tolist() == [55.0]


def test_expired_overrides(tmp_path: Path) -> None:
    """An override counts on its last day; after it a note says so and the model's tier stands."""
    sheets: dict[str, Rows] = {
        "Accounts": [["Account ID", "Engagement"], ["SA-012", 5], ["SA-013", 5]],
        "Overrides": [
            ["Account ID", "Tier", "Reason", "Author", "Expires"],
            ["SA-012", "Red", "Sponsor left", "CSM Sample A", "2026-11-01"],
            ["SA-013", "Red", "Old", "CSM Sample A", "2026-10-01"],
            ["SA-013", "Red", "New", "CSM Sample A", "2026-12-01"],
        ],
    }
    model = MODEL.model_copy(update={"min_coverage": 0.0})
    path = write_xlsx(tmp_path / "a.xlsx", sheets)
    last_day = score_source(path, model, as_of=date(2026, 11, 1))
    assert last_day.problems == ()
    assert last_day.scores.tier.tolist() == ["red", "red"]
    after = score_source(path, model, as_of=date(2026, 11, 2))
    assert after.scores.tier.tolist() == ["green", "red"]
    (note,) = after.problems
    assert note.severity == "note"
    assert str(note) == (
        "Overrides, row 2. Override of SA-012 by CSM Sample A expired on 1 Nov 2026; the model's "
        "tier stands. Renew or delete the row."
    )


def test_each_problem_of_a_row_says_whose_it_is(tmp_path: Path) -> None:
    """By its id, else its name; a row without either, a column and a sheet are nobody's."""
    sheets: dict[str, Rows] = {
        "Accounts": [
            ["Account ID", "Account", "ARR", "Sentimnt"],
            ["A-1", "One", "abc", 1],
            [None, "Two", "xyz", 1],
            [None, None, "uvw", 1],
        ],
        "Overrides": [
            ["Account", "Tier", "Reason", "Author", "Expires"],
            ["One", "Purple", "r", "a", "2027-01-01"],
        ],
    }
    inputs = read_source(write_xlsx(tmp_path / "a.xlsx", sheets), MODEL)
    whose = {(p.sheet, p.row, p.column): p.account for p in inputs.problems}
    assert whose["Accounts", 2, "ARR"] == "A-1"
    assert whose["Accounts", 3, "ARR"] == whose["Accounts", 3, "Account ID"] == "Two"
    assert whose["Accounts", 4, "Account ID"] == ""
    assert [p.account for p in inputs.problems if p.column == "Sentimnt"] == [""]
    assert whose["Overrides", 2, "Tier"] == "One"
