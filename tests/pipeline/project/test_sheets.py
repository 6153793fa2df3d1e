"""Several tables become sheets: joined by account, or one below the other."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pandas as pd
import pytest

from scoring.errors import DataError
from tests.pipeline.project.conftest import Read
from tests.postgres import Postgres

CRM = "sfdc_id,name,owner\n0017,Sample One,Kim\n0018,Sample Two,Lee\n0019,Sample Three,\n"
BILLING = "account,arr,csat\n0018,2000,4\n0017,1000,9\n0099,5,4\n0018,7,4\n"
BOTH = """
[source.tables.crm]
file = "crm.csv"
[source.tables.billing]
file = "billing.csv"

[[source.sheets.accounts]]
table = "crm"
columns = { "Account ID" = "sfdc_id", Account = "name", CSM = "owner" }
[[source.sheets.accounts]]
table = "billing"
columns = { "Account ID" = "account", ARR = "arr", csat = "csat" }
constants = { Currency = "EUR" }
"""


def test_two_files_by_account(read: Read) -> None:
    """The first says which accounts there are; ids keep their zeros, constants fill a column."""
    found = read(BOTH, {"crm.csv": CRM, "billing.csv": BILLING})
    accounts = found.accounts.set_index("account_id")
    assert list(accounts.index) == ["0017", "0018", "0019"]
    assert accounts["arr"].tolist()[:2] == [1000.0, 2000.0]
    assert accounts["arr"].isna().tolist() == [False, False, True]
    assert accounts["currency"].tolist() == ["EUR", "EUR", None]
    assert accounts["csm"].tolist() == ["Kim", "Lee", None]


def test_what_does_not_fit_is_told(read: Read) -> None:
    """A bad value stands in its own file and row; doubles and strangers are named."""
    found = read(BOTH, {"crm.csv": CRM, "billing.csv": BILLING})
    told = {(p.sheet, p.row, p.severity): str(p) for p in found.problems}
    assert "csat: 9" in told["billing.csv", 3, "error"]  # joined to the first row of crm.csv
    assert "0018: more than one row" in told["billing.csv", 5, "error"]
    assert "1 account does not stand in crm.csv" in told["billing.csv", None, "note"]
    assert "0099" in told["billing.csv", None, "note"]


def test_accounts_twice_or_without_id(read: Read) -> None:
    """In the first table it is as in a sheet: named with the rows of the file."""
    crm = "sfdc_id,name,owner\nA,One,\n,Two,\nA,Again,\n"
    problems = read(BOTH, {"crm.csv": crm, "billing.csv": BILLING}).problems
    assert any(p.sheet == "crm.csv" and p.row == 3 and "No account ID" in str(p) for p in problems)
    assert any("rows 2 and 4; the first counts" in str(p) for p in problems)


def test_other_sheets_are_put_together(read: Read) -> None:
    """Rows of two tables stand one below the other, under all their headers."""
    settings = (
        BOTH
        + """
[source.tables.calls]
file = "calls.csv"
[source.tables.mails]
file = "mails.csv"
[[source.sheets.events]]
table = "calls"
columns = { "Account ID" = "id", Date = "day", Event = "what" }
[[source.sheets.events]]
table = "mails"
columns = { "Account ID" = "id", Date = "day", Event = "subject", Source = "sender" }
"""
    )
    tables = {
        "crm.csv": CRM, "billing.csv": BILLING,
        "calls.csv": "id,day,what\n0017,2026-01-03,Champion left\n0077,2026-01-04,Merger\n",
        "mails.csv": "id,day,subject,sender\n0018,2026-01-05,Funding,Press\n",
    }  # fmt: skip
    found = read(settings, tables)
    events = found.tables["Events"]
    assert events["account_id"].tolist() == ["0017", "0018"]
    assert events["source"].tolist() == [None, "Press"]
    assert any("No such account" in p.message and p.value == "0077" for p in found.problems)


def test_the_latest_row_of_each_account(read: Read) -> None:
    """Of monthly rows the last one that was known on the day."""
    settings = """
[source.tables.months]
file = "months.csv"
known_at = "month"
[source.sheets.accounts]
table = "months"
latest = true
"""
    months = "A,2025-11,1\nA,2025-12,2\nB,2025-12,5\nA,2026-01,3\nA,2026-02,4\n"
    title = "Export of our months\n\n"
    accounts = read(settings, {"months.csv": f"{title}account_id,month,arr\n{months}"}).accounts
    assert accounts[["account_id", "arr"]].to_numpy().tolist() == [["B", 5.0], ["A", 3.0]]


def test_of_one_column_in_two_tables_the_first_value_counts(read: Read) -> None:
    """What the first table lacks, the second fills in."""
    settings = BOTH.replace('CSM = "owner" }', 'CSM = "owner", ARR = "arr" }')
    crm = "sfdc_id,name,owner,arr\n0017,One,Kim,50\n0018,Two,Lee,\n"
    accounts = read(settings, {"crm.csv": crm, "billing.csv": BILLING}).accounts
    assert accounts["arr"].tolist() == [50.0, 2000.0]


def test_files_and_databases_of_all_kinds(read: Read, postgres: Postgres, tmp_path: Path) -> None:
    """CSV, Parquet, a workbook, SQLite and PostgreSQL tell about the same accounts."""
    import xlsxwriter

    pd.DataFrame({"id": [7, 8], "n": [3, 4]}).to_parquet(tmp_path / "seats.parquet")
    with xlsxwriter.Workbook(tmp_path / "crm.xlsx") as book:
        book.add_worksheet("Notes").write_row(0, 0, ["nothing"])
        sheet = book.add_worksheet("Customers")
        for r, row in enumerate([["id", "name"], [7, "Sample Seven"], [8, "Sample Eight"]]):
            sheet.write_row(r, 0, row)
    with sqlite3.connect(tmp_path / "billing.db") as connection:
        connection.executescript(
            "create table t (id int, arr real); insert into t values (8, 80.5)"
        )
    url = postgres.create("usage_of_all")
    with postgres.connect("usage_of_all") as started:
        started.execute(
            b'CREATE SCHEMA "My data"; CREATE TABLE "My data".logins (id int, last date)'
        )
        started.execute(b"INSERT INTO \"My data\".logins VALUES (7, '2026-01-30')")
    found = read(f"""
[source.tables.crm]
file = "crm.xlsx"
sheet = "Customers"
[source.tables.seats]
file = "seats.parquet"
[source.tables.billing]
url = "sqlite:///billing.db"
query = "select id, arr from t"
[source.tables.logins]
url = "{url}"
table = "My data.logins"
[[source.sheets.accounts]]
table = "crm"
columns = {{ "Account ID" = "id", Account = "name" }}
[[source.sheets.accounts]]
table = "seats"
columns = {{ "Account ID" = "id", "Seats licensed" = "n" }}
[[source.sheets.accounts]]
table = "billing"
[[source.sheets.accounts]]
table = "logins"
columns = {{ "Account ID" = "id", "Last activity" = "last" }}
""")
    postgres.drop("usage_of_all")
    accounts = found.accounts.set_index("account_id")
    assert accounts["account_name"].tolist() == ["Sample Seven", "Sample Eight"]
    assert accounts["seats_licensed"].tolist() == [3.0, 4.0]
    assert accounts.loc["8", "arr"] == 80.5
    assert accounts.loc["7", "last_activity_date"] == pd.Timestamp(2026, 1, 30)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"name"', '"nmae"', r'Account is to be nmae of crm. Did you mean "name"'),
        ('"crm.csv"', '"gone.csv"', "gone.csv does not exist"),
        ('"account", ARR', '"konto", ARR', "Account ID is to be konto of billing"),
        ('"crm.csv"', '"two.csv"', "two columns are called id"),
        ('"crm.csv"', '"ragged.csv"', "row 3 has 4 cells, the header 2"),
    ],
)
def test_what_the_tables_lack(read: Read, old: str, new: str, said: str) -> None:
    """The message names the key of the settings, the column and what is there."""
    tables = {"crm.csv": CRM, "billing.csv": BILLING, "two.csv": "id,ID,x\n1,2,3\n",
              "ragged.csv": "sfdc_id,name\nA,B\nC,D,E,F\n"}  # fmt: skip
    with pytest.raises(DataError, match=said):
        read(BOTH.replace(old, new, 1), tables)
