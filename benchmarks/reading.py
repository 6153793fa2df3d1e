"""Reading a workbook of 100,000 accounts by 30 columns, against calamine alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pandas as pd
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from benchmarks.data import random_accounts
from benchmarks.measure import Row, peak_megabytes, rounds
from pipeline.sources import read_source
from scoring.model import ScoreModel
from scoring.presets import load_preset

MODEL = "four-dimension"
_WIDTH = 30


def read_workbook(folder: Path, count: int, *, memory: bool) -> Iterator[Row]:
    """Rows for reading one workbook: ours with types and problems, calamine, pandas."""
    path = folder / "accounts.xlsx"
    write_accounts(path, load_preset(MODEL), count)
    found = rounds(
        {
            "python-calamine alone": partial(_calamine, path),
            "HealthSheet read_source": partial(_ours, path),
            "pandas with calamine": partial(_pandas, path),
        },
        count=3,
    )
    floor = found["python-calamine alone"]
    for case, seconds in found.items():
        ours = case.startswith("HealthSheet")
        peak = peak_megabytes(_ours if ours else _calamine, path) if memory else None
        yield Row(
            job=f"read {count:,} × {_WIDTH}, .xlsx",
            case=case,
            seconds=seconds,
            shown=f"{count * _WIDTH / seconds / 1e6:.2f} M cells/s",
            ratio=seconds / floor,
            target=1.1 if ours else None,
            peak=None if case.startswith("pandas") else peak,
        )


def write_accounts(path: Path, model: ScoreModel, count: int) -> None:
    """A plain accounts sheet: who, contract dates, 16 metrics, counts; ``_WIDTH`` columns."""
    frame = random_accounts(model, count)
    names = {m.key: m.name for m in model.metrics}
    numbers = list(range(count))
    day = date(2026, 1, 1)
    facts: dict[str, list[object]] = {
        "Account": [f"Sample Account {i}" for i in numbers],
        "CSM": [f"CSM Sample {i % 40}" for i in numbers],
        "Segment": [("Enterprise", "Mid-Market", "SMB")[i % 3] for i in numbers],
        "Region": [("EMEA", "APAC")[i % 2] for i in numbers],
        "ARR": [1000.0 + i % 90_000 for i in numbers],
        "Currency": ["USD" for _ in numbers],
        "Start date": [day - timedelta(days=400 + i % 900) for i in numbers],
        "Renewal date": [day + timedelta(days=i % 365) for i in numbers],
        "Seats licensed": [float(10 + i % 500) for i in numbers],
        "Seats active": [float(5 + i % 400) for i in numbers],
        "Open tickets": [float(i % 9) for i in numbers],
        "Open P1": [float(i % 2) for i in numbers],
        "Open P2": [float(i % 3) for i in numbers],
    }
    columns = {"Account ID": frame["account_id"].tolist(), **facts}
    columns |= {names[k]: frame[k].tolist() for k in names}
    assert len(columns) == _WIDTH
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd",
               "nan_inf_to_errors": False}  # fmt: skip
    with Workbook(str(path), options) as book:
        sheet = book.add_worksheet("Accounts")
        sheet.write_row(0, 0, list(columns))
        for row, cells in enumerate(zip(*columns.values(), strict=True), start=1):
            sheet.write_row(row, 0, [None if c != c else c for c in cells])


def _ours(path: Path) -> None:
    assert not read_source(path, load_preset(MODEL)).problems


def _calamine(path: Path) -> None:
    CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def _pandas(path: Path) -> None:
    pd.read_excel(path, engine="calamine")
