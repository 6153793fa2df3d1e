"""What `healthsheet score` prints and writes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from pipeline.cli import main
from tests.pipeline.tables import Rows, write_xlsx
from tests.validity import assert_valid

HEAD = ["Account ID", "Account", "CSM", "ARR", "Currency", "Renewal date", "Product adoption",
        "Engagement", "Outcomes", "Support health", "Commercial"]  # fmt: skip
ACCOUNTS: Rows = [
    HEAD,
    ["001", "Sample Account 01", "Sample CSM 1", 264000.0, "USD", "2027-06-30", 5, 5, 4, 5, 5],
    ["002", "=cmd|'/C calc'!A0", "Sample CSM 1", 96000.0, "USD", "2026-12-31", 3, 3, 3, 3, 3],
    ["003", "Sample Account 03", "Sample CSM 2", 410000.0, "EUR", "2028-01-31", 2, 2, 2, 2, None],
    ["004", "Sample Account 04", "Sample CSM 2", 0.0, "USD", None, None, None, 7, None, None],
]
HISTORY: Rows = [
    ["Account ID", "Date", "Score"],
    ["001", "2026-10-23", 99],
    ["002", "2026-10-23", 55],
]
GOLDEN = Path(__file__).parent / "golden"
ARGS = ["-m", "scorecard", "--as-of", "2026-11-23"]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_xlsx(tmp_path / "accounts.xlsx", {"Accounts": ACCOUNTS, "Score history": HISTORY})


@pytest.mark.parametrize("columns", ["80", "120"])
def test_the_table(
    source: Path,
    columns: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The table fits 80 columns and shows all it has at 120."""
    monkeypatch.setenv("COLUMNS", columns)
    assert main(["score", str(source), *ARGS]) == 1
    shown = capsys.readouterr().out
    picture = (GOLDEN / f"score-{columns}.txt").read_text(encoding="utf-8")
    assert shown.partition("\n\nNext:")[0].rstrip() == picture.rstrip()


def test_a_shortened_list_says_where_the_rest_is(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A shortened list says where the rest is."""
    main(["score", str(source), *ARGS, "--top", "1", "-o", str(source.with_name("out.xlsx"))])
    out = capsys.readouterr().out
    assert "1 of 4 shown. All: out.xlsx, sheet Accounts." in out
    assert "Wrote out.xlsx." in out


def test_one_account_is_told_in_sentences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A source of one account prints its summary, at the width of the terminal."""
    monkeypatch.setenv("COLUMNS", "80")
    one = write_xlsx(tmp_path / "one.xlsx", {"Accounts": ACCOUNTS[:2]})
    main(["score", str(one), *ARGS])
    lines = capsys.readouterr().out.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("96 of 100, Green"))
    said = lines[start : lines.index("", start)]
    told = " ".join(said)
    assert "$264,000 ARR renews on 30 Jun 2027, in 219 days" in told
    assert len(said) > 1
    assert max(map(len, said)) <= 80


def test_csv_is_inert_and_keeps_ids(source: Path, tmp_path: Path) -> None:
    """CSV is inert and keeps ids."""
    main(["score", str(source), *ARGS, "-o", str(tmp_path / "out.csv")])
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [r["account_id"] for r in rows] == ["003", "002", "001", "004"]
    assert rows[1]["account_name"] == "'=cmd|'/C calc'!A0"
    assert rows[1]["tier_label"] == "Amber"
    assert rows[3]["score"] == ""


def test_xlsx_holds_no_formula(source: Path, tmp_path: Path) -> None:
    """Xlsx holds no formula."""
    main(["score", str(source), *ARGS, "-o", str(tmp_path / "out.xlsx")])
    assert_valid(tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    sheet = book["Accounts"]
    assert book.sheetnames == ["Accounts", "To fix"]
    assert [c.value for c in sheet[2]][:3] == ["003", "Sample Account 03", "■ Red"]
    assert sheet["B3"].value == "=cmd|'/C calc'!A0"
    assert sheet["B3"].data_type == "s"
    assert list(sheet.tables) == ["Accounts"]


def test_json_has_everything(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON has everything."""
    assert main(["score", str(source), *ARGS, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["model"] == "scorecard 1.0"
    assert [a["score"] for a in told["accounts"]] == [40, 60, 96, None]
    assert told["accounts"][0]["renewal_date"] == "2028-01-31"
    assert told["problems"][0]["address"] == "I5"


def test_what_cannot_be_written(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be written."""
    assert main(["score", str(source), *ARGS, "-o", "out.doc"]) == 2
    assert capsys.readouterr().err == (
        "healthsheet: out.doc has no known ending. Name it .csv, .xlsx or .json.\n"
    )
