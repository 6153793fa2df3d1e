"""Words that several sheets of the portfolio workbook share."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd

from scoring.amounts import main_currency
from scoring.model import ScoreModel
from scoring.rollup import TIERS, tier_code
from workbook_templates.account.words import day_words
from workbook_templates.portfolio import basis
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.spoken import money_words

__all__ = [
    "context",
    "counted",
    "currency_words",
    "day_text",
    "joined",
    "money",
    "plain_date",
    "plain_number",
    "segment_text",
    "set_by",
    "tier_key",
    "tier_text",
    "zero_if_unknown",
]


def counted(count: int, what: str, plural: str = "") -> str:
    """``1 account``, ``1,204 accounts``, ``No accounts`` for none."""
    if count == 1:
        return f"1 {what}"
    return f"{count or 'No':{',' if count else ''}} {plural or what + 's'}"


def money(p: Portfolio, amount: float) -> str:
    """An amount in the main currency as £1.5m or £878k; "" where it is not known."""
    sign = basis.currency_sign(main_currency(p.frame))
    return "" if math.isnan(amount) else money_words(amount, sign)


def day_text(day: date | pd.Timestamp | datetime) -> str:
    """22 Nov 2026."""
    return day_words(day)


def joined(parts: Sequence[str]) -> str:
    """Those that say something, between middle dots."""
    return " · ".join(part for part in parts if part)


def currency_words(p: Portfolio) -> str:
    """In which currency sums are, and which others are left out of them."""
    main = main_currency(p.frame)
    known = p.frame.loc[p.frame["arr"].notna(), "currency"]
    if known.empty:
        return "no ARR given"
    others = sorted({str(code) or "without currency" for code in known} - {main})
    if p.frame.attrs.get("base"):
        return f"amounts converted to {main}" + (f", without {', '.join(others)}" if others else "")
    sums = f"sums in {main}" if main else "amounts without currency"
    return sums + (f" only, without {', '.join(others)}" if others else "")


def context(p: Portfolio, *more: str) -> str:
    """Second line of a sheet: how many accounts, as of when, scored by what."""
    count = counted(len(p.frame), "account")
    return joined([count, f"as of {day_words(p.as_of)}", *more, p.model.label])


def tier_text(model: ScoreModel, key: str) -> str:
    """Shape and word of a tier, ``○ No score`` for none."""
    return basis.tier_word(model, key) or basis.NO_SCORE


def set_by(model: ScoreModel, row: Mapping[Any, Any]) -> str:
    """Who or what set a tier that the score alone would not give; "" where nobody did."""
    score = row["score"]
    if score != score or row["tier"] in ("", TIERS[int(tier_code(model, score))]):
        return ""
    if row["override"]:
        return f"Tier set by {row['override']}"
    return f"Tier capped: {row['gate']}" if row["gate"] else ""


def segment_text(key: str) -> str:
    """A segment's word; "" where none is given, as in *Accounts*."""
    return basis.SEGMENT_WORDS.get(key, "")


def tier_key(model: ScoreModel) -> str:
    """What the colours of a chart mean: shapes and words of the tiers as they are stacked."""
    return ", ".join(tier_text(model, key) for key in ("green", "amber", "red"))


def plain_number(value: float) -> float | None:
    """A number as a cell takes it; None for NaN."""
    return None if value != value else float(value)


def plain_date(value: Any) -> date | None:
    """A day as a cell takes it; None for NaT."""
    return None if pd.isna(value) else pd.Timestamp(value).date()


def zero_if_unknown(amount: float) -> float:
    """A sum as a cell holds it that a formula gives as well: SUM over unknown amounts is 0."""
    return 0.0 if math.isnan(amount) else amount
