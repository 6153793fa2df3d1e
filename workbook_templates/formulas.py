"""A score model as native spreadsheet formulas, none newer than Excel 2016.

Every function returns formula text without the leading "=". Missing is the empty text "". The
steps are those of `scoring.rollup`, and tests recalculate them in LibreOffice against it.
"""

from __future__ import annotations

from collections.abc import Callable

from xlsxwriter.utility import xl_rowcol_to_cell

from scoring.model import LinearCurve, Metric, ScoreModel
from scoring.model_sheet import Layout

SHEET = "Model"


class ModelCells:
    """Absolute addresses of a model's numbers on the *Model* sheet."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def _at(self, cell: tuple[int, int]) -> str:
        return f"{SHEET}!{xl_rowcol_to_cell(*cell, row_abs=True, col_abs=True)}"

    def metric(self, key: str, column: str) -> str:
        """A number of a metric: ``weight``, ``x1`` … ``y8``, ``max_age_days``."""
        return self._at(self._layout.metric_cell(key, column))

    def dimension(self, key: str, column: str) -> str:
        """A number of a dimension: ``weight``, a segment, ``onboarding``."""
        return self._at(self._layout.dimension_cell(key, column))

    def tier(self, key: str, column: str = "starts_at") -> str:
        """Start score or label of a tier."""
        return self._at(self._layout.tier_cell(key, column))

    def setting(self, key: str) -> str:
        """A property: ``missing``, ``min_coverage``, a number of the lifecycle."""
        return self._at(self._layout.property_cell(key))


def points(metric: Metric, value: str, cells: ModelCells) -> str:
    """Points 0–100 of the raw value in cell ``value``; "" where it is not a valid value."""
    n = len(metric.curve.points)
    at: Callable[[str, int], str] = lambda axis, i: cells.metric(metric.key, f"{axis}{i}")  # noqa: E731
    if isinstance(metric.curve, LinearCurve):
        text = at("y", 1)
        for i in range(1, n):
            x0, x1, y0, y1 = at("x", i), at("x", i + 1), at("y", i), at("y", i + 1)
            text += f"+({y1}-{y0})/({x1}-{x0})*(MIN(MAX({value},{x0}),{x1})-{x0})"
        return f'IF(ISNUMBER({value}),{text},"")'
    text = '""'
    for i in range(n, 0, -1):
        text = f"IF({value}={at('x', i)},{at('y', i)},{text})"
    return f'IF(ISTEXT({value}),{text},"")'


def now_text(metric: Metric, value: str) -> str:
    """The raw value with its unit as text, the same in every locale (`now_words` mirrors it)."""
    forms = {
        "state": value,
        "fraction": f'ROUND({value}*100,0)&"%"',
        "change": f'IF({value}>0,"+","")&ROUND({value}*100,0)&"%"',
        "days": f'ROUND({value},0)&" days"',
        "per_week": f'ROUND({value},1)&" a week"',
        "per_month": f'ROUND({value},1)&" a month"',
    }
    return forms.get(metric.unit, f'ROUND({value},1)&""')


def half_up(number: str) -> str:
    """Decimal half-up rounding; the inner step mends what sums of weights leave at 79.4999…9."""
    return f"ROUND(ROUND({number},9),0)"


def weight(model: ScoreModel, key: str, segment: str, young: str, cells: ModelCells) -> str:
    """Raw weight of a dimension: onboarding, else the segment's own, else the base one."""
    base = cells.dimension(key, "weight")
    text = base
    for name in ("smb", "mid_market", "enterprise"):
        own = cells.dimension(key, name)
        text = f'IF({segment}="{name}",IF({own}="",{base},{own}),{text})'
    onboarding = cells.dimension(key, "onboarding")
    return f'IF({young},IF({onboarding}="",{base},{onboarding}),{text})'


def seen_share(shares: str, points_: str) -> str:
    """Share of a dimension's weight that was observed."""
    return f"SUMPRODUCT({shares},--ISNUMBER({points_}))"


def earned(shares: str, points_: str) -> str:
    """Points times share over what was observed; text counts nothing."""
    return f"SUMPRODUCT({shares},{points_})"


def mean_points(model: ScoreModel, seen: str, earned_: str) -> str:
    """Points of a dimension before any rating step, by the missing-data policy; "" for none."""
    if model.missing == "reweight":
        return f'IF({seen}>0,{earned_}/{seen},"")'
    fill = 0 if model.missing == "zero" else 50
    return f"{earned_}+(1-{seen})*{fill}"


def rated(model: ScoreModel, mean: str) -> str:
    """Dimension score of computed points: through a whole rating where the model rates 1–5."""
    if model.typed == "points":
        return mean
    return f"20*{half_up(f'1+0.04*{mean}')}"


def dimension_score(model: ScoreModel, typed: str, mean: str) -> str:
    """What a person typed, else what the metrics give, else ""."""
    scale = 20 if model.typed == "rating" else 1
    return f'IF(ISNUMBER({typed}),{typed}*{scale},IF(ISNUMBER({mean}),{rated(model, mean)},""))'


def tier_code(score: str, cells: ModelCells) -> str:
    """2 green, 1 amber, 0 red, "" without a score; rounded half-up first."""
    green, amber = cells.tier("green"), cells.tier("amber")
    rounded = half_up(score)
    steps = f"IF({rounded}>={green},2,IF({rounded}>={amber},1,0))"
    return f'IF(ISNUMBER({score}),{steps},"")'


def tier_words(code: str, cells: ModelCells, otherwise: str = '""') -> str:
    """Shape and word of a tier code."""
    labels = ",".join(cells.tier(k, "label") for k in ("red", "amber", "green"))
    shown = f'CHOOSE({code}+1,"■ ","▲ ","● ")&CHOOSE({code}+1,{labels})'
    return f"IF(ISNUMBER({code}),{shown},{otherwise})"
