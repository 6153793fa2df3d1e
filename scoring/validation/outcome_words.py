"""What a list of outcomes says, in the words of any CRM or billing system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from scoring.closest import did_you_mean
from scoring.columns import normalise

__all__ = ["SLIGHT", "Fault", "Settled", "settle_outcomes"]

SLIGHT = 0.01
"""ARR that changed by less is the same: rounding and exchange rates (ours)."""

_WORDS: Mapping[str, tuple[str, ...]] = {
    "renewed": (
        "renewed", "renewal", "renew", "renews", "retained", "kept", "won", "closed won", "flat",
        "flat renewal", "full renewal", "auto renewed", "auto renewal", "stayed",
    ),
    "contracted": (
        "contracted", "contraction", "downgraded", "downgrade", "downsell", "downsold", "reduced",
        "reduction", "shrunk", "partial renewal", "partial churn", "renewed smaller",
    ),
    "expanded": (
        "expanded", "expansion", "upsell", "upsold", "upgraded", "upgrade", "grew", "growth",
        "cross sell", "renewed larger",
    ),
    "churned": (
        "churned", "churn", "lost", "cancelled", "canceled", "cancellation", "cancelation",
        "closed lost", "not renewed", "non renewed", "non renewal", "terminated", "termination",
        "full churn", "logo churn", "left",
    ),
}  # fmt: skip
_KIND = {normalise(word): kind for kind, words in _WORDS.items() for word in words}
_OPEN = frozenset(
    normalise(w)
    for w in (
        "open", "pending", "in progress", "upcoming", "tbd", "forecast", "undecided", "not due",
        "in negotiation", "negotiation",
        # Stages that Salesforce and HubSpot come with.
        "prospecting", "qualification", "needs analysis", "value proposition",
        "id decision makers", "perception analysis", "proposal", "proposal/price quote",
        "negotiation/review", "appointment scheduled", "qualified to buy",
        "presentation scheduled", "decision maker bought in", "contract sent",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one row.

    Attributes:
        row: position in the frame. key: column concerned, "" for none. value: what stands there.
        message, fix: one sentence each.
        fatal: whether the row is not used.
    """

    row: int
    key: str
    value: str
    message: str
    fix: str
    fatal: bool = True


@dataclass(frozen=True)
class Settled:
    """Outcomes that can be used.

    Attributes:
        frame: account_id, outcome (renewed, contracted, expanded or churned), date (datetime64),
            and account_name, arr, arr_after, currency and reason where they were given; its index
            is that of the rows given.
        faults: of rows, in their order.
        left_out: reason → rows that say nothing, with nothing wrong in them.
    """

    frame: pd.DataFrame
    faults: tuple[Fault, ...]
    left_out: Mapping[str, int]


def settle_outcomes(frame: pd.DataFrame) -> Settled:
    """Say of each row what happened, and when.

    The outcome's own word counts, then *Churned*, then a churn date, then ARR before and after.
    Who only ``renewed`` contracted or expanded where ARR after says so.

    Args:
        frame: n rows with account_id and any of outcome, churned, date, churn_date, arr,
            arr_after (keys of `columns.OUTCOMES`).
    """
    asked = [k for k in ("outcome", "churned", "churn_date", "arr_after") if k in frame]
    columns = {key: frame[key].tolist() for key in asked}
    for key in ("date", "arr"):
        columns[key] = frame[key].tolist() if key in frame else [None] * len(frame)
    faults: list[Fault] = []
    left_out: dict[str, int] = {}
    kept: list[tuple[int, str, pd.Timestamp]] = []
    for i in range(len(frame)):
        row = {key: values[i] for key, values in columns.items()}
        told = _told(i, row)
        if isinstance(told, str):
            left_out[told] = left_out.get(told, 0) + 1
        elif isinstance(told, Fault):
            faults.append(told)
        else:
            kept.append((i, *told))
            faults += _doubts(i, told[0], row)
    at = [i for i, _, _ in kept]
    facts = [k for k in ("account_name", "arr", "arr_after", "currency", "reason") if k in frame]
    out = frame.iloc[at][["account_id", *facts]].assign(
        outcome=pd.Series([k for _, k, _ in kept], index=frame.index[at], dtype=object),
        date=pd.Series([d for _, _, d in kept], index=frame.index[at], dtype="datetime64[s]"),
    )
    return Settled(out, tuple(faults), left_out)


def _told(i: int, row: Mapping[str, Any]) -> tuple[str, pd.Timestamp] | Fault | str:
    """Outcome and day; a fault; or why the row says nothing."""
    kind = _kind(i, row)
    if kind is None:
        return "Nothing decided yet"
    if isinstance(kind, Fault):
        return kind
    churn_day, day = row.get("churn_date"), row["date"]
    when = churn_day if kind == "churned" and not pd.isna(churn_day) else day
    if pd.isna(when):
        if kind != "churned" and "outcome" not in row:
            return "No date and not churned: nothing decided"
        return Fault(i, "date", "", "No date.", "Type the day of the outcome.")
    return kind, pd.Timestamp(when)


def _kind(i: int, row: Mapping[str, Any]) -> str | Fault | None:
    word, flag, churn_day = row.get("outcome"), row.get("churned"), row.get("churn_date")
    if isinstance(word, str) and word.strip():
        text = _word(word)
        if text in _OPEN:
            return None
        kind = _KIND.get(text)
        if kind is None:
            known = ("renewed", "contracted", "expanded", "churned")
            hint = did_you_mean(word, known) or f"Type {', '.join(known[:3])} or {known[3]}."
            return Fault(i, "outcome", word, "Not a known outcome.", hint)
        if flag is not None and not pd.isna(flag) and bool(flag) != (kind == "churned"):
            said = "Yes" if flag else "No"
            return Fault(i, "outcome", word, f"Churned says {said}.", "Correct one of the two.")
        return _by_amount(row) or kind if kind == "renewed" else kind
    if flag is not None and not pd.isna(flag):
        return "churned" if flag else _by_amount(row) or "renewed"
    if churn_day is not None and not pd.isna(churn_day):
        return "churned"
    if "outcome" in row or "churned" in row:
        key = "outcome" if "outcome" in row else "churned"
        return Fault(i, key, "", "No outcome.", "Type one, or delete the row.")
    return _by_amount(row, whole=True)


def _word(text: str) -> str:
    """A word as it is known; exports of HubSpot name the pipeline after it, in brackets."""
    whole = normalise(text)
    return whole if whole in _KIND else normalise(text.partition("(")[0]) or whole


def _by_amount(row: Mapping[str, Any], *, whole: bool = False) -> str | None:
    """Contracted or expanded, by ARR before and after; with *whole* renewed and churned, too."""
    before, after = row["arr"], row.get("arr_after")
    if before is None or after is None or not before > 0 or pd.isna(after):
        return None
    if whole and after == 0:
        return "churned"
    if after < before * (1 - SLIGHT):
        return "contracted"
    if after > before * (1 + SLIGHT):
        return "expanded"
    return "renewed" if whole else None


def _doubts(i: int, kind: str, row: Mapping[str, Any]) -> list[Fault]:
    """An outcome whose amounts say something else; the outcome counts."""
    after = row.get("arr_after")
    if after is None or pd.isna(after):
        return []
    said = _by_amount(row)
    odd = (
        (kind == "churned" and after > 0)
        or (kind == "contracted" and said == "expanded")
        or (kind == "expanded" and said == "contracted")
    )
    if not odd:
        return []
    message = f"The outcome is {kind}, which counts, but ARR after is {after:,.0f}."
    return [Fault(i, "arr_after", f"{after:,.0f}", message, "Correct one of the two.", fatal=False)]
