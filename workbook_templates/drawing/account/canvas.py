"""Where things stand in the account workbook, and the hand that draws them there."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from scoring.model import Dimension, Metric, ScoreModel
from scoring.model_sheet import sheet_layout
from workbook_templates.drawing.account.blocks import (
    CHECKED,
    DIMENSION_COLUMNS,
    EVIDENCE_COLUMNS,
    FACTS,
    INPUT_COLUMNS,
    STEPS,
)
from workbook_templates.drawing.theme import CURRENCY, HAIRLINE, Book
from workbook_templates.formulas import ModelCells

SCORECARD, WHY, EVIDENCE, DETAIL = "Scorecard", "Why it changed", "Evidence", "Detail"
RISKS, RENEWAL, WHATIF = "Risks & actions", "Renewal", "What-if"
# Excel reserves the sheet name "History" for its own change tracking.
HISTORY, CHECKS, MODEL = "Score history", "Checks", "Model"
SHEETS = (SCORECARD, WHY, EVIDENCE, DETAIL, RISKS, RENEWAL, WHATIF, HISTORY, MODEL, CHECKS)

Head = tuple[str, str, str]
"""Column letter, text and alignment of a header cell; ``left1`` is indented by one."""

EVIDENCE_TOP = 5
"""First row of *Evidence*."""


class CheckRows:
    """First rows of the blocks of *Checks*, one under the other; 1-based as people read them."""

    def __init__(self, model: ScoreModel) -> None:
        title_and_gap = 3
        self.checks = 6
        self.checks_count = len(CHECKED) + len(model.dimensions) + 1
        self.facts = self.steps = self.checks + self.checks_count + title_and_gap
        self.dimensions = self.facts + len(FACTS) + title_and_gap
        self.dimensions_end = self.dimensions + len(model.dimensions) - 1
        self.inputs = self.dimensions_end + 1 + title_and_gap
        self.inputs_end = self.inputs + len(model.inputs) - 1


class Canvas:
    """The drawing hand: a book, a model, and every address that formulas need.

    All rows are 1-based as people read them.
    """

    def __init__(self, book: Book, model: ScoreModel) -> None:
        self.book, self.model = book, model
        self.cells = ModelCells(sheet_layout(model))
        self.sheets: dict[str, Worksheet] = {}
        self.rows = CheckRows(model)
        self._metric_row = {m.key: i for i, m in enumerate(model.metrics)}

    def at(self, sheet: str, column: str, row: int) -> str:
        """Absolute address with its sheet: ``Checks!$C$7``."""
        return f"{quoted(sheet)}!${column}${row}"

    def fact(self, key: str) -> str:
        """Address of a filled fact on *Checks*."""
        return self.at(CHECKS, "C", self.rows.facts + [k for k, _ in FACTS].index(key))

    def step(self, key: str) -> str:
        """Address of a step from dimensions to the score on *Checks*."""
        return self.at(CHECKS, "G", self.rows.steps + [k for k, _ in STEPS].index(key))

    def dimension(self, number: int, key: str) -> str:
        """Address of a dimension's step on *Checks*."""
        return self.at(CHECKS, DIMENSION_COLUMNS[key], self.rows.dimensions + number)

    def dimensions(self, key: str) -> str:
        """That step of all dimensions."""
        return self.span(
            CHECKS, DIMENSION_COLUMNS[key], self.rows.dimensions, self.rows.dimensions_end
        )

    def input(self, number: int, key: str) -> str:
        """Address of an input's step on *Checks*."""
        return self.at(CHECKS, INPUT_COLUMNS[key], self.rows.inputs + number)

    def inputs(self, key: str, first: int = 0, last: int | None = None) -> str:
        """That step of all inputs, or of those from *first* to *last*."""
        end = self.rows.inputs_end if last is None else self.rows.inputs + last
        return self.span(CHECKS, INPUT_COLUMNS[key], self.rows.inputs + first, end)

    def evidence(self, number: int, key: str) -> str:
        """Address on an input's row of *Evidence*."""
        return self.at(EVIDENCE, EVIDENCE_COLUMNS[key], EVIDENCE_TOP + number)

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

    def section(self, sheet: str, ref: str, text: str) -> None:
        """Title of a part of a sheet."""
        self.sheets[sheet].write_string(ref, text, self.book.section())

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


def heads(columns: str, texts: Sequence[str], align: str) -> list[Head]:
    """Header cells that align alike, one a column letter."""
    return [(column, text, align) for column, text in zip(columns, texts, strict=True)]


def write_heads(ws: Worksheet, book: Book, row: int, cells: Sequence[Head]) -> None:
    """Header cells of a table in one row."""
    for column, text, align in cells:
        indent = {"indent": 1} if align.endswith("1") else {}
        look = book.head(align=align.rstrip("1"), text_wrap=True, **indent)
        ws.write_string(f"{column}{row}", text, look)


def blank_cells(ws: Worksheet, columns: str, row: int, look: Format) -> None:
    """Formatted empty cells, one a letter."""
    for column in columns:
        ws.write_blank(f"{column}{row}", None, look)


def underline_filled(c: Canvas, ws: Worksheet, where: str) -> None:
    """A hairline below each row whose first cell says something; rows left over stay white."""
    first = where.split(":")[0]
    look = c.book.workbook.add_format({"bottom": 1, "bottom_color": HAIRLINE})
    rule = {"type": "formula", "criteria": f'=${first}<>""', "format": look}
    ws.conditional_format(where, rule)


def money_rules(c: Canvas, ws: Worksheet, where: str) -> None:
    """Show amounts with the sign of the account's own currency."""
    for code, form in CURRENCY.items():
        look = c.book.workbook.add_format({"num_format": form})
        rule = f'={c.fact("currency")}="{code}"'
        ws.conditional_format(where, {"type": "formula", "criteria": rule, "format": look})
