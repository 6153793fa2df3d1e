"""Portfolios for tests: the accounts that try a model hard, the demo's, few, none, hostile ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd

from pipeline.portfolio import portfolio_of
from pipeline.sample import sample_inputs
from pipeline.scored import score_inputs
from scoring.inputs import Inputs
from scoring.model import ScoreModel
from scoring.presets import load_preset
from tests.workbook_templates.accounts import AS_OF, accounts
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.report import fill_portfolio, portfolio_template

__all__ = ["AS_OF", "demo", "filled", "gated", "hard", "of", "of_inputs", "with_names"]


def of_inputs(inputs: Inputs, model: ScoreModel) -> Portfolio:
    """The portfolio of what was read."""
    return portfolio_of(score_inputs(inputs, model, as_of=AS_OF))


def hard(model: ScoreModel) -> Portfolio:
    """One account of every kind that `accounts` knows."""
    return of_inputs(accounts(model), model)


@cache
def demo(preset: str = "scorecard", count: int = 64) -> Portfolio:
    """The first accounts of the demo, with a year of history."""
    model = load_preset(preset)
    inputs = sample_inputs(model, as_of=AS_OF)
    first = inputs.accounts.iloc[:count]
    known = set(first["account_id"])
    past = inputs.history[inputs.history["account_id"].isin(known)]
    return of_inputs(replace(inputs, accounts=first, history=past), model)


def of(model: ScoreModel, rows: Mapping[str, list[Any]]) -> Portfolio:
    """Accounts given by columns."""
    frame = pd.DataFrame(dict(rows), dtype=object)
    return of_inputs(Inputs(accounts=frame, source="test"), model)


def with_names(names: list[str]) -> Portfolio:
    """Accounts whose every text is one of *names*; half a character no source can hold."""
    model = load_preset("scorecard")
    names = [n.encode(errors="replace").decode() for n in names]
    ids = [f"{i} {n}" for i, n in enumerate(names)]
    rows: dict[str, list[Any]] = {"account_id": ids, "account_name": names, "csm": names}
    rows["arr"] = [1000.0 * (i + 1) for i in range(len(names))]
    for k, d in enumerate(model.dimensions):
        rows[d.key] = [float(1 + (i + k) % 5) for i in range(len(names))]
    return of(model, rows)


def gated(base: str = "signals") -> ScoreModel:
    """A preset with a gate that caps the tier."""
    data = load_preset(base).model_dump()
    data["gates"] = [{"key": "cancelled", "name": "Cancellation notice", "cap": "red"}]
    return ScoreModel.model_validate(data)


def filled(p: Portfolio) -> bytes:
    """The portfolio's workbook."""
    return fill_portfolio(portfolio_template(p.model), p)
