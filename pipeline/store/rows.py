"""A snapshot of scored accounts as rows to write."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd

from pipeline.store.encode import digest, encode_rows, encode_sheets, kinds_of
from scoring.errors import HistoryError
from scoring.model import ScoreModel
from scoring.score import Scores

__all__ = ["IMPORTED", "Origin", "Snapshot", "snapshot_of"]

Origin = Literal["score", "import"]

IMPORTED = "Imported"
"""Status of a score that was brought in, not computed."""


@dataclass(frozen=True)
class Snapshot:
    """n accounts of one day under one model, ready to write.

    Attributes:
        model, day: what scored them, and for which day.
        origin: "score" for a run of the engine, "import" for what was brought in.
        source: what was read, for listings.
        kinds: kinds of the columns, under "account" and, by sheet, under "sheets", as JSON.
        rows: account_id, account_name, score, model_score, tier, status, coverage; a missing
            number is None.
        accounts: (n,) the account's columns as JSON.
        sheets: (n,) its rows of other sheets as JSON, None for none.
        digests: (n,) stand for all of a row's content.
    """

    model: ScoreModel
    day: date
    origin: Origin
    source: str
    kinds: str
    rows: tuple[tuple[Any, ...], ...]
    accounts: tuple[str, ...]
    sheets: tuple[str | None, ...]
    digests: tuple[str, ...]


def snapshot_of(
    accounts: pd.DataFrame,
    scores: Scores,
    *,
    tables: Mapping[str, pd.DataFrame] | None = None,
    origin: Origin = "score",
    source: str = "",
) -> Snapshot:
    """What is to be kept of scored accounts.

    Args:
        accounts: n rows of raw inputs, before anything was derived; unique ``account_id``.
        scores: of these rows, in this order.
        tables: sheet name → frame with ``account_id``.
        origin: who gives them.
        source: what was read.

    Raises:
        HistoryError: an account id that no database can hold.
    """
    tables = tables or {}
    ids = [str(i) for i in accounts["account_id"].tolist()]
    names = _names(accounts, ids)
    _check(ids)
    numbers = (scores.total, scores.model_total, scores.coverage)
    total, own, coverage = (_or_none(np.asarray(x)) for x in numbers)
    tiers, statuses = scores.tier.tolist(), scores.status.tolist()
    rows = tuple(zip(ids, names, total, own, tiers, statuses, coverage, strict=True))
    texts = encode_rows(accounts.drop(columns="account_id"))
    sheets = encode_sheets(tables, ids)
    digests = tuple(
        digest(scores.model.digest, row, text, sheet)
        for row, text, sheet in zip(rows, texts, sheets, strict=True)
    )
    kinds = {"account": kinds_of(accounts), "sheets": {k: kinds_of(t) for k, t in tables.items()}}
    return Snapshot(
        scores.model, scores.as_of, origin, source, json.dumps(kinds), rows, tuple(texts),
        tuple(sheets), digests,
    )  # fmt: skip


def _names(accounts: pd.DataFrame, ids: Sequence[str]) -> list[str | None]:
    if "account_name" not in accounts.columns:
        return [None] * len(ids)
    return [_storable(n) if isinstance(n, str) else None for n in accounts["account_name"]]


def _or_none(values: np.ndarray[Any, Any]) -> list[float | None]:
    return [v if v == v else None for v in values.tolist()]


def _check(ids: Sequence[str]) -> None:
    bad = next((i for i in ids if _storable(i) != i), None)
    if bad is not None:
        raise HistoryError(
            f"The account ID {bad!r} holds a character that no database keeps. Correct it."
        )


def _storable(text: str) -> str:
    """The text without zero characters and halves of characters; the JSON keeps it whole."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()
