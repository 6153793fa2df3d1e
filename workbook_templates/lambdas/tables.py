"""What the functions look up, and under which names: all that depends on the model."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.columns import normalise
from scoring.model import SEGMENTS, ScoreModel, StateCurve
from scoring.model_sheet import sheet_layout
from workbook_templates.formulas import MISSING_POINTS, ModelCells
from workbook_templates.lambdas.cells import Area, Block, Cell
from workbook_templates.lambdas.inputs import (
    DATA_AS_OF,
    SCORE,
    SEGMENT,
    START,
    input_block,
    input_columns,
)
from workbook_templates.lambdas.texts import text_blocks
from workbook_templates.typed import typing

__all__ = ["lookup_blocks"]

_NUMBERS = {
    "min_coverage": "Minimum coverage",
    "neutral_days": "Neutral days",
    "neutral_score": "Neutral score",
    "partial_days": "Partial days",
    "partial_coverage": "Partial coverage",
    "onboarding_days": "Onboarding days",
}
Setting = tuple[str, str, Cell]
"""Label, name and value."""


def lookup_blocks(model: ScoreModel) -> list[Block]:
    """The blocks of *Lookup*, from top to bottom."""
    cells = ModelCells(sheet_layout(model))
    return [
        _settings(model, cells),
        _dimensions(model, cells),
        input_block(model, cells),
        _states(model, cells),
        *text_blocks(model),
    ]


def _settings(model: ScoreModel, cells: ModelCells) -> Block:
    rows = [*_policy(model, cells), *_tiers(model, cells), *_places(model, cells)]
    areas = tuple(Area(name, 1, row=i, rows=1) for i, (_, name, _) in enumerate(rows))
    shown = tuple((Cell(label), cell) for label, _, cell in rows)
    return Block("Settings", ("Setting", "Value"), shown, areas)


def _policy(model: ScoreModel, cells: ModelCells) -> Iterator[Setting]:
    typed, missing = cells.setting("typed"), cells.setting("missing")
    yield "Model", "_HS_MODEL", Cell(model.name, f"={cells.setting('name')}")
    rated = Cell(float(typing(model).is_rating), f'=IF({typed}="rating",1,0)')
    yield "Ratings", "_HS_RATED", rated
    zero, neutral = MISSING_POINTS["zero"], MISSING_POINTS["neutral"]
    fill = f'=IF({missing}="zero",{zero},IF({missing}="neutral",{neutral},""))'
    yield "Points where missing", "_HS_FILL", Cell(MISSING_POINTS.get(model.missing, ""), fill)
    numbers = {"min_coverage": model.min_coverage, **model.lifecycle.model_dump()}
    for key, label in _NUMBERS.items():
        yield label, f"_HS_{key.upper()}", Cell(numbers[key], f"={cells.setting(key)}")


def _tiers(model: ScoreModel, cells: ModelCells) -> Iterator[Setting]:
    for tier in model.tiers:
        name, words = f"_HS_{tier.key.upper()}", cells.tier(tier.key, "label")
        if tier.starts_at > 0:
            start = Cell(tier.starts_at, f"={cells.tier(tier.key)}")
            yield f"{tier.label} starts at", name, start
        yield f"Word for {tier.key}", f"{name}_WORD", Cell(tier.label, f"={words}")


def _places(model: ScoreModel, cells: ModelCells) -> Iterator[Setting]:
    numbers = {key: i for i, key in enumerate(input_columns(model), start=1)}
    yield "Segment counts", "_HS_SEGMENTED", _segmented(model, cells)
    yield "Input: segment", "_HS_SEGMENT_INPUT", Cell(numbers[SEGMENT])
    yield "Input: start date", "_HS_START_INPUT", Cell(numbers[START])
    yield "Input: data as of", "_HS_DATA_AS_OF", Cell(numbers.get(DATA_AS_OF, 0))
    yield "Input: score", "_HS_SCORE_INPUT", Cell(numbers[SCORE])


def _segmented(model: ScoreModel, cells: ModelCells) -> Cell:
    """1 where any dimension has a weight of its own for a segment."""
    own = any(d.segment_weights for d in model.dimensions)
    at = [cells.dimension(d.key, segment) for d in model.dimensions for segment in SEGMENTS]
    return Cell(float(own), f"=IF(COUNT({','.join(at)})>0,1,0)")


def _dimensions(model: ScoreModel, cells: ModelCells) -> Block:
    rows = []
    for number, d in enumerate(model.dimensions, start=1):
        base = cells.dimension(d.key, "weight")
        own: dict[str, float | None] = {s: d.segment_weights.get(s) for s in SEGMENTS}
        own["onboarding"] = d.onboarding_weight
        others = [
            Cell(d.weight if value is None else value, f'=IF({at}="",{base},{at})')
            for at, value in ((cells.dimension(d.key, field), own[field]) for field in own)
        ]
        rows.append((Cell(number), Cell(d.name), Cell(d.weight, f"={base}"), *others))
    headers = ("Dimension", "Name", "Weight", "Enterprise", "Mid-market", "SMB", "Onboarding")
    areas = (Area("_HS_NUMBERS", 0), Area("_HS_WEIGHTS", 2, 4), Area("_HS_ONBOARDING", 6))
    return Block("Dimensions", headers, tuple(rows), areas)


def _states(model: ScoreModel, cells: ModelCells) -> Block:
    """Words of state metrics: as typed, and reduced for matching."""
    rows = [(Cell("–"), Cell("–"), Cell(0))]
    for number, key in enumerate(input_columns(model), start=1):
        metric = next((m for m in model.metrics if m.key == key), None)
        if metric is None or not isinstance(metric.curve, StateCurve):
            continue
        for i, (word, points) in enumerate(metric.curve.points, start=1):
            at = cells.metric(key, f"x{i}")
            rows.append((
                Cell(f"{number}|{word}", f'="{number}|"&{at}'),
                Cell(f"{number}|{normalise(word)}"),
                Cell(points, f"={cells.metric(key, f'y{i}')}"),
            ))  # fmt: skip
    areas = (Area("_HS_STATE", 0), Area("_HS_STATE_TEXT", 1), Area("_HS_STATE_POINTS", 2))
    return Block("Words", ("Input and word", "Reduced", "Points"), tuple(rows), areas)
