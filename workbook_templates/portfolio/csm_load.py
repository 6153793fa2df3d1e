"""What fills *CSM load*."""

from __future__ import annotations

import math

from scoring.capacity import CAPACITY, CsmLoad, csm_loads
from scoring.groups import BELOW_GREEN, NOT_GIVEN
from scoring.model import ScoreModel
from scoring.rebalancing import Move, rebalance
from scoring.rollup import TIERS
from workbook_templates.account.words import cut
from workbook_templates.fill import ChartChange, Rows, Value
from workbook_templates.portfolio import basis
from workbook_templates.portfolio import texts as t
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.names import CSM_LOAD, WORKINGS
from workbook_templates.portfolio.spoken import money_words
from workbook_templates.portfolio.tables import TableColumn, TableSpec
from workbook_templates.portfolio.texts import tier_key

__all__ = ["CHART", "CHART_TABLE", "OVER", "PROPOSALS", "ROOM", "TABLE"]

TABLE, CHART_TABLE, CHART = "CsmLoad", "CsmChart", "Accounts by CSM"
OVER, ROOM = "Over", "Room"
"""Words of a load above what one can do, and of one below the mean."""
SHOWN = 12
"""CSMs in the chart, the fullest first."""
LEAST = 4
"""Places in the chart, of which few CSMs leave some empty."""
PROPOSALS = 9
"""Moves shown; further ones are counted."""
_LETTERS = 96


def tables(model: ScoreModel) -> tuple[TableSpec, ...]:
    """A row a CSM, the fullest first, counted live from *Accounts*."""
    columns = (
        TableColumn("csm", "CSM", width=180),
        _live("accounts", "Accounts", f"COUNTIFS({_MINE})"),
        *(_live(key, header, _tier(key)) for key, header in _stacked(model)[:3]),
        _live("none", "No score", "${accounts}{row}-SUM(${green}{row}:${red}{row})"),
        _live("load", "Load", _LOAD, "points"),
        _live("against", "Of mean", _AGAINST, "percent"),
        TableColumn("verdict", "Load is", width=84, align="left1", formula=_VERDICT),
        _live("arr", "ARR", f"SUMIFS({{of[arr_total]}},{_MINE})", "money", 96),
        _live("risk", "At risk", _RISK, "money", 96),
        _live("renewals", f"Renew in {CAPACITY.renewal_days} days", _RENEWALS, width=84),
        TableColumn("why", "Why it is too much", width=300, align="left1"),
    )
    # Counted from the header, so that the range grows by one with every row.
    place = "ROWS({csm}$2:{csm}{row})-1"
    shown = (
        TableColumn(
            key, header, width=84, formula=f'IFERROR(INDEX({{table[{TABLE}][{key}]}},{place}),"")'
        )
        for key, header in (("csm", "CSM"), *_stacked(model))
    )
    return (
        TableSpec(TABLE, CSM_LOAD, ("csm",), columns),
        TableSpec(CHART_TABLE, WORKINGS, ("csm",), tuple(shown)),
    )


def _stacked(model: ScoreModel) -> list[tuple[str, str]]:
    """Keys and headers of the counts by tier."""
    return [*((key, model.tier_label(key)) for key in TIERS[::-1]), ("none", "No score")]


def _live(
    key: str, header: str, formula: str, form: str = "matrix", width: int = 72
) -> TableColumn:
    return TableColumn(key, header, form, width, "right", formula)


_ESCAPED = 'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE(${csm}{row},"~","~~"),"*","~*"),"?","~?")'
# The one blank row of an empty Table is nobody's, not theirs who have no CSM.
_NAMED = f'IF(${{csm}}{{row}}="","~?",{_ESCAPED})'
_MINE = f'{{of[csm]}},IF(${{csm}}{{row}}="{NOT_GIVEN}","","="&{_NAMED})'
"""Condition on the CSM's own accounts; what means something in a condition means itself."""


def _tier(key: str) -> str:
    return f"COUNTIFS({_MINE},{{of[tier]}},{basis.TIER_CELLS[key]})"


_EFFORT = {key: CAPACITY.takes(key) for key in (*TIERS, "")}
_LOAD = "+".join(
    f"{_EFFORT[key]:g}*${{{column}}}{{row}}"
    for key, column in (("green", "green"), ("amber", "amber"), ("red", "red"), ("", "none"))
)
_MEAN = f'AVERAGEIFS({{all[load]}},{{all[csm]}},"<>{NOT_GIVEN}")'
_AGAINST = f'IF(${{csm}}{{row}}="{NOT_GIVEN}","",IFERROR(${{load}}{{row}}/{_MEAN},""))'
_TOO_MUCH = (
    f"OR(${{red}}{{row}}>{CAPACITY.red},${{against}}{{row}}>{CAPACITY.over_mean}+0.000000001)"
)
_VERDICT = (
    f'IF(ISNUMBER(${{against}}{{row}}),IF({_TOO_MUCH},"{OVER}",'
    f'IF(${{against}}{{row}}<1,"{ROOM}","")),"")'
)
_RISK = "+".join(
    f"SUMIFS({{of[arr_total]}},{_MINE},{{of[tier]}},{basis.TIER_CELLS[key]})" for key in BELOW_GREEN
)
_RENEWALS = (
    f'COUNTIFS({_MINE},{{of[days_left]}},">=0",{{of[days_left]}},"<={CAPACITY.renewal_days}")'
)


def fill(p: Portfolio) -> Filling:
    """Title, a row a CSM, and moves that would even the load out."""
    loads = sorted(csm_loads(p.frame), key=lambda x: (x.csm == "", -x.load, x.csm))
    moves = rebalance(p.frame)
    values: dict[str, Value | Rows] = {
        "csm_title": _title(loads, moves),
        "csm_note": t.context(p, t.currency_words(p)),
        "csm_moves": [[text] for text in _proposals(loads, moves)],
        "csm_basis": _basis(),
    }
    which = f"Accounts of the {SHOWN} fullest CSMs" if len(loads) > SHOWN else "Accounts by CSM"
    chart = ChartChange(title=f"{which}: {tier_key(p.model)}", alt_text=_alt(loads))
    rows = [_row(x) for x in loads]
    keys = ("csm", *TIERS, "none")
    shown = [{key: row[key] for key in keys} for row in rows[:SHOWN]]
    shown += [dict.fromkeys(keys, "")] * (LEAST - len(shown))
    return Filling(values, {TABLE: rows, CHART_TABLE: shown}, {CHART: chart})


def _title(loads: list[CsmLoad], moves: tuple[Move, ...]) -> str:
    named = [x for x in loads if x.csm]
    over = [x for x in named if x.overloaded]
    if not named:
        return "No account names its CSM"
    if not over:
        return f"{t.counted(len(named), 'CSM')}: nobody has too much"
    even = f"; {t.counted(len(moves), 'move')} would help" if moves else ""
    return f"{len(over):,} of {t.counted(len(named), 'CSM')} {_have(over)} too much{even}"


def _have(over: list[CsmLoad]) -> str:
    return "has" if len(over) == 1 else "have"


def _proposals(loads: list[CsmLoad], moves: tuple[Move, ...]) -> list[str]:
    if not moves:
        over = any(x.overloaded for x in loads)
        return ["Nobody has room for a green account of theirs." if over else "No move is needed."]
    shown = moves if len(moves) <= PROPOSALS else moves[: PROPOSALS - 1]
    lines = [_move(move) for move in shown]
    left = len(moves) - len(shown)
    return [*lines, f"And {left:,} more of this kind."] if left else lines


def _move(move: Move) -> str:
    arr = (
        ""
        if math.isnan(move.arr)
        else f" ({money_words(move.arr, basis.currency_sign(move.currency))})"
    )
    text = f"{move.account_name}{arr}: {move.giver} → {move.taker}. {move.reason}."
    return cut(text, _LETTERS)


def _basis() -> str:
    takes = ", ".join(f"{_EFFORT[k]:g} {word}" for k, word in _WORDS)
    return (
        f"Load counts an account as {takes}. Over: more than {CAPACITY.over_mean:.0%} of the mean "
        f"load, or more than {CAPACITY.red} red accounts. Room: below the mean."
    )


_WORDS = (("red", "where red"), ("amber", "where amber"), ("green", "else"))


def _alt(loads: list[CsmLoad]) -> str:
    if not loads:
        return "Stacked columns: no accounts."
    most = max(loads, key=lambda x: x.accounts)
    return (
        f"Stacked columns: accounts of {t.counted(len(loads), 'CSM')} by tier. "
        f"{most.label} has most: {most.accounts:,}, of them {most.amber:,} amber, {most.red:,} red."
    )


def _row(x: CsmLoad) -> dict[str, Value]:
    against = None if math.isnan(x.against_mean) else x.against_mean
    room = ROOM if against is not None and against < 1 else ""
    return {
        "csm": x.label,
        "accounts": x.accounts,
        "green": x.green,
        "amber": x.amber,
        "red": x.red,
        "none": x.no_score,
        "load": x.load,
        "against": "" if against is None else against,
        "verdict": OVER if x.overloaded else room,
        "arr": 0.0 if math.isnan(x.arr) else x.arr,
        "risk": 0.0 if math.isnan(x.at_risk_arr) else x.at_risk_arr,
        "renewals": x.renewals,
        "why": "; ".join(x.reasons) or None,
    }
