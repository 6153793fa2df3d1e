"""What fills *Risk library* and *Plays*: the definitions that this workbook's risks follow.

A refresh reads them before it scores, so what people edit here counts from then on.
"""

from __future__ import annotations

from collections.abc import Mapping

from scoring.judgement.library_sheet import PLAY_FIELDS, PLAYS, RISK_FIELDS, RISKS, library_rows
from scoring.model import ScoreModel
from scoring.model_blocks import Field
from workbook_templates.portfolio import texts as t
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = ["PLAY_TABLE", "RISK_TABLE", "fill", "tables"]

RISK_TABLE, PLAY_TABLE = "RiskLibrary", "Plays"
_WIDTHS: Mapping[str, int] = {
    "kind": 66, "key": 130, "name": 130, "topic": 90, "condition": 240, "high": 200,
    "medium": 180, "text": 300, "evidence": 150, "mitigation": 250, "play": 110, "covers": 130,
    "said_as": 130, "source": 240, "role": 104, "horizon": 96, "within_hours": 82, "channel": 76,
    "effort_days": 82, "lifts": 190,
}  # fmt: skip
_ALIGN: Mapping[str, str] = {
    "within_hours": "right", "effort_days": "right", "channel": "left1", "lifts": "left1",
}  # fmt: skip
"""Texts beside numbers keep clear of them."""
_NUMBERS: Mapping[str, str] = {"within_hours": "whole", "effort_days": "points"}


def tables(model: ScoreModel) -> tuple[TableSpec, ...]:
    """A row a definition, and a row a step of a play."""
    return (
        TableSpec(RISK_TABLE, RISKS, ("kind", "key"), _columns(RISK_FIELDS)),
        TableSpec(PLAY_TABLE, PLAYS, ("play", "key"), _columns(PLAY_FIELDS)),
    )


def _columns(fields: tuple[Field, ...]) -> tuple[TableColumn, ...]:
    return tuple(
        TableColumn(
            f.key, f.header, _NUMBERS.get(f.key, "text"), _WIDTHS[f.key],
            _ALIGN.get(f.key, "left"), words=f.words, bold=f.key == "name",
            wrap=f.key not in _NUMBERS,
        )
        for f in fields
    )  # fmt: skip


def fill(p: Portfolio) -> Filling:
    """Titles and all rows."""
    rows = library_rows(p.library)
    risks, positives = len(p.library.risks), len(p.library.positives)
    return Filling(
        {
            "library_title": f"{t.counted(risks, 'risk')}, {t.counted(positives, 'positive')}",
            "library_note": "Edit condition, severity and wording here; the next refresh follows.",
            "plays_title": t.counted(len(p.library.plays), "play"),
            "plays_note": "What is proposed where a risk is found, step by step; edit it here.",
        },
        {RISK_TABLE: rows[RISKS], PLAY_TABLE: rows[PLAYS]},
    )
