"""One batch of typed columns in, one batch of scores out: what every engine runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from scoring.columns import account_columns, match_headers
from scoring.derive import derive_metrics
from scoring.errors import DataError
from scoring.model import ScoreModel
from scoring.scales import OutOfScale
from scoring.score import Scores, score_accounts

__all__ = ["COLUMNS", "BatchScorer"]

COLUMNS = {
    "account_id": "string", "score": "double", "model_score": "double", "tier": "string",
    "status": "string", "coverage": "double", "low": "double", "high": "double",
    "problems": "string",
}  # fmt: skip
"""Column → kind, in Spark's words and Arrow's; dimension scores follow, all double. A missing
number is null, a missing tier an empty text."""

_ARROW = {"string": pa.string(), "double": pa.float64()}


@dataclass(frozen=True)
class BatchScorer:
    """Scores batches of accounts whose columns have one kind of value each.

    Attributes:
        model: the score model.
        as_of: the day to score.
        headers: all columns of the table, as it names them: names, keys or aliases of
            `columns.account_columns`.

    Raises:
        DataError: no column holds the accounts' ids, or none an input of the model.
    """

    model: ScoreModel
    as_of: date
    headers: tuple[str, ...]

    def __post_init__(self) -> None:
        known = set(self.wanted.values())
        if "account_id" not in known:
            raise DataError(
                "The table has no column of account IDs. Name one Account ID or account_id."
            )
        given = {key for key in known if key not in ("account_id", "account_name", "csm")}
        if not given:
            raise DataError(
                f"The table has no column that {self.model.label} scores. "
                "`healthsheet model show` lists them."
            )

    @cached_property
    def wanted(self) -> dict[str, str]:
        """Column of the table → our key, for those that a score needs."""
        unread = {"account_name", "csm", "arr", "currency"}
        matched, _, _ = match_headers(self.headers, account_columns(self.model))
        pairs = {self.headers[at]: column.key for at, column in matched.items()}
        return {header: key for header, key in pairs.items() if key not in unread}

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Columns of the result and their kinds."""
        dimensions = {f"dim_{d.key}": "double" for d in self.model.dimensions}
        return {**COLUMNS, **dimensions}

    @property
    def schema(self) -> str:
        """The result's columns as Spark declares them."""
        return ", ".join(f"`{name}` {kind}" for name, kind in self.kinds.items())

    @property
    def arrow_schema(self) -> Any:
        """The result's columns as Arrow declares them."""
        return pa.schema([(name, _ARROW[kind]) for name, kind in self.kinds.items()])

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Scores of each Arrow batch as another: what ``mapInArrow`` asks for."""
        schema = self.arrow_schema
        for batch in batches:
            scores = self.score(batch.to_pandas())
            yield pa.RecordBatch.from_pandas(scores, schema, preserve_index=False)

    def score(self, batch: pd.DataFrame) -> pd.DataFrame:
        """Scores of one batch, row by row; columns of the table that are not wanted do not matter.

        A value that cannot be scored counts as missing and is named in ``problems``, as a read
        source would: one account's slip does not stop ten million others.
        """
        named = batch[[h for h in batch.columns if h in self.wanted]].rename(columns=self.wanted)
        ids = named["account_id"]
        texts = ids.astype(str).where(ids.notna(), "").astype(object)
        accounts = named.assign(account_id=texts).reset_index(drop=True)
        scores, problems = self._scored(accounts)
        for row in np.flatnonzero(ids.isna().to_numpy(bool)).tolist():
            problems[row] = "; ".join(filter(None, ["No account ID", problems[row]]))
        return self._frame(scores, problems)

    def _scored(self, accounts: pd.DataFrame) -> tuple[Scores, list[str]]:
        told = [""] * len(accounts)
        try:
            return self._plain(accounts), told
        except OutOfScale as error:
            found = error.problems
        # Ids need not be unique here, so that places are found by value, column by column.
        keys = {c.name: c.key for c in account_columns(self.model)}
        rows = _places(accounts["account_id"].tolist())
        for account, name, value, message in found:
            for row in rows[account]:
                if _same(accounts[keys[name]].iloc[row], value):
                    told[row] += f"{'; ' if told[row] else ''}{name} {value}: {message}"
        return self._plain(_without(accounts, found, keys, rows)), told

    def _plain(self, accounts: pd.DataFrame) -> Scores:
        rows = derive_metrics(accounts, self.model, self.as_of)
        return score_accounts(rows, self.model, as_of=self.as_of)

    def _frame(self, scores: Scores, problems: Sequence[str]) -> pd.DataFrame:
        columns: dict[str, Any] = {
            "account_id": scores.account_id, "score": scores.total,
            "model_score": scores.model_total, "tier": scores.tier, "status": scores.status,
            "coverage": scores.coverage, "low": scores.low, "high": scores.high,
            "problems": np.array(problems, dtype=object),
        }  # fmt: skip
        for key, values in scores.dimensions.items():
            columns[f"dim_{key}"] = values.to_numpy(float)
        return pd.DataFrame(columns)


def _places(ids: Sequence[str]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for row, account in enumerate(ids):
        rows.setdefault(account, []).append(row)
    return rows


def _same(one: object, other: object) -> bool:
    return one == other or str(one) == str(other)


def _without(
    accounts: pd.DataFrame,
    found: Sequence[tuple[str, str, object, str]],
    keys: dict[str, str],
    rows: dict[str, list[int]],
) -> pd.DataFrame:
    """The accounts with each value that cannot be scored missing."""
    out = accounts.copy()
    for account, name, value, _ in found:
        key = keys[name]
        bad = [row for row in rows[account] if _same(accounts[key].iloc[row], value)]
        column = out[key].astype(object)
        column.iloc[bad] = None
        out[key] = column
    return out
