"""What fills *CSM load*."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

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

__all__ = ["CHART", "CHART_TABLE", "EFFORT", "MEAN", "OVER", "PROPOSALS", "ROOM", "TABLE"]

TABLE, CHART_TABLE, CHART = "CsmLoad", "CsmChart", "Accounts by CSM"
OVER, ROOM = "Over", "Room"
"""Words of a load above what one can do, and of one below the mean."""
OTHERS = "Other CSMs"
LISTED = 60
"""CSMs in the Table, the fullest first: each counts through all accounts several times."""
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
        _live("accounts", "Accounts", _by_csm(f"COUNTIFS({_MINE})")),
        *(_live(key, header, _tier(key)) for key, header in _stacked(model)[:3]),
        _live("none", "No score", "${accounts}{row}-SUM(${green}{row}:${red}{row})"),
        _live("load", "Load", _LOAD, "points"),
        _live("against", "Of mean", _AGAINST, "percent"),
        TableColumn("verdict", "Load is", width=84, align="left1", formula=_VERDICT),
        _live("arr", "ARR", _ARR, "money", 96),
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


_PLAIN = 'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE(${csm}{row},"~","~~"),"*","~*"),"?","~?")'
# A condition of more than 255 letters is an error in Excel: of longer names the start counts.
_ESCAPED = f'LEFT({_PLAIN},250)&IF(LEN({_PLAIN})>250,"*","")'
# The one blank row of an empty Table is nobody's, not theirs who have no CSM.
_MINE = f'{{of[csm]}},"="&IF(${{csm}}{{row}}="","~?",{_ESCAPED})'
"""Condition on the CSM's own accounts; what means something in a condition means itself."""
_NAMED = f"--ISNA(MATCH({_ESCAPED.replace('${csm}{row}', '{of[csm]}')},{{all[csm]}},0))"
"""1 for accounts whose CSM is not in the Table."""


def _by_csm(own: str, tests: str = "", amounts: str = "") -> str:
    """A CSM's own figure; in two rows that of all other CSMs, and of nobody.

    LibreOffice loses rows where a condition on blank cells stands beside another one; products of
    truths lose none.

    Args:
        own: formula of a CSM's row.
        tests: further arrays of 0 and 1, each after a comma.
        amounts: range to sum; "" counts.
    """
    rest = tests + (f",{amounts}" if amounts else "")
    others = f'SUMPRODUCT({_NAMED},--({{of[csm]}}<>""){rest})'
    nobody = f'SUMPRODUCT(--({{of[csm]}}=""){rest})'
    return (
        f'IF(${{csm}}{{row}}="{OTHERS}",{others},IF(${{csm}}{{row}}="{NOT_GIVEN}",{nobody},{own}))'
    )


def _tier(key: str, function: str = "COUNTIFS(", amounts: str = "") -> str:
    word = basis.TIER_CELLS[key]
    own = f"{function}{_MINE},{{of[tier]}},{word})"
    return _by_csm(own, f",--({{of[tier]}}={word})", amounts)


EFFORT = {key: CAPACITY.takes(key) for key in (*TIERS, "")}
_LOAD = "+".join(
    f"{EFFORT[key]:g}*${{{column}}}{{row}}"
    for key, column in (("green", "green"), ("amber", "amber"), ("red", "red"), ("", "none"))
)
MEAN = f"{WORKINGS}!$DH$1"
"""Where the mean load of all CSMs stands, also of those that are not listed."""
_NOBODY = f'OR(${{csm}}{{row}}="{NOT_GIVEN}",${{csm}}{{row}}="{OTHERS}")'
_AGAINST = f'IF({_NOBODY},"",IFERROR(${{load}}{{row}}/{MEAN},""))'
_TOO_MUCH = (
    f"OR(${{red}}{{row}}>{CAPACITY.red},${{against}}{{row}}>{CAPACITY.over_mean}+0.000000001)"
)
_VERDICT = (
    f'IF(ISNUMBER(${{against}}{{row}}),IF({_TOO_MUCH},"{OVER}",'
    f'IF(${{against}}{{row}}<1,"{ROOM}","")),"")'
)
_SUM, _AMOUNTS = "SUMIFS({of[arr_total]},", "{of[arr_total]}"
_ARR = _by_csm(f"{_SUM}{_MINE})", "", _AMOUNTS)
_RISK = "+".join(_tier(key, _SUM, _AMOUNTS) for key in BELOW_GREEN)
_LEFT, _DAYS = "{of[days_left]}", CAPACITY.renewal_days
_RENEWALS = _by_csm(
    f'COUNTIFS({_MINE},{_LEFT},">=0",{_LEFT},"<={_DAYS}")',
    f",--({_LEFT}>=0),--({_LEFT}<={_DAYS}),--ISNUMBER({_LEFT})",
)


def fill(p: Portfolio) -> Filling:
    """Title, a row a CSM, and moves that would even the load out."""
    loads = sorted(csm_loads(p.frame), key=lambda x: (x.csm == "", -x.load, x.csm))
    moves = rebalance(p.frame)
    values: dict[str, Value | Rows] = {
        "csm_title": _title(loads, moves),
        "csm_note": t.context(p, t.currency_words(p)),
        "csm_moves": [[text] for text in _proposals(loads, moves)],
        "csm_basis": _basis(loads),
        "csm_mean": [[_mean(loads)], [sum(1 for x in loads if x.csm)]],
    }
    which = f"Accounts of the {SHOWN} fullest CSMs" if len(loads) > SHOWN else "Accounts by CSM"
    chart = ChartChange(title=f"{which}: {tier_key(p.model)}", alt_text=_alt(loads))
    rows = [_row(x) for x in _listed(loads)] or [_NOTHING]
    keys = ("csm", *TIERS, "none")
    shown = [{key: row[key] for key in keys} for row in rows[:SHOWN]]
    shown += [dict.fromkeys(keys, "")] * (LEAST - len(shown))
    return Filling(values, {TABLE: rows, CHART_TABLE: shown}, {CHART: chart})


def _listed(loads: list[CsmLoad]) -> list[CsmLoad]:
    """The fullest, all others as one, and the accounts of nobody."""
    named, nobody = [x for x in loads if x.csm], [x for x in loads if not x.csm]
    left = named[LISTED:]
    return [*named[:LISTED], *([_together(left)] if left else []), *nobody]


def _together(loads: list[CsmLoad]) -> CsmLoad:
    """Several CSMs as one row, which is nobody's load."""

    def added(key: str) -> float:
        return math.fsum(x for x in (getattr(load, key) for load in loads) if x == x)

    counts = ("accounts", "green", "amber", "red", "no_score", "renewals", "at_risk")
    sums = {key: int(added(key)) for key in counts}
    amounts = {key: added(key) for key in ("arr", "at_risk_arr", "renewals_arr", "load")}
    nothing = {"label": OTHERS, "against_mean": math.nan, "reasons": ()}
    return replace(loads[0], csm="", **sums, **amounts, **nothing)  # type: ignore[arg-type]


def _mean(loads: list[CsmLoad]) -> Value:
    named = [x.load for x in loads if x.csm]
    return math.fsum(named) / len(named) if named else ""


def _title(loads: list[CsmLoad], moves: tuple[Move, ...]) -> str:
    named = [x for x in loads if x.csm]
    over = [x for x in named if x.overloaded]
    if not named:
        return "No account names its CSM"
    if not over:
        return f"{t.counted(len(named), 'CSM')}: nobody has too much"
    if len(named) == 1:
        return f"{named[0].csm} has too much, and nobody to share it"
    if len(over) == len(named):
        # Nobody has room: moves share the load, they do not end it.
        even = f"; {t.counted(len(moves), 'move')} would even it out" if moves else ""
        return f"All {len(named):,} CSMs have too much{even}"
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


def _basis(loads: list[CsmLoad]) -> str:
    left = sum(1 for x in loads if x.csm) - LISTED
    more = f" {left:,} CSMs with less are one row." if left > 0 else ""
    takes = ", ".join(f"{EFFORT[k]:g} {word}" for k, word in _WORDS)
    return (
        f"Load counts an account as {takes}. Over: more than {CAPACITY.over_mean:.0%} of the mean "
        f"load, or more than {CAPACITY.red} red accounts. Room: below the mean.{more}"
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


_NOTHING: Mapping[str, Value] = {
    **dict.fromkeys(("accounts", "green", "amber", "red", "none", "load", "renewals"), 0),
    **dict.fromkeys(("arr", "risk"), 0.0),
    **dict.fromkeys(("against", "verdict"), ""),
    "csm": "No accounts",
}
"""The row of a portfolio without accounts."""


def _row(x: CsmLoad) -> Mapping[str, Value]:
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
