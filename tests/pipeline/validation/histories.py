"""A simulated company as files: history in SQLite and as a table, its outcomes, its model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from pipeline.store import History, read_address, snapshot_of
from scoring.presets import model_to_toml
from scoring.score import score_accounts
from tests.scoring.validation.companies import Company, company, simple_model

__all__ = ["AS_OF", "Files", "record", "write_files"]

AS_OF = date(2026, 3, 1)
"""A day after all of a company's outcomes."""


@dataclass(frozen=True)
class Files:
    """Where it was written: a recorded history, one table of the same, outcomes, model."""

    company: Company
    history: Path
    table: Path
    outcomes: Path
    model: Path


def record(frame: pd.DataFrame, address: str) -> None:
    """Record a history as the company's model scores it, day by day."""
    kept = History(read_address(address), create=True)
    model = simple_model()
    for stamp, part in frame.groupby("date"):
        rows = part.drop(columns="date").reset_index(drop=True)
        names = [f"Sample {account}" for account in rows["account_id"]]
        rows = rows.assign(account_name=pd.Series(names, dtype=object))
        scores = score_accounts(rows, model, as_of=pd.Timestamp(str(stamp)).date())
        kept.record(snapshot_of(rows, scores), correct=False)


def write_files(folder: Path, *, strength: float = 3.0, accounts: int = 150) -> Files:
    """Write a company.

    Args:
        folder: where to.
        strength: how closely churn follows one metric, Gamma 1; 0 for no relation.
        accounts: how many.
    """
    made = company(
        5, accounts=accounts, months=9, strength=strength, churn=0.3, weights={"gamma_1": 1.0}
    )
    files = Files(made, *(folder / name for name in
                          ("history.db", "history.csv", "outcomes.csv", "model.toml")))  # fmt: skip
    record(made.history, str(files.history))
    made.history.to_csv(files.table, index=False)
    made.outcomes.to_csv(files.outcomes, index=False)
    files.model.write_text(model_to_toml(simple_model()), encoding="utf-8")
    return files
