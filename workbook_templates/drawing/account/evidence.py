"""*Evidence*: every metric with its value, points, benchmark, source and age."""

from __future__ import annotations

from workbook_templates import formulas as f
from workbook_templates.drawing.account.canvas import CHECKS, EVIDENCE, Canvas, write_heads
from workbook_templates.drawing.account.checks import healthy_words
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

NO_DATA = "no data"
WIDTHS = {"A": 12, "B": 150, "C": 180, "D": 84, "E": 92, "F": 120, "G": 96, "H": 96, "I": 214,
          "J": 86, "K": 62, "L": 124, "M": 12}  # fmt: skip
HEADS = [
    ("B", "Dimension", "left"), ("C", "Metric", "left"), ("D", "Value", "right"),
    ("E", "Unit", "left1"), ("F", "Points", "right"), ("G", "Healthy", "left1"),
    ("H", "Points lost", "right"), ("I", "Benchmark from", "left1"), ("J", "As of", "right"),
    ("K", "Age, days", "right"), ("L", "Status", "left1"),
]  # fmt: skip


def draw(c: Canvas) -> None:
    """Draw the sheet: one row an input, metrics first, then what a person may type."""
    book = c.book
    ws = c.sheets[EVIDENCE] = book.sheet(EVIDENCE, pages=(1, 0))
    book.columns(ws, WIDTHS)
    book.title(ws, "Evidence behind the score")
    c.place("evidence_note", EVIDENCE, "B2")
    ws.set_row_pixels(3, 24)
    write_heads(ws, book, 4, HEADS)
    rows = [(d, m) for d in c.model.dimensions for m in d.metrics]
    last = None
    for i, (d, _) in enumerate(rows):
        _row(c, i, d.name, new=d.key != last)
        last = d.key
    for i, d in enumerate(c.model.dimensions):
        _row(c, c.typed_number(i), d.name, new=i == 0)
    top, end = c.evidence_top, c.evidence_top + len(c.model.inputs) - 1
    book.bar(ws, f"F{top}:F{end}", 140)
    book.bar(ws, f"H{top}:H{end}", 14, LOSS_BAR)
    warn = book.workbook.add_format({"font_color": LOSS, "bold": True})
    rule = f'=OR(LEFT($L{top},5)="Stale",$L{top}="Missing")'
    for column in "KL":
        ws.conditional_format(
            f"{column}{top}:{column}{end}", {"type": "formula", "criteria": rule, "format": warn}
        )
    for column, name in zip(
        "DFHJKL", ("value", "points", "lost", "as_of", "age", "status"), strict=True
    ):
        c.place(f"evidence_{name}", EVIDENCE, f"{column}{top}:{column}{end}")
    ws.freeze_panes(4, 3)
    ws.repeat_rows(3)
    ws.print_area(0, 0, end - 1, 12)
    ws.set_selection("B5")


def _row(c: Canvas, i: int, dimension: str, *, new: bool) -> None:
    ws, book, r = c.sheets[EVIDENCE], c.book, c.evidence_top + i
    line = {"bottom": 1, "bottom_color": HAIRLINE}
    if new and i:
        line |= {"top": 1, "top_color": RULE}
    look = lambda **k: book.format(**line, **k)  # noqa: E731
    ws.set_row_pixels(r - 1, 24)
    name_look = look(bold=True) if new else look(font_color=MUTED)
    ws.write_string(f"B{r}", dimension, name_look)
    ws.write_string(f"C{r}", _name(c, i), look())
    ws.write_blank(f"D{r}", None, look(num_format=value_format(c, i), align="right"))
    ws.write_string(f"E{r}", unit_words(c, i), look(font_color=MUTED, indent=1))
    ws.write_formula(f"F{r}", "=" + _points(c, i), look(num_format="0", align="right"))
    ws.write_string(f"G{r}", healthy_words(c, i), look(font_color=MUTED, indent=1))
    lost = f'=IF(ISNUMBER(F{r}),{c.input(i, "H")},"")'
    ws.write_formula(f"H{r}", lost, look(num_format=NUMBER["points"], align="right"))
    ws.write_string(f"I{r}", benchmark_source(c, i), look(font_color=MUTED, indent=1))
    ws.write_blank(f"J{r}", None, look(num_format=NUMBER["date"], align="right"))
    age = f'=IF(ISNUMBER(J{r}),{c.fact("as_of")}-J{r},"")'
    ws.write_formula(f"K{r}", age, look(num_format="0", align="right"))
    ws.write_formula(f"L{r}", "=" + _status(c, i), look(font_color=MUTED, indent=1))


def _name(c: Canvas, i: int) -> str:
    metrics = c.model.metrics
    if i < len(metrics):
        return metrics[i].name
    return "Rating typed by the CSM" if c.model.typed == "rating" else "Score typed by the CSM"


def value_format(c: Canvas, i: int) -> str:
    """Number format of an input's raw value."""
    metrics = c.model.metrics
    if i < len(metrics):
        return UNIT_FORMAT[metrics[i].unit]
    return NUMBER["score"] if c.model.typed == "rating" else NUMBER["points"]


def unit_words(c: Canvas, i: int) -> str:
    """Unit of an input as printed beside its value."""
    if i >= len(c.model.metrics):
        return "1 to 5" if c.model.typed == "rating" else "0 to 100"
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
    return head if len(head) <= 34 else head[:33].rstrip(", ") + "…"


def _points(c: Canvas, i: int) -> str:
    value, status = f"D{c.evidence_top + i}", f"L{c.evidence_top + i}"
    if i >= len(c.model.metrics):
        scale = 20 if c.model.typed == "rating" else 1
        return f'IF(ISNUMBER({value}),{value}*{scale},"")'
    return f'IF({status}="Observed",{f.points(c.model.metrics[i], value, c.cells)},"")'


def _status(c: Canvas, i: int) -> str:
    value, age = f"D{c.evidence_top + i}", f"K{c.evidence_top + i}"
    if i >= len(c.model.metrics):
        return f'IF(ISNUMBER({value}),"Typed","Not typed")'
    limit = c.cells.metric(c.model.metrics[i].key, "max_age_days")
    stale = f"AND(ISNUMBER({age}),ISNUMBER({limit}),{age}>{limit})"
    fresh = f'IF({stale},"Stale, not counted","Observed")'
    return f'IF(OR({value}="",{value}="{NO_DATA}"),"Missing",{fresh})'


__all__ = ["CHECKS", "NO_DATA", "benchmark_source", "draw", "unit_words", "value_format"]
