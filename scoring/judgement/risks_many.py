"""The risks of a portfolio: one list in the order to read it, and which kinds are systematic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.amounts import own_amounts
from scoring.judgement.records import SEVERITIES, Risk
from scoring.judgement.risk_words import risk_line, severity_word
from scoring.judgement.risks import Found
from scoring.judgement.risks_survey import NONE, Survey
from scoring.judgement.typed_risks import severity_of
from scoring.prepare import Floats

__all__ = ["COLUMNS", "KIND_COLUMNS", "LISTED", "PortfolioRisks", "no_risks", "portfolio_risks"]

LISTED = 2_000
"""Risks that a list holds at most; nobody reads more (ours). All of them are counted."""
COLUMNS = (
    "account_id", "account_name", "tier", "severity", "name", "text", "since", "arr", "currency",
    "dimension", "mitigation", "owner", "play", "key",
)  # fmt: skip
KIND_COLUMNS = ("key", "name", "topic", "accounts", "high", "arr")
TYPED = "Typed"
"""Kind of a risk that only a person named."""
_WEIGHT = np.array([3.0, 2.0, 1.0])
"""Severity counts so much when ARR is weighed by it (ours)."""


@dataclass(frozen=True)
class PortfolioRisks:
    """Risks of n accounts.

    Attributes:
        rows: `COLUMNS`, a row a risk of high or medium severity, by severity × ARR; ``since`` a
            day or None, ``arr`` in ``currency`` or NaN, ``severity`` as people read it.
        kinds: `KIND_COLUMNS`, a row a kind that was found so, most ARR first; ``arr`` in the main
            currency, each account once.
        total: risks of high or medium severity. left: those that ``rows`` leaves out.
        low: risks of low severity, which scorecards show.
        accounts: how many accounts have a high or medium one. arr: theirs, in the main currency.
        high_accounts: how many have a high one. high_arr: theirs.
    """

    rows: pd.DataFrame
    kinds: pd.DataFrame
    total: int = 0
    left: int = 0
    low: int = 0
    accounts: int = 0
    arr: float = 0.0
    high_accounts: int = 0
    high_arr: float = 0.0


def portfolio_risks(
    found: Found, frame: pd.DataFrame, *, as_of: date, limit: int = LISTED
) -> PortfolioRisks:
    """List and count what was found.

    Args:
        found: of `find_risks`.
        frame: of `portfolio_frame`, row by row the same accounts.
        as_of: the day.
        limit: rows that the list holds at most.
    """
    survey, typed = found.survey, found.typed
    if survey is None or typed is None or not survey.n:
        return no_risks()
    arr: Floats = np.asarray(own_amounts(frame).to_numpy(), dtype=np.float64)
    order, total = _ranked(found, arr, limit)
    rows: list[tuple[float, tuple[Any, ...]]] = []
    used = 0
    low, high, touched = _counts(found)
    for row in order:
        risks = [r for r in found.risks[row] if _counts_here(r)]
        used += len(risks)
        low[row] = len(found.risks[row]) - len(risks)
        high[row] = any(r.severity == SEVERITIES[0] for r in risks)
        touched[row] = bool(risks)
        rows += [(_weight(r, arr[row]), _line(r, row, frame, survey, as_of)) for r in risks]
    # A stable sort: risks of one account keep their own order.
    kept = [line for _, line in sorted(rows, key=lambda pair: -pair[0])][:limit]
    known = used if set(np.flatnonzero(touched).tolist()) <= set(order) else total
    return PortfolioRisks(
        rows=pd.DataFrame(kept, columns=list(COLUMNS)),
        kinds=_kinds(survey, arr),
        total=known,
        left=known - len(kept),
        low=int(low.sum()),
        accounts=int(touched.sum()),
        arr=float(np.nansum(arr[touched])),
        high_accounts=int(high.sum()),
        high_arr=float(np.nansum(arr[high])),
    )


def _counts_here(risk: Risk) -> bool:
    """Whether a list of many accounts holds a risk; one that a person did not rate, too."""
    return risk.severity != SEVERITIES[-1] or (risk.typed and not risk.rated)


def _serious(record: Mapping[str, Any]) -> bool:
    return severity_of(record.get("severity")) != SEVERITIES[-1]


def _counts(found: Found) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
    """By account: low risks, whether any is high, whether any is listed."""
    assert found.survey is not None
    assert found.typed is not None
    codes = found.survey.severity
    low: NDArray[np.int64] = (codes == len(SEVERITIES) - 1).sum(axis=1)
    listed: NDArray[np.bool_] = ((codes != NONE) & (codes < len(SEVERITIES) - 1)).any(axis=1)
    for row, records in found.typed.rows.items():
        serious = sum(_serious(r) for r in records)
        low[row] += len(records) - serious
        listed[row] |= serious > 0
    return low, found.high.copy(), listed


def _ranked(found: Found, arr: Floats, limit: int) -> tuple[list[int], int]:
    """Accounts whose risks are worth wording, and how many risks there are in all.

    Those with the heaviest single risks, until they hold as many as the list; more would only be
    cut again.
    """
    assert found.survey is not None
    assert found.typed is not None
    codes = found.survey.severity
    rows, columns = np.nonzero((codes != NONE) & (codes < len(SEVERITIES) - 1))
    weight = _WEIGHT[found.survey.severity[rows, columns]] * _size(arr)[rows]
    typed = [(row, severity_of(r.get("severity")), r) for row, rs in found.typed.rows.items()
             for r in rs if _serious(r)]  # fmt: skip
    extra = np.array([row for row, _, _ in typed], dtype=int)
    heavy = np.array([_WEIGHT[SEVERITIES.index(s or "Low")] for _, s, _ in typed])
    every = np.concatenate([rows, extra])
    weights = np.concatenate([weight, heavy * _size(arr)[extra] if len(extra) else heavy])
    # Twice as many: a typed risk and the found one that it words become one.
    heaviest = every[np.argsort(-weights, kind="stable")][: 2 * limit]
    return list(dict.fromkeys(heaviest.tolist())), len(every)


def _size(arr: Floats) -> Floats:
    """ARR where it is known; an account without one comes after all others, by severity."""
    return np.where(np.isnan(arr), 1e-6, np.maximum(arr, 1e-3))


def _weight(risk: Risk, arr: float) -> float:
    rank = SEVERITIES.index(risk.severity)
    return float(_WEIGHT[rank] * _size(np.array([arr]))[0])


def _line(
    risk: Risk, row: int, frame: pd.DataFrame, survey: Survey, as_of: date
) -> tuple[Any, ...]:
    told = survey.facts.once("lines", lambda: _columns(frame))
    names = survey.facts.once(
        "dimensions", lambda: {d.key: d.name for d in survey.facts.model.dimensions}
    )
    play = survey.library.play(risk.play)
    definition = survey.library.risk(risk.key)
    return (
        told["account_id"][row], told["account_name"][row], told["tier"][row],
        severity_word(risk), definition.name if definition else TYPED, risk_line(risk, as_of),
        risk.since, told["arr"][row], told["currency"][row], names.get(risk.dimension, ""),
        risk.mitigation, told["csm"][row], play.name if play else "",
        risk.key or f"typed: {risk.text}",
    )  # fmt: skip


def _columns(frame: pd.DataFrame) -> Mapping[str, list[Any]]:
    keys = ("account_id", "account_name", "tier", "arr", "currency", "csm")
    return {key: frame[key].tolist() for key in keys}


def _kinds(survey: Survey, arr: Floats) -> pd.DataFrame:
    rows = []
    for column, risk in enumerate(survey.library.risks):
        codes = survey.severity[:, column]
        there = (codes != NONE) & (codes < len(SEVERITIES) - 1)
        if there.any():
            amount = float(np.nansum(arr[there]))
            rows.append((risk.key, risk.name, risk.topic, int(there.sum()),
                         int((codes == 0).sum()), amount))  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(KIND_COLUMNS))
    return frame.sort_values(
        ["arr", "accounts", "key"], ascending=[False, False, True], ignore_index=True
    )


def no_risks() -> PortfolioRisks:
    """Nothing found."""
    return PortfolioRisks(
        pd.DataFrame(columns=list(COLUMNS)), pd.DataFrame(columns=list(KIND_COLUMNS))
    )
