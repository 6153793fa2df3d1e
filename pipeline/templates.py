"""Templates of one's own: written for a designer, checked, and opened for a report."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipeline.model_files import load_model
from pipeline.sample import sample_inputs
from scoring.account_facts import Facts, gather
from scoring.errors import HealthSheetError, WorkbookError
from scoring.model import ScoreModel
from workbook_templates.fill import Template
from workbook_templates.own_template import OwnTemplate
from workbook_templates.report import account_template, fill_scorecard
from workbook_templates.template_check import Finding, check_template, errors_of

__all__ = ["check_file", "exported", "open_template", "usable_template"]

_SHOWN = 8


def exported(model: ScoreModel, *, as_of: date) -> bytes:
    """The account template of a model, filled with a sample account that shows every part."""
    return fill_scorecard(account_template(model), _fullest(_sample(model, as_of)))


def _sample(model: ScoreModel, as_of: date) -> list[Facts]:
    return list(gather(sample_inputs(model, as_of=as_of), model, as_of=as_of))


def _rows(facts: Facts) -> int:
    """How much an account makes the Tables grow."""
    return len(facts.past) + sum(len(facts.tables[name]) for name in ("Risks", "Actions"))


def _fullest(sample: list[Facts]) -> Facts:
    scored = [f for f in sample if f.total == f.total and f.steps]
    return max(scored or sample, key=_rows)


def open_template(path: Path, model: ScoreModel) -> OwnTemplate:
    """A template of one's own for *model*.

    Raises:
        WorkbookError: the file cannot be read, or is no workbook.
    """
    standard: Template = account_template(model)
    try:
        return OwnTemplate.load(path, standard)
    except FileNotFoundError:
        message = f"{path} does not exist. Make one: healthsheet template export -o {path}"
        raise WorkbookError(message) from None
    except OSError as error:
        raise WorkbookError(f"{path} cannot be read: {error.strerror or error}.") from error


def check_file(path: Path, model: ScoreModel, *, as_of: date) -> list[Finding]:
    """Everything `check_template` finds in the file *path*, filled in trial with two accounts."""
    return _check(open_template(path, model), path, model, as_of)


def usable_template(path: Path, model: ScoreModel, *, as_of: date) -> OwnTemplate:
    """The template in *path*, if it can be filled.

    Raises:
        WorkbookError: names what is missing or wrong in it.
    """
    template = open_template(path, model)
    errors = errors_of(_check(template, path, model, as_of))
    if errors:
        listed = "\n".join(f"  {error}" for error in errors[:_SHOWN])
        more = f"\n  and {len(errors) - _SHOWN} more" if len(errors) > _SHOWN else ""
        count = f"{len(errors)} thing{'' if len(errors) == 1 else 's'} to fix"
        message = f"{path} cannot be used yet, {count}:\n{listed}{more}"
        raise WorkbookError(f"{message}\nAll of it: healthsheet template check {path}")
    return template


def _check(template: OwnTemplate, path: Path, model: ScoreModel, as_of: date) -> list[Finding]:
    sample = _sample(model, as_of)
    trial = [min(sample, key=_rows), max(sample, key=_rows)]
    return check_template(template, model, _held(path), trial)


def _held(path: Path) -> ScoreModel | str:
    """The model that the template's formulas read, or why it cannot be read."""
    try:
        return load_model(path)
    except HealthSheetError as error:
        return str(error)
