"""Facts of the sample accounts, by preset and kind; fields may be changed for a test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from scoring.account_facts import Facts, Snapshot, gather
from scoring.presets import load_preset
from tests.workbook_templates.accounts import AS_OF, accounts
from workbook_templates.report import account_template, fill_scorecard


@cache
def all_facts(preset: str) -> Mapping[str, Facts]:
    """Account id → facts."""
    model = load_preset(preset)
    return {f.account_id: f for f in gather(accounts(model), model, as_of=AS_OF)}


def facts(kind: str, preset: str = "scorecard", **changes: Any) -> Facts:
    """Facts of one account; ``record`` and ``tables`` are merged, other fields replaced."""
    f = all_facts(preset)[kind]
    if "record" in changes:
        changes["record"] = {**f.record, **changes["record"]}
    if "tables" in changes:
        changes["tables"] = {**f.tables, **changes["tables"]}
    return replace(f, **changes)


def shot(day: date, total: float, tier: str) -> Snapshot:
    """An earlier score without its dimensions."""
    return Snapshot(day, total, tier, ())


def shots(scores: Sequence[float]) -> tuple[Snapshot, ...]:
    """Monthly amber snapshots of 2026, from January on."""
    return tuple(shot(date(2026, m, 1), s, "amber") for m, s in enumerate(scores, start=1))


@cache
def filled(kind: str, preset: str = "scorecard") -> bytes:
    """The workbook of one account."""
    return fill_scorecard(account_template(load_preset(preset)), facts(kind, preset))
