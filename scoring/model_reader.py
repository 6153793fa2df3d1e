"""Rows of a *Model* sheet → a score model; every fault names its cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scoring.columns import normalise
from scoring.model import SEGMENTS, ScoreModel
from scoring.model_blocks import BLOCKS, BREAKPOINTS, PROPERTIES, Block, Field
from scoring.model_cells import Cell, CellFault, address, is_blank, read_cell
from scoring.model_data import dotted, faults, model_from_data

__all__ = ["model_from_rows"]

Rows = Sequence[Sequence[Cell]]
Path = tuple[str | int, ...]
_LIFECYCLE = (
    "neutral_days",
    "neutral_score",
    "partial_days",
    "partial_coverage",
    "onboarding_days",
)
_HEADINGS = {normalise(block.heading): block for block in BLOCKS.values()}
# Columns without which no row of the block makes sense.
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "properties": ("property", "value"),
    "tiers": ("key", "label", "starts_at"),
    "dimensions": ("key", "name", "weight", "source"),
    "gates": ("key", "name", "cap"),
    "metrics": ("key", "name", "weight", "dimension", "unit", "x1", "y1", "x2", "y2", "source"),
}
_TIER_ORDER = ("green", "amber", "red")


def model_from_rows(rows: Rows, where: str) -> ScoreModel:
    """Read a score model from the cells of a *Model* sheet.

    Args:
        rows: cells from A1 on, rows of any length. Blocks and their rows may stand in any order;
            blank rows, rows above the first block and columns with other headers are passed over.
        where: workbook and sheet, for messages.

    Raises:
        ModelError: all faults at once, each with its cell, what is wrong and the next step.
    """
    return _Reader(rows, where).model()


@dataclass
class _Table:
    """A block found on the sheet: its data rows and the column of each field."""

    block: Block
    header: int
    columns: dict[str, int]
    rows: list[int] = field(default_factory=list)


class _Reader:
    """Collects values, the cells they came from and the faults of one sheet."""

    def __init__(self, rows: Rows, where: str) -> None:
        self.rows = rows
        self.where = where
        self.faults: list[str] = []
        self.keys: set[object] = set()
        self.places: dict[Path, tuple[int, int, str]] = {}
        self.tables = self._find_tables()

    def model(self) -> ScoreModel:
        if self.faults:
            raise faults(self.where, self.faults)
        data = self._properties()
        data["tiers"] = self._tiers()
        data["gates"] = [v for _, v in self._records("gates", ("gates",))]
        data["dimensions"] = self._dimensions()
        self._metrics(data["dimensions"])
        if self.faults:
            raise faults(self.where, self.faults)
        return model_from_data(data, self.where, self._place)

    # Finding the blocks

    def _find_tables(self) -> dict[str, _Table]:
        found: dict[str, _Table] = {}
        current: _Table | None = None
        pending: tuple[Block, int] | None = None
        for index, row in enumerate(self.rows):
            filled = [c for c, value in enumerate(row) if not is_blank(value)]
            if not filled:
                continue
            block = _HEADINGS.get(normalise(str(row[filled[0]]))) if len(filled) == 1 else None
            if block is not None:
                pending, current = (block, index), None
                if block.key in found:
                    self._fault(index, filled[0], f"{block.heading} stands twice. Keep one.")
            elif pending is not None:
                current = self._header(pending[0], index)
                found.setdefault(current.block.key, current)
                pending = None
            elif current is not None and any(c in filled for c in current.columns.values()):
                current.rows.append(index)
        for block in BLOCKS.values():
            if block.required and block.key not in found:
                self.faults.append(
                    f'The block "{block.heading}" is missing. Add that heading in a row of its own '
                    f"with the headers {_headers(block)} under it."
                )
        return found

    def _header(self, block: Block, index: int) -> _Table:
        wanted = {normalise(name): f for f in block.fields for name in (f.key, f.header)}
        columns: dict[str, int] = {}
        for column, value in enumerate(self.rows[index]):
            match = None if is_blank(value) else wanted.get(normalise(str(value)))
            if match is None:
                continue
            if match.key in columns:
                self._fault(index, column, f'"{match.header}" stands twice. Rename one of them.')
            columns.setdefault(match.key, column)
        for key in _NEEDED[block.key]:
            if key not in columns:
                header = block.fields[block.column(key)].header
                self._fault(index, 0, f'{block.heading} has no column "{header}". Add it.')
        return _Table(block, index, columns)

    # Reading the blocks

    def _properties(self) -> dict[str, Any]:
        known = {normalise(name): f for f in PROPERTIES for name in (f.key, f.header)}
        table = self.tables["properties"]
        data: dict[str, Any] = {"lifecycle": {}}
        for row in table.rows:
            at = table.columns["property"]
            named = self._at(row, at)
            match = None if is_blank(named) else known.get(normalise(str(named)))
            if match is None:
                self._fault(row, at, f'"{named or ""}" is no property. Known: {_names(known)}.')
                continue
            path = _property_path(match.key)
            target = data["lifecycle"] if path[0] == "lifecycle" else data
            column = table.columns["value"]
            if path in self.places:
                self._fault(row, at, f'"{match.header}" stands twice. Keep one.')
            self.places[path] = (row, column, match.header)
            if path[-1] == "source":
                # A blank source is an empty one; for other properties a blank asks for the default.
                target["source"] = ""
            self._read_into(target, str(path[-1]), row, column, match)
        return data

    def _tiers(self) -> list[dict[str, Any]]:
        records = [(row, v) for row, v in self._records("tiers", ())]
        if sorted(str(v.get("key")) for _, v in records) != sorted(_TIER_ORDER):
            at = self.tables["tiers"]
            text = "Tiers must hold green, amber and red, each once. Correct the column."
            self._fault(at.header, at.columns["key"], text)
        records.sort(key=lambda r: _TIER_ORDER.index(r[1].get("key", "red")))
        for index, (row, v) in enumerate(records):
            self._remember("tiers", row, ("tiers", index))
            above = records[index - 1][1].get("starts_at") if index else None
            start = v.get("starts_at")
            if above is not None and start is not None and start >= above:
                column = self.tables["tiers"].columns["starts_at"]
                self._fault(row, column, f"{start:g} is not below {above:g}. Make tiers fall.")
        return [v for _, v in records]

    def _dimensions(self) -> list[dict[str, Any]]:
        out = []
        for index, (row, v) in enumerate(self._records("dimensions", ())):
            base: Path = ("dimensions", index)
            self._remember("dimensions", row, base)
            weights = {s: v.pop(s) for s in SEGMENTS if s in v}
            v["segment_weights"] = weights
            for segment in weights:
                self.places[*base, "segment_weights", segment] = self.places[*base, segment]
            if "onboarding" in v:
                v["onboarding_weight"] = v.pop("onboarding")
                self.places[*base, "onboarding_weight"] = self.places[*base, "onboarding"]
            self._pair(v, row, "dimensions", ("typical_low", "typical_high"), "weight_range")
            out.append({**v, "metrics": []})
        return out

    def _metrics(self, dimensions: list[dict[str, Any]]) -> None:
        by_name = {normalise(str(d.get("name", ""))): i for i, d in enumerate(dimensions)}
        by_name |= {normalise(str(d.get("key", ""))): i for i, d in enumerate(dimensions)}
        for row, v in self._records("metrics", ()):
            named = str(v.pop("dimension", ""))
            owner = by_name.get(normalise(named)) if named else None
            if owner is None:
                known = ", ".join(str(d.get("key")) for d in dimensions)
                column = self.tables["metrics"].columns["dimension"]
                self._fault(row, column, f'"{named}" is no dimension. Use one of: {known}.')
                continue
            base: Path = ("dimensions", owner, "metrics", len(dimensions[owner]["metrics"]))
            self._remember("metrics", row, base)
            self._ends(v, row)
            kind = v.pop("curve", "states" if v.get("unit") == "state" else "linear")
            v["curve"] = {"kind": kind, "points": self._breakpoints(row, v.get("unit"), base)}
            dimensions[owner]["metrics"].append(v)

    def _ends(self, v: dict[str, Any], row: int) -> None:
        columns = self.tables["metrics"].columns
        for name in ("scale", "healthy"):
            keys = (f"{name}_low", f"{name}_high")
            given = [k in columns and not is_blank(self._at(row, columns[k])) for k in keys]
            ends = tuple(v.pop(key, None) for key in keys)
            if any(given):
                v[name] = ends

    def _breakpoints(self, row: int, unit: object, base: Path) -> list[tuple[Any, Any]]:
        columns = self.tables["metrics"].columns
        block = BLOCKS["metrics"]
        points: list[tuple[Any, Any]] = []
        for k in range(1, BREAKPOINTS + 1):
            fields = [block.fields[block.column(f"{axis}{k}")] for axis in "xy"]
            at = [columns.get(f.key) for f in fields]
            blank = [c is None or is_blank(self._at(row, c)) for c in at]
            if all(blank):
                continue
            if any(blank):
                missing = fields[blank.index(True)].header
                column = next(c for c in at if c is not None)
                self._fault(row, column, f"{missing} is blank. Give both or none of a pair.")
                continue
            x, y = fields
            if unit == "state":
                x = Field(x.key, x.header, "text")
            pair: dict[str, Any] = {}
            for f in (x, y):
                self._read_into(pair, f.key, row, columns[f.key], f, unit in _PERCENT_UNITS)
            for axis, f in enumerate(fields):
                place = (row, columns[f.key], f.header)
                self.places[*base, "curve", "points", len(points), axis] = place
                self.places.setdefault((*base, "curve"), place)
            points.append((pair.get(x.key), pair.get(y.key)))
        return points

    # Cells

    def _records(self, key: str, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
        """Each row of a block: its row number and its values that are not blank."""
        table = self.tables.get(key)
        if table is None:
            return
        for index, row in enumerate(table.rows):
            if path:
                self._remember(key, row, (*path, index))
            record = self._record(table, row)
            name = record.get("key")
            if name is not None and name in self.keys and key != "tiers":
                column = table.columns["key"]
                self._fault(row, column, f'"{name}" stands twice. Give each part its own key.')
            self.keys.add(name)
            yield row, record

    def _record(self, table: _Table, row: int) -> dict[str, Any]:
        record: dict[str, Any] = {}
        unit = table.columns.get("unit")
        percent = unit is not None and normalise(str(self._at(row, unit))) in _PERCENT_UNITS
        for f in table.block.fields:
            if f.key in table.columns and f.key not in _PAIRS:
                self._read_into(record, f.key, row, table.columns[f.key], f, percent)
        return record

    def _remember(self, key: str, row: int, base: Path) -> None:
        table = self.tables[key]
        self.places[base] = (row, table.columns["key"], "")
        for f in table.block.fields:
            if f.key in table.columns:
                self.places[*base, f.key] = (row, table.columns[f.key], f.header)

    def _pair(
        self, v: dict[str, Any], row: int, key: str, ends: tuple[str, str], name: str
    ) -> None:
        given = [end for end in ends if end in v]
        if len(given) == 1:
            self._fault(
                row, self.tables[key].columns[given[0]], "one end is blank. Give both or none."
            )
        elif given:
            v[name] = tuple(v[end] for end in ends)
        for end in given:
            del v[end]

    def _read_into(
        self, target: dict[str, Any], key: str, row: int, column: int, f: Field,
        percent: bool = False,
    ) -> None:  # fmt: skip
        value = self._at(row, column)
        if is_blank(value):
            return
        try:
            target[key] = read_cell(value, f, percent=percent)
        except CellFault as fault:
            self._fault(row, column, str(fault))

    def _at(self, row: int, column: int) -> Cell:
        cells = self.rows[row]
        return cells[column] if column < len(cells) else None

    def _fault(self, row: int, column: int, text: str) -> None:
        self.faults.append(f"{address(row, column)}: {text}")

    def _place(self, path: Sequence[str | int]) -> str:
        for length in range(len(path), 0, -1):
            spot = self.places.get(tuple(path[:length]))
            if spot is not None:
                row, column, header = spot
                rest = "" if length == len(path) else dotted(path[length:])
                return " ".join(t for t in (address(row, column), header or rest) if t)
        return dotted(path)


_PERCENT_UNITS = ("fraction", "change")
_PAIRS = frozenset(f"{axis}{k}" for axis in "xy" for k in range(1, BREAKPOINTS + 1))


def _property_path(key: str) -> Path:
    if key == "lifecycle_source":
        return ("lifecycle", "source")
    return ("lifecycle", key) if key in _LIFECYCLE else (key,)


def _headers(block: Block) -> str:
    return ", ".join(f.header for f in block.fields[:3])


def _names(known: Mapping[str, Field]) -> str:
    return ", ".join(dict.fromkeys(f.header for f in known.values()))
