"""Formulas of *Accounts*: score, tier, change and days left, live in every spreadsheet.

The score is the weighted mean of the dimension scores in its row, under the set of weights that
its segment or age asks for. What a dimension's score is made of stands in the account's own
workbook; here it is a value. So are a score or tier set by a person, and a tier that a gate caps:
they are no result of the numbers in the row.
"""

from __future__ import annotations

from collections.abc import Mapping

from xlsxwriter.utility import xl_col_to_name

from scoring.model import ScoreModel
from scoring.model_sheet import sheet_layout
from workbook_templates.drawing.theme import SHAPE
from workbook_templates.formulas import TINY, ModelCells, half_up
from workbook_templates.portfolio import basis


def account_formulas(model: ScoreModel) -> Mapping[str, str]:
    """Column key → formula of a row, without "="; ``{score}{row}`` is a cell of the same row."""
    cells = ModelCells(sheet_layout(model))
    return {
        "score": _score(model, cells),
        "tier": _tier(model, cells),
        "change": _change(),
        "days_left": f'IF(ISNUMBER({_at("renewal_date")}),{_at("renewal_date")}-{basis.AS_OF},"")',
        "weights": _weights(cells),
        "arr_risk": _at_risk(),
        "arr_total": f'IF({_at("currency")}={basis.MAIN_CURRENCY},{_known("arr")},"")',
    }


def _at(key: str) -> str:
    return "${" + key + "}{row}"


def _known(key: str) -> str:
    return f'IF(ISNUMBER({_at(key)}),{_at(key)},"")'


def _age() -> str:
    # N() because what people type as a date may be text.
    return f"{basis.AS_OF}-N({_at('start_date')})"


def _weights(cells: ModelCells) -> str:
    """Name of the set of weights: by age where a start date is given, else by segment."""
    own = f'IF({_at("segment")}="","{basis.BASE}",{_at("segment")})'
    by_age = (
        f'IF({_age()}<={cells.setting("neutral_days")},"{basis.NEUTRAL}",'
        f'IF({_age()}<={cells.setting("onboarding_days")},"{basis.ONBOARDING}",{own}))'
    )
    # An empty portfolio has one blank row, which is no account.
    known = f"IF(ISNUMBER({_at('start_date')}),{by_age},{own})"
    return f'IF({_at("account_id")}="","",{known})'


def _score(model: ScoreModel, cells: ModelCells) -> str:
    first, last = model.dimensions[0].key, model.dimensions[-1].key
    points = f"{_at(f'dim_{first}')}:{_at(f'dim_{last}')}"
    top, names = basis.SETS_TOP, len(basis.weight_sets())
    end, right = top + names - 1, xl_col_to_name(len(model.dimensions))
    row = f"MATCH({_at('weights')},Workings!$A${top}:$A${end},0)"
    weights = f"INDEX(Workings!$B${top}:${right}${end},{row},0)"
    mean = f"SUMPRODUCT({weights},{points})/SUMPRODUCT({weights},--ISNUMBER({points}))"
    least, new = cells.setting("min_coverage"), cells.setting("partial_coverage")
    young = f"AND(ISNUMBER({_at('start_date')}),{_age()}<={cells.setting('partial_days')})"
    needed = f"IF({young},MIN({least},{new}),{least})-{TINY}"
    enough = f"AND(N({_at('coverage')})>0,N({_at('coverage')})>={needed})"
    # No dimension observed, or only such that weigh nothing: 0 divided by 0.
    scored = f'IF({enough},IFERROR({mean},""),"")'
    neutral = f'IF({_at("weights")}="{basis.NEUTRAL}",{cells.setting("neutral_score")},{scored})'
    return f"IF(ISNUMBER({_at('score_set')}),{_at('score_set')},{neutral})"


def _tier(model: ScoreModel, cells: ModelCells) -> str:
    followed = _at("score")
    if model.smoothing_days:
        mean = _at("smoothed")
        use = f"AND(ISNUMBER({mean}),NOT(ISNUMBER({_at('score_set')})))"
        followed = f"IF({use},{mean},{followed})"
    rounded, words = half_up(followed), basis.TIER_CELLS
    own = (
        f"IF({rounded}>={cells.tier('green')},{words['green']},"
        f"IF({rounded}>={cells.tier('amber')},{words['amber']},{words['red']}))"
    )
    new = f'AND({_at("weights")}="{basis.NEUTRAL}",NOT(ISNUMBER({_at("score_set")})))'
    scored = f'IF(ISNUMBER({_at("score")}),{own},"{basis.NO_SCORE}")'
    shown = f'IF({_at("tier_set")}<>"",{_at("tier_set")},IF({new},"{basis.PROVISIONAL}",{scored}))'
    return f'IF({_at("account_id")}="","",{shown})'


def _at_risk() -> str:
    words = f"LEFT({_at('tier')},1)"
    return f'IF(OR({words}="{SHAPE["amber"]}",{words}="{SHAPE["red"]}"),{_at("arr_total")},"")'


def _change() -> str:
    now, then = _at("score"), _at("previous_score")
    return f'IF(AND(ISNUMBER({now}),ISNUMBER({then})),{half_up(now)}-{half_up(then)},"")'
