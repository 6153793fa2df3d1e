"""The sample as a workbook that people keep by hand: a title above the header, texts, slips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.input_workbook import input_columns
from pipeline.sample.frames import sample_inputs
from pipeline.sample.sheets import Cell, SheetData, write_sheets
from pipeline.sample.texts import money, spoken
from scoring.columns import SCORE_HISTORY, SHEETS, Column, account_columns, history_columns
from scoring.inputs import Inputs
from scoring.model import LinearCurve, Metric, ScoreModel

__all__ = ["UNKNOWN_HEADER", "Slip", "write_sample_workbook"]

UNKNOWN_HEADER = "Internal remark"
"""A column of the sample that no model knows."""

_ERROR_ROW, _BAD_ROW, _COPIED_ROW = 10, 16, 11
_TEXT_ROWS = (0, 3, 21)


@dataclass(frozen=True)
class Slip:
    """One thing the sample workbook holds that reading must report.

    Attributes:
        account_id: whose row it is; empty for a whole column.
        column: header of the column.
        what: the slip in a few words.
    """

    account_id: str
    column: str
    what: str


def write_sample_workbook(
    path: Path,
    model: ScoreModel,
    *,
    as_of: date,
    accounts: int = 64,
    months: int = 12,
    seed: int = 7,
    slips: bool = True,
) -> tuple[Slip, ...]:
    """Write the sample as an input workbook: *Accounts*, the optional sheets, *Score history*.

    The arguments are those of `sample_inputs`. With ``slips`` some values are typed as people do
    (``48%`` and ``£84,000`` as text, dates as 31-12-2026 text, a title above the header), and
    what reading must report is planted: an unknown column, a value off its scale, an error cell,
    an account that stands twice. Without, what is read back equals `sample_inputs`.

    Returns:
        What reading reports, in no order; empty without ``slips``.
    """
    inputs = sample_inputs(model, as_of=as_of, accounts=accounts, months=months, seed=seed)
    sheets = _sheets(inputs, model)
    planted = _plant(sheets[0], inputs, model, as_of) if slips else ()
    write_sheets(path, sheets)
    return planted


def _sheets(inputs: Inputs, model: ScoreModel) -> list[SheetData]:
    # The order of the workbook that people start from, then what only some add (own dates).
    ordered = {c.key: c for c in (*input_columns(model), *account_columns(model))}
    out = [_sheet("Accounts", inputs.accounts, tuple(ordered.values()))]
    for name, columns in SHEETS.items():
        frame = inputs.tables[name]
        if name == "Overrides":
            frame = frame.assign(tier=frame["tier"].map(model.tier_label))
        out.append(_sheet(name, frame, columns))
    return [*out, _sheet(SCORE_HISTORY, inputs.history, history_columns(model))]


def _sheet(name: str, frame: pd.DataFrame, columns: Sequence[Column]) -> SheetData:
    present = [c for c in columns if c.key in frame]
    cells = [[_cell(v) for v in frame[c.key]] for c in present]
    rows = [list(row) for row in zip(*cells, strict=True)] if cells else []
    return SheetData(name, present, rows)


def _cell(value: Any) -> Cell:
    if value is None or value != value:
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    if isinstance(value, bool | np.bool_):
        return "Yes" if value else "No"
    return float(value) if isinstance(value, float) else str(value)


def _plant(sheet: SheetData, inputs: Inputs, model: ScoreModel, as_of: date) -> tuple[Slip, ...]:
    """Change cells of *Accounts* in place; say what reading will report."""
    places = {c.key: i for i, c in enumerate(sheet.columns)}
    rows = sheet.rows
    sheet.title = f"Accounts, exported {spoken(as_of)}"
    _as_text(rows, places, sheet.columns, inputs.accounts)
    planted = [*_bad_values(rows, places, model)]
    if len(rows) > _COPIED_ROW:
        rows.append(list(rows[_COPIED_ROW]))
        planted.append(Slip(str(rows[-1][0]), "Account ID", "stands twice"))
    sheet.extra = {UNKNOWN_HEADER: ["Check with finance" if i % 9 == 2 else None
                                    for i in range(len(rows))]}  # fmt: skip
    return (*planted, Slip("", UNKNOWN_HEADER, "unknown column"))


def _as_text(
    rows: list[list[Cell]],
    places: Mapping[str, int],
    columns: Sequence[Column],
    accounts: pd.DataFrame,
) -> None:
    """Values typed as text, which reading understands."""
    start, arr = places["start_date"], places["arr"]
    share = next((i for i, c in enumerate(columns) if c.unit == "fraction"), None)
    for i, row in enumerate(rows):
        day = row[start]
        if isinstance(day, date):
            row[start] = f"{day:%d-%m-%Y}"
        if accounts["currency"].iloc[i] == "GBP":
            row[arr] = money(float(accounts["arr"].iloc[i]), "GBP")
        if share is not None and i in _TEXT_ROWS and isinstance(row[share], float):
            row[share] = f"{row[share]:.0%}"


def _bad_values(rows: list[list[Cell]], places: Mapping[str, int], model: ScoreModel) -> list[Slip]:
    """A value off its metric's scale and an error cell."""
    out: list[Slip] = []
    typed = [m for m in model.metrics if isinstance(m.curve, LinearCurve) and m.key in places]
    bounded = [m for m in typed if m.scale[1] is not None and m.unit != "fraction"]
    if bounded and len(rows) > _BAD_ROW:
        metric: Metric = bounded[0]
        rows[_BAD_ROW][places[metric.key]] = float(metric.scale[1] or 0) + 4.0
        out.append(Slip(str(rows[_BAD_ROW][0]), metric.name, "off its scale"))
    if typed and len(rows) > _ERROR_ROW:
        metric = typed[-1]
        rows[_ERROR_ROW][places[metric.key]] = "#N/A"
        out.append(Slip(str(rows[_ERROR_ROW][0]), metric.name, "error cell"))
    return out
