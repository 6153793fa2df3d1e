"""The history of a backtest: recorded, or a source with dated rows; nothing known too late."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from pipeline.alerts.groups import counted
from pipeline.model_choice import choose_model, has_model_sheet
from pipeline.settings import is_url, settings_file, text_setting
from pipeline.sources.history import History, last_rows, read_history
from pipeline.store import Address, names_history, read_address
from pipeline.store import History as Kept
from pipeline.store.choice import choose_history
from scoring.errors import DataError, HistoryError
from scoring.inputs import Inputs
from scoring.judgement.flags import Flag
from scoring.model import ScoreModel

__all__ = ["Past", "read_past"]

_ONE_ROW_EACH = (
    "{source} has no earlier day: an account's score must be known before its outcome. Give a "
    "history that score --history recorded, a table with a row for each account and date, or a "
    "workbook with the sheet Score history."
)


@dataclass(frozen=True)
class Past:
    """What was known when.

    Attributes:
        history: every dated row as a row of the past, also those of today and of accounts that
            are gone; tables as each account had them last.
        model: what scores it.
        flags: alerts that people called false positives.
        notes: sentences for people about what was read.
        shown: what was read, as people may see it.
        names: account id → the name it went by last.
        versions: of the model that a recorded history knows, not to be used again.
    """

    history: History
    model: ScoreModel
    flags: Sequence[Flag] = ()
    notes: tuple[str, ...] = ()
    shown: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    versions: Collection[str] = ()

    @property
    def rows(self) -> pd.DataFrame:
        """What `take_snapshots` scores: of a table of scores, the scores only."""
        rows = self.history.inputs.history
        if self.history.has_metrics:
            return rows
        return rows[["account_id", "date", "score"]]


def read_past(
    source: str,
    named: str | None,
    *,
    as_of: date,
    sheet: str | None = None,
    day_first: bool | None = None,
    decimal: str | None = None,
) -> Past:
    """Read a history and choose the model that scores it.

    Args:
        source: what `healthsheet alerts` takes. A healthsheet.toml, or a folder with one, that
            names a history means that one.
        named: the model; else that of the source or its settings, else the one that scored a
            recorded history last, else the default preset.
        as_of: the last day that counts.
        sheet: of a workbook.
        day_first: as for `read_source`.
        decimal: as for `read_source`.

    Raises:
        DataError: nothing can be read, or no account has a day before the last.
        HistoryError: a recorded history cannot be used.
        ModelError: the model cannot be read.
    """
    address = _recorded(source)
    if address is not None:
        if sheet is not None:
            raise DataError("A recorded history has no sheets. Leave out --history-sheet.")
        past = _of_kept(address, source, named, as_of)
    else:
        model = choose_model(named, source)
        history = read_history(
            source, model, sheet=sheet, day_first=day_first, decimal=decimal, as_of=as_of
        )
        past = _of_source(history, model, as_of)
    if past.history.inputs.history["date"].nunique() < 2:
        raise DataError(_ONE_ROW_EACH.format(source=past.shown))
    return past


def _recorded(source: str) -> Address | None:
    """The address of a recorded history that a source is, or that its settings name."""
    if names_history(source):
        return read_address(source)
    path = Path(source)
    if not is_url(source) and (path.suffix.casefold() == ".toml" or path.is_dir()):
        return choose_history(None, source)
    return None


def _of_kept(address: Address, source: str, named: str | None, as_of: date) -> Past:
    kept = Kept(address)
    tomorrow = as_of + timedelta(days=1)
    model = None
    if not named and not _names_model(source):
        model = kept.last_model(before=tomorrow)
    model = model or choose_model(named, source)
    known = kept.known_then(model, before=tomorrow)
    if known.frame.empty:
        raise HistoryError(
            f"{kept.shown} holds no snapshot up to {as_of}. Give a later day with --as-of."
        )
    notes = []
    if known.corrections:
        count = counted(known.corrections, "correction")
        notes.append(f"{count} written after the day of the snapshot left out: hindsight.")
    for label, number in known.by_others.items():
        count = counted(number, "snapshot")
        notes.append(f"{count} scored by {label} then, scored anew by {model.label}.")
    inputs = Inputs(last_rows(known.frame), known.tables, known.frame, (), kept.shown)
    history = History(inputs, has_today=False)
    return Past(
        history, model, kept.flags(known_to=as_of), tuple(notes), kept.shown,
        _names(inputs.accounts), kept.versions(model.name),
    )  # fmt: skip


def _names_model(source: str) -> bool:
    path = settings_file(source)
    beside = text_setting(path, "model", "", "support")
    return bool(beside) or (not is_url(source) and has_model_sheet(Path(source)))


def _of_source(history: History, model: ScoreModel, as_of: date) -> Past:
    """Rows up to a day; today's accounts are one more row each, of that day."""
    inputs = history.inputs
    frames = [inputs.history] if len(inputs.history) else []
    if history.has_today:
        frames.append(inputs.accounts.assign(date=pd.Timestamp(as_of)))
    rows = pd.concat([f.assign(date=pd.to_datetime(f["date"])) for f in frames], ignore_index=True)
    rows = rows[rows["date"] <= pd.Timestamp(as_of)].reset_index(drop=True)
    if rows.empty:
        raise DataError(f"{inputs.source} has no row up to {as_of}. Give a later day with --as-of.")
    rows = rows.drop_duplicates(["account_id", "date"], keep="last").reset_index(drop=True)
    accounts = last_rows(rows)
    whole = Inputs(accounts, inputs.tables, rows, inputs.problems, inputs.source)
    past = History(whole, has_today=False, has_metrics=history.has_metrics)
    return Past(past, model, (), (), inputs.source, _names(accounts))


def _names(accounts: pd.DataFrame) -> dict[str, str]:
    """Account id → the name it went by last."""
    ids = accounts["account_id"].astype(str)
    return dict(zip(ids.tolist(), accounts["account_name"].astype(str).tolist(), strict=True))
