"""Scorecards that are there already: what people wrote in them goes into the new ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from shutil import copy2
from typing import Any

import pandas as pd

from pipeline.workbook_file import BACKUPS, WorkbookFile
from scoring.errors import HealthSheetError
from scoring.inputs import Inputs
from workbook_templates.account.carried import read_carried
from workbook_templates.package import save_bytes

__all__ = ["Before", "read_before", "with_carried"]

_SHEETS = ("Actions", "Risks")


@dataclass(frozen=True)
class Before:
    """A scorecard that is there.

    Attributes:
        path: of the file.
        data: its bytes, where they are to be kept as a backup.
        rows: sheet name → what people wrote there, by `columns.SHEETS`.
        left: what is in the backup only, a few words each.
        saved: people saved it since it was made, so that it is kept as a backup.
    """

    path: Path
    data: bytes
    rows: Mapping[str, Sequence[Mapping[str, object]]] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    saved: bool = True

    def replace_by(self, data: bytes) -> Path | None:
        """Put the new scorecard in its place; gives the backup.

        Raises:
            WorkbookError: it is open, read-only, or was saved once more meanwhile.
        """
        now = datetime.now()  # noqa: DTZ005 - names the backup
        if self.rows:
            return WorkbookFile(self.path).save(data, self.data, now)
        # What is no workbook cannot be saved as one: it is put aside as it is.
        aside = self.path.parent / BACKUPS / f"{self.path.stem}-{now:%Y%m%d-%H%M%S}-unreadable.xlsx"
        aside.parent.mkdir(exist_ok=True)
        copy2(self.path, aside)
        save_bytes(self.path, data)
        return aside


def read_before(path: Path) -> Before | None:
    """The scorecard at that place; None where there is none."""
    if not path.is_file():
        return None
    data = path.read_bytes()
    try:
        carried = read_carried(data, path.name)
    except HealthSheetError:
        return Before(path, data, left=("all of it, as it cannot be read",))
    rows = {"Actions": carried.actions, "Risks": carried.risks}
    return Before(path, data if carried.saved else b"", rows, carried.left, carried.saved)


def with_carried(inputs: Inputs, before: Mapping[str, Before]) -> Inputs:
    """The source with the rows that people wrote in scorecards.

    Args:
        inputs: as read.
        before: account id → its scorecard.
    """
    tables = dict(inputs.tables)
    for name in _SHEETS:
        rows: list[dict[str, Any]] = [
            {"account_id": account, **row}
            for account, found in before.items()
            for row in found.rows.get(name, ())
        ]
        if not rows:
            continue
        more = pd.DataFrame(rows)
        for key in ("deadline", "opened", "closed"):
            if key in more:
                more[key] = pd.to_datetime(more[key]).astype("datetime64[us]")
        own = tables.get(name)
        known = own is not None and not own.empty
        tables[name] = pd.concat([own, more], ignore_index=True) if known else more
    return replace(inputs, tables=tables)
