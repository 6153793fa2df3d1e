"""The workbook that people fill in: validated columns, optional sheets, the model itself."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from textwrap import wrap
from typing import Any

from xlsxwriter.worksheet import Worksheet

from pipeline.input_example import EXAMPLES, example_accounts
from scoring.columns import (
    ACCOUNT,
    AGES,
    HISTORY,
    OUTCOME_SHEET,
    OUTCOMES,
    RATIOS,
    REMAINING,
    SCORE_HISTORY,
    SHEETS,
    Column,
    Kind,
    account_columns,
)
from scoring.judgement.library import load_library
from scoring.judgement.library_sheet import PLAY_FIELDS, PLAYS, RISK_FIELDS, RISKS, library_rows
from scoring.model import Metric, ScoreModel, StateCurve
from scoring.parse import is_numeric
from scoring.units import format_value
from workbook_templates.drawing.model import draw_model
from workbook_templates.drawing.theme import ACCENT, INPUT, INPUT_EDGE, MUTED, UNIT_FORMAT, Book
from workbook_templates.ooxml.saving import replace_file

__all__ = ["input_columns", "write_input_workbook"]

_ROWS = 10_000
_HEAD_HEIGHT = 28  # points: two lines
_LONG_TEXT = 40  # characters
_LONG = frozenset({"goal", "evidence", "risk", "mitigation", "action", "reason", "event"})
_FIRST = ("account_id", "account_name", "csm", "segment", "region", "arr", "currency",
          "start_date", "renewal_date", "data_as_of")  # fmt: skip
_SEGMENTS = ("Enterprise", "Mid-Market", "SMB")
_CURRENCIES = ("USD", "GBP", "EUR", "AUD", "CAD", "CHF", "JPY", "SEK")
_UNITS = {
    "days": "In days.", "per_week": "Per week.", "per_month": "Per month.",
    "csat": "Mean of a survey.", "nps_index": "Net promoter score.", "points": "In points.",
}  # fmt: skip
_ID_UNIQUE = {"validate": "custom", "value": f"=SUMPRODUCT(--($A$2:$A${_ROWS + 1}=A2))=1"}
_ID_KNOWN = {"validate": "list", "source": "=Accounts!$A$2:$A$1001"}
_HAPPENED = ("account_id", "outcome", "date", "arr", "arr_after", "currency", "reason")
"""Columns of *Outcomes* to fill in; a list from elsewhere may say the same in other ways."""
_LISTS: dict[str, tuple[str, ...]] = {
    "severity": ("High", "Medium", "Low"),
    "horizon": ("This week", "This month", "Before renewal"),
    "progress": ("On track", "Partial", "Off track"),
    "strength": ("Strong", "Moderate", "Weak"),
    "sentiment": ("Positive", "Neutral", "Negative"),
    "outcome": ("renewed", "expanded", "contracted", "churned"),
}


def input_columns(model: ScoreModel) -> tuple[Column, ...]:
    """Columns of the *Accounts* sheet to fill in: identity, the model's inputs, then facts.

    A metric that follows from other columns (days since a date, one count over another) is left
    to them.
    """
    derived = {*RATIOS, *AGES, *REMAINING}
    columns = {c.key: c for c in account_columns(model)}
    fixed = [c.key for c in ACCOUNT]
    first = [columns[k] for k in _FIRST]
    inputs = [
        c for k, c in columns.items()
        if k not in derived and not k.endswith("_as_of") and (k not in fixed or c.unit)
    ]  # fmt: skip
    chosen = {c.key for c in (*first, *inputs)}
    return (*first, *inputs, *(columns[k] for k in fixed if k not in chosen))


def write_input_workbook(path: Path, model: ScoreModel, *, example: bool) -> None:
    """Write the workbook to fill in; it appears whole or not at all.

    Args:
        path: the .xlsx file; one of that name is replaced.
        model: gives the metric columns and the *Model* sheet.
        example: fill in three plainly made-up accounts.

    Raises:
        WorkbookError: the file is open in a spreadsheet program, or cannot be written.
    """
    target = io.BytesIO()
    book = Book(target, title="Customer health: accounts")
    _read_me(book, model, example=example)
    columns = input_columns(model)
    rows = example_accounts(columns, model) if example else []
    _table_sheet(book, "Accounts", columns, rows, model, freeze=2)
    happened = {c.key: c for c in OUTCOMES}
    last = {SCORE_HISTORY: HISTORY, OUTCOME_SHEET: tuple(happened[key] for key in _HAPPENED)}
    for name, wanted in {**SHEETS, **last}.items():
        _table_sheet(book, name, wanted, EXAMPLES[name] if example else [], model, freeze=1)
    draw_model(book, model)
    for name, found in library_rows(load_library()).items():
        _table_sheet(book, name, _library_columns(name), found, model, freeze=3)
    book.workbook.close()
    replace_file(path, target.getvalue(), lambda _: None)


def _library_columns(sheet: str) -> tuple[Column, ...]:
    """Columns of *Risk library* and *Plays*."""
    kinds: dict[str, Kind] = {"whole": "count", "number": "number"}
    return tuple(
        Column(f.key, f.header, kinds.get(f.kind, "text"), words=f.words, help=f.help)
        for f in (RISK_FIELDS if sheet == RISKS else PLAY_FIELDS)
    )


def _read_me(book: Book, model: ScoreModel, *, example: bool) -> None:
    sheet = book.sheet("Read me")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 2)
    sheet.set_column(1, 1, 100)
    title = book.format(bold=True, font_size=16, font_color=ACCENT)
    body = book.format(font_size=11, text_wrap=True)
    lines = [
        "Accounts: one row an account. Only Account ID is needed; empty is missing, never 0.",
        "Click a cell below a header: a note says what to type, its unit and what is healthy.",
        f"Goals to {list(SHEETS)[-1]}: fill in what you have; each row names its account by ID.",
        f"{SCORE_HISTORY}: earlier scores or inputs, one row an account and date; gives changes.",
        f"{OUTCOME_SHEET}: what accounts decided, former ones too; healthsheet validate reads it.",
        "Model: weights and thresholds. Change them here and score again.",
        f"{RISKS}, {PLAYS}: what counts as a risk and what answers it. Change them here.",
        "Then run: healthsheet score accounts.xlsx",
    ]
    if example:
        lines.insert(0, "The three sample accounts are made up. Type over them, or delete them.")
    sheet.write_string(1, 1, "Customer health: accounts to score", title)
    sheet.write_string(2, 1, f"{model.title} ({model.label})", book.format(font_color=MUTED))
    for row, line in enumerate(lines, start=4):
        sheet.write_string(row, 1, line, body)
        sheet.set_row(row, 20)


def _table_sheet(
    book: Book,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, object]],
    model: ScoreModel,
    *,
    freeze: int,
) -> None:
    # A page takes about twelve columns; the account's id and name stand on each.
    sheet = book.sheet(name, pages=(-(-len(columns) // 12), 0))
    sheet.hide_gridlines(1)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0, freeze - 1)
    heads = [_look(book, column, bold=True, text_wrap=True, bg_color=INPUT, bottom=1,
                   bottom_color=INPUT_EDGE) for column in columns]  # fmt: skip
    sheet.set_row(0, _HEAD_HEIGHT)
    for position, column in enumerate(columns):
        look = _look(book, column, num_format=_number_format(column))
        longest = max(_head_width(column.name), _LONG_TEXT if column.key in _LONG else 0)
        for row, values in enumerate(rows, start=1):
            longest = max(longest, _write(sheet, row, position, values.get(column.key), look) + 4)
        sheet.set_column(position, position, min(longest, 60) * 1.02, look)
        _validate(sheet, position, column, model, name)
    sheet.add_table(0, 0, max(len(rows), 1), len(columns) - 1, {
        "name": name.title().replace(" ", ""), "style": "Table Style Light 1",
        "columns": [{"header": c.name, "header_format": h}
                    for c, h in zip(columns, heads, strict=True)],
    })  # fmt: skip
    sheet.freeze_panes(1, freeze)
    if name == "Accounts":
        sheet.activate()


def _look(book: Book, column: Column, **more: Any) -> Any:
    """A header's or value's look: numbers and dates right, all else left, apart from each other."""
    if is_numeric(column) or column.kind == "date":
        # The header keeps clear of its filter button.
        return book.format(**more, align="right", **({"indent": 2} if "bold" in more else {}))
    return book.format(**more, align="left", indent=1)


def _head_width(name: str) -> int:
    """Characters that show a header on two lines, with its filter button."""
    width = min(max(-(-len(name) // 2), *map(len, name.split()), 12), len(name))
    while len(wrap(name, width, break_on_hyphens=False)) > 2:
        width += 1
    return width + 6


def _write(sheet: Worksheet, row: int, column: int, value: object, look: Any) -> int:
    """Write one example value; its length as shown."""
    if value is None:
        return 0
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, look)
        return 12
    if isinstance(value, int | float):
        sheet.write_number(row, column, value, look)
        return 8
    sheet.write_string(row, column, str(value), look)
    return len(str(value))


def _number_format(column: Column) -> str:
    if column.kind == "id":
        return "@"
    if column.kind == "date":
        return "yyyy-mm-dd"
    if column.kind in ("money", "count"):
        return "#,##0"
    # Text cells stay General: a cell formatted as text would keep a typed 0.48 as text.
    return "General" if column.words else UNIT_FORMAT.get(column.unit or "", "General")


def _validate(
    sheet: Worksheet, position: int, column: Column, model: ScoreModel, name: str
) -> None:
    rule = _rule(column, model)
    # A former account stands in the history only.
    if column.kind == "id" and name != OUTCOME_SHEET:
        rule = _ID_UNIQUE if name == "Accounts" else _ID_KNOWN
    rule = dict(rule)
    rule |= {"input_title": column.name[:32], "input_message": _hint(column, model, name)[:255]}
    rule |= {"error_title": "Check this value", "error_message": _hint(column, model, name)[:255]}
    sheet.data_validation(1, position, _ROWS, position, {"error_type": "warning", **rule})


def _words(column: Column, model: ScoreModel) -> tuple[str, ...]:
    """What may be picked in a column, best first; empty where anything may be typed."""
    if column.key == "tier":
        return tuple(t.label for t in reversed(model.tiers))
    if column.key == "dimension":
        return tuple(d.name for d in model.dimensions)
    kinds = {"segment": _SEGMENTS, "currency": _CURRENCIES, "yes_no": ("Yes", "No")}
    return kinds.get(column.kind) or column.words or _LISTS.get(column.key, ())


def _rule(column: Column, model: ScoreModel) -> dict[str, Any]:
    if words := _words(column, model):
        return {"validate": "list", "source": list(words)}
    if column.kind == "date":
        span = {"minimum": date(1990, 1, 1), "maximum": date(2099, 12, 31)}
        return {"validate": "date", "criteria": "between", **span}
    low, high = column.scale
    if low is not None and high is not None:
        return {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
    if column.kind == "count":
        return {"validate": "integer", "criteria": ">=", "value": low or 0}
    if column.kind == "money" or low is not None:
        return {"validate": "decimal", "criteria": ">=", "value": low or 0}
    return {"validate": "any"}


def _hint(column: Column, model: ScoreModel, sheet: str = "Accounts") -> str:
    """What to type: words, or unit, scale and the range that is healthy."""
    metric = next((m for m in model.metrics if m.key == column.key), None)
    parts = [_what(column, model, sheet)]
    if unit := _UNITS.get(column.unit or ""):
        parts.append(unit)
    low, high = (format_value(x, column.unit) if x is not None else "" for x in column.scale)
    if low and high:
        parts.append(f"Scale {low} to {high}.")
    if metric is not None:
        parts.append(_best_word(metric) or _healthy(metric.healthy_range, column))
    if sheet == "Overrides" and column.key in ("reason", "author", "expires"):
        parts.append("Without it the override is not applied.")
    elif not column.required:
        parts.append("Leave blank if unknown.")
    return " ".join(p for p in parts if p)


def _what(column: Column, model: ScoreModel, sheet: str) -> str:
    if column.kind == "id":
        if sheet == OUTCOME_SHEET:
            return "The account's ID, as in the history; a former account has one, too."
        if sheet != "Accounts":
            return "The account's ID, as on the sheet Accounts."
        return "Unique. Stays text, so 00123 keeps its zeros."
    if column.unit == "fraction":
        return "A share: type 48% or 0.48."
    if column.unit == "change":
        return "A change: type 18% or 0.18; a fall is negative."
    kinds = {
        "date": "A date, as 2026-01-31.", "money": "A number in the account's currency.",
        "currency": "Three letters: USD, GBP, EUR.", "count": "A whole number.",
        "number": "A number.",
    }  # fmt: skip
    words = _words(column, model)
    return kinds.get(column.kind) or (f"One of: {', '.join(words)}." if words else "Text.")


def _best_word(metric: Metric | None) -> str:
    if metric is None or not isinstance(metric.curve, StateCurve):
        return ""
    return f"Healthy: {max(metric.curve.points, key=lambda p: p[1])[0]}."


def _healthy(span: tuple[float | None, float | None], column: Column) -> str:
    low, high = (format_value(x, column.unit) if x is not None else "" for x in span)
    if low and high:
        return f"Healthy: {low} to {high}." if low != high else f"Healthy: {low}."
    if high and span[1] == column.scale[0]:
        return f"Healthy: {high}."
    return f"Healthy: {low} or more." if low else (f"Healthy: {high} or less." if high else "")
