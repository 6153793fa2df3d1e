"""Efforts of a source: its sheet, the file that its settings name, or ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.sources import read_source
from scoring.errors import DataError
from scoring.judgement.effort import load_efforts
from scoring.presets import load_preset
from tests.pipeline.tables import Rows, write_xlsx

ACCOUNTS: Rows = [["Account ID", "DAU/MAU"], ["001", 0.1]]
MODEL = load_preset("scorecard")


def test_a_sheet_of_the_source_counts(tmp_path: Path) -> None:
    """RevOps types days of work beside the accounts."""
    head = ["Metric", "Days of work", "Step", "Reach in 30 days"]
    efforts: Rows = [head, ["DAU/MAU", 4, 0.05, 0.1]]
    path = write_xlsx(tmp_path / "a.xlsx", {"Accounts": ACCOUNTS, "Efforts": efforts})
    table = read_source(path, MODEL).efforts
    assert table is not None
    assert (table.metrics["dau_mau"].days, table.metrics["dau_mau"].reach) == (4.0, 0.1)
    assert table.metrics["csat"] == load_efforts().metrics["csat"]


def test_a_file_that_the_settings_name_counts(tmp_path: Path) -> None:
    """Settings beside the source name a TOML; what it leaves out is ours."""
    path = write_xlsx(tmp_path / "a.xlsx", {"Accounts": ACCOUNTS})
    assert read_source(path, MODEL).efforts is None
    (tmp_path / "healthsheet.toml").write_text('efforts = "own.toml"', encoding="utf-8")
    with pytest.raises(DataError, match="Check the setting efforts"):
        read_source(path, MODEL)
    text = "[settings]\nbudget = 3\n[metrics]\ndau_mau = { reach = 0 }"
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    table = read_source(path, MODEL).efforts
    assert table is not None
    assert (table.budget, table.metrics["dau_mau"].reach) == (3.0, 0.0)
    assert table.metrics["csat"] == load_efforts().metrics["csat"]
