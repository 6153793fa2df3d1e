"""Scores written to .csv, .xlsx or .json, whole or not at all."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.exports import (
    as_csv,
    as_objects,
    draw_table,
    problem_objects,
    problems_sheet,
    save,
    tier_chips,
)
from pipeline.results import SHAPES, result_frame, worst_first
from pipeline.scored import Scored

__all__ = ["to_json", "write_results"]


def write_results(scored: Scored, path: Path) -> None:
    """Write one row an account, worst first; the ending of *path* says the format.

    Raises:
        DataError: another ending, or a folder that cannot be written to.
        WorkbookError: the file is open in a spreadsheet program.
    """
    save(
        path,
        {
            ".csv": lambda: as_csv(_sorted(scored)),
            ".xlsx": lambda: _xlsx(scored),
            ".json": lambda: to_json(scored).encode(),
        },
    )


def _sorted(scored: Scored) -> pd.DataFrame:
    return result_frame(scored).iloc[worst_first(scored)].reset_index(drop=True)


def to_json(scored: Scored, **more: object) -> str:
    """Model, day, one object an account, all problems, and what else is given; missing is null."""
    document = {
        "model": scored.scores.model.label,
        "as_of": scored.scores.as_of.isoformat(),
        "source": scored.inputs.source,
        "accounts": as_objects(_sorted(scored)),
        "problems": problem_objects(scored.problems),
        **more,
    }
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _xlsx(scored: Scored) -> bytes:
    from workbook_templates.drawing.theme import Book

    target = io.BytesIO()
    book = Book(target, title="Customer health scores")
    _accounts_sheet(book, scored, _sorted(scored))
    if scored.problems:
        problems_sheet(book, scored.problems)
    book.workbook.close()
    return target.getvalue()


def _accounts_sheet(book: Any, scored: Scored, frame: pd.DataFrame) -> None:
    frame.insert(0, "health", [_health(t, n) for t, n in zip(frame["tier"], frame["tier_label"],
                                                              strict=True)])  # fmt: skip
    names = ["account_id", "account_name", "health"]
    frame = frame[names + [c for c in frame.columns if c not in names]]
    headers = [_header(c, scored) for c in frame.columns]
    sheet = draw_table(book, "Accounts", headers, frame, freeze=3)
    tier_chips(book, sheet, 2, len(frame))


def _health(tier: str, label: str) -> str:
    return f"{SHAPES[tier]} {label or 'No score'}"


def _header(key: str, scored: Scored) -> str:
    names = {d.key: d.name for d in scored.scores.model.dimensions}
    fixed = {"account_id": "Account ID", "account_name": "Account", "csm": "CSM", "arr": "ARR"}
    return fixed.get(key) or names.get(key) or key.replace("_", " ").capitalize()
