"""Functions that are LAMBDA names give what the add-in gives, in an engine that evaluates them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from addin.cells import Fault, Grid, Results, on_day
from addin.registry import FUNCTIONS
from scoring.errors import ModelError
from scoring.model import ScoreModel
from scoring.model_sheet import model_to_rows, sheet_layout
from scoring.one import score_one
from scoring.presets import DEFAULT, load_preset, preset_names
from tests.addin.contract import CALLS, Call
from tests.addin.contract.call import DIMENSIONS, FOUR, WORKED, row
from tests.scoring.models import score_models, small_data
from tests.workbook_templates.lambda_engine import Engine
from tests.workbook_templates.lambda_rows import random_row
from workbook_templates.lambdas.program import FUNCTIONS as NAMED
from workbook_templates.lambdas.workbook import lambda_workbook

BY_NAME = {f.name: f for f in FUNCTIONS}
_MODEL_ARGUMENT = {"HEALTH_SCORE": 2, "HEALTH_TIER": 1, "DIMENSION_SCORE": 3}
WORDED_DATES = {"new account, day as text"}
"""Calls with a date in words, which a formula cannot read alike in every country."""


def engine(model: ScoreModel, folder: Path) -> Engine:
    """A model's workbook, opened."""
    path = folder / "functions.xlsx"
    path.write_bytes(lambda_workbook(model, []))
    return Engine(path)


def model_named(call: Call) -> object:
    """The model that a call asks for; None for the default, a grid for a range."""
    at = _MODEL_ARGUMENT[call.function]
    named = call.given[at] if len(call.given) > at else None
    if isinstance(named, tuple) and len(named) == len(named[0]) == 1:
        return named[0][0]
    return named


def calls_of(preset: str) -> list[Call]:
    """Calls of the contract that a workbook of one preset can answer; few rows say as much."""
    found = []
    for call in CALLS:
        if call.function not in NAMED or call.name in WORDED_DATES or _many(call):
            continue
        if not isinstance(named := model_named(call), tuple):
            wanted = DEFAULT if named is None else str(named).casefold()
            if wanted == preset or (preset == DEFAULT and wanted not in preset_names()):
                found.append(call)
    return found


def _many(call: Call) -> bool:
    return any(isinstance(given, tuple) and len(given) > 100 for given in call.given)


def differences(calls: Sequence[Call], found: dict[str, Results] | Any) -> list[object]:
    """Calls whose answer is not the expected one, to 1e-9; of errors the code counts."""
    return [
        (call.given, found[call.name], call.expected)
        for call in calls
        if not alike(found[call.name], call.expected)
    ]


def alike(got: object, wanted: object) -> bool:
    """Equal, numbers to 1e-9."""
    if isinstance(wanted, tuple) and isinstance(got, tuple):
        return len(got) == len(wanted) and all(map(alike, got, wanted))
    if isinstance(wanted, Fault):
        return isinstance(got, Fault) and got.code == wanted.code
    if isinstance(wanted, float) and isinstance(got, float):
        return abs(got - wanted) <= 1e-9
    return type(got) is type(wanted) and got == wanted


@pytest.mark.parametrize("name", preset_names())
def test_contract(name: str, tmp_path: Path) -> None:
    """Every call of the contract for the preset gives what the add-in gives."""
    calls = calls_of(name)
    assert differences(calls, engine(load_preset(name), tmp_path).answers(calls)) == []


def test_contract_has_calls_for_each_function() -> None:
    """The contract is not empty for any of the functions."""
    called = {call.function for name in preset_names() for call in calls_of(name)}
    assert called == set(NAMED)
    assert len(calls_of(DEFAULT)) > 40


def test_a_date_in_words_is_refused(tmp_path: Path) -> None:
    """A date in words is an error, never another day."""
    headers = row(*DIMENSIONS, "Start date")
    given = (row(*WORKED, "1 Jan 2090"), headers, FOUR)
    calls = [Call("worded", "HEALTH_SCORE", given, Fault("#VALUE!"))]
    assert differences(calls, engine(load_preset(FOUR), tmp_path).answers(calls)) == []


def today_of(opened: Engine) -> date:
    """The day that the engine counts to."""
    serial = opened.answers([Call("today", "TODAY", (), 0.0)])["today"]
    assert isinstance(serial, float)
    return date(1899, 12, 30) + timedelta(serial)


def random_calls(
    model: ScoreModel, rng: Random, today: date, count: int, *, keys: bool = False
) -> list[Call]:
    """Scores and dimension scores of random rows, with what the add-in says to them."""
    calls = []
    cells = tuple(tuple(cells) for cells in model_to_rows(model))
    for number in range(count):
        headers, values = random_row(model, rng, today, odd=number % 3 == 0, keys=keys)
        segment = rng.choice((*(None,) * 9, "SMB", "Enterprise", "mm", "ent", "Gold"))
        rest = ((values,), (headers,), None, segment)
        dimension = rng.choice(model.dimensions).key
        both = {"HEALTH_SCORE": rest, "DIMENSION_SCORE": (dimension, *rest)}
        for function, typed in both.items():
            asked = [cells if at == _MODEL_ARGUMENT[function] else x for at, x in enumerate(typed)]
            with on_day(today):
                expected = BY_NAME[function].call(*asked)
            calls.append(Call(f"{function} {number}", function, typed, expected))
    return calls


@pytest.mark.parametrize("name", preset_names())
def test_random_rows(name: str, tmp_path: Path) -> None:
    """Random rows give the engine's numbers: blanks, words, fractions, dates, segments, errors."""
    model = load_preset(name)
    opened = engine(model, tmp_path)
    calls = random_calls(model, Random(name), today_of(opened), 60)
    assert differences(calls, opened.answers(calls)) == []
    assert sum(isinstance(call.expected, float) for call in calls) >= 25


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(score_models(), st.integers(0, 999))
def test_any_model(tmp_path: Path, model: ScoreModel, seed: int) -> None:
    """Any model whose headers can be told apart gives the engine's numbers, whatever its policy."""
    try:
        opened = engine(model, tmp_path)
    except ModelError:
        reject()
    calls = random_calls(model, Random(seed), today_of(opened), 4, keys=True)
    assert differences(calls, opened.answers(calls)) == []


@pytest.mark.parametrize("missing", ["reweight", "zero", "neutral"])
def test_missing_values_by_policy(missing: str, tmp_path: Path) -> None:
    """What is missing counts as the model says."""
    model = ScoreModel.model_validate(small_data(missing=missing))
    expected = score_one({"logins": 4.0}, model).total
    calls = [Call("one", "HEALTH_SCORE", (row(4.0, None), row("Logins", "Sponsor")), expected)]
    assert differences(calls, engine(model, tmp_path).answers(calls)) == []


def test_a_change_on_the_model_sheet_changes_the_scores(tmp_path: Path) -> None:
    """Weights, breakpoints, tiers and policy are read from the sheet where people edit them."""
    model, layout = load_preset("support"), sheet_layout(load_preset("support"))
    changed: dict[str, Any] = model.model_dump()
    first = changed["dimensions"][0]
    first["weight"], first["metrics"][0]["weight"] = 10.0, 3.0
    points = [list(p) for p in first["metrics"][0]["curve"]["points"]]
    points[0][1] = 20.0
    first["metrics"][0]["curve"]["points"] = points
    changed["tiers"][0]["starts_at"], changed["min_coverage"] = 85.0, 0.9
    edited = ScoreModel.model_validate(changed)
    opened = engine(model, tmp_path)
    metric = model.dimensions[0].metrics[0].key
    for cell, value in (
        (layout.dimension_cell(model.dimensions[0].key), 10.0),
        (layout.metric_cell(metric, "weight"), 3.0),
        (layout.metric_cell(metric, "y1"), 20.0),
        (layout.tier_cell("green"), 85.0),
        (layout.property_cell("min_coverage"), 0.9),
    ):
        opened.change("Model", *cell, value)
    calls = random_calls(edited, Random(1), today_of(opened), 20)
    calls.append(Call("tier", "HEALTH_TIER", (84.0,), "Yellow"))
    assert differences(calls, opened.answers(calls)) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("67.95", 67.95), (" 48 ", 48.0), ("+5", 5.0), ("1,200", None), ("1 200", None),
        ("5-", None), ("1e2", None), ("31/01/2026", None), ("€5", None), ("", ""), ("n/a", ""),
        ("nan", ""), ("#REF!", ""), (".", None), ("7.", 7.0),
    ],
)  # fmt: skip
def test_numbers_typed_as_text(text: str, number: float | str | None, tmp_path: Path) -> None:
    """A text is read as a number only where it can be no other; else it is an error."""
    model = load_preset(FOUR)
    wanted: Results = Fault("#VALUE!")
    if number == "":
        wanted = score_one({"engagement": 60.0, "sentiment": 60.0}, model).total
    elif isinstance(number, float):
        values = {"usage": number, "engagement": 60.0, "sentiment": 60.0}
        wanted = score_one(values, model).total
    calls = [Call("typed", "HEALTH_SCORE", (row(text, 60.0, 60.0), row(*DIMENSIONS[:3])), wanted)]
    assert differences(calls, engine(model, tmp_path).answers(calls)) == []


def test_many_accounts(tmp_path: Path) -> None:
    """Rows or columns of accounts give a result each; what nobody filled in stays empty."""
    rows: Grid = (
        WORKED, (None, 72.0, 61.0, 85.0), (None,) * 4, ("x", 1.0, 1.0, 1.0), (None,) * 4,
    )  # fmt: skip
    columns: Grid = tuple(zip(*rows, strict=True))
    asked: dict[str, tuple[Grid, ...]] = {
        "rows": (rows, row(*DIMENSIONS)),
        "columns": (columns, tuple((d,) for d in DIMENSIONS)),
        "unnamed": (rows,),
        "one column": (tuple((v,) for v in WORKED),),
    }
    calls = [
        Call(name, "HEALTH_SCORE", given, BY_NAME["HEALTH_SCORE"].call(*_with_model(given)))
        for name, given in asked.items()
    ]
    assert calls[0].expected[-1] == ("",)  # type: ignore[index]
    assert differences(calls, engine(load_preset(FOUR), tmp_path).answers(calls)) == []


def _with_model(given: tuple[Grid, ...]) -> tuple[object, ...]:
    return (*given, *(None,) * (2 - len(given)), FOUR)
