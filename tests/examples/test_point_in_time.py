"""A past day scores bit for bit the same, whatever is added or changed later."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.cli import main
from pipeline.model_choice import choose_model
from pipeline.scored import Scored, score_source
from tests.examples.test_own_data import FOLDER

DAY = date(2026, 1, 31)
DATED = {
    "accounts": "signup_date", "subscriptions": "start_date", "feature_usage": "usage_date",
    "support_tickets": "submitted_at", "churn_events": "churn_date", "surveys": "answered_at",
}  # fmt: skip
Row = dict[str, str]
Change = Callable[[Row, str], Row | None]


def drop(row: Row, dated: str) -> Row | None:
    """Nothing happens after the day."""
    return None


def scramble(row: Row, dated: str) -> Row | None:
    """All but ids and dates becomes a word where a number was, and the other way round."""
    return {
        name: value if name.endswith("_id") or name == dated or name in ("closed_at", "end_date")
        else "many" if value.replace(".", "").isdigit() else "7"
        for name, value in row.items()
    }  # fmt: skip


def later(folder: Path, change: Change) -> None:
    """Change what was not known on the day: later rows, and what became known of earlier ones."""
    for table, dated in DATED.items():
        path = folder / "tables" / f"{table}.csv"
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        names = list(rows[0])
        out = []
        for row in rows:
            kept: Row | None = row
            if row[dated] > DAY.isoformat():
                kept = change(row, dated)
            elif row.get("closed_at", "") > DAY.isoformat():
                kept = {**row, "closed_at": "2026-06-29", "satisfaction_score": "1"}
            elif row.get("end_date", "") > DAY.isoformat():
                kept = {**row, "end_date": ""}
            out += [kept] if kept else []
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(out)


def score(folder: Path) -> Scored:
    return score_source(folder, choose_model(None, folder), as_of=DAY)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    import runpy

    folder = tmp_path / "shop"
    sample = runpy.run_path(str(FOLDER / "sample_tables.py"))
    assert sample["main"]([str(folder)]) == 0
    return folder


@pytest.mark.parametrize("change", [drop, scramble])
def test_the_future_changes_nothing(shop: Path, change: Change) -> None:
    """Accounts, values, types, scores and contributions are the same to the last bit."""
    before = score(shop)
    later(shop, change)
    after = score(shop)
    pd.testing.assert_frame_equal(before.inputs.accounts, after.inputs.accounts, check_exact=True)
    for name in ("total", "coverage", "contributions"):
        a, b = (np.asarray(getattr(s.scores, name), float) for s in (before, after))
        assert a.tobytes() == b.tobytes(), name
    assert before.problems == after.problems == ()
    assert len(before.scores) > 15


def test_a_build_does_not_notice(shop: Path) -> None:
    """Snapshots of the past that are built again with the future gone are unchanged."""
    build = ["history", "build", str(shop), "--from", "2025-12-31", "--to", "2026-01-31"]
    assert main(build) == 0
    later(shop, drop)
    assert main([*build, "--correct"]) == 0
    from pipeline.store import History, read_address

    days = History(read_address(str(shop / "history.db"))).days()
    assert [d.corrections for d in days] == [0, 0]
