"""A score model as the rows of a *Model* sheet, and where each of its numbers stands there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoring.model import SEGMENTS, Dimension, Gate, Metric, ScoreModel
from scoring.model_blocks import BLOCKS, PROPERTIES
from scoring.model_cells import OPEN
from scoring.model_reader import model_from_rows

__all__ = ["SHEET", "BlockRows", "Layout", "model_from_rows", "model_to_rows", "sheet_layout"]

SHEET = "Model"
"""Name of the sheet that holds a score model."""

Value = str | float | None
Row = Mapping[str, Value]
Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class BlockRows:
    """Rows of one block, 0-based: its heading, its header and the row of each part by key."""

    heading: int
    header: int
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """Cells of a written *Model* sheet as 0-based (row, column), for formulas and formats.

    Every method raises KeyError for a key or field that the sheet does not have.

    Attributes:
        blocks: ``properties``, ``tiers``, ``dimensions``, ``gates`` and ``metrics``.
        height: number of rows.
        width: number of columns.
    """

    blocks: Mapping[str, BlockRows]
    height: int
    width: int

    def property_cell(self, key: str) -> Position:
        """Value cell of a property: ``min_coverage``, ``smoothing_days``, ``neutral_days``."""
        return self._cell("properties", key, "value")

    def tier_cell(self, key: str, field: str = "starts_at") -> Position:
        """Cell of a tier: ``starts_at`` or ``label``."""
        return self._cell("tiers", key, field)

    def dimension_cell(self, key: str, field: str = "weight") -> Position:
        """Cell of a dimension: ``weight``, a segment's key, ``onboarding``, ``typical_low``."""
        return self._cell("dimensions", key, field)

    def gate_cell(self, key: str, field: str = "cap") -> Position:
        """Cell of a gate: ``name``, ``cap`` or ``source``."""
        return self._cell("gates", key, field)

    def metric_cell(self, key: str, field: str = "weight") -> Position:
        """Cell of a metric: ``weight``, ``unit``, ``max_age_days``, ``x1``, ``y1`` to ``y8``."""
        return self._cell("metrics", key, field)

    def _cell(self, block: str, key: str, field: str) -> Position:
        return (self.blocks[block].rows[key], BLOCKS[block].column(field))


def sheet_layout(model: ScoreModel) -> Layout:
    """Where `model_to_rows` puts each part of a model."""
    return _compose(model)[1]


def model_to_rows(model: ScoreModel) -> list[list[Value]]:
    """Rows of a *Model* sheet, all of one length; a blank cell is None.

    Five blocks stand one under another, each with a heading, a header row and a blank row after
    it. `model_from_rows` reads them back as an equal model.
    """
    return _compose(model)[0]


def _compose(model: ScoreModel) -> tuple[list[list[Value]], Layout]:
    width = max(len(block.fields) for block in BLOCKS.values())
    rows: list[list[Value]] = []
    places: dict[str, BlockRows] = {}

    def add(values: Sequence[Value] = ()) -> int:
        rows.append([*values, *[None] * (width - len(values))])
        return len(rows) - 1

    for key, parts in _parts(model).items():
        block = BLOCKS[key]
        heading = add([block.heading])
        header = add([field.header for field in block.fields])
        at = {k: add([part.get(f.key) for f in block.fields]) for k, part in parts.items()}
        places[key] = BlockRows(heading, header, at)
        add()
    return rows, Layout(places, len(rows), width)


def _parts(model: ScoreModel) -> dict[str, dict[str, Row]]:
    """Rows of each block by key, in the order of the sheet."""
    values = _property_values(model)
    return {
        "properties": {f.key: {"property": f.header, "value": values[f.key]} for f in PROPERTIES},
        "tiers": {
            t.key: {"key": t.key, "label": t.label, "starts_at": t.starts_at} for t in model.tiers
        },
        "dimensions": {d.key: _dimension(d) for d in model.dimensions},
        "gates": {g.key: _gate(g) for g in model.gates},
        "metrics": {m.key: _metric(m, d.key) for d in model.dimensions for m in d.metrics},
    }


def _property_values(model: ScoreModel) -> dict[str, Value]:
    values: dict[str, Value] = model.lifecycle.model_dump()
    values["lifecycle_source"] = values.pop("source")
    plain = ("name", "version", "title", "source", "typed", "missing", "min_coverage")
    return {**values, **{key: getattr(model, key) for key in (*plain, "smoothing_days")}}


def _dimension(dimension: Dimension) -> Row:
    low, high = dimension.weight_range or (None, None)
    return {
        "key": dimension.key,
        "name": dimension.name,
        "weight": dimension.weight,
        **{segment: dimension.segment_weights.get(segment) for segment in SEGMENTS},
        "onboarding": dimension.onboarding_weight,
        "typical_low": low,
        "typical_high": high,
        "aliases": "; ".join(dimension.aliases) or None,
        "source": dimension.source,
    }


def _gate(gate: Gate) -> Row:
    return {"key": gate.key, "name": gate.name, "cap": gate.cap, "source": gate.source or None}


def _metric(metric: Metric, dimension: str) -> Row:
    row: dict[str, Value] = {
        "key": metric.key,
        "name": metric.name,
        "weight": metric.weight,
        "dimension": dimension,
        "unit": metric.unit,
        "scale_low": metric.scale[0],
        "scale_high": metric.scale[1],
        "max_age_days": metric.max_age_days,
        "leading": "Yes" if metric.leading else "No",
        "curve": metric.curve.kind,
        "aliases": "; ".join(metric.aliases) or None,
        "source": metric.source,
    }
    if metric.healthy is not None:
        low, high = metric.healthy
        row["healthy_low"], row["healthy_high"] = _end(low), _end(high)
    points: Sequence[tuple[str | float, float]] = metric.curve.points
    for k, (x, y) in enumerate(points, start=1):
        row[f"x{k}"], row[f"y{k}"] = x, y
    return row


def _end(value: float | None) -> Value:
    return OPEN if value is None else value
