"""The recorded policy gives what the policy gives, bit for bit, on one account and on many."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from scoring import tape_many
from scoring.model import LinearCurve, ScoreModel
from scoring.presets import load_preset, preset_names
from scoring.rollup import ONE, Circumstance, Ops, Rolled, Shown, roll_up, show
from scoring.score import MANY
from scoring.tape import CIRCUMSTANCES, operations, record
from scoring.tape_many import run_many
from scoring.tape_one import compile_one

COUNT = 20_000  # more than one chunk
Array = NDArray[Any]


@pytest.fixture(scope="module", params=preset_names())
def preset(request: pytest.FixtureRequest) -> ScoreModel:
    return load_preset(str(request.param))


@pytest.fixture(scope="module", params=["reweight", "zero", "neutral"])
def model(preset: ScoreModel, request: pytest.FixtureRequest) -> ScoreModel:
    return preset.model_copy(update={"missing": request.param})


@pytest.fixture(scope="module")
def inputs(model: ScoreModel) -> list[Array]:
    """Values in and past their scale, typed dimensions, weights, ages, overrides; many missing."""
    rng = np.random.default_rng(1)
    out = []
    for metric in model.metrics:
        linear = isinstance(metric.curve, LinearCurve)
        xs = [float(p[0]) if linear else float(p[1]) for p in metric.curve.points]
        values = rng.uniform(min(xs) - 1, max(xs) * 1.3 + 0.1, COUNT)
        exact = rng.random(COUNT) < 0.3  # breakpoints themselves
        values[exact] = rng.choice(xs, exact.sum())
        out.append(holes(values, 0.2, rng))
    top = 5 if model.typed == "rating" else 100
    out += [holes(rng.integers(1, top + 1, COUNT) * 1.0, 0.8, rng) for _ in model.dimensions]
    nothing = rng.random(COUNT) < 0.02
    for values in out:
        values[nothing] = np.nan
    weights = rng.random((len(model.dimensions), COUNT))
    out += list(weights / weights.sum(axis=0))
    out += [holes(rng.integers(0, 200, COUNT) * 1.0, 0.3, rng)]
    out += [holes(rng.uniform(0, 100, COUNT), 0.7, rng), rng.integers(0, 3, COUNT)]
    out += [holes(rng.uniform(0, 100, COUNT), 0.9, rng)]
    return [*out, np.where(rng.random(COUNT) < 0.9, -1, rng.integers(0, 3, COUNT))]


def holes(values: Array, share: float, rng: np.random.Generator) -> Array:
    values[rng.random(COUNT) < share] = np.nan
    return values


def policy(model: ScoreModel, inputs: list[Any], ops: Ops) -> list[Any]:
    """The policy itself: head and details."""
    m, k = len(model.inputs), len(model.dimensions)
    with np.errstate(all="ignore"):
        rolled: Rolled = roll_up(model, inputs[:m], inputs[m : m + k], ops)
        shown: Shown = show(model, rolled, Circumstance(*inputs[m + k :]), ops)
    head = [shown.model_total, shown.total, shown.tier, shown.status, shown.low, shown.high]
    r = rolled
    return [*head, r.coverage, *r.dimensions, *r.points, *r.contributions, *r.available]


def same(found: Any, wanted: Any) -> bool:
    """Equal to the last bit; every NaN is alike."""
    a = np.broadcast_to(np.asarray(found, dtype=float), (COUNT,))
    b = np.broadcast_to(np.asarray(wanted, dtype=float), (COUNT,))
    bits = a.copy().view(np.uint64) == b.copy().view(np.uint64)
    return bool((bits | (np.isnan(a) & np.isnan(b))).all())


def test_many_is_the_policy(model: ScoreModel, inputs: list[Array]) -> None:
    """All results of all accounts are those of the policy run on arrays."""
    found = [
        *run_many(model, "head", inputs, COUNT),
        *run_many(model, "details", inputs, COUNT),
    ]
    wanted = policy(model, inputs, MANY)
    assert [same(f, w) for f, w in zip(found, wanted, strict=True)] == [True] * len(wanted)


def test_threads_give_the_same(
    preset: ScoreModel, monkeypatch: pytest.MonkeyPatch, inputs: list[Array]
) -> None:
    """Chunks shared out among threads give the bytes of one thread; so do dimensions alone."""
    monkeypatch.setattr(tape_many, "_CHUNK", 100)
    whats: tuple[tape_many.Wanted, ...] = ("head", "details", "dimensions")
    alone = {what: run_many(preset, what, inputs, COUNT) for what in whats}
    monkeypatch.setattr(tape_many, "_CHUNKS_EACH", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    started: list[int] = []
    run = tape_many._run_chunks

    def counted(*args: Any) -> None:
        started.append(len(args[-1]))
        run(*args)

    monkeypatch.setattr(tape_many, "_run_chunks", counted)
    for what, wanted in alone.items():
        found = run_many(preset, what, inputs, COUNT)
        assert all(same(a, b) for a, b in zip(found, wanted, strict=True))
        some = alone["details"][: len(preset.dimensions)]
        assert what != "dimensions" or all(map(same, found, some))
    assert len(started) == 3 * len(whats)
    assert sum(started) == len(whats) * math.ceil(COUNT / 100)


def test_one_is_the_policy(model: ScoreModel, inputs: list[Array]) -> None:
    """All results of single accounts are those of the policy run on floats."""
    tape = record(model)
    run = compile_one(tape, [*tape.head, *tape.details])
    for i in range(200):
        row = [a[i].item() for a in inputs]
        for found, wanted in zip(run(*row), policy(model, row, ONE), strict=True):
            assert found == wanted or (math.isnan(found) and math.isnan(wanted))


def test_absent_inputs_change_nothing(model: ScoreModel, inputs: list[Array]) -> None:
    """What is decided beforehand for absent inputs is what their missing values decide."""
    m, k = len(model.inputs), len(model.dimensions)
    absent = {0, 1, *range(len(model.metrics), m), *range(m + k, m + k + len(CIRCUMSTANCES))}
    given = list(inputs)
    for i in absent:
        given[i] = np.full(COUNT, np.nan)
    given[m + k + 2], given[m + k + 4] = np.full(COUNT, 2), np.full(COUNT, -1)
    for what in ("head", "details"):
        plain = run_many(model, what, given, COUNT)
        sooner = run_many(model, what, given, COUNT, frozenset(absent))
        assert all(same(a, b) for a, b in zip(sooner, plain, strict=True))
    fewer = record(model, frozenset(absent))
    assert len(operations(fewer, fewer.head)) < len(operations(record(model), record(model).head))


def test_no_accounts(model: ScoreModel, inputs: list[Array]) -> None:
    """Nothing in, nothing out."""
    none = [a[:0] for a in inputs]
    assert {len(a) for a in run_many(model, "head", none, 0)} == {0}


def test_a_branch_on_a_number_is_refused(preset: ScoreModel) -> None:
    """A policy that branched on a number would be recorded half; it is an error instead."""
    symbol = record(preset).symbols[0]
    with pytest.raises(TypeError, match=r"ops\.where"):
        bool(symbol == 1.0)
