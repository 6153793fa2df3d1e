"""A frame written for people and programs to read on: .xlsx, .csv or .json, whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.results import SHAPES
from scoring.errors import DataError
from scoring.inputs import Problem

__all__ = [
    "as_csv",
    "as_objects",
    "draw_table",
    "problem_objects",
    "problems_sheet",
    "save",
    "tier_chips",
]

# What some spreadsheet programs run as a formula when a text file is opened.
_LIVE = re.compile(r"^[=+\-@\t\r|%＝＋－＠]")
_LONGEST = 32_767
_NUMBERS = {"coverage": "0%", "score": "0", "previous_score": "0", "arr": "#,##0"}


def save(path: Path, writers: Mapping[str, Callable[[], bytes]]) -> None:
    """Write a file by the writer for its ending, of which there are two or more.

    Raises:
        DataError: another ending, or a folder that cannot be written to.
        WorkbookError: the file is open in a spreadsheet program.
    """
    from workbook_templates.ooxml.saving import replace_file

    writer = writers.get(path.suffix.casefold())
    if writer is None:
        *most, last = writers
        known = f"{', '.join(most)} or {last}"
        raise DataError(f"{path.name} has no known ending. Name it {known}.")
    if not path.parent.is_dir():
        raise DataError(f"The folder {path.parent} does not exist. Make it first.")
    replace_file(path, writer(), lambda _: None)


def as_objects(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """An object a row for JSON: dates as text, missing as None."""
    frame = frame.copy()
    for column in frame.select_dtypes("datetime"):
        frame[column] = frame[column].dt.strftime("%Y-%m-%d")
    objects = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(key): value for key, value in row.items()} for row in objects]


def problem_objects(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """An object a problem for JSON."""
    return [asdict(p) for p in problems]


def as_csv(frame: pd.DataFrame, headers: Sequence[str] | None = None) -> bytes:
    """Comma-separated text that a spreadsheet opens as it is, and runs nothing of.

    Args:
        frame: the rows.
        headers: one a column; the columns' own names without them.
    """
    frame = frame.copy()
    for column in frame.columns:
        if frame[column].dtype == object or str(frame[column].dtype) in ("str", "string"):
            frame[column] = frame[column].map(_inert, na_action="ignore")
    header = True if headers is None else list(headers)
    text = frame.to_csv(index=False, header=header, date_format="%Y-%m-%d", lineterminator="\r\n")
    # With the mark Excel reads UTF-8; without it "£" becomes two letters.
    # A name from a database may hold half a character, which no encoding can write.
    return ("\ufeff" + text).encode("utf-8", "replace")


def _inert(value: object) -> object:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and _LIVE.match(value) else value


def problems_sheet(book: Any, problems: Sequence[Problem]) -> None:
    """The sheet *To fix*: a row a problem."""
    fields = ("severity", "sheet", "address", "row", "column", "value", "message", "fix")
    rows = [[getattr(p, f) for f in fields] for p in problems]
    frame = pd.DataFrame(rows, columns=list(fields)).astype(object)
    draw_table(book, "To fix", [f.capitalize() for f in fields], frame, freeze=0)


def draw_table(
    book: Any, name: str, headers: Sequence[str], frame: pd.DataFrame, *, freeze: int
) -> Any:
    """A frame as an Excel Table; text stays text, missing stays an empty cell."""
    sheet = book.workbook.add_worksheet(name)
    day = book.format(num_format="d mmm yyyy", align="left")
    for position, key in enumerate(frame.columns):
        column = frame[key]
        plain = book.format(num_format=_NUMBERS.get(str(key), "0.0"))
        text = book.format(num_format="@")
        longest = len(headers[position]) + 3
        for row, value in enumerate(column, start=1):
            if value is None or value is pd.NaT or value != value:
                continue
            if isinstance(value, pd.Timestamp):
                sheet.write_datetime(row, position, value.to_pydatetime(), day)
                longest = max(longest, 12)
            elif isinstance(value, int | float):
                sheet.write_number(row, position, value, plain)
            else:
                sheet.write_string(row, position, str(value)[:_LONGEST], text)
                longest = max(longest, len(str(value)))
        sheet.set_column(position, position, min(max(longest, 8), 48) * 1.05)
    sheet.add_table(0, 0, max(len(frame), 1), len(headers) - 1, {
        "name": name.replace(" ", "_"), "style": "Table Style Light 1",
        "columns": [{"header": h, "header_format": book.format(bold=True)} for h in headers],
    })  # fmt: skip
    sheet.freeze_panes(1, freeze)
    sheet.hide_gridlines(2)
    return sheet


def tier_chips(book: Any, sheet: Any, column: int, rows: int) -> None:
    """Colour the cells of a column that begin with a tier's shape."""
    from workbook_templates.drawing.theme import TEXT, TINT

    for tier, shape in SHAPES.items():
        if tier and rows:
            look = {"bg_color": TINT[tier], "font_color": TEXT[tier]}
            rule = {"type": "text", "criteria": "begins with", "value": shape,
                    "format": book.workbook.add_format(look)}  # fmt: skip
            sheet.conditional_format(1, column, rows, column, rule)
