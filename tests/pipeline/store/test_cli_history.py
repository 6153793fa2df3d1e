"""`--history` of score and report, and the command `healthsheet history`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.cli import main
from tests.pipeline.tables import Cell, Rows, write_csv, write_xlsx

HEAD = ["Account ID", "Account", "Product adoption", "Engagement", "Outcomes", "Support health",
        "Commercial"]  # fmt: skip


def table(*ratings: float) -> Rows:
    """One account a rating."""
    rows: list[list[Cell]] = [
        [f"S-{n:03}", f"Sample Account {n:02}", *[r] * 5] for n, r in enumerate(ratings, 1)
    ]
    return [HEAD, *rows]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "accounts.csv", table(3, 4))


def said(capsys: pytest.CaptureFixture[str], *arguments: object, status: int = 0) -> str:
    """What a command prints, after it ended with that status."""
    assert main([str(a) for a in arguments]) == status
    out, err = capsys.readouterr()
    return out + err


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    """What a command prints with --json."""
    return json.loads(said(capsys, *arguments, "--json"))


def test_score_records_and_compares(
    place: str, source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first run compares nothing, the second shows the change, and each says what it wrote."""
    kept = ["--history", place]
    first = said(capsys, "score", source, *kept, "--as-of", "2026-01-05")
    assert "Change" not in first
    assert "5 Jan 2026: 2 recorded." in first
    write_csv(source, table(3, 5))
    second = said(capsys, "score", source, *kept, "--as-of", "2026-02-02")
    assert "Change" in second
    assert "+20" in second
    past = said(capsys, "score", source, *kept, "--as-of", "2026-01-05")
    assert "As recorded for 5 Jan 2026 in" in past
    assert "Change" not in past
    again = told(capsys, "score", source, *kept, "--as-of", "2026-01-05")
    assert again["history"]["reproduced"]
    assert [a["score"] for a in again["accounts"]] == [60, 80]
    fixed = told(capsys, "score", source, *kept, "--as-of", "2026-01-05", "--correct")
    assert fixed["history"]["corrected"] == 1
    assert fixed["history"]["unchanged"] == 1


def test_today_twice(place: str, source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same day again changes nothing and says so."""
    said(capsys, "score", source, "--history", place)
    assert "nothing changed" in said(capsys, "score", source, "--history", place)
    counts = told(capsys, "score", source, "--history", place)["history"]
    assert (counts["new"], counts["corrected"], counts["unchanged"]) == (0, 0, 2)


def test_the_settings_name_it(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """healthsheet.toml beside the source is enough; --no-history leaves it alone."""
    source.with_name("healthsheet.toml").write_text('history = "kept.db"\n')
    said(capsys, "score", source, "--no-history")
    assert not source.with_name("kept.db").exists()
    assert "recorded" in said(capsys, "score", source)
    assert source.with_name("kept.db").exists()


def test_report_shows_earlier_snapshots(
    place: str, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A scorecard's history holds what was recorded; a report records nothing itself."""
    kept = ["--history", place]
    said(capsys, "score", source, *kept, "--as-of", "2026-01-05")
    write_csv(source, table(3, 5))
    said(capsys, "report", source, *kept, "-o", tmp_path / "r", "--as-of", "2026-02-02")
    assert len(told(capsys, "history", "list", *kept)["snapshots"]) == 1
    books = sorted((tmp_path / "r").glob("*.xlsx"))
    assert len(books) == 2
    cells = [
        c.value
        for book in books
        for row in openpyxl.load_workbook(book, data_only=True)["Score history"].iter_rows()
        for c in row
    ]
    assert {60, 80, 100} <= set(cells)
    said(capsys, "report", source, *kept, "-o", tmp_path / "old", "--as-of", "2026-01-05")
    old = openpyxl.load_workbook(next((tmp_path / "old").glob("*02*.xlsx")), data_only=True)
    assert 100 not in {c.value for row in old["Score history"].iter_rows() for c in row}


def test_list_and_show(place: str, source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Snapshots with model and counts; one account with its corrections."""
    kept = ["--history", place]
    said(capsys, "score", source, *kept, "--as-of", "2026-01-05")
    write_csv(source, table(3, 5))
    said(capsys, "score", source, *kept, "--as-of", "2026-01-05", "--correct")
    listed = said(capsys, "history", "list", *kept)
    assert "2026-01-05  scorecard 1.0         2         2           1" in listed
    shown = said(capsys, "history", "show", "Sample Account 02", *kept)
    assert "S-002  Sample Account 02" in shown
    assert "80.0  100%  Scored            scorecard 1.0  revision 1, corrected since" in shown
    assert "100.0  100%  Scored            scorecard 1.0  revision 2" in shown
    entries = told(capsys, "history", "show", "S-002", *kept)["entries"]
    assert [(e["revision"], e["score"], e["counts"]) for e in entries] == [
        (1, 80.0, False), (2, 100.0, True)
    ]  # fmt: skip


def test_import_and_export(
    place: str, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A kept table goes in, and all of the history comes out; status 1 where something stayed."""
    kept = ["--history", place]
    rows: list[list[Cell]] = [["Account ID", "Date", "Score"], ["S-001", "2025-12-01", 44]]
    earlier = write_xlsx(tmp_path / "kept.xlsx", {"Score history": rows})
    assert "1 Dec 2025: 1 recorded." in said(capsys, "history", "import", earlier, *kept)
    said(capsys, "score", source, *kept, "--as-of", "2026-01-05")
    out = tmp_path / "all.csv"
    assert told(capsys, "history", "export", *kept, "-o", out)["rows"] == 3
    one = tmp_path / "one.xlsx"
    asked = ["--account", "sample account 01"]
    assert "Wrote 2 rows" in said(capsys, "history", "export", *kept, "-o", one, *asked)
    rows[1][2] = 45
    write_xlsx(earlier, {"Score history": rows})
    assert "--correct replaces" in said(capsys, "history", "import", earlier, *kept, status=1)
    days = told(capsys, "history", "import", earlier, *kept, "--correct")["days"]
    assert [d["corrected"] for d in days] == [1]


def test_no_history_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --history and settings the command says how to name one."""
    monkeypatch.chdir(tmp_path)
    assert "Add --history history.db" in said(capsys, "history", "list", status=2)
    Path("healthsheet.toml").write_text('history = "h.db"\n')
    assert "h.db does not exist" in said(capsys, "history", "list", status=2)


def test_a_report_needs_a_history_that_is_there(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A report does not make a history; a mistyped name is an error."""
    wrong = tmp_path / "typo.db"
    text = said(capsys, "report", source, "--history", wrong, "-o", tmp_path / "r", status=2)
    assert "does not exist" in text
    assert not wrong.exists()
