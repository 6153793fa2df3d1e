"""*Evidence*: every metric with its value, points, benchmark, source and age."""

from __future__ import annotations

from typing import Any

from workbook_templates import formulas as f
from workbook_templates.drawing.account.blocks import EVIDENCE_COLUMNS
from workbook_templates.drawing.account.canvas import EVIDENCE, EVIDENCE_TOP, Canvas, write_heads
from workbook_templates.drawing.account.healthy import healthy_words, rule_words
from workbook_templates.drawing.theme import (
    HAIRLINE,
    LOSS,
    LOSS_BAR,
    MUTED,
    NUMBER,
    RULE,
    UNIT_FORMAT,
    UNIT_LABEL,
)
from workbook_templates.typed import typing

NO_DATA = "no data"
OBSERVED, MISSING, STALE = "Observed", "Missing", "Stale, not counted"
TYPED, NOT_TYPED = "Typed", "Not typed"
WIDTHS = {"A": 12, "B": 150, "C": 180, "D": 84, "E": 92, "F": 120, "G": 96, "H": 96, "I": 214,
          "J": 86, "K": 62, "L": 124, "M": 276, "N": 12}  # fmt: skip
HEADS = [
    ("B", "Dimension", "left"), ("C", "Metric", "left"), ("D", "Value", "right"),
    ("E", "Unit", "left1"), ("F", "Points", "right"), ("G", "Healthy", "left1"),
    ("H", "Points lost", "right"), ("I", "Benchmark from (document, part)", "left1"),
    ("J", "As of", "right"), ("K", "Age, days", "right"), ("L", "Status", "left1"),
    ("M", "Points by value", "left1"),
]  # fmt: skip
_SOURCE_LETTERS = 34


def draw(c: Canvas) -> None:
    """Draw the sheet: one row an input, metrics first, then what a person may type."""
    book = c.book
    ws = c.sheets[EVIDENCE] = book.sheet(EVIDENCE, pages=(1, 0))
    book.columns(ws, WIDTHS)
    book.title(ws, "Evidence behind the score")
    c.place("evidence_note", EVIDENCE, "B2")
    ws.set_row_pixels(3, 24)
    write_heads(ws, book, 4, HEADS)
    last = None
    for d in c.model.dimensions:
        for metric in d.metrics:
            _row(c, c.metric_number(metric), d.name, new=d.key != last)
            last = d.key
    for i, d in enumerate(c.model.dimensions):
        _row(c, c.typed_number(i), d.name, new=i == 0)
    _rules(c)
    ws.freeze_panes(4, 3)
    ws.repeat_rows(3)
    ws.print_area(0, 0, _end(c) - 1, 13)
    ws.set_selection("B5")


def _end(c: Canvas) -> int:
    return EVIDENCE_TOP + len(c.model.inputs) - 1


def _rules(c: Canvas) -> None:
    """Bars for points, rust for what is missing or stale, and the names of the columns."""
    ws, book, end = c.sheets[EVIDENCE], c.book, _end(c)
    book.bar(ws, f"F{EVIDENCE_TOP}:F{end}", 140)
    book.bar(ws, f"H{EVIDENCE_TOP}:H{end}", 14, LOSS_BAR)
    warn = book.workbook.add_format({"font_color": LOSS, "bold": True})
    rule = f'=OR(LEFT($L{EVIDENCE_TOP},5)="Stale",$L{EVIDENCE_TOP}="{MISSING}")'
    for column in "KL":
        where = f"{column}{EVIDENCE_TOP}:{column}{end}"
        ws.conditional_format(where, {"type": "formula", "criteria": rule, "format": warn})
    for name, column in EVIDENCE_COLUMNS.items():
        c.place(f"evidence_{name}", EVIDENCE, f"{column}{EVIDENCE_TOP}:{column}{end}")


def _row(c: Canvas, i: int, dimension: str, *, new: bool) -> None:
    ws, book, r = c.sheets[EVIDENCE], c.book, EVIDENCE_TOP + i
    line: dict[str, Any] = {"bottom": 1, "bottom_color": HAIRLINE}
    if new and i:
        line |= {"top": 1, "top_color": RULE}
    right, quiet = {**line, "align": "right"}, {**line, "font_color": MUTED, "indent": 1}
    ws.set_row_pixels(r - 1, 24)
    # A dimension stands on each of its rows, so that people can filter; only the first is bold.
    name_look = book.format(**line, bold=True) if new else book.format(**line, font_color=MUTED)
    ws.write_string(f"B{r}", dimension, name_look)
    ws.write_string(f"C{r}", _name(c, i), book.format(**line))
    ws.write_blank(f"D{r}", None, book.format(**right, num_format=value_format(c, i)))
    ws.write_string(f"E{r}", unit_words(c, i), book.format(**quiet))
    ws.write_formula(f"F{r}", "=" + _points(c, i), book.format(**right, num_format="0"))
    ws.write_string(f"G{r}", healthy_words(c.model, i), book.format(**quiet))
    lost = f'=IF(ISNUMBER(F{r}),{c.input(i, "lost")},"")'
    ws.write_formula(f"H{r}", lost, book.format(**right, num_format=NUMBER["points"]))
    ws.write_string(f"I{r}", benchmark_source(c, i), book.format(**quiet, shrink=True))
    ws.write_blank(f"J{r}", None, book.format(**right, num_format=NUMBER["date"]))
    age = f'=IF(ISNUMBER(J{r}),{c.fact("as_of")}-J{r},"")'
    ws.write_formula(f"K{r}", age, book.format(**right, num_format="0"))
    ws.write_formula(f"L{r}", "=" + _status(c, i), book.format(**quiet))
    ws.write_string(f"M{r}", rule_words(c.model, i), book.format(**quiet, shrink=True))


def _name(c: Canvas, i: int) -> str:
    metrics = c.model.metrics
    return metrics[i].name if i < len(metrics) else f"{typing(c.model).word} typed by the CSM"


def value_format(c: Canvas, i: int) -> str:
    """Number format of an input's raw value."""
    metrics = c.model.metrics
    if i < len(metrics):
        return UNIT_FORMAT[metrics[i].unit]
    return NUMBER["score"] if typing(c.model).is_rating else NUMBER["points"]


def unit_words(c: Canvas, i: int) -> str:
    """Unit of an input as printed beside its value."""
    if i >= len(c.model.metrics):
        return typing(c.model).scale
    metric = c.model.metrics[i]
    if metric.unit == "csat":
        low, high = metric.scale
        return f"{low:g} to {high:g}" if low is not None and high is not None else "score"
    return UNIT_LABEL[metric.unit]


def benchmark_source(c: Canvas, i: int) -> str:
    """Where the benchmark stands, cut to what fits the column."""
    if i >= len(c.model.metrics):
        return "–"
    text = c.model.metrics[i].source
    if text.startswith("ours"):
        return "Ours"
    head = text.split(" (")[0].split(";")[0]
    for room in ("Output format, ", "Scoring Framework, "):
        head = head.replace(room, "")
    if len(head) <= _SOURCE_LETTERS:
        return head
    return head[: _SOURCE_LETTERS - 1].rstrip(", ") + "…"


def _points(c: Canvas, i: int) -> str:
    value, status = f"D{EVIDENCE_TOP + i}", f"L{EVIDENCE_TOP + i}"
    if i >= len(c.model.metrics):
        return f'IF({f.known(value)},{value}*{typing(c.model).step},"")'
    return f'IF({status}="{OBSERVED}",{f.points(c.model.metrics[i], value, c.cells)},"")'


def _status(c: Canvas, i: int) -> str:
    value, age = f"D{EVIDENCE_TOP + i}", f"K{EVIDENCE_TOP + i}"
    if i >= len(c.model.metrics):
        return f'IF({f.known(value)},"{TYPED}","{NOT_TYPED}")'
    limit = c.cells.metric(c.model.metrics[i].key, "max_age_days")
    stale = f"AND(ISNUMBER({age}),ISNUMBER({limit}),{age}>{limit})"
    fresh = f'IF({stale},"{STALE}","{OBSERVED}")'
    return f'IF(OR({value}="",{value}="{NO_DATA}"),"{MISSING}",{fresh})'
