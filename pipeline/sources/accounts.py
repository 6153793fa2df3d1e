"""Accounts: every row under one id, and what people decided about them (overrides)."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pipeline.sources.tables import Table
from scoring.columns import SCORE_HISTORY, normalise
from scoring.inputs import Inputs, Problem
from scoring.model import ScoreModel

_NO_ID = "No account ID."
_TOTALS = frozenset(
    {"total", "totals", "grandtotal", "sum", "subtotal", "gesamt", "summe", "totaal"}
)
# From so many on, repeated rows are not slips: the table has one row a month or a contract.
_MANY = 50


def identify(table: Table) -> pd.DataFrame:
    """The accounts frame with a unique text ``account_id``; problems go to the table.

    A row without an id goes under its name; without either it is not used. Of rows with one id
    the first counts. A last row of totals is no account.
    """
    _drop_totals(table)
    frame = table.frame
    has_column = "account_id" in frame.columns
    ids = frame["account_id"] if has_column else _nothing(frame)
    names = frame["account_name"] if "account_name" in frame.columns else _nothing(frame)
    missing = ids.isna()
    if has_column and missing.any():
        _report_missing(table, missing & names.notna(), missing & names.isna())
    ids = ids.where(~missing, names)
    frame = frame.assign(account_id=ids.astype(object))
    if "account_name" not in frame.columns:
        frame["account_name"] = frame["account_id"]
    else:
        frame["account_name"] = names.where(names.notna(), ids).astype(object)
    usable = ids.notna()
    repeated = usable & ids.where(usable, None).duplicated(keep="first")
    if repeated.any():
        _report_repeated(table, ids, repeated)
    keep = usable & ~repeated
    kept: pd.DataFrame = frame[keep].reset_index(drop=True)
    return kept


def _drop_totals(table: Table) -> None:
    """Leave out a last row that says Total where the account's id or name belongs, with a note."""
    frame = table.frame
    if len(frame) < 2:
        return
    last = frame.iloc[-1]
    key = next((k for k in ("account_id", "account_name") if isinstance(last.get(k), str)), "")
    if not key or normalise(last[key]) not in _TOTALS:
        return
    row = int(table.rows[-1])
    message, fix = "A row of totals, not read.", "If it is an account, move it up or rename it."
    note = table.problem(row, key, last[key], message, fix)
    table.problems = [p for p in table.problems if p.row != row]
    table.problems.append(replace(note, severity="note"))
    table.frame, table.rows = frame.iloc[:-1], table.rows[:-1]


def _nothing(frame: pd.DataFrame) -> pd.Series[Any]:
    return pd.Series([None] * len(frame), index=frame.index, dtype=object)


def _at(mask: pd.Series[Any]) -> list[int]:
    return [int(i) for i in np.flatnonzero(mask.to_numpy(bool))]


def _report_missing(table: Table, named: pd.Series[Any], lost: pd.Series[Any]) -> None:
    for i in _at(named):
        fix = "Type one; until then the row goes under its name."
        table.problems.append(table.problem(int(table.rows[i]), "account_id", "", _NO_ID, fix))
    # A row of blanks that a program left behind says nothing, so nothing is said about it.
    reported = {p.row for p in table.problems}
    for i in _at(lost):
        if table.rows[i] not in reported and table.frame.iloc[i].isna().all():
            continue
        fix = "Type one, or delete the row; it is not used."
        table.problems.append(table.problem(int(table.rows[i]), "account_id", "", _NO_ID, fix))


def _report_repeated(table: Table, ids: pd.Series[Any], repeated: pd.Series[Any]) -> None:
    first: dict[Hashable, int] = {}
    for i, value in enumerate(ids):
        if value is not None:
            first.setdefault(value, table.origin(int(table.rows[i]))[1])
    key = "account_id" if "account_id" in table.places else "account_name"
    if len(at := _at(repeated)) >= max(_MANY, len(first)):
        message = (
            f"{len(at):,} rows repeat one of {len(first):,} accounts; the first row of each counts."
        )
        fix = (
            "Give one row an account: sum up rows of contracts or tickets first; rows of earlier "
            f"months belong on the sheet {SCORE_HISTORY}."
        )
        row = int(table.rows[at[0]])
        table.problems.append(table.problem(row, key, ids.iloc[at[0]], message, fix))
        return
    for i in at:
        value = ids.iloc[i]
        row = table.origin(int(table.rows[i]))[1]
        message = f"The account stands in rows {first[value]} and {row}; the first counts."
        fix = "Delete one of the two rows."
        table.problems.append(table.problem(int(table.rows[i]), key, value, message, fix))


def resolve_accounts(table: Table, accounts: pd.DataFrame, *, strict: bool) -> pd.DataFrame:
    """Rows of an optional sheet whose account is known, by id or else by its only name.

    With *strict* a row of an unknown account is a problem and left out; without (history, which
    outlives accounts) it stays.
    """
    frame = table.frame
    ids = set(accounts["account_id"])
    names = accounts.drop_duplicates("account_name", keep=False)
    by_name = dict(zip(names["account_name"], names["account_id"], strict=True))
    found = [v if v in ids else by_name.get(v, v) for v in frame["account_id"]]
    known = np.array([v in ids for v in found], dtype=bool)
    absent = np.array([v is None for v in found], dtype=bool)
    for i in np.flatnonzero(absent | (~known & strict)).tolist():
        message = _NO_ID if absent[i] else "No such account in the sheet Accounts."
        fix = "Type an ID that stands there; the row is not used."
        raw = "" if absent[i] else found[i]
        table.problems.append(table.problem(int(table.rows[i]), "account_id", raw, message, fix))
    keep = (known | (not strict)) & ~absent
    frame = frame.assign(account_id=pd.Series(found, index=frame.index, dtype=object))
    table.rows = table.rows[keep]
    kept: pd.DataFrame = frame[keep].reset_index(drop=True)
    return kept


def check_overrides(table: Table, frame: pd.DataFrame, model: ScoreModel) -> pd.DataFrame:
    """Overrides that say tier or score, reason, author and expiry; tiers as the model's keys.

    The frame's ``attrs["rows"]`` are their row numbers in the sheet.
    """
    words = {t.label.casefold(): t.key for t in model.tiers} | {t.key: t.key for t in model.tiers}
    columns = ["account_id", "tier", "score", "reason", "author", "expires"]
    dated = ["set_on"] if "set_on" in frame else []
    full = frame.reindex(columns=[*columns, *dated])
    tiers: list[str | None] = []
    bad = np.zeros(len(full), dtype=bool)
    for i, row in enumerate(full.itertuples(index=False)):
        word = row.tier if isinstance(row.tier, str) else None
        tiers.append(words.get(word.casefold()) if word else None)
        found = _override_problem(table, int(table.rows[i]), row, tiers[-1], model)
        if found is not None:
            table.problems.append(found)
            bad[i] = True
    named = pd.Series(tiers, index=full.index, dtype=object)
    checked = full.assign(tier=named)[~bad].reset_index(drop=True)
    checked.attrs["rows"] = table.rows[~bad].tolist()
    return checked


def _override_problem(
    table: Table, row: int, override: Any, tier: str | None, model: ScoreModel
) -> Problem | None:
    labels = ", ".join(t.label for t in model.tiers)
    if isinstance(override.tier, str) and tier is None:
        return table.problem(row, "tier", override.tier, f"Not one of {labels}.", "Type one.")
    if tier is None and pd.isna(override.score):
        return table.problem(row, "tier", "", "The override says nothing.", "Type tier or score.")
    for key, word in (("reason", "reason"), ("author", "author"), ("expires", "expiry date")):
        if pd.isna(getattr(override, key)):
            message = f"The override has no {word}, so it is not applied."
            return table.problem(row, key, "", message, "Type one.")
    return None


def join_overrides(accounts: pd.DataFrame, overrides: pd.DataFrame) -> pd.DataFrame:
    """Accounts with ``override_…`` columns: of several for one account the last to expire."""
    if overrides.empty:
        return accounts
    last = _last(overrides)
    last = last.drop(columns="set_on", errors="ignore")
    named = last.rename(columns={c: f"override_{c}" for c in last.columns if c != "account_id"})
    joined = accounts.merge(named, on="account_id", how="left")
    for key in ("override_tier", "override_reason", "override_author"):
        joined[key] = joined[key].astype(object).where(joined[key].notna(), None)
    return joined


def _last(overrides: pd.DataFrame) -> pd.DataFrame:
    by_end = overrides.sort_values("expires", kind="stable")
    return by_end.drop_duplicates("account_id", keep="last")


def expired_overrides(inputs: Inputs, as_of: date) -> list[Problem]:
    """Notes on accounts whose last override ended before the day; on its last day it counts."""
    overrides = inputs.tables.get("Overrides")
    if overrides is None or overrides.empty or "expires" not in overrides.columns:
        return []
    past = _last(overrides)
    past = past[pd.to_datetime(past["expires"]) < pd.Timestamp(as_of)].sort_index()
    out: list[Problem] = []
    # Of some of the accounts: labels and row numbers are still those of the whole sheet.
    rows = overrides.attrs.get("rows")
    for i, override in past.iterrows():
        end = pd.Timestamp(override["expires"])
        message = (
            f"Override of {override['account_id']} by {override['author']} expired on "
            f"{end.day} {end:%b %Y}; the model's tier stands."
        )
        fix = "Renew or delete the row."
        row = rows[i] if rows else None
        out.append(Problem("Overrides", row, "", "", "", message, fix, "note"))
    return out
