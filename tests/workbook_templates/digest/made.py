"""Portfolios of a few accounts whose digest can be told by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd

from pipeline.portfolio import portfolio_of
from pipeline.scored import score_inputs
from scoring.inputs import Inputs
from scoring.presets import load_preset
from workbook_templates.digest.records import Digest, Figure
from workbook_templates.portfolio.facts import Portfolio

__all__ = ["TODAY", "WEEK_AGO", "account", "portfolio", "printed", "values"]

TODAY, WEEK_AGO = date(2026, 11, 23), date(2026, 11, 16)
_DIMENSIONS = [d.key for d in load_preset("scorecard").dimensions]


def account(
    name: str, rating: float | None, arr: float | None = 1000.0, **more: Any
) -> dict[str, Any]:
    """An account rated alike in every dimension: 5 is 100, 3 is 60 (amber), 2 is 40 (red)."""
    row = {"account_id": name, "account_name": f"Sample {name}", "arr": arr, "currency": "USD",
           "csm": "CSM Sample A", **more}  # fmt: skip
    return row | ({} if rating is None else dict.fromkeys(_DIMENSIONS, rating))


def portfolio(
    accounts: Sequence[Mapping[str, Any]],
    before: Mapping[date, Mapping[str, float]] | None = None,
    **tables: pd.DataFrame,
) -> Portfolio:
    """Accounts of today, and their ratings on earlier days."""
    past = [
        {"account_id": name, "date": pd.Timestamp(day), **dict.fromkeys(_DIMENSIONS, rating)}
        for day, ratings in (before or {}).items()
        for name, rating in ratings.items()
    ]
    inputs = Inputs(
        accounts=pd.DataFrame(list(accounts)),
        history=pd.DataFrame(past),
        tables=tables,
        source="test",
    )
    return portfolio_of(score_inputs(inputs, load_preset("scorecard"), as_of=TODAY))


def days_before(*days: int) -> list[date]:
    """Days counted back from today."""
    return [TODAY - timedelta(days=n) for n in days]


def printed(parts: Sequence[str | Figure]) -> str:
    """A sentence as people read it."""
    return "".join(x if isinstance(x, str) else x.text for x in parts)


def values(digest: Digest, name: str, key: str) -> list[Any]:
    """A column of a list, None where it is left out."""
    return [row[key].value if key in row else None for row in digest.lists[name]]
