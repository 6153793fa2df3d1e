"""A score model as native spreadsheet formulas, none newer than Excel 2016.

Every function returns formula text without the leading "=". Missing is the empty text "". The
steps are those of `scoring.rollup`, and tests recalculate them in LibreOffice against it.
"""

from __future__ import annotations

from itertools import pairwise

from xlsxwriter.utility import xl_rowcol_to_cell

from scoring.model import SEGMENTS, LinearCurve, Metric, ScoreModel
from scoring.model_sheet import SHEET, Layout
from scoring.rollup import TIERS
from workbook_templates.drawing.theme import SHAPE
from workbook_templates.typed import typing

TINY = "0.000000001"
"""What sums of binary fractions may differ by and still be the same number."""

MISSING_POINTS = {"zero": 0, "neutral": 50}
"""Points of a missing metric by policy; "reweight" leaves it out instead."""


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


def known(*cells: str) -> str:
    """Whether every cell holds a number."""
    tests = [f"ISNUMBER({cell})" for cell in cells]
    return tests[0] if len(tests) == 1 else f"AND({','.join(tests)})"


def number_or(cell: str, otherwise: str = '""') -> str:
    """The number in a cell, else another value."""
    return f"IF({known(cell)},{cell},{otherwise})"


def cut(text: str, letters: int) -> str:
    """A text of at most so many letters, the last an ellipsis where it was longer."""
    return f'IF(LEN({text})>{letters},LEFT({text},{letters - 1})&"…",{text}&"")'


def points(metric: Metric, value: str, cells: ModelCells) -> str:
    """Points 0–100 of the raw value in cell ``value``; "" where it is not a valid value."""
    places = range(1, len(metric.curve.points) + 1)
    pairs = [tuple(cells.metric(metric.key, f"{axis}{i}") for axis in "xy") for i in places]
    if isinstance(metric.curve, LinearCurve):
        text = pairs[0][1]
        for (x0, y0), (x1, y1) in pairwise(pairs):
            text += f"+({y1}-{y0})/({x1}-{x0})*(MIN(MAX({value},{x0}),{x1})-{x0})"
        return f'IF(ISNUMBER({value}),{text},"")'
    text = '""'
    for word, given in reversed(pairs):
        text = f"IF({value}={word},{given},{text})"
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


def enough(coverage: str, age: str, cells: ModelCells) -> str:
    """Whether the coverage is enough for a score; a new account needs less."""
    partial = f"AND(ISNUMBER({age}),{age}<={cells.setting('partial_days')})"
    least, new = cells.setting("min_coverage"), cells.setting("partial_coverage")
    return f"AND({coverage}>0,{coverage}>=IF({partial},MIN({least},{new}),{least})-{TINY})"


def weight(model: ScoreModel, key: str, segment: str, young: str, cells: ModelCells) -> str:
    """Raw weight of a dimension: onboarding, else the segment's own, else the base one."""
    base = cells.dimension(key, "weight")
    text = base
    for name in reversed(SEGMENTS):
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
    return f"{earned_}+(1-{seen})*{MISSING_POINTS[model.missing]}"


def rated(model: ScoreModel, mean: str) -> str:
    """Dimension score of computed points: through a whole rating where the model rates 1–5."""
    if model.typed == "points":
        return mean
    return f"20*{half_up(f'1+0.04*{mean}')}"


def dimension_score(model: ScoreModel, typed: str, mean: str) -> str:
    """What a person typed, else what the metrics give, else ""."""
    computed = f'IF({known(mean)},{rated(model, mean)},"")'
    return f"IF({known(typed)},{typed}*{typing(model).step},{computed})"


def tier_code(score: str, cells: ModelCells) -> str:
    """2 green, 1 amber, 0 red, "" without a score; rounded half-up first."""
    green, amber = cells.tier("green"), cells.tier("amber")
    rounded = half_up(score)
    steps = f"IF({rounded}>={green},2,IF({rounded}>={amber},1,0))"
    return f'IF(ISNUMBER({score}),{steps},"")'


def tier_words(code: str, cells: ModelCells, otherwise: str = '""') -> str:
    """Shape and word of a tier code."""
    shapes = ",".join(f'"{SHAPE[key]} "' for key in TIERS)
    labels = ",".join(cells.tier(key, "label") for key in TIERS)
    shown = f"CHOOSE({code}+1,{shapes})&CHOOSE({code}+1,{labels})"
    return f"IF(ISNUMBER({code}),{shown},{otherwise})"
