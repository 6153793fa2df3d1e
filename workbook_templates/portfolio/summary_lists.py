"""Lists of *Summary*: the ten most at risk, the biggest moves, the CSMs with the most ARR."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from scoring.amounts import main_currency, own_amounts
from scoring.movers import biggest_falls, biggest_rises
from scoring.rollup import round_half_up
from workbook_templates.account.words import cut
from workbook_templates.fill import Value
from workbook_templates.portfolio.basis import currency_sign, tier_word
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.spoken import money_words
from workbook_templates.portfolio.texts import set_by

__all__ = [
    "CSM_ROWS",
    "MOVES",
    "TOP",
    "csm_rows",
    "last_contacts",
    "move_rows",
    "top_at_risk",
    "top_rows",
]

TOP, MOVES = 10, 4
CSM_ROWS = 10
"""The eight largest, the others, the total."""
_NAME, _DRIVER, _CSM, _ACTION = 25, 50, 15, 38
"""Letters that fit; whole texts stand on *Accounts*."""
NONE_BELOW = "No account is below Green."

Rows = list[list[Value]]


def top_at_risk(p: Portfolio) -> pd.DataFrame:
    """At most ten accounts below Green, by ARR × points below 100.

    Amounts of another currency than the workbook's do not compare: those accounts come after,
    like those without an ARR, by their score.
    """
    frame = p.frame[p.frame["tier"].isin(["amber", "red"]) & p.frame["score"].notna()]
    own = own_amounts(p.frame).reindex(frame.index)
    lost = (own * (100 - frame["score"])).fillna(-1.0)
    order = np.lexsort((frame["account_id"], frame["score"], -lost))
    return frame.iloc[order[:TOP]]


def top_rows(p: Portfolio, top: pd.DataFrame) -> tuple[Rows, Rows, Rows]:
    """Ranks, cells from account to days left, and cells from driver to actions.

    Without any account the first row says so.
    """
    if top.empty:
        green = p.model.tier_label("green")
        return [], [[NONE_BELOW.replace("Green", green)]], []
    met = last_contacts(p, top)
    ranks: Rows = [[i] for i in range(1, len(top) + 1)]
    left: Rows = []
    right: Rows = []
    for row in top.to_dict("records"):
        shown = round_half_up(row["score"])
        moved = shown - round_half_up(row["previous_score"])
        left.append([cut(row["account_name"], _NAME), _number(row["arr"]), shown,
                     tier_word(p.model, row["tier"]), _number(row["days_left"])])  # fmt: skip
        why = set_by(p.model, row) or row["driver"]
        right.append([cut(why, _DRIVER), _number(moved),
                      cut(row["csm"] or row["owner"], _CSM), None,
                      _actions(row, met.get(row["account_id"]))])  # fmt: skip
    return ranks, left, right


def currencies(top: pd.DataFrame) -> Rows:
    """The currency of each of them, which the format of its amount follows."""
    return [[code] for code in top["currency"]]


def last_contacts(p: Portfolio, top: pd.DataFrame) -> dict[str, pd.Timestamp]:
    """Account → day of its last contact with a stakeholder, not later than the portfolio's day."""
    known = p.tables.get("Stakeholders")
    if known is None or not {"account_id", "last_contact"} <= set(known.columns):
        return {}
    mine = known[known["account_id"].isin(top["account_id"])]
    days = pd.to_datetime(mine["last_contact"], errors="coerce")
    days = days.where(days <= pd.Timestamp(p.as_of))
    last = days.groupby(mine["account_id"]).max().dropna()
    return dict(zip(last.index, last, strict=True))


def _actions(row: Mapping[Any, Any], met: pd.Timestamp | None) -> str:
    """What was done last, else the last contact, in a line; what is next and when, in two."""
    done, following = row["last_action"], row["next_action"]
    last = [f"Last contact: {met.day} {met:%b %Y}"] if met is not None else []
    if done:
        last = [_line("Last", done, row["last_action_date"])]
    # A line is left early where a long word does not fit.
    room = (2 if last else 3) * (_ACTION - 4)
    ahead = _line("Next", following, row["next_due"], room) if following else "Next: none planned"
    return "\n".join([*last, ahead])


def _line(word: str, action: str, day: Any, room: int = _ACTION) -> str:
    """``Next: Call the sponsor, 2 Dec``; the text is cut, not the date."""
    dated = "" if pd.isna(day) else f", {day.day} {day:%b}"
    return f"{word}: {cut(action, room - len(word) - len(dated))}{dated}"


def _number(x: float) -> float | None:
    return None if math.isnan(x) else x


def move_rows(p: Portfolio) -> Rows:
    """The two deepest falls and the two highest rises, or why there is none."""
    if not (p.frame["previous_tier"] != "").any():
        return [["No earlier snapshot to compare with."]]
    falls, rises = biggest_falls(p.frame, MOVES), biggest_rises(p.frame, MOVES)
    down = max(MOVES // 2, MOVES - len(rises))
    chosen = pd.concat([falls.head(down), rises.head(MOVES - min(down, len(falls)))])
    if chosen.empty:
        return [["No score moved."]]
    return [_move(row) for row in chosen.to_dict("records")]


def _move(row: Mapping[Any, Any]) -> list[Value]:
    now = round_half_up(row["score"])
    change = now - round_half_up(row["previous_score"])
    return [cut(row["account_name"], 25), now, change, cut(row["moved"], 44)]


def csm_rows(p: Portfolio) -> tuple[Rows, Rows, Rows]:
    """Kind of each row, its name, and what its formulas show: accounts, ARR, at risk, red."""
    frame = p.frame.assign(own=own_amounts(p.frame).fillna(0.0))
    if frame.empty:
        return [], [], []
    named = frame[frame["csm"] != ""].groupby("csm", sort=True)["own"].agg([math.fsum, "size"])
    named = named.sort_values(["fsum", "size"], ascending=False, kind="stable")
    largest = list(named.index[: CSM_ROWS - 2])
    rest = frame[~frame["csm"].isin(largest)]
    parts = [("csm", name, frame[frame["csm"] == name]) for name in largest]
    if len(rest):
        word = "No CSM" if (rest["csm"] == "").all() else "Others"
        parts.append(("others", word, rest))
    parts.append(("total", "Total", frame))
    kinds: Rows = [[kind] for kind, _, _ in parts]
    loads = [_load(part) for _, _, part in parts]
    sign = currency_sign(main_currency(p.frame))
    n, arr, risk, red = loads[-1]
    loads[-1] = (n, money_words(arr, sign), money_words(risk, sign), red)
    return kinds, [[name] for _, name, _ in parts], [list(load) for load in loads]


def _load(part: pd.DataFrame) -> tuple[Any, ...]:
    risk = part[part["tier"].isin(["amber", "red"])]
    red = int((part["tier"] == "red").sum())
    return len(part), math.fsum(part["own"]), math.fsum(risk["own"]), red


def padded(rows: Rows, count: int, width: int) -> Sequence[Sequence[Value]]:
    """Rows of formulas' values: what shows nothing shows an empty text."""
    return [*rows, *([""] * width for _ in range(count - len(rows)))]
