"""Accounts as 30 columns, and a workbook's Table filled with them; no peer is loaded for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workbook_templates.fill import Template
from workbook_templates.ooxml.columns import Columns

__all__ = ["WIDTH", "accounts", "fill", "fill_fresh", "more"]

WIDTH = 30


def accounts(count: int) -> pd.DataFrame:
    """Eight columns of text, three of dates, 19 of numbers."""
    rng, at = np.random.default_rng(1), np.arange(count)
    day = pd.Timestamp("2026-01-31")
    columns: dict[str, Any] = {}
    for k in range(8):
        many = count if k < 2 else 3 * 4**k % 97 + 3
        columns[f"Text {k}"] = [f"Sample {k} {i % many}" for i in range(count)]
    columns["Start"] = day - pd.to_timedelta(at % 900, unit="D")
    columns["Renewal"] = day + pd.to_timedelta(at % 365, unit="D")
    columns["Seen"] = day + pd.to_timedelta(at % 86_000, unit="s")
    for k in range(11, WIDTH):
        whole = k in (11, 12, 13, 14, 15, 16)
        values = rng.integers(0, 90_000, count) if whole else rng.uniform(0, 1000, count).round(2)
        columns[f"Number {k}"] = values
    return pd.DataFrame(columns)


def fill(data: bytes, frame: pd.DataFrame, known: float = 1.0) -> bytes:
    """The workbook with the Table's rows."""
    columns = Columns({str(name): frame[name] for name in frame.columns}, len(frame))
    return Template(data).fill({"known": known}, {"Accounts": columns})


def more(frame: pd.DataFrame) -> pd.DataFrame:
    """The accounts and 2 % more."""
    return pd.concat([frame, frame[: len(frame) // 50]])


def fill_fresh(path: Path, count: int) -> None:
    """The workbook in a file with the rows of ``count`` accounts and 2 % more."""
    fill(path.read_bytes(), more(accounts(count)))
