"""Account frames made ready for the engine: numbers, state words, ages, weights, overrides."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.model import SEGMENTS, Metric, ScoreModel, StateCurve
from scoring.rollup import TIERS
from scoring.scales import NOT_A_NUMBER, Fault, OutOfScale, scale_text, state_points, typed_scale

Floats = NDArray[np.float64]


def same(value: float, n: int) -> Floats:
    """(n,) read-only array of one number, which takes the room of one."""
    return np.broadcast_to(np.float64(value), n)


def read_inputs(
    accounts: pd.DataFrame, model: ScoreModel, as_of: date
) -> tuple[list[Floats], list[NDArray[np.bool_]]]:
    """Inputs of the engine in the order of ``model.inputs``, and where a metric was stale.

    State words become points; stale values become NaN.

    Raises:
        OutOfScale: every value outside its scale, every unknown state word, and text that
            stands where a number belongs.
    """
    problems: list[Fault] = []
    values: list[Floats] = []
    stale: list[NDArray[np.bool_]] = []
    for metric in model.metrics:
        x = _metric_values(accounts, metric, problems)
        old = _too_old(accounts, metric, as_of)
        if old.any():
            old &= ~np.isnan(x)
            x = np.where(old, np.nan, x)
        values.append(x)
        stale.append(old)
    top = typed_scale(model)
    values += [_checked(accounts, d.key, d.name, top, problems) for d in model.dimensions]
    _checked(accounts, "override_score", "Override score", (0.0, 100.0), problems)
    if problems:
        raise OutOfScale(problems)
    return values, stale


def _metric_values(accounts: pd.DataFrame, metric: Metric, problems: list[Fault]) -> Floats:
    if not isinstance(metric.curve, StateCurve):
        return _checked(accounts, metric.key, metric.name, metric.scale, problems)
    if metric.key not in accounts:
        return same(np.nan, len(accounts))
    points = state_points(metric.curve)
    column = accounts[metric.key]
    # A column holds a handful of words many times over: each is looked up once.
    codes, words = pd.factorize(column)
    known = [points.get(w.strip().casefold()) if isinstance(w, str) else None for w in words]
    x = _taken([math.nan if p is None else p for p in known], codes, math.nan)
    unknown = [p is None and isinstance(w, str) for w, p in zip(words, known, strict=True)]
    for i in np.flatnonzero(_taken(unknown, codes, False)).tolist():
        allowed = ", ".join(metric.curve.words)
        problems.append(
            _problem(accounts, i, metric.name, column.iloc[i], f"Type one of: {allowed}.")
        )
    return x


def _taken(found: list[Any], codes: NDArray[np.intp], missing: object) -> NDArray[Any]:
    """The result of each row from those of the distinct values; code −1 is missing."""
    return np.array([*found, missing])[codes]


def _floats(column: pd.Series[Any]) -> Floats:
    if column.dtype == np.float64:
        return np.asarray(column.to_numpy())  # as it stands: nobody writes into inputs
    return np.asarray(column.to_numpy(float, na_value=np.nan), dtype=np.float64)


def _numbers(accounts: pd.DataFrame, key: str) -> Floats:
    if key not in accounts:
        return same(np.nan, len(accounts))
    return _floats(pd.to_numeric(accounts[key], errors="raise"))


def _checked(
    accounts: pd.DataFrame,
    key: str,
    name: str,
    scale: tuple[float | None, float | None],
    problems: list[Fault],
) -> Floats:
    """Numbers of a column; text that is no number, and numbers off the scale, are problems."""
    try:
        x = _numbers(accounts, key)
    except (ValueError, TypeError):
        column = accounts[key]
        x = _floats(pd.to_numeric(column, errors="coerce"))
        problems += [
            _problem(accounts, i, name, column.iloc[i], NOT_A_NUMBER)
            for i in np.flatnonzero(np.isnan(x) & column.notna().to_numpy(bool)).tolist()
        ]
    if key in accounts:
        _check_scale(accounts, name, x, scale, problems)
    return x


def _check_scale(
    accounts: pd.DataFrame,
    name: str,
    x: Floats,
    scale: tuple[float | None, float | None],
    problems: list[Fault],
) -> None:
    low, high = scale
    # Two passes without a mask say whether there is anything to look for.
    least, most = np.fmin.reduce(x, initial=np.nan), np.fmax.reduce(x, initial=np.nan)
    inside = (low is None or not least < low) and (high is None or not most > high)
    if inside and not np.isinf(least) and not np.isinf(most):
        return
    bad = np.isinf(x)
    if low is not None:
        bad |= x < low
    if high is not None:
        bad |= x > high
    for i in np.flatnonzero(bad).tolist():
        text = scale_text(scale)
        problems.append(
            _problem(accounts, i, name, x[i], f"The scale is {text}; correct the value.")
        )


def _problem(accounts: pd.DataFrame, row: int, name: str, value: object, message: str) -> Fault:
    return (str(accounts["account_id"].iloc[row]), name, value, message)


def _too_old(accounts: pd.DataFrame, metric: Metric, as_of: date) -> NDArray[np.bool_]:
    """True where the value's own date, or else the row's, is older than the metric allows."""
    dated = {f"{metric.key}_as_of", "data_as_of"} & set(accounts.columns)
    if metric.max_age_days is None or not dated:
        return np.zeros(len(accounts), bool)
    age = age_days(accounts, f"{metric.key}_as_of", as_of)
    age = np.where(np.isnan(age), age_days(accounts, "data_as_of", as_of), age)
    old: NDArray[np.bool_] = age > metric.max_age_days
    return old


def age_days(accounts: pd.DataFrame, column: str, as_of: date) -> Floats:
    """Days from a date column to the as-of date, (n,); NaN without a date."""
    if column not in accounts:
        return same(np.nan, len(accounts))
    dates = pd.to_datetime(accounts[column], errors="coerce")
    return _floats((pd.Timestamp(as_of) - dates.dt.normalize()).dt.days)


def row_weights(accounts: pd.DataFrame, model: ScoreModel, age: Floats) -> list[Floats]:
    """Dimension weights of each row, by segment, or the onboarding ones while young."""
    if "segment" not in accounts and "start_date" not in accounts:
        return [same(weight, len(accounts)) for weight in model.weights(None)]
    table = [model.weights(None)] + [model.weights(s) for s in SEGMENTS]
    table.append(model.weights(None, onboarding=True))
    code = np.zeros(len(accounts), np.intp)
    if "segment" in accounts:
        for number, segment in enumerate(SEGMENTS, start=1):
            code[(accounts["segment"] == segment).to_numpy(bool, na_value=False)] = number
    code[age <= model.lifecycle.onboarding_days] = len(table) - 1
    chosen = np.array(table)[code]
    return [np.ascontiguousarray(chosen[:, k]) for k in range(chosen.shape[1])]


def gate_caps(accounts: pd.DataFrame, model: ScoreModel) -> NDArray[np.intp]:
    """Tier code that gates cap each row at, (n,); the best code where none fires."""
    if not any(gate.key in accounts for gate in model.gates):
        return np.broadcast_to(np.intp(len(TIERS) - 1), len(accounts))
    cap = np.full(len(accounts), len(TIERS) - 1, np.intp)
    for gate in model.gates:
        if gate.key in accounts:
            hit = np.array([v is not pd.NA and v == 1 for v in accounts[gate.key]], bool)
            cap[hit] = np.minimum(cap[hit], TIERS.index(gate.cap))
    return cap


def valid_overrides(accounts: pd.DataFrame, as_of: date) -> dict[str, Any]:
    """Overrides still valid on the day; without an expiry date they are valid."""
    n = len(accounts)
    if "override_score" not in accounts and "override_tier" not in accounts:
        nobody = np.broadcast_to(np.intp(-1), n)
        return {"override_score": same(np.nan, n), "override_tier": nobody}
    left = age_days(accounts, "override_expires", as_of)
    valid = ~(left > 0)
    score = np.where(valid, _numbers(accounts, "override_score"), np.nan)
    tier = np.full(n, -1, np.intp)
    if "override_tier" in accounts:
        for code, key in enumerate(TIERS):
            said = (accounts["override_tier"] == key).to_numpy(bool, na_value=False)
            tier[valid & said] = code
    return {"override_score": score, "override_tier": tier}
