"""The library as rows of the sheets *Risk library* and *Plays*, and back.

A row a risk, a positive or a step of a play. Readers match headers by text, so people may move
columns, add their own and put titles above.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from scoring.columns import normalise
from scoring.judgement.library import (
    TOPICS,
    Library,
    PositiveDefinition,
    RiskDefinition,
    load_library,
)
from scoring.judgement.library_text import WHAT, library_from_data
from scoring.judgement.records import Horizon
from scoring.model_blocks import Field
from scoring.model_cells import Cell, CellFault, address, is_blank, read_cell
from scoring.model_data import dotted, faults

__all__ = [
    "PLAYS",
    "PLAY_FIELDS",
    "RISKS",
    "RISK_FIELDS",
    "library_from_sheets",
    "library_rows",
]

RISKS, PLAYS = "Risk library", "Plays"
"""Names of the sheets."""
RISK, POSITIVE = "Risk", "Positive"

Value = str | float | None
Rows = Sequence[Sequence[Cell]]
Path = tuple[str | int, ...]
_Keys = dict[object, tuple[Mapping[str, Any], str]]

RISK_FIELDS: tuple[Field, ...] = (
    Field("kind", "Kind", "word", (RISK, POSITIVE), "Risk or Positive."),
    Field("key", "Key", "text", help="Small letters, digits and underscores; never change it."),
    Field("name", "Name", "text", help="Two to four words that people read."),
    Field("topic", "Topic", "word", TOPICS, "What it is about; says the dimension."),
    Field("condition", "Condition", "text", help="When it holds: csat_share < 50%, say."),
    Field("high", "High when", "text", help="Condition, or always; blank for never."),
    Field("medium", "Medium when", "text", help="Condition, or always; else it is low."),
    Field("text", "Wording", "text", help="Facts in braces; a part in brackets may be left out."),
    Field("evidence", "Evidence", "aliases", help="Facts it rests on, with semicolons between."),
    Field("mitigation", "Mitigation", "text", help="One sentence: what is to be done."),
    Field("play", "Play", "text", help="Key of a play on the sheet Plays."),
    Field("covers", "Covers", "aliases", help="Keys of risks left out beside this one."),
    Field("said_as", "Also called", "aliases", help="Words of a typed risk that mean this one."),
    Field("source", "Source", "text", help='Document and place, or "ours".'),
)
PLAY_FIELDS: tuple[Field, ...] = (
    Field("play", "Play", "text", help="Key of the play; its steps have the same."),
    Field("name", "Name", "text", help="Name of the play, at its first step."),
    Field("key", "Step", "text", help="Key of the step; never change it."),
    Field("text", "What to do", "text", help="One imperative sentence."),
    Field("role", "Role", "text", help="Whose work it is."),
    Field("horizon", "Horizon", "word", get_args(Horizon), "When."),
    Field("within_hours", "Within hours", "whole", help="24 are one working day; 0 or blank: -"),
    Field("channel", "Channel", "text", help="email, phone, meeting, in-app; may be blank."),
    Field("effort_days", "Effort (days)", "number", help="Days of work."),
    Field("lifts", "Lifts", "aliases", help="Facts or metrics that it moves."),
    Field("source", "Source", "text", help='Document and place, or "ours".'),
)
_NEEDED = {RISKS: ("key", "condition", "text"), PLAYS: ("play", "key", "text")}
_FIELDS = {RISKS: RISK_FIELDS, PLAYS: PLAY_FIELDS}


def library_rows(library: Library) -> dict[str, list[dict[str, Value]]]:
    """Sheet → rows by the keys of its fields, in the order of the library."""
    risks = [_row(RISK, r) for r in library.risks] + [_row(POSITIVE, p) for p in library.positives]
    plays: list[dict[str, Value]] = []
    for play in library.plays:
        for number, step in enumerate(play.steps):
            plays.append({
                "play": play.key, "name": None if number else play.name, "key": step.key,
                "text": step.text, "role": step.role, "horizon": step.horizon,
                "within_hours": float(step.within_hours) or None, "channel": step.channel or None,
                "effort_days": step.effort_days, "lifts": "; ".join(step.lifts) or None,
                "source": None if number else play.source,
            })  # fmt: skip
    return {RISKS: risks, PLAYS: plays}


def _row(kind: str, definition: RiskDefinition | PositiveDefinition) -> dict[str, Value]:
    data = {k: _cell(v) for k, v in definition.model_dump().items()}
    return {f.key: kind if f.key == "kind" else data.get(f.key) for f in RISK_FIELDS}


def _cell(value: Any) -> Value:
    return "; ".join(value) or None if isinstance(value, tuple) else value or None


_OURS = "ours"
"""Source of what has none."""


def library_from_sheets(sheets: Mapping[str, Rows], where: str, known: Sequence[str]) -> Library:
    """Read a library from the cells of its sheets.

    Args:
        sheets: `RISKS` and `PLAYS` → cells from A1 on. A sheet that is absent is the shipped one.
        where: the workbook, for messages.
        known: facts that may be named.

    Raises:
        ModelError: all faults at once, each with sheet, cell, what is wrong and the next step.
    """
    reader = _Reader(sheets, where)
    data = reader.data()
    if reader.faults:
        raise faults(where, reader.faults, WHAT)
    return library_from_data(data, where, known, reader.place)


@dataclass
class _Reader:
    """Collects values, the cells they came from, and faults."""

    sheets: Mapping[str, Rows]
    where: str
    faults: list[str] = field(default_factory=list)
    places: dict[Path, str] = field(default_factory=dict)

    def data(self) -> dict[str, Any]:
        shipped = load_library().model_dump()
        out: dict[str, Any] = {"plays": shipped["plays"]}
        if PLAYS in self.sheets:
            out["plays"] = self._plays()
        plays = {p.get("key") for p in out["plays"]}
        out |= self._risks(plays) if RISKS in self.sheets else {
            "risks": shipped["risks"], "positives": shipped["positives"]
        }  # fmt: skip
        return out

    def _risks(self, plays: set[Any]) -> dict[str, Any]:
        risks: list[dict[str, Any]] = []
        positives: list[dict[str, Any]] = []
        spots: list[tuple[dict[str, Any], dict[str, str]]] = []
        keys: _Keys = {}
        for record, cells in self._records(RISKS):
            positive = record.pop("kind", RISK) == POSITIVE
            # What people type themselves comes from no document.
            record.setdefault("source", _OURS)
            block, rows = ("positives", positives) if positive else ("risks", risks)
            if not self._once(keys, (block, record.get("key")), record, cells):
                continue
            if positive:
                for name in ("high", "medium", "mitigation", "play", "covers", "said_as"):
                    if record.pop(name, None):
                        self.faults.append(f"{cells[name]}: a positive has none. Clear the cell.")
            self._remember((block, len(rows)), cells)
            rows.append(record)
            spots.append((record, cells))
        known = {r.get("key") for r in risks}
        for record, cells in spots:
            if record.get("play") and record["play"] not in plays:
                text = f'there is no play "{record["play"]}" on the sheet {PLAYS}. Correct one.'
                self.faults.append(f"{cells['play']}: {text}")
            for other in record.get("covers", ()):
                if other not in known:
                    text = f'there is no risk "{other}". Correct it or take it out.'
                    self.faults.append(f"{cells['covers']}: {text}")
        return {"risks": risks, "positives": positives}

    def _plays(self) -> list[dict[str, Any]]:
        plays: dict[object, dict[str, Any]] = {}
        keys: _Keys = {}
        for record, cells in self._records(PLAYS):
            if not self._once(keys, (record.get("play"), record.get("key")), record, cells):
                continue
            key = record.pop("play", None)
            if key is None:
                self.faults.append(f"{cells['play']}: the play's key is missing. Type it.")
                continue
            name, source = record.pop("name", None), record.pop("source", None)
            play = plays.setdefault(key, {"key": key, "steps": []})
            number = list(plays).index(key)
            self._remember(("plays", number), cells)
            if name is not None:
                play.setdefault("name", name)
            if source is not None:
                play.setdefault("source", source)
            self._remember(("plays", number, "steps", len(play["steps"])), cells)
            play["steps"].append(record)
        return [{"source": _OURS} | play for play in plays.values()]

    def _records(self, sheet: str) -> list[tuple[dict[str, Any], dict[str, str]]]:
        """Each row with a key: its values that are not blank, and the cell of each field."""
        rows = self.sheets[sheet]
        header = self._header(sheet)
        if header is None:
            return []
        at, columns = header
        out = []
        for row in range(at + 1, len(rows)):
            cells = {key: f"{sheet}!{address(row, c)}" for key, c in columns.items()}
            if all(is_blank(self._at(rows, row, c)) for c in columns.values()):
                continue
            record: dict[str, Any] = {}
            for f in _FIELDS[sheet]:
                if f.key not in columns:
                    continue
                value = self._at(rows, row, columns[f.key])
                if is_blank(value):
                    continue
                try:
                    record[f.key] = read_cell(value, f)
                except CellFault as fault:
                    self.faults.append(f"{cells[f.key]} {f.header}: {fault}")
            out.append((record, cells))
        return out

    def _header(self, sheet: str) -> tuple[int, dict[str, int]] | None:
        """The header row, and the column of each field: the first row with all that is needed."""
        wanted = {normalise(f.header): f.key for f in _FIELDS[sheet]}
        for row, cells in enumerate(self.sheets[sheet]):
            columns: dict[str, int] = {}
            for column, value in enumerate(cells):
                key = None if is_blank(value) else wanted.get(normalise(str(value)))
                if key is not None:
                    columns.setdefault(key, column)
            if all(key in columns for key in _NEEDED[sheet]):
                return row, columns
        names = [f.header for f in _FIELDS[sheet] if f.key in _NEEDED[sheet]]
        self.faults.append(
            f"{sheet}!A1: no row has the headers {', '.join(names)}. Write them above the rows."
        )
        return None

    def _once(
        self, keys: _Keys, key: object, record: Mapping[str, Any], cells: Mapping[str, str]
    ) -> bool:
        """Whether a row is no copy of one above; another row of the same key is a fault."""
        known = keys.setdefault(key, (dict(record), cells["key"]))
        if known[1] == cells["key"]:
            return True
        # A row that was typed below the Table stays there when a refresh takes it in.
        if known[0] != record:
            text = f"the key stands twice, also in {known[1]}. Give each row its own."
            self.faults.append(f"{cells['key']}: {text}")
        return False

    def _remember(self, base: Path, cells: Mapping[str, str]) -> None:
        self.places.setdefault(base, cells["key"])
        for key, cell in cells.items():
            fields = PLAY_FIELDS if base[0] == "plays" else RISK_FIELDS
            header = next(f.header for f in fields if f.key == key)
            self.places.setdefault((*base, key), f"{cell} {header}")

    @staticmethod
    def _at(rows: Rows, row: int, column: int) -> Cell:
        return rows[row][column] if column < len(rows[row]) else None

    def place(self, path: Sequence[str | int]) -> str:
        """The cell of a path inside the library."""
        for length in range(len(path), 0, -1):
            found = self.places.get(tuple(path[:length]))
            if found is not None:
                rest = path[length:] if length < len(path) and not isinstance(path[-1], int) else ()
                return f"{found}{f' {dotted(rest)}' if rest else ''}"
        return dotted(path)
