"""What comes in: account frames beside their optional sheets, and what was wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import pandas as pd

from scoring.renewal import ILLUSTRATION, Chances

if TYPE_CHECKING:
    from scoring.judgement.effort import Efforts
    from scoring.judgement.library import Library
    from scoring.validation.records import Backtest

NOT_READ = "Unknown column, not read."
"""Message of the note on a column that no model knows; listings name such columns together."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to fix in a source.

    Attributes:
        sheet: sheet or file name.
        row: 1-based row in the sheet as people see it; None for a whole column or sheet.
        column: header text as typed; empty for a whole row.
        address: cell address (``M14``), empty where the source has none.
        value: what stands there, as text.
        message: what is wrong, one sentence without the place.
        fix: what to do about it, one sentence.
        severity: "error" keeps the value out of the score and makes the exit status 1;
            "note" only informs.
        account: id of the account in that row, its name where the row has no id; "" if neither.
    """

    sheet: str
    row: int | None
    column: str
    address: str
    value: str
    message: str
    fix: str
    severity: Literal["error", "note"] = "error"
    account: str = ""

    def __str__(self) -> str:
        place = f"{self.sheet}!{self.address}" if self.address else self.sheet
        where = ", ".join(
            p for p in (place, f"row {self.row}" if self.row else "", self.column) if p
        )
        shown = f": {self.value}" if self.value else ""
        return f"{where}{shown}. {self.message} {self.fix}".strip()


@dataclass(frozen=True)
class Inputs:
    """A read source, in canonical columns (keys of ``columns.py``) and units.

    Attributes:
        accounts: one row an account, unique ``account_id`` text; absent columns are absent.
        tables: sheet name (*Goals*, *Risks*, …) → frame; an absent sheet is an empty frame.
        history: earlier rows (account_id, date, score, raw inputs), any order; may be empty.
        problems: everything found wrong, in sheet order; bad values are missing in the frames.
        source: what was read, for titles and messages.
        library: risks, positives and plays of the source's own; None for the shipped ones.
        efforts: the source's own table of efforts; None for the shipped one.
        chances: renewal probabilities by score: the illustration, or a calibration.
        backtest: the backtest that is named for the source, whether its calibration is used or
            not; None without one.
    """

    accounts: pd.DataFrame
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    history: pd.DataFrame = field(default_factory=pd.DataFrame)
    problems: tuple[Problem, ...] = ()
    source: str = ""
    library: Library | None = None
    efforts: Efforts | None = None
    chances: Chances = ILLUSTRATION
    backtest: Backtest | None = None

    def of_accounts(self, wanted: Collection[str]) -> Inputs:
        """The same for some of the accounts, by id; rows keep their order and numbers."""
        frames = {name: _of_accounts(frame, wanted) for name, frame in self.tables.items()}
        accounts = _of_accounts(self.accounts, wanted).reset_index(drop=True)
        history = _of_accounts(self.history, wanted)
        return replace(self, accounts=accounts, tables=frames, history=history)

    def table(self, name: str, account_id: str) -> pd.DataFrame:
        """Rows of one optional sheet for one account; an empty frame when there are none."""
        frame = self.tables.get(name)
        if frame is None or frame.empty:
            return pd.DataFrame()
        return frame[frame["account_id"] == account_id]


def _of_accounts(frame: pd.DataFrame, wanted: Collection[str]) -> pd.DataFrame:
    return frame if frame.empty else frame[frame["account_id"].isin(set(wanted))]
