"""Where things stand in the account workbook, and the hand that draws them there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from scoring.model import Dimension, Metric, ScoreModel
from scoring.model_sheet import sheet_layout
from workbook_templates.drawing.theme import CURRENCY, Book
from workbook_templates.formulas import ModelCells

SCORECARD, WHY, EVIDENCE, DETAIL = "Scorecard", "Why it changed", "Evidence", "Detail"
RISKS, RENEWAL, WHATIF = "Risks & actions", "Renewal", "What-if"
# Excel reserves the sheet name "History" for its own change tracking.
HISTORY, CHECKS, MODEL = "Score history", "Checks", "Model"
SHEETS = (SCORECARD, WHY, EVIDENCE, DETAIL, RISKS, RENEWAL, WHATIF, HISTORY, MODEL, CHECKS)

FACTS = (
    ("as_of", "As of"),
    ("start", "Start date"),
    ("segment", "Segment"),
    ("arr", "ARR"),
    ("currency", "Currency"),
    ("renewal", "Renewal date"),
    ("seats_used", "Seats in use, share"),
    ("expanding", "Expansion signals (1 yes)"),
    ("leaving", "Downgrade signals (1 yes)"),
    ("override_score", "Override: score"),
    ("override_tier", "Override: tier code"),
    ("override_expires", "Override: expires"),
    ("override_note", "Override: who and why"),
    ("smoothed", "Rolling mean, engine"),
    ("cap", "Gate: best tier code"),
    ("cap_note", "Gate: which condition"),
    ("previous_date", "Previous scorecard"),
    ("previous_words", "Previous scorecard, in words"),
    ("previous_score", "Previous score"),
    ("previous_tier", "Previous tier code"),
    ("month_ago", "Score about 30 days ago"),
    ("month_days", "Days since that score"),
)
"""Plain values that the report fills in, by key, with their labels."""

STEPS = (
    ("age", "Age in days"),
    ("young", "Within the neutral days"),
    ("onboarding", "Within the onboarding days"),
    ("in_play", "Weight with a score"),
    ("rolled", "Weighted score"),
    ("coverage", "Coverage"),
    ("low", "Lower bound"),
    ("high", "Upper bound"),
    ("enough", "Enough coverage"),
    ("model_total", "Model's score"),
    ("basis", "Score that the tier follows"),
    ("model_tier", "Model's tier code"),
    ("overridden", "Override in force"),
    ("total", "Score shown"),
    ("tier", "Tier code shown"),
    ("status", "Status"),
    ("velocity", "Velocity, points a day"),
)
"""Formulas that lead from dimensions to the score, by key, with their labels."""


def inputs_top(model: ScoreModel) -> int:
    """First row of the inputs block on *Checks*."""
    k = len(model.dimensions)
    return 6 + (7 + k) + 3 + len(FACTS) + 3 + k + 3


class Canvas:
    """The drawing hand: a book, a model, and every address that formulas need.

    All rows are 1-based as people read them.
    """

    def __init__(self, book: Book, model: ScoreModel) -> None:
        self.book, self.model = book, model
        self.cells = ModelCells(sheet_layout(model))
        self.sheets: dict[str, Worksheet] = {}
        k, n = len(model.dimensions), len(model.inputs)
        self.evidence_top = 5
        self.checks_top = 6
        self.checks_count = 7 + k
        self.facts_top = self.checks_top + self.checks_count + 3
        self.steps_top = self.facts_top
        self.dimensions_top = self.facts_top + len(FACTS) + 3
        self.inputs_top = inputs_top(model)
        self.inputs_end = self.inputs_top + n - 1
        metric_keys = [m.key for m in model.metrics]
        self._metric_row = {key: i for i, key in enumerate(metric_keys)}

    def at(self, sheet: str, column: str, row: int) -> str:
        """Absolute address with its sheet: ``Checks!$C$7``."""
        return f"{quoted(sheet)}!${column}${row}"

    def fact(self, key: str) -> str:
        """Address of a filled fact on *Checks*."""
        return self.at(CHECKS, "C", self.facts_top + [k for k, _ in FACTS].index(key))

    def step(self, key: str) -> str:
        """Address of a step from dimensions to the score on *Checks*."""
        return self.at(CHECKS, "G", self.steps_top + [k for k, _ in STEPS].index(key))

    def dimension(self, number: int, column: str) -> str:
        """Address in the dimensions block of *Checks*."""
        return self.at(CHECKS, column, self.dimensions_top + number)

    def input(self, number: int, column: str) -> str:
        """Address in the inputs block of *Checks*."""
        return self.at(CHECKS, column, self.inputs_top + number)

    def evidence(self, number: int, column: str) -> str:
        """Address of an input's row on *Evidence*."""
        return self.at(EVIDENCE, column, self.evidence_top + number)

    def metric_number(self, metric: Metric) -> int:
        """Position of a metric among the inputs."""
        return self._metric_row[metric.key]

    def typed_number(self, number: int) -> int:
        """Position of a dimension's typed value among the inputs."""
        return len(self.model.metrics) + number

    def metric_span(self, dimension: Dimension) -> tuple[int, int] | None:
        """First and last input position of a dimension's metrics; None where it has none."""
        if not dimension.metrics:
            return None
        first = self.metric_number(dimension.metrics[0])
        return first, first + len(dimension.metrics) - 1

    def span(self, sheet: str, column: str, first: int, last: int) -> str:
        """Absolute column range with its sheet."""
        return f"{quoted(sheet)}!${column}${first}:${column}${last}"

    def place(self, name: str, sheet: str, ref: str) -> None:
        """Name a cell or block so that fill finds it, wherever people move it."""
        target = ":".join(absolute(part) for part in ref.split(":"))
        self.book.workbook.define_name(f"hs_{name}", f"={quoted(sheet)}!{target}")


def quoted(sheet: str) -> str:
    """Sheet name as formulas need it."""
    return sheet if sheet.isalnum() else "'" + sheet.replace("'", "''") + "'"


def absolute(ref: str) -> str:
    """``B6`` → ``$B$6``."""
    letters = ref.rstrip("0123456789")
    return f"${letters}${ref[len(letters) :]}"


def column_letter(index: int) -> str:
    """0 → A."""
    return xl_rowcol_to_cell(0, index)[:-1]


def write_heads(
    ws: Worksheet, book: Book, row: int, heads: Sequence[tuple[str, str, str]], **more: Any
) -> None:
    """Header cells (column letter, text, alignment) of a table in one row."""
    for column, text, align in heads:
        look = book.head(align=align.rstrip("1"), text_wrap=True, **more)
        if align.endswith("1"):
            look = book.head(align=align[:-1], indent=1, text_wrap=True, **more)
        ws.write_string(f"{column}{row}", text, look)


def blank_cells(ws: Worksheet, columns: str, row: int, look: Format) -> None:
    """Formatted empty cells, one a letter."""
    for column in columns:
        ws.write_blank(f"{column}{row}", None, look)


def money_rules(c: Canvas, ws: Any, where: str) -> None:
    """Show amounts with the sign of the account's own currency."""
    for code, form in CURRENCY.items():
        look = c.book.workbook.add_format({"num_format": form})
        rule = f'={c.fact("currency")}="{code}"'
        ws.conditional_format(where, {"type": "formula", "criteria": rule, "format": look})
