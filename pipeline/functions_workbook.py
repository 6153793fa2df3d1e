"""The workbook whose functions need no add-in, with plainly made-up accounts in it."""

from __future__ import annotations

from pathlib import Path

from pipeline.input_example import raw_near
from scoring.model import SEGMENTS, Metric, ScoreModel
from workbook_templates.lambdas.workbook import Sample, lambda_workbook
from workbook_templates.package import save_bytes
from workbook_templates.typed import typing

__all__ = ["function_samples", "write_functions_workbook"]

_AIMS = (96.0, 88.0, 81.0, 74.0, 66.0, 61.0, 48.0, 27.0)
"""Points of 100 at which the accounts aim: green, amber and red."""


def write_functions_workbook(path: Path, model: ScoreModel, *, example: bool) -> None:
    """Write the workbook; it appears whole or not at all.

    Args:
        path: the .xlsx file; one of that name is replaced.
        model: what its functions score by.
        example: fill in the sample accounts.

    Raises:
        WorkbookError: the file is open in a spreadsheet program.
        OSError: the file cannot be written.
    """
    save_bytes(path, lambda_workbook(model, function_samples(model) if example else []))


def function_samples(model: ScoreModel) -> list[Sample]:
    """The accounts; a value here and there is missing, as in real life."""
    return [_sample(number, aim, model) for number, aim in enumerate(_AIMS, start=1)]


def _sample(number: int, aim: float, model: ScoreModel) -> Sample:
    values: dict[str, float | str] = {"segment": SEGMENTS[number % len(SEGMENTS)]}
    for place, metric in enumerate(model.metrics):
        if (number + 3 * place) % 11:
            values[metric.key] = _value(metric, aim + (37 * number + 53 * place) % 31 - 15)
    for dimension in model.dimensions:
        if not dimension.metrics:
            values[dimension.key] = round(aim / typing(model).step)
    return Sample(f"Sample Account {number:02}", values)


def _value(metric: Metric, aim: float) -> float | str:
    raw = raw_near(metric, min(max(aim, 0.0), 100.0))
    assert isinstance(raw, float | str)
    return raw
