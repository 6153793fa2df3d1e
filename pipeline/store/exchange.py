"""History from tables that people kept, and back into a table."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.exports import as_csv, draw_table, save
from pipeline.store.history import History
from pipeline.store.rows import IMPORTED, Snapshot, snapshot_of
from pipeline.store.write import Written
from scoring.columns import SCORE_HISTORY, history_columns
from scoring.derive import derive_metrics
from scoring.model import ScoreModel
from scoring.rollup import TIERS, tier_code
from scoring.score import MANY, Scores, score_accounts

__all__ = ["export_flags", "export_history", "import_history", "snapshots_of"]

_OURS = ("account_id", "account_name", "day", "score")
# No header that a source could mean as something else: a Tier there is a segment.
_BESIDE = {"tier": "Health tier", "status": "Score status", "coverage": "Score coverage",
           "model": "Score model", "revision": "Score revision"}  # fmt: skip


def import_history(
    history: History, rows: pd.DataFrame, model: ScoreModel, *, source: str, correct: bool
) -> list[Written]:
    """Record earlier scores, day by day, oldest first.

    A given score stands as it is; where only raw values are given the model scores them as of
    their day. What a day already holds stays unless *correct*.

    Args:
        history: where to.
        rows: account_id, date, and score, raw inputs or both; unique by account and date.
        model: under whose version they are recorded.
        source: where they come from, for listings.
        correct: record other values of a day that stands there as a correction.

    Returns:
        What became of each day.
    """
    rows = rows.assign(account_id=_ids(rows["account_id"].tolist(), history.names()))
    found = snapshots_of(rows, model, source)
    return [history.record(snapshot, correct=correct) for snapshot in found]


def _ids(given: Sequence[str], names: Mapping[str, str]) -> list[str]:
    """Ids; a name that only one account of the history goes by is that account."""
    owners: dict[str, set[str]] = {}
    for account, name in names.items():
        owners.setdefault(name.casefold(), set()).add(account)
    alone = {name: ids.copy().pop() for name, ids in owners.items() if len(ids) == 1}
    return [i if i in names else alone.get(i.casefold(), i) for i in given]


def snapshots_of(rows: pd.DataFrame, model: ScoreModel, source: str) -> Iterable[Snapshot]:
    """The rows of each day as a snapshot; rows with neither score nor input are left out."""
    extra = [k for k in rows.columns if k not in ("account_id", "account_name", "date")]
    useful = rows[rows[extra].notna().any(axis=1)]
    for day, part in useful.groupby(pd.to_datetime(useful["date"]), sort=True):
        part = part.reset_index(drop=True)
        as_of = pd.Timestamp(str(day)).date()
        derived = derive_metrics(part, model, as_of)
        found = score_accounts(derived.drop(columns="date"), model, as_of=as_of)
        scores = _with_given(found, part)
        accounts = part.drop(columns=["date", "score"], errors="ignore")
        yield snapshot_of(accounts, scores, origin="import", source=source)


def _with_given(scores: Scores, rows: pd.DataFrame) -> Scores:
    if "score" not in rows.columns:
        return scores
    given = rows["score"].to_numpy(float)
    there = ~np.isnan(given)
    tier = np.array([*TIERS, ""], dtype=object)[tier_code(scores.model, given, MANY)]
    return replace(
        scores,
        total=np.where(there, given, scores.total),
        model_total=np.where(there, given, scores.model_total),
        tier=np.where(there, tier, scores.tier),
        status=np.where(there, IMPORTED, scores.status),
    )


def export_history(
    history: History, path: Path, model: ScoreModel, *, account: str | None = None
) -> int:
    """Write every entry that counts as a table that `import_history` takes.

    Args:
        history: where from.
        path: .csv or .xlsx file; appears whole or not at all.
        model: names the columns of raw inputs; keys it does not know stay as they are.
        account: only this account's id.

    Returns:
        The number of rows.

    Raises:
        DataError: another ending, or no such folder.
        WorkbookError: the file is open in a spreadsheet program.
    """
    kept = history.everything(account)
    inputs = [c for c in kept.columns if c.startswith("in_")]
    frame = kept[[*_OURS, *_BESIDE, *inputs]]
    names = {c.key: c.name for c in history_columns(model)}
    own = {"day": names["date"], **{k: names[k] for k in _OURS if k != "day"}, **_BESIDE}
    headers = [own.get(c) or names.get(c[3:], c[3:]) for c in frame.columns]
    _save(path, SCORE_HISTORY, frame, headers)
    return len(frame)


def export_flags(history: History, path: Path, *, account: str | None = None) -> int:
    """Write the alerts and risks that people called false positives, oldest first.

    Args:
        history: where from.
        path: .csv or .xlsx file; appears whole or not at all.
        account: only this account's id.

    Returns:
        The number of rows.

    Raises:
        DataError: another ending, or no such folder.
        WorkbookError: the file is open in a spreadsheet program.
    """
    flags = [f for f in history.flags() if account in (None, f.account_id)]
    rows = [[getattr(f, key) for key in _FLAGS] for f in flags]
    frame = pd.DataFrame(rows, columns=list(_FLAGS))
    for key in ("fired", "day"):
        frame[key] = pd.to_datetime(frame[key]).astype("datetime64[us]")
    _save(path, "False positives", frame, list(_FLAGS.values()))
    return len(frame)


_FLAGS = {
    "account_id": "Account ID", "kind": "Kind", "what": "What", "fired": "Fired on",
    "reason": "Reason", "author": "Author", "tier": "Health tier", "day": "Read on",
}  # fmt: skip


def _save(path: Path, title: str, frame: pd.DataFrame, headers: Sequence[str]) -> None:
    writers = {
        ".csv": lambda: as_csv(frame, headers),
        ".xlsx": lambda: _xlsx(title, frame, headers),
    }
    save(path, writers)


def _xlsx(title: str, frame: pd.DataFrame, headers: Sequence[str]) -> bytes:
    from workbook_templates.drawing.theme import Book

    target = io.BytesIO()
    book = Book(target, title=title)
    draw_table(book, title, headers, frame, freeze=3)
    book.workbook.close()
    return target.getvalue()
