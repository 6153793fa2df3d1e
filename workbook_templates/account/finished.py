"""A finished scorecard read back: what it says now, wherever people moved it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from scoring.errors import WorkbookError
from scoring.judgement.quality import ActionLine, Rated, RiskLine, Scorecard
from scoring.model import ScoreModel
from scoring.renewal import LABEL
from scoring.rollup import TIERS
from workbook_templates.account.quality import NOT_GIVEN
from workbook_templates.drawing.account.blocks import CHECKED, DIMENSION_STEPS, FACTS, INPUT_STEPS
from workbook_templates.drawing.account.blocks import STEPS as STEP_ROWS
from workbook_templates.drawing.account.evidence import STALE
from workbook_templates.drawing.account.risks import ACTION_TABLE, RISK_TABLE
from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.cells import CellError, Value, day_of
from workbook_templates.ooxml.places import Place, TablePlace, find_places, find_tables
from workbook_templates.ooxml.reading import area_values
from workbook_templates.ooxml.refs import cell_name
from workbook_templates.package import Package

__all__ = ["read_finished"]

_NEEDED = ("account_name", "facts", "steps", "dimension_steps", "input_steps", "card_points",
           "evidence_as_of", "evidence_status", "scenarios", "play", "check_formula",
           "check_engine", "check_agrees")  # fmt: skip
_SENTENCES = ("change_words", "summary", "note", "why_title", "renewal_note")
"""Places of sentences; those that a workbook lacks are not read."""


def read_finished(
    data: bytes, model: Callable[[], ScoreModel], where: str = "The workbook"
) -> Scorecard:
    """What a scorecard workbook says, with the cells it says it in.

    Args:
        data: the whole file.
        model: gives the one that its sheet *Model* holds; asked for when it is a scorecard.
        where: what to call it in messages.

    Raises:
        WorkbookError: it cannot be opened, or is no account scorecard.
        ModelError: its model cannot be read.
    """
    book = Book(Package(data, where))
    places = find_places(book)
    missing = [name for name in _NEEDED if f"hs_{name}" not in places]
    if missing:
        told = f"hs_{missing[0]}" + (f" and {len(missing) - 1} more" if len(missing) > 1 else "")
        raise WorkbookError(
            f"{where} is no account scorecard: it lacks the name {told}. Give a workbook that "
            "healthsheet report wrote."
        )
    return _Reader(book, model(), places, find_tables(book)).scorecard()


@dataclass(frozen=True)
class _Block:
    """Values of a named block; rows and columns count from 0."""

    place: Place
    values: dict[tuple[int, int], Value]

    def at(self, row: int, col: int = 0) -> Value:
        area = self.place.area
        return self.values.get((area.r1 + row, area.c1 + col))

    def number(self, row: int, col: int = 0) -> float | None:
        return _number(self.at(row, col))

    def text(self, row: int, col: int = 0) -> str:
        return _text(self.at(row, col))

    def where(self, row: int = 0, col: int = 0) -> str:
        area = self.place.area
        return f"{self.place.sheet}!{cell_name(area.r1 + row, area.c1 + col)}"


class _Reader:
    """Reads one workbook, block by block."""

    def __init__(
        self,
        book: Book,
        model: ScoreModel,
        places: dict[str, Place],
        tables: dict[str, TablePlace],
    ) -> None:
        self.book, self.model, self.places, self.tables = book, model, places, tables
        self.facts = self.block("facts")
        self.steps = self.block("steps")
        self.dimensions = self.block("dimension_steps")
        self.inputs = self.block("input_steps")

    def block(self, name: str) -> _Block:
        place = self.places[f"hs_{name}"]
        return _Block(place, area_values(self.book, place.part, place.area))

    def scorecard(self) -> Scorecard:
        scenarios, play = self.block("scenarios"), self.block("play")
        as_of = self.day("as_of")
        if as_of is None:
            where = self.facts.where(_at(FACTS, "as_of"))
            raise WorkbookError(f"{where} holds no date. Put the day of the scorecard there.")
        code = self.steps.number(_at(STEP_ROWS, "tier"))
        shares = [(scenarios.number(i), scenarios.where(i)) for i in range(3)]
        return Scorecard(
            account=self.block("account_name").text(0),
            as_of=as_of,
            renewal=self.day("renewal"),
            tier="" if code is None or not 0 <= code <= 2 else TIERS[int(code)],
            previous=self.day("previous_date"),
            dimensions=tuple(self.rated()),
            risks=tuple(self.risks()),
            actions=tuple(self.actions()),
            probabilities=tuple((x, where) for x, where in shares if x is not None),
            illustrative=LABEL.casefold() in self.renewal_note().casefold(),
            play=play.text(0),
            play_where=play.where(0),
            stale=tuple(self.stale()),
            metrics=len(self.model.metrics),
            rests_on=self.rests_on(),
            differs=tuple(self.differs()),
            sentences=tuple(self.sentences()),
            empty=tuple(self.empty()),
        )

    def day(self, fact: str) -> date | None:
        return self.dated(self.facts.at(_at(FACTS, fact)))

    def dated(self, value: Value) -> date | None:
        """A date from what a cell holds: a serial, or a text as ISO writes it."""
        number = _number(value)
        if number is not None:
            return day_of(number, date1904=self.book.date1904)
        try:
            return date.fromisoformat(_text(value)[:10])
        except ValueError:
            return None

    def rated(self) -> Iterator[Rated]:
        card, first = self.block("card_points"), 0
        columns = {key: i for i, (key, _) in enumerate(DIMENSION_STEPS)}
        observed = _at(INPUT_STEPS, "observed")
        for i, d in enumerate(self.model.dimensions):
            rows = range(first, first + len(d.metrics))
            yield Rated(
                name=d.name,
                score=self.dimensions.number(i, columns["score"]),
                typed=self.dimensions.number(i, columns["typed"]) is not None,
                observed=sum(1 for r in rows if self.inputs.number(r, observed)),
                metrics=len(d.metrics),
                trend=card.number(i, 1),
                where=card.where(i, 1),
            )
            first = rows.stop

    def rows(self, name: str) -> Iterator[tuple[dict[str, Value], str]]:
        """Rows of a Table that hold something, with the cell of each row's first column."""
        table = self.tables.get(name)
        if table is None:
            raise WorkbookError(
                f"There is no Table {name} in the workbook. Copy it from a fresh report."
            )
        area = table.data
        values = area_values(self.book, table.part, area)
        for row in range(area.r1, area.r2 + 1):
            found = {
                column: values.get((row, area.c1 + i)) for i, column in enumerate(table.columns)
            }
            if any(_text(value) for column, value in found.items() if column != "Key"):
                yield found, f"{table.sheet}!{cell_name(row, area.c1)}"

    def risks(self) -> Iterator[RiskLine]:
        for row, where in self.rows(RISK_TABLE):
            text = _text(row.get("Risk and evidence"))
            if text:
                severity, plan = _given(row.get("Severity")), _given(row.get("Mitigation"))
                yield RiskLine(text, severity, plan, where)

    def actions(self) -> Iterator[ActionLine]:
        for row, where in self.rows(ACTION_TABLE):
            text = _text(row.get("Action"))
            if text:
                yield ActionLine(
                    text,
                    _text(row.get("Horizon")),
                    _given(row.get("Owner")),
                    self.dated(row.get("Due")),
                    _text(row.get("Status")),
                    where,
                )

    def renewal_note(self) -> str:
        note = self.places.get("hs_renewal_note")
        return self.block("renewal_note").text(0) if note else LABEL

    def stale(self) -> Iterator[tuple[str, date | None, str]]:
        status, dated = self.block("evidence_status"), self.block("evidence_as_of")
        for i, metric in enumerate(self.model.metrics):
            if status.text(i) == STALE:
                yield metric.name, self.dated(dated.at(i)), dated.where(i)

    def rests_on(self) -> tuple[str, float] | None:
        """The metric with the largest part of what the known inputs could give."""
        at = _at(INPUT_STEPS, "could")
        could = [self.inputs.number(i, at) or 0.0 for i in range(len(self.model.inputs))]
        metrics = could[: len(self.model.metrics)]
        if not metrics or sum(could) <= 0:
            return None
        most = max(range(len(metrics)), key=metrics.__getitem__)
        return self.model.metrics[most].name, metrics[most] / sum(could)

    def differs(self) -> Iterator[tuple[str, str, str, str]]:
        agrees, sheet, engine = (self.block(f"check_{k}") for k in ("agrees", "formula", "engine"))
        names = [
            *(dict(STEP_ROWS)[key] for key in CHECKED),
            *(d.name for d in self.model.dimensions),
        ]
        for i, name in enumerate([*names, "Sum of contributions"]):
            if agrees.text(i) == "No":
                yield name, _shown(sheet.at(i)), _shown(engine.at(i)), agrees.where(i)

    def sentences(self) -> Iterator[tuple[str, str]]:
        for name in _SENTENCES:
            if f"hs_{name}" in self.places:
                block = self.block(name)
                if block.text(0):
                    yield block.text(0), block.where()

    def empty(self) -> Iterator[str]:
        """Cells of formulas that hold no value: the workbook was saved by what does not compute."""
        for block in (self.steps, self.dimensions, self.inputs):
            for row in range(block.place.rows):
                if block.at(row) is None:
                    yield block.where(row)


def _at(rows: Sequence[tuple[str, str]], key: str) -> int:
    return [k for k, _ in rows].index(key)


def _number(value: Value) -> float | None:
    return None if isinstance(value, bool | str | CellError) or value is None else float(value)  # type: ignore[arg-type]


def _text(value: Value) -> str:
    if value is None or isinstance(value, CellError):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value).strip()


def _given(value: Value) -> str:
    text = _text(value)
    return "" if text.casefold() in NOT_GIVEN else text


def _shown(value: Value) -> str:
    number = _number(value)
    return _text(value) or "empty" if number is None else f"{number:.1f}"
