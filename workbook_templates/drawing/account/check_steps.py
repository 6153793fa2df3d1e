"""Formulas of *Checks* that lead from dimensions to score, tier and status."""

from __future__ import annotations

from workbook_templates import formulas as f
from workbook_templates.drawing.account.canvas import Canvas


def step_formulas(c: Canvas) -> dict[str, str]:
    """Formula of each step by its key in ``canvas.STEPS``, without "="."""
    return {**_lifecycle(c), **_rolled(c), **_score(c), **_tier(c), "velocity": _velocity(c)}


def _lifecycle(c: Canvas) -> dict[str, str]:
    age, start, as_of = c.step("age"), c.fact("start"), c.fact("as_of")
    return {
        "age": f'IF({f.known(start)},{as_of}-{start},"")',
        "young": _within(c, age, "neutral_days"),
        "onboarding": _within(c, age, "onboarding_days"),
    }


def _within(c: Canvas, age: str, days: str) -> str:
    return f"AND(ISNUMBER({age}),{age}<={c.cells.setting(days)})"


def _rolled(c: Canvas) -> dict[str, str]:
    weights, young = c.dimensions("weight"), c.step("young")
    return {
        "in_play": f"SUMPRODUCT({weights},--ISNUMBER({c.dimensions('score')}))",
        "rolled": f'IF({c.step("in_play")}>0,SUM({c.dimensions("points")}),"")',
        "coverage": f"SUMPRODUCT({weights},{c.dimensions('covered')})",
        "low": f'IF({young},"",SUMPRODUCT({weights},{c.dimensions("low")}))',
        "high": f'IF({young},"",SUMPRODUCT({weights},{c.dimensions("high")}))',
    }


def _score(c: Canvas) -> dict[str, str]:
    age, coverage, rolled = c.step("age"), c.step("coverage"), c.step("rolled")
    scored = f'IF(AND({c.step("enough")},ISNUMBER({rolled})),{rolled},"")'
    neutral = c.cells.setting("neutral_score")
    return {
        "enough": f.enough(coverage, age, c.cells),
        "model_total": f"IF({c.step('young')},{neutral},{scored})",
        "basis": _basis(c, scored),
    }


def _basis(c: Canvas, scored: str) -> str:
    """The tier follows the rolling mean where the model smooths, else the score itself."""
    young = c.step("young")
    if not c.model.smoothing_days:
        return f'IF({young},"",{scored})'
    days, as_of = c.cells.setting("smoothing_days"), c.fact("as_of")
    window = f'hs_history_date,">"&({as_of}-{days}),hs_history_date,"<"&{as_of}'
    total = f"SUMIFS(hs_history_recorded,{window})"
    count = f'COUNTIFS({window},hs_history_recorded,">=0")'
    mean = f"({total}+{c.step('rolled')})/({count}+1)"
    return f'IF(OR({young},{scored}=""),"",{mean})'


def _tier(c: Canvas) -> dict[str, str]:
    """A person's word first, then the model's tier under what gates leave."""
    score, tier, expires = (c.fact(f"override_{k}") for k in ("score", "tier", "expires"))
    own, overridden = c.step("model_tier"), c.step("overridden")
    old = f"AND({c.fact('as_of')}>{expires},ISNUMBER({expires}))"
    by_score = f'IF({f.known(score)},{f.tier_code(score, c.cells)},"")'
    by_person = f"IF({f.known(tier)},{tier},{by_score})"
    by_model = f'IF({f.known(own)},MIN({own},{c.fact("cap")}),"")'
    return {
        "model_tier": f.tier_code(c.step("basis"), c.cells),
        "overridden": f"AND(OR(ISNUMBER({score}),ISNUMBER({tier})),NOT({old}))",
        "total": f"IF(AND({overridden},ISNUMBER({score})),{score},{c.step('model_total')})",
        "tier": f"IF({overridden},{by_person},{by_model})",
        "status": _status(c),
    }


def _status(c: Canvas) -> str:
    onboarding = f'IF({c.step("onboarding")},"Onboarding","Scored")'
    partial = _within(c, c.step("age"), "partial_days")
    scored = f'IF({partial},"Partial",{onboarding})'
    enough = f'IF({c.step("enough")},{scored},"Insufficient data")'
    young = f'IF({c.step("young")},"Provisional",{enough})'
    return f'IF({c.step("overridden")},"Overridden",{young})'


def _velocity(c: Canvas) -> str:
    now, then, days = c.step("total"), c.fact("month_ago"), c.fact("month_days")
    return f'IF({f.known(now, then, days)},({now}-{then})/{days},"")'
