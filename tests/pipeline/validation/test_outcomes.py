"""Lists of outcomes as people have them: any format, other words, bad cells, wrong files."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pipeline.validation.outcomes import Outcomes, read_outcomes
from scoring.errors import DataError
from tests.pipeline.tables import Cell, Rows, write_csv, write_xlsb, write_xlsx

NAMES = {"S-1": "Sample 1", "S-2": "Sample 2", "S-3": "Twin", "S-4": "Twin"}
AS_OF = date(2026, 6, 1)
ROWS: Rows = [
    ["Account ID", "Outcome", "Date", "ARR before", "ARR after", "Reason"],
    ["S-1", "Renewed", "2026-03-01", 1000, 700, ""],
    ["S-2", "Churned", "2026-04-01", 2000, 0, "Price"],
]


def read(path: Path | str, **more: object) -> Outcomes:
    """Read as of June."""
    return read_outcomes(str(path), NAMES, as_of=AS_OF, **more)  # type: ignore[arg-type]


def write(path: Path, rows: Sequence[Sequence[Cell]]) -> Path:
    """One table in the format that the ending says."""
    if path.suffix == ".xlsx":
        return write_xlsx(path, {"Outcomes": rows})
    if path.suffix == ".xlsb":
        return write_xlsb(path, rows)
    if path.suffix == ".parquet":
        headers = [str(header) for header in rows[0]]
        pd.DataFrame(list(rows[1:]), columns=headers).to_parquet(path)
        return path
    return write_csv(path, rows)


@pytest.mark.parametrize("ending", ["csv", "xlsx", "xlsb", "parquet"])
def test_every_format(tmp_path: Path, ending: str) -> None:
    """The same list in each format says the same."""
    read_back = read(write(tmp_path / f"list.{ending}", ROWS))
    assert read_back.frame["outcome"].tolist() == ["contracted", "churned"]
    assert read_back.frame["date"].tolist() == [pd.Timestamp(2026, 3, 1), pd.Timestamp(2026, 4, 1)]
    assert read_back.frame["arr"].tolist() == [1000.0, 2000.0]
    assert read_back.frame["account_name"].tolist() == ["Sample 1", "Sample 2"]
    assert read_back.problems == ()


def test_an_export_of_churn_events(tmp_path: Path) -> None:
    """A byte-order mark, days first, columns that mean nothing here: all rows churned."""
    text = (
        "\ufeffchurn_event_id,account_id,churn_date,reason_code,is_reactivation\n"
        "C-1,S-1,27-10-2025,pricing,FALSE\nC-2,S-2,05-06-2025,support,FALSE\n"
    )
    path = tmp_path / "churn_events.csv"
    path.write_text(text, encoding="utf-8")
    found = read(path)
    assert found.frame["outcome"].tolist() == ["churned", "churned"]
    assert found.frame["date"].tolist() == [pd.Timestamp(2025, 10, 27), pd.Timestamp(2025, 6, 5)]
    assert found.frame["reason"].tolist() == ["pricing", "support"]
    assert {p.severity for p in found.problems} == {"note"}


def test_ambiguous_days(tmp_path: Path) -> None:
    """03/04 is a value to fix until somebody says how it is read."""
    rows: Rows = [["Account ID", "Churn date"], ["S-1", "03/04/2026"]]
    path = write_csv(tmp_path / "list.csv", rows)
    with pytest.raises(DataError, match="03/04/2026"):
        read(path)
    assert read(path, day_first=True).frame["date"].tolist() == [pd.Timestamp(2026, 4, 3)]
    assert read(path, day_first=False).frame["date"].tolist() == [pd.Timestamp(2026, 3, 4)]


def test_accounts_by_name_and_in_another_case(tmp_path: Path) -> None:
    """A name or an id in other case finds the account; one name of two accounts finds none."""
    rows: Rows = [
        ["Account", "Churn date"], ["Sample 1", "2026-03-01"], ["s-2", "2026-03-01"],
        ["twin", "2026-03-01"],
    ]  # fmt: skip
    found = read(write_csv(tmp_path / "list.csv", rows))
    assert found.frame["account_id"].tolist() == ["S-1", "S-2", "twin"]
    (doubt,) = found.problems
    assert "several accounts" in doubt.message


def test_bad_cells_do_not_take_good_rows_along(tmp_path: Path) -> None:
    """Each is told with its cell and what to do; the other rows count."""
    rows: Rows = [
        *ROWS, ["S-1", "Blue", "2026-05-01", 1, 1, ""], ["", "Churned", "2026-05-01", 1, 0, ""],
        ["S-1", "Churned", "soon", 1, 0, ""], ["S-2", "Renewed", "2026-05-02", "much", 1, ""],
    ]  # fmt: skip
    found = read(write_xlsx(tmp_path / "list.xlsx", {"Outcomes": rows}))
    assert len(found.frame) == 3
    wrong = {p.address: p for p in found.problems if p.severity == "error"}
    assert set(wrong) == {"A5", "B4", "C6", "D7"}
    assert all(p.fix for p in wrong.values())
    assert wrong["B4"].account == "S-1"
    assert [(x.reason, x.count) for x in found.left_out] == [("A value to fix", 3)]


def test_the_sheet(tmp_path: Path) -> None:
    """Outcomes is read where there is one; another by its name; a wrong name lists all."""
    renewals: Rows = [["Account ID", "Renewal date"], ["S-1", "2026-01-01"]]
    sheets = {"Accounts": renewals, "Outcomes": ROWS, "Lost": [ROWS[0], ROWS[2]]}
    path = write_xlsx(tmp_path / "book.xlsx", sheets)
    assert len(read(path).frame) == 2
    assert read(path, sheet="lost").frame["outcome"].tolist() == ["churned"]
    assert read(path).shown == "book.xlsx, sheet Outcomes"
    with pytest.raises(DataError, match=r"no sheet Gone\. It has: Accounts, Outcomes, Lost"):
        read(path, sheet="Gone")


def test_a_query(tmp_path: Path) -> None:
    """A database answers with the list; what is no database takes no query."""
    path = tmp_path / "crm.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE lost (account_id TEXT, churn_date TEXT)")
        connection.execute("INSERT INTO lost VALUES ('S-1', '2026-03-01'), ('S-2', '2026-07-01')")
    query = "select * from lost where churn_date <= :as_of"
    found = read(f"sqlite:///{path}", query=query)
    assert found.frame["account_id"].tolist() == ["S-1"]
    with pytest.raises(DataError, match="Leave it out"):
        read(write_csv(tmp_path / "list.csv", ROWS), query=query)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["Account ID", "Outcome", "Date"]], "headers but no outcome"),
        ([["Account ID", "Date"], ["S-1", "2026-03-01"]], "no column of the outcome"),
        ([["Account ID", "Outcome"], ["S-1", "churned"]], "no column of a date"),
        ([["Outcome", "Date"], ["churned", "2026-03-01"]], "no column of the account"),
        ([["Colour", "Size"], ["blue", "4"]], "no list of outcomes"),
        ([["Account ID", "Churn date"], ["X-1", "2026-03-01"]], "None of the 1 accounts"),
    ],
)
def test_what_is_no_list(tmp_path: Path, rows: Rows, said: str) -> None:
    """It is refused with what is lacking and what it should look like."""
    with pytest.raises(DataError, match=said):
        read(write_csv(tmp_path / "list.csv", rows))


def test_files_that_are_none(tmp_path: Path) -> None:
    """A file that is not there, an empty one and a folder are refused in words."""
    empty = tmp_path / "empty.csv"
    empty.touch()
    for path, said in ((tmp_path / "no.csv", "does not exist"), (empty, "empty"),
                       (tmp_path, "no list of outcomes")):  # fmt: skip
        with pytest.raises(DataError, match=said):
            read(path)


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (["Opportunity Name", "Account Name", "Stage", "Close Date", "Amount"],
         ["Renewal", "Sample 1", "Closed Lost", "2026-03-01", "$1,000.00"]),
        (["Record ID", "Deal Name", "Associated Company", "Deal Stage", "Close Date"],
         [7, "Renewal", "Sample 1", "closedlost", "2026-03-01 14:32"]),
        (["Company name", "Churned?", "End date"], ["Sample 1", "Yes", "1 March 2026"]),
    ],
)  # fmt: skip
def test_exports_of_a_crm(tmp_path: Path, head: list[Cell], row: list[Cell]) -> None:
    """Headers as Salesforce and HubSpot write them; columns that mean nothing here stay."""
    found = read(write_csv(tmp_path / "export.csv", [head, row])).frame
    assert found[["account_id", "outcome"]].to_numpy().tolist() == [["S-1", "churned"]]
    assert found["date"].dt.normalize().tolist() == [pd.Timestamp(2026, 3, 1)]


def test_a_workbook_without_the_sheet_names_its_sheets(tmp_path: Path) -> None:
    """No long list of somebody's headers, where the sheet is what is missing."""
    sheets: dict[str, Rows] = {
        "Accounts": [["Account ID", "ARR", "Renewal date"], ["S-1", 1, "2026-01-01"]],
        "Goals": [["Account ID", "Goal"], ["S-1", "Save time"]],
    }
    with pytest.raises(DataError, match=r"has no sheet Outcomes\. It has: Accounts, Goals\."):
        read(write_xlsx(tmp_path / "accounts.xlsx", sheets))


def test_a_message_lists_some_headers(tmp_path: Path) -> None:
    """Of a wide table the first ones, and how many more."""
    head: list[Cell] = ["Account ID", "Date", *(f"M{n}" for n in range(20))]
    rows: Rows = [head, ["S-1", "2026-03-01", *range(20)]]
    with pytest.raises(DataError, match=r"It has: Account ID, Date, M0, .*, M5, 14 more\. It"):
        read(write_csv(tmp_path / "wide.csv", rows))


def test_a_web_address_is_no_database() -> None:
    """Nothing is fetched: the file is to be saved first."""
    with pytest.raises(DataError, match=r"is a web address\. Save the file"):
        read("https://crm.example.com/outcomes.csv")
