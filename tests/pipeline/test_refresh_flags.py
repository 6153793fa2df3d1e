"""False positives, and the list of what a manager must look at."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from pipeline.cli import DONE, main
from scoring.judgement.flags import SILENT_DAYS, Flag
from tests.pipeline.portfolio_folder import ADA, BEA, CYD, refresh, source
from tests.pipeline.test_refresh_actions import table

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def flag(path: Path, name: str, account: str, reason: str) -> str:
    """Flag the first alert or risk of an account; gives what it is called."""
    row = next(r for r in table(path, name) if r["Account ID"] == account)
    book = openpyxl.load_workbook(path)
    sheet = next(s for s in book if name in s.tables)
    heads = {c.value: c.column for c in sheet[sheet.tables[name].ref][0]}
    sheet.cell(row["at"], heads["Status"]).value = "False positive"
    sheet.cell(row["at"], heads["Notes"]).value = reason or None
    book.save(path)
    return str(row["Trigger" if name == "Alerts" else "Key"])


def test_a_false_positive_is_kept_and_silent_until_it_gets_worse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a reason it counts on; with one no action asks for it, and the history has it."""
    source(tmp_path, ADA, BEA, CYD)
    path, store = tmp_path / "portfolio.xlsx", str(tmp_path / "history.db")
    start = ("--from", str(tmp_path / "accounts.csv"), "-m", "four-dimension")
    assert refresh(tmp_path, *start, "--history", store) == DONE
    why = next(r["Why"] for r in table(path, "Actions") if r["Key"].startswith("alert."))
    assert why.startswith("Alert: ")
    what = flag(path, "Alerts", "A-3", "")
    assert refresh(tmp_path, "--history", store) == DONE
    assert "a false positive needs a reason under Notes" in capsys.readouterr().out
    flag(path, "Alerts", "A-3", "counted twice")
    assert refresh(tmp_path, "--history", store) == DONE
    mine = [r for r in table(path, "Actions") if r["Account ID"] == "A-3"]
    assert f"Alert: {what}" not in {r["Why"] for r in mine}
    (review,) = (r for r in table(path, "Review") if r["Kind"] == "False positive")
    assert (review["Account ID"], review["What"]) == ("A-3", f"Alert: {what}")
    out = tmp_path / "flags.csv"
    export = ["history", "export", "-o", str(out), "--history", store, "--false-positives"]
    assert main(export) == DONE
    rows = out.read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 2
    assert f'A-3,alert,"{what}",2026-11-22,counted twice,' in rows[1]
    # Read again, it is not kept twice.
    assert refresh(tmp_path, "--history", store) == DONE
    assert main(export) == DONE
    assert len(out.read_text().splitlines()) == 2


def test_a_flag_ends_when_the_tier_gets_worse_or_time_has_passed() -> None:
    """A worse tier passes at once."""
    one = Flag("A", "alert", "CSAT", date(2026, 11, 1), "no", "Bo", "amber", date(2026, 11, 1))
    assert one.silences("amber", date(2026, 11, 20))
    assert one.silences("green", date(2026, 11, 20))
    assert not one.silences("red", date(2026, 11, 20))
    assert not one.silences("amber", date.fromordinal(one.day.toordinal() + SILENT_DAYS + 1))


def test_actions_overrides_and_reviews_are_data_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`refresh --json` gives the rows; a tier that changed is to be reviewed."""
    source(tmp_path, ADA, BEA, CYD)
    store = str(tmp_path / "history.db")
    start = ("--from", str(tmp_path / "accounts.csv"), "-m", "four-dimension")
    assert refresh(tmp_path, *start, "--history", store, "--as-of", "2026-10-22") == DONE
    source(tmp_path, ADA.replace("55,72,61,85", "15,22,21,35"), BEA, CYD)
    capsys.readouterr()
    assert refresh(tmp_path, "--history", store, "--json") == DONE
    found = json.loads(capsys.readouterr().out)
    first = next(a for a in found["actions"] if a["account_id"] == "A-1")
    assert {"action", "owner", "deadline", "status", "horizon", "why"} <= first.keys()
    assert found["overrides"] == []
    changed = [(r["account_id"], r["what"]) for r in found["review"] if r["kind"] == "Tier change"]
    assert changed == [("A-1", "Amber → Red, score 21")]


def test_a_flagged_risk_is_told_by_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """*Review* names the risk as *Risks* does, not by its key."""
    source(tmp_path, ADA, BEA, CYD)
    start = ("--from", str(tmp_path / "accounts.csv"), "-m", "four-dimension")
    assert refresh(tmp_path, *start) == DONE
    path = tmp_path / "portfolio.xlsx"
    risk = next(r for r in table(path, "Risks") if r["Account ID"] == "A-3")
    flag(path, "Risks", "A-3", "known to us")
    assert refresh(tmp_path) == DONE
    (line,) = (r for r in table(path, "Review") if r["Kind"] == "False positive")
    assert line["What"] == f"Risk: {risk['Risk']}"
    assert "needs a reason" not in capsys.readouterr().out
