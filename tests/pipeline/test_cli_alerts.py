"""What `healthsheet alerts` prints, writes and sends."""

from __future__ import annotations

import csv
import json
import re
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from addin.functions.alerts import health_alerts
from pipeline.cli import main
from tests.pipeline.alert_tables import ACCOUNTS, ARGS, HISTORY, write_history
from tests.pipeline.tables import Cell, Rows, write_csv, write_xlsx
from tests.validity import assert_valid

GOLDEN = Path(__file__).parent / "golden"
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_history(tmp_path / "accounts.xlsx")


@pytest.fixture
def quiet(tmp_path: Path) -> Path:
    """A source in which nothing fires."""
    rows: Rows = [
        ["Account", "Date", "Score"],
        ["Sample 1", "2026-11-16", 85],
        ["Sample 1", "2026-11-23", 86],
    ]
    return write_csv(tmp_path / "quiet.csv", rows)


@pytest.mark.parametrize("columns", ["80", "120"])
def test_the_list(
    source: Path, columns: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """The list fits 80 columns, and shows whole owners and dates at 120."""
    monkeypatch.setenv("COLUMNS", columns)
    assert main(["alerts", str(source), *ARGS]) == 1
    shown = capsys.readouterr().out
    assert max(map(len, shown.partition("\nNext:")[0].splitlines())) <= int(columns)
    picture = (GOLDEN / f"alerts-{columns}.txt").read_text(encoding="utf-8")
    assert shown.partition("\n\nNext:")[0].rstrip() == picture.rstrip()


def test_colour_is_not_needed(
    source: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """With colour the words are the same as without."""
    main(["alerts", str(source), *ARGS])
    plain = capsys.readouterr().out
    monkeypatch.setattr("pipeline.terminal.wants_colour", lambda stream: True)
    main(["alerts", str(source), *ARGS])
    coloured = capsys.readouterr().out
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_since(source: Path, capsys: Captured) -> None:
    """Without --since the week that ends today counts; with it, every day from there on."""
    main(["alerts", str(source), *ARGS, "--json"])
    week = json.loads(capsys.readouterr().out)
    assert week["since"] == "2026-11-17"
    main(["alerts", str(source), *ARGS, "--json", "--since", "2026-09-30"])
    told = json.loads(capsys.readouterr().out)
    assert min(a["date"] for a in told["alerts"]) == "2026-10-01"
    assert [a for a in told["alerts"] if a["date"] >= "2026-11-17"] == week["alerts"]
    assert main(["alerts", str(source), *ARGS, "--since", "2026-11-24"]) == 2
    assert "is after 2026-11-23" in capsys.readouterr().err


def test_nothing_fired(quiet: Path, capsys: Captured) -> None:
    """Without alerts and values to fix the status is 0, and what was not watched is named."""
    assert main(["alerts", str(quiet), "--as-of", "2026-11-23"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("No alerts since 17 Nov  quiet.csv, scorecard 1.0, 23 Nov 2026\n")
    assert "Not watched, as no row has it: Renewal date, Usage, CSAT," in out


@pytest.mark.parametrize(
    ("as_of", "words"),
    [
        ("2027-03-01", "The newest row is of 23 Nov 2026: give --as-of 2026-11-23."),
        ("2026-01-01", "Every row is of a day after 1 Jan 2026: give --as-of."),
        ("2026-11-16", "No account has an earlier score, so nothing can have fallen:"),
    ],
)
def test_why_nothing_fired(quiet: Path, as_of: str, words: str, capsys: Captured) -> None:
    """A day without rows, or with nothing to compare with, is said and not taken for calm."""
    assert main(["alerts", str(quiet), "--as-of", as_of]) == 0
    assert words in capsys.readouterr().out


def test_a_value_to_fix_is_a_finding(tmp_path: Path, capsys: Captured) -> None:
    """A cell that cannot be read makes the status 1, and is named with its fix."""
    path = tmp_path / "quiet.csv"
    write_csv(path, [["Account", "Date", "Score"], ["Sample 1", "2026-11-23", "many"]])
    assert main(["alerts", str(path), "--as-of", "2026-11-23"]) == 1
    assert "! 1 value to fix" in capsys.readouterr().out


def test_a_shortened_list(tmp_path: Path, capsys: Captured) -> None:
    """Twenty alerts are listed, the counts are of all, and --all lists the rest."""
    rows: list[list[Cell]] = [["Account", "Date", "Score", "Usage"]]
    rows += [[f"Sample {n}", "2026-11-23", 90, 10] for n in range(25)]
    path = write_csv(tmp_path / "many.csv", rows)
    main(["alerts", str(path), "--as-of", "2026-11-23"])
    out = capsys.readouterr().out
    assert "Usage below 40: 25 medium." in out
    assert "20 of 25 shown. All: --all." in out
    main(["alerts", str(path), "--as-of", "2026-11-23", "--all"])
    assert capsys.readouterr().out.count("Usage 10 ") == 25


def test_settings_change_the_triggers(source: Path, capsys: Captured) -> None:
    """The settings beside the source turn triggers off and move their limits."""
    settings = source.with_name("healthsheet.toml")
    settings.write_text('[alerts]\noff = ["csat_below_3"]\n[alerts.usage_below_40]\nlow = 30\n')
    main(["alerts", str(source), *ARGS, "--json"])
    told = {a["trigger"] for a in json.loads(capsys.readouterr().out)["alerts"]}
    assert not told & {"csat_below_3", "usage_below_40"}
    assert "payment_failed" in told


def test_csv_is_inert(source: Path, tmp_path: Path) -> None:
    """CSV runs nothing, keeps ids and has every alert, the worst first."""
    main(["alerts", str(source), *ARGS, "-o", str(tmp_path / "out.csv")])
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 11
    assert rows[0]["account_id"] == "002"
    assert rows[0]["account_name"] == "'=cmd|'/C calc'!A0"
    assert (rows[0]["severity"], rows[0]["due"]) == ("critical", "2026-11-24")
    assert [r["overdue"] for r in rows].count("True") == 2
    assert [r["told_before"] for r in rows if r["told_before"]] == ["2026-11-16"]


def test_xlsx(source: Path, tmp_path: Path, capsys: Captured) -> None:
    """The workbook opens, holds a Table of alerts and no formula."""
    assert main(["alerts", str(source), *ARGS, "-o", str(tmp_path / "out.xlsx")]) == 1
    assert "Wrote out.xlsx." in capsys.readouterr().out
    assert_valid(tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["Alerts"]
    head = [c.value for c in sheet[1]]
    first = dict(zip(head, (c.value for c in sheet[2]), strict=True))
    assert list(sheet.tables) == ["Alerts"]
    assert first["Tier"] == "■ Red"
    assert first["On"] == "70 → 53, Amber → Red"
    assert sheet.cell(2, head.index("Account") + 1).data_type == "s"
    assert sheet.max_row == 12


def test_an_empty_workbook_is_whole(quiet: Path, tmp_path: Path) -> None:
    """Without alerts the workbook is written all the same, and opens."""
    out = tmp_path / "out.xlsx"
    assert main(["alerts", str(quiet), "--as-of", "2026-11-23", "-o", str(out)]) == 0
    assert_valid(out)
    assert openpyxl.load_workbook(out)["Alerts"]["A1"].value == "Severity"


def test_json_has_everything(source: Path, capsys: Captured) -> None:
    """JSON gives days as text, missing as null, and money beside its currency."""
    assert main(["alerts", str(source), *ARGS, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["model"], told["as_of"]) == ("four-dimension 1.0", "2026-11-23")
    assert told["totals"]["total"] == {"alerts": 11, "accounts": 4}
    assert told["totals"]["critical"] == {"alerts": 1, "accounts": 1}
    assert (told["overdue"], told["not_watched"], told["problems"]) == (2, ["Tickets"], [])
    (left,) = [a for a in told["alerts"] if a["trigger"] == "stakeholder_left"]
    assert left == {
        "severity": "high", "trigger": "stakeholder_left", "alert": "Stakeholder left",
        "evidence": "Champion of the project left", "account_id": "001",
        "account_name": "Sample Account 01", "tier": "green", "tier_label": "Green",
        "arr": 264000.0, "currency": "USD", "csm": "Sample CSM 1", "owner": "Sample CSM 1",
        "action": "Find the new stakeholder and build the relationship.", "due": "2026-11-19",
        "overdue": True, "date": "2026-11-17", "told_before": None,
    }  # fmt: skip
    assert next(a["arr"] for a in told["alerts"] if a["account_id"] == "004") is None


def test_what_cannot_be_written(source: Path, capsys: Captured) -> None:
    """An ending that is not known is refused in a sentence."""
    assert main(["alerts", str(source), *ARGS, "-o", "out.doc"]) == 2
    assert capsys.readouterr().err == (
        "healthsheet: out.doc has no known ending. Name it .csv, .xlsx or .json.\n"
    )


def test_accounts_that_are_gone_alert_nobody(tmp_path: Path, capsys: Captured) -> None:
    """Rows of an account that is no longer among the accounts fire nothing."""
    path = write_xlsx(tmp_path / "a.xlsx", {"Accounts": ACCOUNTS[:2], "Score history": HISTORY})
    assert main(["alerts", str(path), *ARGS]) == 0
    assert capsys.readouterr().out.startswith("No alerts since 17 Nov")


def test_the_same_as_in_a_cell(tmp_path: Path, capsys: Captured) -> None:
    """One table of scores gives the alerts that HEALTH_ALERTS gives for the same range."""
    head = ("Account,Date,Score,Tier,Renewal date,Usage,CSAT,Last login,Tickets,Payment failed,"
            "Champion left")  # fmt: skip
    rows: list[list[Cell]] = [[*head.split(",")]]
    for week in range(12):
        day = date(2026, 9, 7) + timedelta(days=7 * week)
        for n in range(6):
            swing = 17 * ((week * (n + 2) + n) % 5)
            rows.append([f"Sample Account {n}", day, 95.0 - swing, None, date(2026, 12, 31),
                         20.0 + 9 * ((week + n) % 6), 2.0 + 0.5 * ((week * n) % 6),
                         day - timedelta(days=4 * n), float(week * n % 7), n == week % 9,
                         n == 5 and week > 8])  # fmt: skip
    wanted = health_alerts(tuple(map(tuple, rows)))
    assert isinstance(wanted, tuple)
    path = write_csv(tmp_path / "scores.csv", rows)
    main(["alerts", str(path), "--as-of", "2026-11-23", "--since", "2026-01-01", "--json"])
    told = json.loads(capsys.readouterr().out)
    keys = ("account_name", "date", "alert", "evidence", "owner", "action", "due")
    assert told["problems"] == []
    assert len(wanted) > 100
    assert sorted(tuple(a[k] for k in keys) for a in told["alerts"]) == sorted(wanted[1:])


def test_money_that_nobody_gave(tmp_path: Path, capsys: Captured) -> None:
    """Without any ARR the totals show none, not zero."""
    rows: Rows = [["Account", "Date", "Score", "Usage"], ["Sample 1", "2026-11-23", 90, 10]]
    path = write_csv(tmp_path / "a.csv", rows)
    main(["alerts", str(path), "--as-of", "2026-11-23"])
    out = capsys.readouterr().out
    assert "Total          1         1      –\n" in out
    assert "0\n" not in out
