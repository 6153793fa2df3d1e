"""Templates of one's own: written for a designer, checked, and opened to be filled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from pipeline.model_files import load_model
from pipeline.portfolio import portfolio_of
from pipeline.sample import sample_inputs
from pipeline.scored import score_inputs
from scoring.account_facts import Facts, gather
from scoring.errors import HealthSheetError, WorkbookError
from scoring.model import ScoreModel
from workbook_templates.fill import Template
from workbook_templates.ooxml.book import Book
from workbook_templates.own_template import OwnTemplate
from workbook_templates.package import Package
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.report import fill_portfolio, portfolio_template
from workbook_templates.report import account_template, fill_scorecard
from workbook_templates.template_check import Finding, Trial, check_template, errors_of

__all__ = ["KINDS", "Kind", "check_file", "exported", "kind_of", "open_template", "usable_template"]

_SHOWN = 8


@dataclass(frozen=True)
class Kind:
    """A workbook that people may restyle.

    Attributes:
        key: how the command line calls it.
        label: how people call it.
        command: what fills it, without the file.
        standard: the product's own template of a model.
        export: that template of a model and a day, filled with the sample.
        trials: what a template of the kind is filled with to be checked.
    """

    key: str
    label: str
    command: str
    standard: Callable[[ScoreModel], Template]
    export: Callable[[ScoreModel, date], bytes]
    trials: Callable[[ScoreModel, date], list[Trial]]


def exported(model: ScoreModel, *, as_of: date, kind: str = "account") -> bytes:
    """The template of a model, filled with sample accounts that show every part."""
    return KINDS[kind].export(model, as_of)


def _export_account(model: ScoreModel, as_of: date) -> bytes:
    return fill_scorecard(account_template(model), _fullest(_sample(model, as_of)))


def _try_account(model: ScoreModel, as_of: date) -> list[Trial]:
    sample = _sample(model, as_of)
    chosen = (min(sample, key=_rows), max(sample, key=_rows))
    return [(f.account_id, partial(fill_scorecard, facts=f)) for f in chosen]


def _sample(model: ScoreModel, as_of: date) -> list[Facts]:
    return list(gather(sample_inputs(model, as_of=as_of), model, as_of=as_of))


def _rows(facts: Facts) -> int:
    """How much an account makes the Tables grow."""
    return len(facts.past) + sum(len(facts.tables[name]) for name in ("Risks", "Actions"))


def _fullest(sample: list[Facts]) -> Facts:
    scored = [f for f in sample if f.total == f.total and f.steps]
    return max(scored or sample, key=_rows)


def _export_portfolio(model: ScoreModel, as_of: date) -> bytes:
    # No source: a workbook made of it remembers its own.
    return fill_portfolio(portfolio_template(model), _portfolio(model, as_of), {"source": ""})


def _try_portfolio(model: ScoreModel, as_of: date) -> list[Trial]:
    sizes = {"1 account": _portfolio(model, as_of, 1), "the sample": _portfolio(model, as_of)}
    return [(name, partial(fill_portfolio, portfolio=p)) for name, p in sizes.items()]


def _portfolio(model: ScoreModel, as_of: date, accounts: int = 64) -> Portfolio:
    inputs = sample_inputs(model, as_of=as_of, accounts=accounts)
    return portfolio_of(score_inputs(inputs, model, as_of=as_of))


KINDS: Mapping[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind("account", "account scorecard", "healthsheet report SOURCE -o reports",
             account_template, _export_account, _try_account),
        Kind("portfolio", "portfolio", "healthsheet refresh portfolio.xlsx --from SOURCE",
             portfolio_template, _export_portfolio, _try_portfolio),
    )
}  # fmt: skip
"""By key, as `healthsheet template` lists them."""


def kind_of(path: Path, model: ScoreModel) -> Kind:
    """Which template the file *path* was exported as: the one whose names it has the most of.

    Raises:
        WorkbookError: the file cannot be read, or is no workbook.
    """
    names = {n.name for n in Book(Package(_read(path), path.name)).names}
    return max(KINDS.values(), key=lambda k: len(names & set(k.standard(model).places)))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        message = f"{path} does not exist. Make one: healthsheet template export -o {path}"
        raise WorkbookError(message) from None
    except OSError as error:
        raise WorkbookError(f"{path} cannot be read: {error.strerror or error}.") from error


def open_template(path: Path, model: ScoreModel, kind: Kind) -> OwnTemplate:
    """A template of one's own for *model*.

    Raises:
        WorkbookError: the file cannot be read, or is no workbook.
    """
    return OwnTemplate(_read(path), kind.standard(model), path.name)


def check_file(path: Path, model: ScoreModel, *, as_of: date) -> list[Finding]:
    """Everything `check_template` finds in the file *path*, filled in trial with the sample."""
    kind = kind_of(path, model)
    return _check(open_template(path, model, kind), path, model, kind, as_of)


def usable_template(
    path: Path, model: ScoreModel, *, as_of: date, kind: str = "account"
) -> OwnTemplate:
    """The template in *path*, if it can be filled.

    Raises:
        WorkbookError: it is one of another kind; or names what is missing or wrong in it.
    """
    found = kind_of(path, model)
    if found.key != kind:
        message = f"{path} is a template of the {found.label}, and not of the {KINDS[kind].label}."
        raise WorkbookError(f"{message} What fills it: {found.command} --template {path}")
    template = open_template(path, model, found)
    errors = errors_of(_check(template, path, model, found, as_of))
    if errors:
        listed = "\n".join(f"  {error}" for error in errors[:_SHOWN])
        more = f"\n  and {len(errors) - _SHOWN} more" if len(errors) > _SHOWN else ""
        count = f"{len(errors)} thing{'' if len(errors) == 1 else 's'} to fix"
        message = f"{path} cannot be used yet, {count}:\n{listed}{more}"
        raise WorkbookError(f"{message}\nAll of it: healthsheet template check {path}")
    return template


def _check(
    template: OwnTemplate, path: Path, model: ScoreModel, kind: Kind, as_of: date
) -> list[Finding]:
    return check_template(template, model, _held(path), kind.trials(model, as_of))


def _held(path: Path) -> ScoreModel | str:
    """The model that the template's formulas read, or why it cannot be read."""
    try:
        return load_model(path)
    except HealthSheetError as error:
        return str(error)
