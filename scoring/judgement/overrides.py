"""Overrides that people typed into the workbook, beside those of the source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from scoring.inputs import Problem
from scoring.judgement.actions_kept import plain_day, plain_text
from scoring.model import ScoreModel

__all__ = ["KEPT_DAYS", "TypedOverride", "merge_overrides", "read_overrides"]

KEPT_DAYS = 30
"""Days that an override stays on its sheet after it ended (ours)."""
COLUMNS = ("account_id", "tier", "score", "reason", "author", "expires", "set_on")
_WORDS = {"reason": "a reason", "author": "an author", "expires": "an expiry date"}

Row = Mapping[str, Any]


@dataclass(frozen=True)
class TypedOverride:
    """A row of the sheet *Overrides*.

    Attributes:
        row: as typed; ``seen`` is the day a refresh read it first.
        account_id: "" where nobody knows the account.
        tier: key of the model, "" where none. score: None where none.
        set_on: as typed, else the day it was seen first.
        fault: why it is not applied, one sentence without its end; "" where it may be.
    """

    row: Row
    account_id: str
    tier: str
    score: float | None
    reason: str
    author: str
    set_on: date
    expires: date | None
    fault: str

    def counts(self, as_of: date) -> bool:
        """It is complete and not over; on its last day it counts."""
        return not self.fault and self.expires is not None and self.expires >= as_of


def read_overrides(
    rows: Sequence[Row], accounts: pd.DataFrame, model: ScoreModel, *, as_of: date
) -> list[TypedOverride]:
    """Rows of the sheet, each with why it cannot be applied.

    Args:
        rows: by `columns.OVERRIDES`, and ``account`` (a name), ``seen`` and ``key``.
        accounts: ``account_id`` and, where there is one, ``account_name``.
        model: its tiers, by label or key.
        as_of: today.
    """
    ids = set(accounts["account_id"].astype(str))
    named: dict[str, str] = {}
    if "account_name" in accounts:
        only = accounts.drop_duplicates("account_name", keep=False)
        names = (str(name).casefold() for name in only["account_name"])
        named = dict(zip(names, only["account_id"].astype(str), strict=True))
    return [_read(row, ids, named, model, as_of) for row in rows]


def _read(
    row: Row, ids: set[str], named: Mapping[str, str], model: ScoreModel, as_of: date
) -> TypedOverride:
    texts = [plain_text(row.get(key)) for key in ("account_id", "account")]
    account = next((t for t in texts if t in ids), "")
    account = account or next((named[t.casefold()] for t in texts if t.casefold() in named), "")
    words = {t.label.casefold(): t.key for t in model.tiers} | {t.key: t.key for t in model.tiers}
    word = plain_text(row.get("tier"))
    # Copied from a sheet that shows a tier with its shape.
    tier = words.get(word.casefold(), words.get(word.rpartition(" ")[2].casefold(), ""))
    given = row.get("score")
    number = float(given) if isinstance(given, int | float) and given == given else None
    reason, author = plain_text(row.get("reason")), plain_text(row.get("author"))
    expires = plain_day(row.get("expires"))
    set_on = plain_day(row.get("set_on")) or plain_day(row.get("seen")) or as_of
    missing = [w for key, w in _WORDS.items() if not {"reason": reason, "author": author,
                                                     "expires": expires}[key]]  # fmt: skip
    fault = ""
    if not account:
        fault = f"no account {next(filter(None, texts), 'is named')}"
    elif word and not tier:
        fault = f"{word} is no tier of the model"
    elif given not in (None, "") and (number is None or not 0 <= number <= 100):
        fault = f"{given} is no score from 0 to 100"
    elif not tier and number is None:
        fault = "neither tier nor score is given"
    elif missing:
        fault = f"it lacks {' and '.join(missing)}"
    return TypedOverride(row, account, tier, number, reason, author, set_on, expires, fault)


def merge_overrides(
    source: pd.DataFrame | None, typed: Sequence[TypedOverride], *, as_of: date, sheet: str
) -> tuple[pd.DataFrame, list[Problem]]:
    """The overrides that count, and what is to be told of the rest.

    Of several for an account the one that was set last counts; of one day the workbook's, of
    several rows there the last to expire. One of the source without a day counts as older.

    Args:
        source: its sheet *Overrides*, checked; None where it has none.
        typed: of the workbook.
        as_of: today.
        sheet: the workbook's sheet, for messages.

    Returns:
        Rows by `columns.OVERRIDES`, one an account where the workbook has one, those of the
        source else; tiers as keys, days as datetime64.
    """
    problems = [_fault(t, sheet) for t in typed if t.fault]
    best: dict[str, TypedOverride] = {}
    for one in sorted((t for t in typed if not t.fault and t.expires), key=_newest):
        best[one.account_id] = one
    rows = source if source is not None else pd.DataFrame(columns=list(COLUMNS))
    kept = []
    for row in rows.to_dict("records"):
        account, ends = str(row["account_id"]), _day(row.get("expires"))
        own = best.get(account)
        if own is None or not own.counts(as_of) or ends is None or ends < as_of:
            kept.append(own is None or not own.counts(as_of))
            if own is not None and kept[-1]:
                best.pop(account)
            continue
        newer = (_day(row.get("set_on")) or date.min) > own.set_on
        problems.append(_conflict(row, own, newer=newer, sheet=sheet))
        kept.append(newer)
        if newer:
            best.pop(account)
    left = rows[kept] if len(rows) else rows
    mine = pd.DataFrame([_plain(t) for t in best.values()], columns=list(COLUMNS))
    for key in ("expires", "set_on"):
        mine[key] = pd.to_datetime(mine[key]).astype("datetime64[us]")
    mine["score"] = mine["score"].astype(float)
    if not len(left):
        return mine, problems
    # Without a row of ours the source's table stays as it is, its columns included.
    out = pd.concat([left, mine], ignore_index=True) if len(mine) else left.reset_index(drop=True)
    return out, problems


def _newest(one: TypedOverride) -> tuple[date, date]:
    return one.set_on, one.expires or date.min


def _plain(one: TypedOverride) -> tuple[Any, ...]:
    return (one.account_id, one.tier or None, one.score, one.reason, one.author, one.expires,
            one.set_on)  # fmt: skip


def _day(value: object) -> date | None:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()  # type: ignore[call-overload, arg-type]


def _who(one: TypedOverride) -> str:
    texts = (plain_text(one.row.get(key)) for key in ("account", "account_id"))
    return one.account_id or next(filter(None, texts), "a row")


def _fault(one: TypedOverride, sheet: str) -> Problem:
    message = f"The override of {_who(one)} is not applied: {one.fault}."
    fix = "Complete the row, or delete it."
    return Problem(sheet, None, "", "", "", message, fix, account=one.account_id)


def _conflict(row: Mapping[Any, Any], own: TypedOverride, *, newer: bool, sheet: str) -> Problem:
    won, lost = ("source", "workbook") if newer else ("workbook", "source")
    message = (
        f"{own.account_id} has two overrides: the {won}'s counts, set last; the {lost}'s does not "
        f"(source: {row.get('author')}; workbook: {own.author})."
    )
    fix = "Delete the one that is over."
    return Problem(sheet, None, "", "", "", message, fix, "note", account=own.account_id)
