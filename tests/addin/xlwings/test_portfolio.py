"""The button Refresh portfolio on a portfolio workbook: the file itself is refreshed for real."""

from __future__ import annotations

from pathlib import Path

import pytest

from addin.hosts.xlwings import commands
from pipeline.cli import main
from tests.addin.xlwings.excel import Application, Workbook

_ACCOUNTS = """Account ID,Account,Usage,Engagement,Sentiment,Financial,ARR
A-1,Ada Ltd,55,72,61,85,1000
A-2,Bea Inc,90,95,88,100,2000
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a portfolio workbook and its source."""
    folder = tmp_path_factory.mktemp("portfolio")
    (folder / "accounts.csv").write_text(_ACCOUNTS)
    made = ["refresh", str(folder / "portfolio.xlsx"), "--from", str(folder / "accounts.csv")]
    assert main([*made, "-m", "four-dimension"]) == 0
    return folder


def open_book(place: str, *, source: str = "accounts.csv") -> Workbook:
    """The workbook as Excel has it open, as far as the button looks at it."""
    book = Workbook(Application(), place)
    sheet = book.sheet("Accounts", [["Account ID", source]])
    book.name("hs_accounts_account_id", sheet, "=Accounts!$A$1")
    book.name("hs_source", sheet, "=Accounts!$B$1")
    return book


def press(book: Workbook) -> str:
    """What the button says."""
    ((text,),) = commands.refresh_portfolio(book)
    assert isinstance(text, str)
    return text


def test_the_file_is_refreshed_while_the_workbook_is_closed(folder: Path) -> None:
    """Saved, closed, refreshed from the source it remembers, opened again; the diff is told."""
    portfolio = folder / "portfolio.xlsx"
    (folder / "accounts.csv").write_text(_ACCOUNTS + "A-3,Cyd plc,20,30,25,40,500\n")
    before = portfolio.read_bytes()
    book = open_book(str(portfolio))
    text = press(book)
    assert book.Application.done == ["save", "close, save=False", f"open {portfolio}"]
    assert text.startswith("Refreshed 3 accounts with four-dimension ")
    assert "1 added: Cyd plc" in text
    assert text.endswith("All changes stand on the sheet Changes.")
    assert portfolio.read_bytes() != before
    assert press(open_book(str(portfolio))) == (
        "Nothing changed: portfolio.xlsx shows its source as it is."
    )


def test_what_went_wrong_is_told_and_the_workbook_is_open_again(folder: Path) -> None:
    """The command's own sentence reaches the person; the file is as it was."""
    portfolio = folder / "portfolio.xlsx"
    before = portfolio.read_bytes()
    lock = folder / "~$portfolio.xlsx"
    lock.touch()
    book = open_book(str(portfolio))
    text = press(book)
    lock.unlink()
    assert text.startswith("Not refreshed. ")
    assert "is open in another program" in text
    assert book.Application.done[-1] == f"open {portfolio}"
    assert portfolio.read_bytes() == before


def test_settings_beside_the_workbook_name_a_source(tmp_path: Path) -> None:
    """With refresh.from in healthsheet.toml nothing needs to stand in the workbook."""
    (tmp_path / "healthsheet.toml").write_text('[refresh]\nfrom = "none.csv"\n')
    (tmp_path / "portfolio.xlsx").write_bytes(b"")
    text = press(open_book(str(tmp_path / "portfolio.xlsx"), source=""))
    assert text.startswith("Not refreshed. ")
    assert "none.csv does not exist" in text


@pytest.mark.parametrize(
    ("place", "source", "read_only", "message"),
    [
        ("https://contoso.example/a/portfolio.xlsx", "a.csv", False, "lives on a server"),
        ("Book1", "a.csv", False, "has never been saved"),
        ("/data/portfolio.xlsx", "a.csv", True, "is open read-only"),
        ("/data/portfolio.xlsx", "", False, 'refresh "portfolio.xlsx" --from SOURCE'),
    ],
)
def test_what_cannot_be_refreshed(place: str, source: str, read_only: bool, message: str) -> None:
    """A message says why and what to do; nothing is saved or closed."""
    book = open_book(place, source=source)
    book.ReadOnly = read_only
    assert message in press(book)
    assert book.Application.done == []
