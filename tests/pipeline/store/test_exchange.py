"""History from tables that people kept, and back into a table that is read again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pipeline.sources import read_snapshots
from pipeline.store import History, Written
from pipeline.store.exchange import export_history, import_history
from pipeline.store.rows import IMPORTED
from scoring.errors import DataError
from tests.pipeline.store.samples import FEB, JAN, MODEL, accounts, snapshot
from tests.pipeline.tables import Cell, Rows, write_csv, write_xlsx
from tests.validity import assert_valid

KEPT: Rows = [
    ["Account ID", "Date", "Score", "Product adoption", "Engagement", "Outcomes",
     "Support health", "Commercial"],
    ["S-001", "2026-01-05", 71.5, None, None, None, None, None],
    ["S-002", "2026-01-05", None, 3, 3, 3, 3, 3],
    ["S-001", "2026-02-02", 90, 2, 2, 2, 2, 2],
    ["S-002", "2026-02-02", None, None, None, None, None, None],
]  # fmt: skip


def brought(history: History, path: Path, *, correct: bool = False) -> list[Written]:
    """Import a file."""
    read = read_snapshots(path, MODEL)
    return import_history(history, read.history, MODEL, source=read.source, correct=correct)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_scores_and_raw_values_come_in(history: History, tmp_path: Path, ending: str) -> None:
    """A given score stands, raw values alone are scored, an empty row is none."""
    path = tmp_path / f"kept.{ending}"
    if ending == "csv":
        write_csv(path, KEPT)
    else:
        write_xlsx(path, {"Notes": [["x"]], "Score history": KEPT})
    told = brought(history, path)
    assert [(w.day, w.new) for w in told] == [(JAN, 2), (FEB, 1)]
    one, two = history.of_account("S-001"), history.of_account("S-002")
    assert one[["score", "tier", "status"]].to_numpy().tolist() == [
        [71.5, "amber", IMPORTED], [90.0, "green", IMPORTED],
    ]  # fmt: skip
    assert two[["score", "tier", "status"]].to_numpy().tolist() == [[60.0, "amber", "Scored"]]
    again = brought(history, path)
    assert [(w.new, w.corrected, w.unchanged, w.kept) for w in again] == [
        (0, 0, 2, 0),
        (0, 0, 1, 0),
    ]


def test_imported_scores_serve_as_history(history: History, tmp_path: Path) -> None:
    """A given score is the previous one under any model, raw values beside it or not."""
    brought(history, write_csv(tmp_path / "kept.csv", KEPT))
    for model in (MODEL, MODEL.model_copy(update={"version": "2.0", "min_coverage": 0.9})):
        frame = history.earlier(model, before=date(2026, 3, 1), full=False)
        scores = frame.set_index(["account_id", frame["date"].dt.date])["score"]
        assert scores["S-001", FEB] == 90.0


def test_what_was_recorded_stays(history: History, tmp_path: Path) -> None:
    """An import adds; other values than those recorded need `correct`, and equal ones nothing."""
    history.record(snapshot(JAN, 3.575, 3), correct=True)
    (first, _) = brought(history, write_csv(tmp_path / "kept.csv", KEPT))
    assert (first.new, first.unchanged, first.kept) == (0, 2, 0)
    other: list[Sequence[Cell]] = [KEPT[0], ["S-001", "2026-01-05", 50, *[None] * 5]]
    path = write_csv(tmp_path / "other.csv", other)
    assert brought(history, path)[0].kept == 1
    assert brought(history, path, correct=True)[0].corrected == 1
    assert history.of_account("S-001")["score"].round(1).tolist() == [71.5, 50.0, 90.0]


def test_names_are_found(history: History, tmp_path: Path) -> None:
    """A name that one account goes by is that account; an unknown one stands for itself."""
    history.record(snapshot(FEB, 3), correct=True)
    rows: list[list[Cell]] = [["Account", "Date", "Score"], ["sample account 01", "2026-01-05", 70],
            ["Sample Account 77", "2026-01-05", 30]]  # fmt: skip
    brought(history, write_csv(tmp_path / "names.csv", rows))
    assert history.of_account("S-001")["score"].tolist() == [70.0, 60.0]
    assert history.of_account("Sample Account 77")["score"].tolist() == [30.0]


def test_bad_rows_are_named(tmp_path: Path) -> None:
    """A row without account or date, or that is repeated, is told with its place."""
    rows: list[list[Cell]] = [
        ["Account ID", "Date", "Score"],
        ["S-001", None, 70],
        [None, "2026-01-05", 30],
        ["S-002", "2026-01-05", 30],
        ["S-002", "2026-01-05", 40],
    ]
    read = read_snapshots(write_xlsx(tmp_path / "bad.xlsx", {"Score history": rows}), MODEL)
    assert read.history[["account_id", "score"]].to_numpy().tolist() == [["S-002", 40.0]]
    assert [(p.row, p.message[:12]) for p in read.problems] == [
        (3, "No account I"), (2, "No date."), (4, "A later row ")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sheets", "said"),
    [
        ({"Sheet1": KEPT}, "has no sheet Score history. It has: Sheet1"),
        ({"Score history": [["Account ID", "Score"], ["S-001", 3]]}, "a column Date"),
        ({"Score history": [["Date", "Score"], ["2026-01-05", 3]]}, "a column Account ID"),
    ],
)
def test_tables_that_are_no_history(tmp_path: Path, sheets: dict[str, Rows], said: str) -> None:
    """A missing sheet or column is named."""
    with pytest.raises(DataError, match=said):
        read_snapshots(write_xlsx(tmp_path / "x.xlsx", sheets), MODEL)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_export_is_read_again(history: History, tmp_path: Path, ending: str) -> None:
    """All that counts goes out, and comes back as the same scores and raw values."""
    history.record(snapshot(JAN, 3, 4), correct=True)
    history.record(snapshot(JAN, 3, 5), correct=True)
    history.record(snapshot(FEB, 2), correct=True)
    path = tmp_path / f"out.{ending}"
    assert export_history(history, path, MODEL) == 3
    if ending == "xlsx":
        assert_valid(path)
    read = read_snapshots(path, MODEL)
    assert not [p for p in read.problems if p.severity == "error"]
    assert read.history["score"].tolist() == [60.0, 100.0, 40.0]
    first = read.history[read.history["account_id"] == "S-002"]
    wanted = accounts(5, first=2)
    keys = [d.key for d in MODEL.dimensions]
    assert first[keys].to_numpy().tolist() == wanted[keys].to_numpy().tolist()
    assert pd.Timestamp(first["renewal_date"].iloc[0]) == pd.Timestamp(2026, 12, 31)
    assert [w.unchanged for w in brought(history, path)] == [2, 1]


def test_an_export_of_one_account(history: History, tmp_path: Path) -> None:
    """Only that account's rows; another ending and a missing folder are refused."""
    history.record(snapshot(JAN, 3, 4), correct=True)
    assert export_history(history, tmp_path / "one.csv", MODEL, account="S-002") == 1
    with pytest.raises(DataError, match="no known ending"):
        export_history(history, tmp_path / "one.txt", MODEL)
    with pytest.raises(DataError, match="does not exist"):
        export_history(history, tmp_path / "no" / "one.csv", MODEL)
