"""The lists of a digest: who is newly red, who recovered, who is at risk, what renews."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd

from scoring.data_quality import ENDING_DAYS, override_ends
from scoring.expansion import OVER_USE
from scoring.groups import tier_word
from scoring.judgement.phrases import signed_tenths
from scoring.metric_phrase import metric_phrase
from scoring.movers import newly_red, recovered
from scoring.renewal import renewal_play
from scoring.renewal_calendar import due
from scoring.rollup import TIERS, round_half_up, tier_code
from workbook_templates.digest.places import LISTS
from workbook_templates.digest.records import Row
from workbook_templates.digest.show import figure, plain
from workbook_templates.digest.totals import RENEWALS, WEEK, expansions
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.summary_lists import last_contacts, top_at_risk
from workbook_templates.portfolio.texts import set_by

__all__ = ["Found", "Lines", "accounts_lists", "as_rows", "risk_rows"]

Record = Mapping[Any, Any]
Lines = list[dict[str, Any]]
"""Rows before they have names: the columns of `LISTS`, and ``id`` and ``currency``."""
Found = tuple[int, Lines]
"""How many rows there are, and at least those that are shown."""
_SAME = {"account": "account_name", "arr": "arr", "score": "score", "days": "days_left",
         "renewal": "renewal_date", "owner": "owner", "next": "next_action", "due": "next_due",
         "last": "last_action", "last_day": "last_action_date"}  # fmt: skip
"""Column of a list → column of the frame that holds it as it is."""
_LEAST = 0.05


def accounts_lists(p: Portfolio) -> Mapping[str, Found]:
    """The lists of accounts; only rows that are shown are worked out."""
    frame = p.frame
    makes: tuple[tuple[str, pd.DataFrame, Callable[[Portfolio, Record], dict[str, Any]]], ...] = (
        ("newly_red", newly_red(frame), _moved),
        ("recovered", recovered(frame), _moved),
        ("renewal", due(frame, RENEWALS), _renewal),
        ("expansion", expansions(frame), _expansion),
    )
    out: dict[str, Found] = {}
    for name, rows, make in makes:
        first = rows.head(LISTS[name].rows)
        out[name] = len(rows), [make(p, row) for row in _records(first)]
    for name, lines in (("risk", risk_rows(p)), ("override", list(_overrides(p))),
                        ("todo", list(_todo(p)))):  # fmt: skip
        out[name] = len(lines), lines
    return out


def as_rows(p: Portfolio, section: str, lines: Lines) -> tuple[Row, ...]:
    """The first rows of a list as figures; what is not known is left out of its row."""
    listed = LISTS[section]
    out: list[Row] = []
    for number, line in enumerate(lines[: listed.rows], 1):
        row = {}
        for key, (label, kind) in listed.columns.items():
            value = plain(line.get(key), kind)
            if value is not None:
                row[key] = figure(
                    f"{section}_{number}_{key}", value, kind, label,
                    currency=str(line.get("currency", "")), as_of=p.as_of,
                    account=str(line.get("id", "")), column=_SAME.get(key, ""),
                )  # fmt: skip
        out.append(row)
    return tuple(out)


def _records(frame: pd.DataFrame) -> Iterator[Record]:
    yield from frame.assign(at=frame.index).to_dict("records")


def _now(p: Portfolio, row: Record) -> dict[str, Any]:
    told = {key: row[column] for key, column in _SAME.items()}
    late = _days_since(p, row["next_due"])
    return {
        **told,
        "id": row["account_id"],
        "currency": row["currency"],
        "tier": tier_word(p.model, row["tier"]),
        "change": _change(row),
        "late": late if late > 0 else None,
    }


def _days_since(p: Portfolio, day: Any) -> int:
    """Days that a day has passed, below 0 where it comes; 0 where there is none."""
    return 0 if pd.isna(day) else int((pd.Timestamp(p.as_of) - day).days)


def _change(row: Record) -> float | None:
    """Of the displayed score, so that the numbers beside it agree."""
    then, now = float(row["previous_score"]), float(row["score"])
    if row["change"] != row["change"] or math.isnan(then) or math.isnan(now):
        return None
    return float(round_half_up(now) - round_half_up(then))


def _driver(p: Portfolio, row: Record) -> str:
    """What costs most, with the points."""
    by_hand = set_by(p.model, row)
    if by_hand or not row["driver"]:
        return by_hand
    now, key, at = p.timeline.now, str(row["driver_key"]), int(row["at"])
    most, given = (x[key].to_numpy(float)[at] for x in (now.available, now.contributions))
    lost = float(most - given)
    return (
        f"{row['driver']} ({signed_tenths(-lost)} points)" if lost >= _LEAST else str(row["driver"])
    )


def _moved(p: Portfolio, row: Record) -> dict[str, Any]:
    why = set_by(p.model, row)
    if not why and row["moved"]:
        why = f"{row['moved']} ({signed_tenths(row['moved_points'])} points)"
    before = {"before_tier": tier_word(p.model, row["previous_tier"]),
              "previous": row["previous_score"]}  # fmt: skip
    return {**_now(p, row), **before, "why": why or _driver(p, row)}


def risk_rows(p: Portfolio) -> Lines:
    """The ten most at risk, as *Summary* ranks them; the last contact where no action was."""
    top = top_at_risk(p)
    met = last_contacts(p, top)
    rows = [{**_now(p, row), "driver": _driver(p, row)} for row in _records(top)]
    for row in rows:
        if not row["last"] and row["id"] in met:
            row |= {"last": "Contact with a stakeholder", "last_day": met[row["id"]]}
    return rows


def _renewal(p: Portfolio, row: Record) -> dict[str, Any]:
    play = renewal_play(
        row["tier"], row["velocity"], row["days_left"],
        expanding=bool(row["expansion"]), leaving=bool(row["leaving"]),
    )  # fmt: skip
    return {**_now(p, row), "play": play.name}


def _expansion(p: Portfolio, row: Record) -> dict[str, Any]:
    values = p.timeline.now.values
    metrics = {m.key: m for m in p.model.metrics}
    signs = [
        metric_phrase(metrics[key], float(values[key].iloc[int(row["at"])]))
        for key, most in OVER_USE.items()
        if key in metrics and key in values and values[key].iloc[int(row["at"])] > most
    ]
    return {**_now(p, row), "sign": signs[0] if signs else "Expansion signal given"}


def _overrides(p: Portfolio) -> Iterator[dict[str, Any]]:
    """Those that end soon; with what the model says by itself."""
    ends = override_ends(p.tables, as_of=p.as_of, days=ENDING_DAYS)
    soon = {end.account_id: end for end in ends if not end.over}
    rows = {r["account_id"]: r for r in _records(p.frame[p.frame["account_id"].isin(soon)])}
    for account, end in soon.items():
        if account in rows:
            row, score = rows[account], rows[account]["model_score"]
            own = "" if score != score else TIERS[int(tier_code(p.model, score))]
            yield {**_now(p, row), "model_tier": tier_word(p.model, own), "model_score": score,
                   "expires": end.day, "reason": end.reason, "author": end.author}  # fmt: skip


def _todo(p: Portfolio) -> Iterator[dict[str, Any]]:
    """What cannot wait: a renewal, an action that is overdue, missing or due this week."""
    wants: tuple[Callable[[dict[str, Any]], bool], ...] = (
        lambda x: 0 <= (x["days"] if x["days"] == x["days"] else -1) < WEEK,
        lambda x: x["late"] is not None,
        lambda x: not x["next"],
        lambda x: pd.notna(x["due"]) and _days_since(p, x["due"]) > -WEEK,
    )
    rows = [_now(p, row) for row in _records(top_at_risk(p))]
    pressing = [next((i for i, want in enumerate(wants) if want(x)), None) for x in rows]
    ranked = [(rank, n) for n, rank in enumerate(pressing) if rank is not None]
    for rank, n in sorted(ranked):
        told = rows[n]["next"] or "Plan an action: none is planned"
        renews = f"{told}, before the renewal" if rank == 0 else told
        yield {**rows[n], "do": renews}
