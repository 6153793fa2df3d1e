"""*Checks*: what is held against what, and what fills it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from scoring.amounts import main_currency
from scoring.model import ScoreModel
from scoring.portfolio import summarise
from scoring.renewal_calendar import BUCKET_ENDS, renewals_within
from workbook_templates.fill import Value
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.figures import PARTS, totals
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.tables import TableSpec

__all__ = ["AGREES", "Check", "checked"]

AGREES = "Every figure agrees with the engine"
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Check:
    """One line of *Checks*.

    Attributes:
        key: of the formula, in `drawing.portfolio.checks`.
        label: what is compared.
        form: number format.
    """

    key: str
    label: str
    form: str = "whole"


def checked(model: ScoreModel) -> tuple[Check, ...]:
    """The lines, in the order of the sheet."""
    words = {key: model.tier_label(key) or "No tier" for key in PARTS}
    return (
        Check("scores_differ", "Scores that differ from the engine's"),
        Check("scores", "Sum of all scores", "points"),
        Check("tiers_differ", "Tiers that differ from the engine's"),
        Check("accounts", "Accounts"),
        *(Check(f"count_{key or 'none'}", f"Accounts, {words[key]}") for key in PARTS),
        Check("arr", "ARR"),
        *(Check(f"arr_{key or 'none'}", f"ARR, {words[key]}") for key in PARTS),
        Check("count_shares", "Shares of accounts, sum", "percent1"),
        Check("arr_shares", "Shares of ARR, sum", "percent1"),
        Check("csm_accounts", "Accounts of all CSMs"),
        Check("moves", "Accounts with a tier before and now"),
        Check("renewals", f"Accounts that renew within {BUCKET_ENDS[-1]} days"),
        Check("listed", "Rows of Renewals"),
    )


def tables(model: ScoreModel) -> tuple[TableSpec, ...]:
    """The sheet has no Tables."""
    return ()


def fill(p: Portfolio) -> Filling:
    """What the engine says, and what formulas make of it."""
    engine = dict(_engine(p))
    lines: dict[str, list[list[Value]]] = {}
    for check in checked(p.model):
        x = float(engine[check.key])
        lines[f"check_{check.key}"] = [[x, x, 0.0, "Yes"]]
    note = "Formulas recalculate in any spreadsheet; the engine column holds what was computed."
    return Filling(
        {
            "checks_title": AGREES,
            "checks_note": f"{note} {p.model.label}, as of {p.as_of.day} {p.as_of:%b %Y}.",
            **lines,
        }
    )


def _engine(p: Portfolio) -> Iterator[tuple[str, float]]:
    """Key of a check → the engine's figure, by other ways than the sheets' formulas take."""
    frame, found = p.frame, totals(p)
    yield from (("scores_differ", 0), ("tiers_differ", 0))
    yield "scores", math.fsum(frame["score"].dropna())
    yield "accounts", len(frame)
    yield from ((f"count_{key or 'none'}", found.counts[key]) for key in PARTS)
    main = main_currency(frame)
    own = frame.loc[(frame["currency"] == main) & frame["arr"].notna(), "arr"]
    yield "arr", math.fsum(own)
    yield from ((f"arr_{key or 'none'}", found.arr[key]) for key in PARTS)
    whole = summarise(frame["score"].tolist(), None, p.model)[-1].share if len(frame) else 0.0
    yield "count_shares", whole
    yield "arr_shares", float(math.fsum(own) > 0)
    yield "csm_accounts", len(frame)
    yield "moves", int(((frame["previous_tier"] != "") & (frame["tier"] != "")).sum())
    coming = renewals_within(frame, BUCKET_ENDS[-1])
    yield from (("renewals", coming.total), ("listed", coming.total))
