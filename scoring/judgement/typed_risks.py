"""Risks that people typed beside those that were found; one that says the same is one risk."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from scoring.columns import normalise
from scoring.judgement.library import RiskDefinition
from scoring.judgement.records import SEVERITIES, Risk, Severity
from scoring.judgement.risks_survey import Survey
from scoring.model import ScoreModel
from scoring.score import Scores

__all__ = ["TypedRisks", "severity_of", "with_typed"]

Row = Mapping[str, Any]
_WORD = re.compile(r"[a-z0-9]+")
_SAME: Mapping[str, Severity] = {
    "critical": "High", "severe": "High", "urgent": "High", "moderate": "Medium", "minor": "Low",
}  # fmt: skip


class TypedRisks:
    """Rows of the sheet *Risks* by account.

    Args:
        frame: columns of `columns.RISKS`; None or empty where the source has no such sheet.
        scores: of the accounts, which say the rows and the model.
    """

    def __init__(self, frame: pd.DataFrame | None, scores: Scores) -> None:
        self.model = scores.model
        self.rows: dict[int, list[Row]] = {}
        if frame is None or frame.empty:
            return
        place = {str(a): i for i, a in enumerate(scores.account_id.tolist())}
        records: list[Any] = frame.astype(object).where(frame.notna(), None).to_dict("records")
        for record in records:
            row = place.get(str(record["account_id"]))
            if row is not None and isinstance(record.get("risk"), str) and record["risk"].strip():
                self.rows.setdefault(row, []).append(record)

    def beside(self, survey: Survey, row: int) -> tuple[Risk, ...]:
        """Risks of an account: found and typed, the most severe first.

        A typed one that says the same as a found one lends it its wording, severity and
        mitigation; the evidence stays. Each found one takes one typed at most.
        """
        found = list(survey.risks(row))
        typed = self.rows.get(row)
        if not typed:
            return tuple(found)
        alone: list[Risk] = []
        taken: set[int] = set()
        for record in typed:
            same = self._same(found, record, survey, taken)
            if same is None:
                alone.append(_alone(record, self.model, float(survey.arr[row])))
            else:
                taken.add(same)
                found[same] = _merged(found[same], record)
        # Of one severity what a person wrote stands first: somebody thought of this account.
        return _ranked([*alone, *found])

    def _same(
        self, found: Sequence[Risk], record: Row, survey: Survey, taken: set[int]
    ) -> int | None:
        said = set(_WORD.findall(str(record["risk"]).casefold()))
        dimension = _dimension(record.get("dimension"), self.model)
        for k, risk in enumerate(found):
            if k in taken or (dimension and risk.dimension and dimension != risk.dimension):
                continue
            definition = survey.library.risk(risk.key)
            if definition is not None and _says(said, definition, risk, survey):
                return k
        return None


def with_typed(
    risks: Sequence[Risk], typed: Sequence[Row], model: ScoreModel, arr: float = math.nan
) -> tuple[Risk, ...]:
    """Risks with those of the typed rows that are not among them: nothing typed is lost."""
    there = {r.text for r in risks if r.typed}
    missing = [row for row in typed if (said := _text(row.get("risk"))) and said not in there]
    return _ranked([*(_alone(row, model, arr) for row in missing), *risks]) if missing else (
        tuple(risks)
    )  # fmt: skip


def _ranked(risks: Sequence[Risk]) -> tuple[Risk, ...]:
    return tuple(sorted(risks, key=lambda r: (_rank(r), -r.points if r.key else -math.inf)))


def _says(said: set[str], definition: RiskDefinition, risk: Risk, survey: Survey) -> bool:
    """Whether words hold all words of a name under which the risk is known."""
    names = [definition.name, *definition.said_as]
    column = survey.facts.column(survey.lead(definition))
    if column is not None and column.metric is not None:
        names.append(re.sub(r"\(.*?\)|,.*$", "", column.metric.name))
    return any((words := set(_WORD.findall(n.casefold()))) and words <= said for n in names)


def _merged(risk: Risk, record: Row) -> Risk:
    severity = severity_of(record.get("severity"))
    return replace(
        risk,
        text=str(record["risk"]).strip(),
        severity=severity or risk.severity,
        mitigation=_text(record.get("mitigation")) or risk.mitigation,
        typed=True,
    )


def _alone(record: Row, model: ScoreModel, arr: float) -> Risk:
    severity = severity_of(record.get("severity"))
    word = _text(record.get("severity"))
    return Risk(
        key="",
        name="Typed",
        text=str(record["risk"]).strip(),
        severity=severity or "Low",
        dimension=_dimension(record.get("dimension"), model),
        arr=arr,
        mitigation=_text(record.get("mitigation")),
        typed=True,
        rated=severity is not None,
        said="" if word.casefold() in (x.casefold() for x in SEVERITIES) else word,
    )


def severity_of(word: object) -> Severity | None:
    """The product's severity for what a person typed; None where it is none."""
    text = _text(word).casefold().rstrip(":")
    same = next((s for s in SEVERITIES if s.casefold() == text), None)
    return same or _SAME.get(text)


def _dimension(word: object, model: ScoreModel) -> str:
    text = normalise(_text(word))
    for dimension in model.dimensions:
        if text and text in map(normalise, (dimension.key, dimension.name, *dimension.aliases)):
            return dimension.key
    return ""


def _rank(risk: Risk) -> int:
    return SEVERITIES.index(risk.severity) if risk.rated else len(SEVERITIES)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
