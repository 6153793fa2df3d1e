"""A folder with a portfolio workbook and the source it is refreshed from, by the command."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl

from pipeline.cli import DONE, main

HEAD = "Account ID,Account,CSM,Usage,Engagement,Sentiment,Financial,ARR,Currency,Renewal date\n"
ADA = "A-1,Ada Ltd,Bo,55,72,61,85,1000,USD,2027-02-01\n"
BEA = "A-2,Bea Inc,Bo,90,95,88,100,2000,USD,2027-06-01\n"
CYD = "A-3,Cyd plc,Di,20,30,25,40,500,EUR,2026-12-24\n"


@lru_cache(maxsize=1)
def new_portfolio() -> bytes:
    """A portfolio workbook of two accounts, as the command makes it."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        source(folder, ADA, BEA)
        accounts = str(folder / "accounts.csv")
        assert refresh(folder, "--from", accounts, "-m", "four-dimension") == DONE
        return (folder / "portfolio.xlsx").read_bytes()


def fresh_folder(folder: Path) -> Path:
    """Put that workbook and its source into a folder."""
    (folder / "portfolio.xlsx").write_bytes(new_portfolio())
    source(folder, ADA, BEA)
    return folder


def source(folder: Path, *rows: str) -> None:
    """Write the accounts."""
    (folder / "accounts.csv").write_text(HEAD + "".join(rows))


def refresh(folder: Path, *options: str) -> int:
    """The command for one day, unless an option names another."""
    day = () if "--as-of" in options else ("--as-of", "2026-11-22")
    return main(["refresh", str(folder / "portfolio.xlsx"), *options, *day])


def accounts(folder: Path) -> list[Any]:
    """Ids of the *Accounts* Table, in its order."""
    sheet = openpyxl.load_workbook(folder / "portfolio.xlsx", data_only=True)["Accounts"]
    first, last = sheet.tables["Accounts"].ref.split(":")
    top, end = (int("".join(filter(str.isdigit, at))) for at in (first, last))
    return [sheet.cell(row, 1).value for row in range(top + 1, end + 1)]
