"""*Actions* and *Overrides* of the portfolio: what people do there survives every refresh."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.cli import DONE, FINDINGS
from tests.office.client import Office
from tests.pipeline.portfolio_folder import ADA, BEA, CYD, refresh, source

Row = dict[str, Any]
SUNDAY = datetime(2026, 11, 29)  # noqa: DTZ001 - as a sheet's cell

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def made(folder: Path) -> Path:
    """A folder with the workbook of a green, an amber and a red account."""
    source(folder, ADA, BEA, CYD)
    assert refresh(folder, "--from", str(folder / "accounts.csv"), "-m", "four-dimension") == DONE
    return folder / "portfolio.xlsx"


def table(path: Path, name: str) -> list[Row]:
    """Rows of a Table by header, with ``at``, the row of the sheet."""
    sheet = next(s for s in openpyxl.load_workbook(path) if name in s.tables)
    cells = sheet[sheet.tables[name].ref]
    heads = [c.value for c in cells[0]]
    rows = [
        dict(zip(heads, (c.value for c in row), strict=True)) | {"at": row[0].row}
        for row in cells[1:]
    ]
    return [row for row in rows if any(v is not None for k, v in row.items() if k != "at")]


def find(path: Path, account: str, key: str) -> Row:
    """The action of an account with that key."""
    return next(r for r in table(path, "Actions") if (r["Account ID"], r["Key"]) == (account, key))


def add(path: Path, name: str, *rows: Row) -> None:
    """Type rows below a Table's last one, as Excel does: the Table takes them in."""
    book = openpyxl.load_workbook(path)
    sheet = next(s for s in book if name in s.tables)
    found = sheet.tables[name]
    cells = sheet[found.ref]
    heads = {c.value: c.column for c in cells[0]}
    blank = name == "Overrides" and len(cells) == 2 and cells[1][0].value is None
    first = cells[-1][0].row + (0 if blank else 1)
    for k, row in enumerate(rows):
        for head, value in row.items():
            sheet.cell(first + k, heads[head]).value = value
    found.ref = found.autoFilter.ref = re.sub(r"\d+$", str(first + len(rows) - 1), found.ref)
    book.save(path)


def test_edits_in_libreoffice_survive(tmp_path: Path, office: Office) -> None:
    """Text, owner, day, status, attempts and notes typed in Calc; silence asks for an executive."""
    path = made(tmp_path)
    call = find(path, "A-1", "tier.amber.review")["at"]
    other = next(r for r in table(path, "Actions") if r["Account ID"] == "A-1" and r["at"] != call)
    plan, call_3 = (find(path, "A-3", f"tier.red.{k}")["at"] for k in ("retention", "outreach"))
    edits: list[list[Any]] = [
        ["put", "Actions", f"H{call}", "Write to Ada"],
        ["put", "Actions", f"Q{call}", "prefers mail"],
        ["put", "Actions", f"I{other['at']}", "Sample other"],
        ["put", "Actions", f"K{plan}", "Done"],
        ["put", "Actions", f"L{call_3}", 3],
    ]
    office.edit(path, path, edits)
    assert refresh(tmp_path, "--as-of", "2026-11-29") == DONE
    ours = find(path, "A-1", "tier.amber.review")
    assert (ours["Action"], ours["Owner"], ours["Notes"]) == ("Write to Ada", "Bo", "prefers mail")
    assert find(path, "A-1", str(other["Key"]))["Owner"] == "Sample other"
    done = find(path, "A-3", "tier.red.retention")
    assert (done["Status"], done["Closed"]) == ("Done", SUNDAY)
    up = find(path, "A-3", "tier.red.outreach/up")
    assert (up["Owner"], up["Why"]) == ("VP Customer Success", "3 attempts without response")
    listed = table(path, "Actions")
    assert listed[-1]["Key"] == done["Key"]
    before = path.read_bytes()
    assert refresh(tmp_path, "--as-of", "2026-11-29") == DONE
    assert path.read_bytes() == before
    told = office.recalculate(path)["Actions"]
    open_, closed = told["B5"], told["K5"]
    assert (open_, closed) == (len(listed) - 1, 1)
    sheet = openpyxl.load_workbook(path)["Actions"]
    assert str(sheet["B1"].value).startswith(f"{len(listed) - 1} open actions, ")


def test_rows_that_people_added_stay_and_are_the_next_action(tmp_path: Path) -> None:
    """By the account's name, with a note beside; for an account that nobody knows as well."""
    path = made(tmp_path)
    own = {"Account": "Bea Inc", "Action": "Send the cake", "Due": date(2026, 11, 30)}
    add(path, "Actions", own | {"Notes": "by hand"}, {"Account": "Nobody", "Action": "Find them"})
    for day in ("2026-11-29", "2026-12-06"):
        assert refresh(tmp_path, "--as-of", day) == DONE
        rows = {r["Action"]: r for r in table(path, "Actions")}
        cake, lost = rows["Send the cake"], rows["Find them"]
        assert (cake["Account ID"], cake["Status"], cake["Notes"]) == ("A-2", "Open", "by hand")
        assert (lost["Account"], lost["Why"]) == ("Nobody", "This account is not in the source")
    (account,) = (r for r in table(path, "Accounts") if r["Account ID"] == "A-2")
    assert account["Next action"] == "Send the cake"
    book = openpyxl.load_workbook(path)
    book["Actions"].cell(rows["Send the cake"]["at"], 11).value = "Done"
    book.save(path)
    assert refresh(tmp_path, "--as-of", "2026-12-07") == DONE
    (account,) = (r for r in table(path, "Accounts") if r["Account ID"] == "A-2")
    assert account["Last action"] == "Send the cake"
    assert refresh(tmp_path, "--as-of", "2027-01-20") == DONE
    assert "Send the cake" not in {r["Action"] for r in table(path, "Actions")}
    kept = [(r["Column"], r["Content"]) for r in table(path, "Archive") if r["Table"] == "Actions"]
    assert {("Action", "Send the cake"), ("Status", "Done"), ("Notes", "by hand")} <= set(kept)


def test_an_override_counts_while_it_is_complete_and_not_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without an author it is told, not applied; one that is over drops off by itself."""
    path = made(tmp_path)
    ends = date(2026, 12, 10)
    add(path, "Overrides",
        {"Account": "Ada Ltd", "Tier": "Red", "Reason": "Left", "Author": "Bo", "Expires": ends},
        {"Account ID": "A-2", "Score": 40, "Reason": "Board", "Expires": ends})  # fmt: skip
    assert refresh(tmp_path, "--as-of", "2026-11-23") == FINDINGS
    assert "The override of A-2 is not applied: it lacks an author." in capsys.readouterr().out
    states = [r["What became of it"] for r in table(path, "Overrides")]
    assert states == ["Counts until 10 Dec 2026", "Not applied: it lacks an author"]
    assert table(path, "Overrides")[0]["Model's score"] == pytest.approx(65.25)
    assert tier(path, "A-1") == "■ Red"
    assert refresh(tmp_path, "--as-of", "2026-12-11") == FINDINGS
    assert table(path, "Overrides")[0]["What became of it"].startswith("Expired on 10 Dec 2026")
    assert tier(path, "A-1") == "▲ Amber"


def tier(path: Path, account: str) -> str:
    """The engine's tier of an account, as the workbook holds it."""
    rows = table(path, "Accounts")
    return str(next(r["Engine's tier"] for r in rows if r["Account ID"] == account))
