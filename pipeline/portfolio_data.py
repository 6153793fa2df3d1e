"""What is said of a portfolio, what to do and what to review, as plain data."""

from __future__ import annotations

from typing import Any

import pandas as pd

from scoring.judgement.portfolio_summary import Said
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.overrides import states

__all__ = ["to_do_data"]

_HIDDEN = ("given",)


def to_do_data(p: Portfolio) -> dict[str, Any]:
    """Sentences, actions, overrides of the workbook, and what a manager must look at, for JSON.

    Each sentence has its numbers with the place of the workbook that shows them. Days are ISO
    texts; what is not known is None.
    """
    rows = p.actions.drop(columns=[*_HIDDEN], errors="ignore")
    actions = rows.to_dict("records") if len(rows) else []
    overrides = [
        {"account_id": one.account_id or None, "tier": one.tier or None, "score": one.score,
         "reason": one.reason or None, "author": one.author or None,
         "expires": _plain(one.expires), "state": state}
        for one, state in states(p)
    ]  # fmt: skip
    review = [
        {key: _plain(value) for key, value in line._asdict().items() if key != "key"}
        for line in p.review
    ]
    return {
        "summary": [_sentence(said) for said in p.sentences],
        "actions": [{str(k): _plain(v) for k, v in row.items()} for row in actions],
        "overrides": overrides,
        "review": review,
    }


def _sentence(said: Said) -> dict[str, Any]:
    figures = [
        {"key": x.key, "text": x.text, "value": _plain(x.value), "source": x.source}
        for x in said.figures
    ]
    return {"kind": said.kind, "text": said.text, "figures": figures}


def _plain(value: Any) -> Any:
    if value is None or value == "" or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return value.isoformat() if hasattr(value, "isoformat") else value
