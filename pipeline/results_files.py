"""Scores written to .csv, .xlsx or .json, whole or not at all."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.results import SHAPES, result_frame, worst_first
from pipeline.scored import Scored
from scoring.errors import DataError
from scoring.inputs import Problem

__all__ = ["inert", "to_json", "write_results", "write_table"]

# What some spreadsheet programs run as a formula when a text file is opened.
_LIVE = re.compile(r"^[=+\-@\t\r|%＝＋－＠]")
_LONGEST = 32_767
_NUMBERS = {"coverage": "0%", "score": "0", "previous_score": "0", "arr": "#,##0"}


def write_results(scored: Scored, path: Path) -> None:
    """Write one row an account, worst first; the ending of *path* says the format.

    Raises:
        DataError: another ending, or a folder that cannot be written to.
        WorkbookError: the file is open in a spreadsheet program.
    """
    from workbook_templates.ooxml.saving import replace_file

    writers: dict[str, Callable[[Scored], bytes]] = {
        ".csv": _csv, ".xlsx": _xlsx, ".json": lambda s: to_json(s).encode()
    }  # fmt: skip
    writer = writers.get(path.suffix.casefold())
    if writer is None:
        raise DataError(f"{path.name} has no known ending. Name it .csv, .xlsx or .json.")
    data = writer(scored)
    if not path.parent.is_dir():
        raise DataError(f"The folder {path.parent} does not exist. Make it first.")
    replace_file(path, data, lambda _: None)


def _sorted(scored: Scored) -> pd.DataFrame:
    return result_frame(scored).iloc[worst_first(scored)].reset_index(drop=True)


def to_json(scored: Scored, **more: object) -> str:
    """Model, day, one object an account, all problems, and what else is given; missing is null."""
    frame = _sorted(scored)
    for column in frame.select_dtypes("datetime"):
        frame[column] = frame[column].dt.strftime("%Y-%m-%d")
    objects = frame.astype(object).where(frame.notna(), None).to_dict("records")
    document = {
        "model": scored.scores.model.label,
        "as_of": scored.scores.as_of.isoformat(),
        "source": scored.inputs.source,
        "accounts": objects,
        "problems": [_problem(p) for p in scored.problems],
        **more,
    }
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _problem(problem: Problem) -> dict[str, Any]:
    return {f: getattr(problem, f) for f in problem.__dataclass_fields__}


def _csv(scored: Scored) -> bytes:
    frame = _sorted(scored)
    for column in frame.columns:
        if frame[column].dtype == object or str(frame[column].dtype) in ("str", "string"):
            frame[column] = frame[column].map(inert, na_action="ignore")
    text = frame.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\r\n")
    # With the mark Excel reads UTF-8; without it "£" becomes two letters.
    return ("\ufeff" + text).encode()


def inert(value: object) -> object:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and _LIVE.match(value) else value


def _xlsx(scored: Scored) -> bytes:
    from workbook_templates.drawing.theme import Book

    target = io.BytesIO()
    book = Book(target, title="Customer health scores")
    _accounts_sheet(book, scored, _sorted(scored))
    if scored.problems:
        _problems_sheet(book, scored.problems)
    book.workbook.close()
    return target.getvalue()


def _accounts_sheet(book: Any, scored: Scored, frame: pd.DataFrame) -> None:
    frame.insert(0, "health", [_health(t, n) for t, n in zip(frame["tier"], frame["tier_label"],
                                                              strict=True)])  # fmt: skip
    names = ["account_id", "account_name", "health"]
    frame = frame[names + [c for c in frame.columns if c not in names]]
    headers = [_header(c, scored) for c in frame.columns]
    sheet = write_table(book, "Accounts", headers, frame, freeze=3)
    from workbook_templates.drawing.theme import TEXT, TINT

    for tier, shape in SHAPES.items():
        if tier and len(frame):
            look = {"bg_color": TINT[tier], "font_color": TEXT[tier]}
            rule = {"type": "text", "criteria": "begins with", "value": shape,
                    "format": book.workbook.add_format(look)}  # fmt: skip
            sheet.conditional_format(1, 2, len(frame), 2, rule)


def _health(tier: str, label: str) -> str:
    return f"{SHAPES[tier]} {label or 'No score'}"


def _header(key: str, scored: Scored) -> str:
    names = {d.key: d.name for d in scored.scores.model.dimensions}
    fixed = {"account_id": "Account ID", "account_name": "Account", "csm": "CSM", "arr": "ARR"}
    return fixed.get(key) or names.get(key) or key.replace("_", " ").capitalize()


def _problems_sheet(book: Any, problems: Sequence[Problem]) -> None:
    fields = ("severity", "sheet", "address", "row", "column", "value", "message", "fix")
    rows = [[getattr(p, f) for f in fields] for p in problems]
    frame = pd.DataFrame(rows, columns=list(fields)).astype(object)
    write_table(book, "To fix", [f.capitalize() for f in fields], frame, freeze=0)


def write_table(
    book: Any, name: str, headers: list[str], frame: pd.DataFrame, *, freeze: int
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
