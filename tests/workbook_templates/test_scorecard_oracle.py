"""Every formula of the account workbook, recalculated by LibreOffice, against the engine."""

from __future__ import annotations

import math
import pickle
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from scoring.account_facts import Facts, gather
from scoring.judgement.outlook import outlook
from scoring.model import LinearCurve, Metric, ScoreModel, StateCurve
from scoring.presets import load_preset, preset_names
from scoring.rollup import roll_up
from scoring.validation.chances import chances_of
from tests.office.client import Error, Office, Sheet, Value
from tests.scoring.validation.documents import evidence
from tests.workbook_templates import samples
from tests.workbook_templates.accounts import AS_OF, KINDS, accounts
from workbook_templates.account.finished import read_finished
from workbook_templates.drawing.account.canvas import Canvas
from workbook_templates.drawing.account.whatif import metrics_top
from workbook_templates.drawing.account.whatif_result import TOP
from workbook_templates.drawing.theme import Book
from workbook_templates.fill import Template
from workbook_templates.report import account_template, fill_scorecard


def _written(
    model: ScoreModel, folder: Path, kinds: Sequence[str] = KINDS
) -> dict[str, tuple[Facts, Path]]:
    out = {}
    template = account_template(model)
    for facts in gather(accounts(model), model, as_of=AS_OF):
        if facts.account_id in kinds:
            path = folder / f"{facts.account_id}.xlsx"
            path.write_bytes(fill_scorecard(template, facts))
            out[facts.account_id] = (facts, path)
    assert sorted(out) == sorted(kinds)
    return out


def _cached(path: Path) -> dict[str, dict[str, object]]:
    """Values as the file carries them, without any spreadsheet program; dates as serials."""
    out: dict[str, dict[str, object]] = {}
    book = load_workbook(path, data_only=True)
    for sheet in book.worksheets:
        cells = (c for row in sheet.iter_rows() for c in row if c.value is not None)
        out[sheet.title] = {c.coordinate: _plain(c.value) for c in cells}
    return out


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return float((value.date() - date(1899, 12, 30)).days)
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return Error(value) if isinstance(value, str) and value.startswith("#") else value


def _differences(cached: dict[str, dict[str, object]], fresh: dict[str, Sheet]) -> list[str]:
    out = []
    for name, sheet in fresh.items():
        for cell, value in sheet.items():
            before = cached[name].get(cell)
            if isinstance(value, float) and isinstance(before, float):
                same = math.isclose(value, before, rel_tol=1e-12, abs_tol=1e-9)
            else:
                same = (value or "") == (before or "")
            if not same:
                out.append(f"{name}!{cell}: cached {before!r}, recalculated {value!r}")
    return out


@pytest.mark.parametrize("kind", ["mixed", "half"])
def test_a_calibrated_scorecard_recalculates(office: Office, tmp_path: Path, kind: str) -> None:
    """With fitted probabilities LibreOffice finds every value and label as they were written."""
    model = load_preset("scorecard")
    found = evidence(model).calibration
    assert found is not None
    path = tmp_path / "calibrated.xlsx"
    f = samples.facts(kind, chances=chances_of(found))
    path.write_bytes(fill_scorecard(account_template(model), f))
    cached, fresh = _cached(path), office.recalculate(path)
    assert _differences(cached, fresh) == []
    sheet = fresh["Renewal"]
    label = "calibrated on 412 outcomes, 2 Nov 2026"
    assert str(sheet["B2"]).endswith(label)
    assert fresh["Scorecard"]["K6"] == f"Scenario ({label})"
    shown: list[object] = [s.probability for s in outlook(f).scenarios] or ["–"] * 3
    assert [sheet[f"C{r}"] for r in (6, 7, 8)] == pytest.approx(shown)
    with zipfile.ZipFile(path) as parts:
        charts = "".join(parts.read(n).decode() for n in parts.namelist() if "/charts/" in n)
    said = [str(value) for sheet in cached.values() for value in sheet.values()]
    assert f"Probability of each scenario ({label})" in charts
    assert not read_finished(path.read_bytes(), lambda: model).illustrative
    assert not any("not calibrated" in text for text in (*said, charts))


MODELS = [*preset_names(), "scorecard-zero", "four-dimension-neutral", "signals-gated"]
# One preset meets every account, each other one an account of every sort, and the variants of
# policy those that the policy changes.
SORTS = (
    "mixed",
    "half",
    "typed",
    "stale",
    "day5",
    "day20_little",
    "override_score",
    "override_tier",
    "extreme",
)
KINDS_OF = dict.fromkeys(preset_names(), SORTS) | {"scorecard": KINDS}
FEW = ("mixed", "half", "typed", "day20_little")


def _model(name: str) -> ScoreModel:
    if name in preset_names():
        return load_preset(name)
    base, policy = name.rsplit("-", 1)
    model = load_preset(base)
    if policy == "gated":
        data = model.model_dump()
        data["gates"] = [{"key": "cancelled", "name": "Cancellation notice", "cap": "red"}]
        return ScoreModel.model_validate(data)
    return model.model_copy(update={"missing": policy})


@pytest.mark.parametrize("name", MODELS)
def test_recalculated_cells_equal_cached_ones(office: Office, tmp_path: Path, name: str) -> None:
    """LibreOffice recalculates every cell of every sheet to the value the engine put there."""
    model = _model(name)
    written = _written(model, tmp_path, KINDS_OF.get(name, FEW))
    for kind, (facts, path) in written.items():
        cached, fresh = _cached(path), office.recalculate(path)
        assert _differences(cached, fresh) == [], kind
        agreed = {
            c: v for c, v in fresh["Checks"].items() if c.startswith("F") and v in ("Yes", "No")
        }
        assert len(agreed) == 7 + len(model.dimensions)
        assert set(agreed.values()) == {"Yes"}, kind
        title = fresh["Checks"]["B1"]
        assert str(title).startswith("Every formula agrees with the engine")
        plotted = {"Score history", "Why it changed"}  # their #N/A keep lines out of the charts
        errors = {n: s.errors() for n, s in fresh.items() if n not in plotted and s.errors()}
        assert errors == {}, facts.name


@pytest.mark.parametrize("name", preset_names())
def test_what_if_recalculates_like_the_engine(office: Office, tmp_path: Path, name: str) -> None:
    """Other values typed on What-if, one by one and all at once, give the engine's score."""
    model = load_preset(name)
    facts, path = _written(model, tmp_path, ["mixed"])["mixed"]
    top = metrics_top(Canvas(Book(tmp_path / "unused.xlsx", title=""), model))
    now = [_points_input(facts, i) for i in range(len(model.metrics))]
    nothing = [math.nan] * len(model.dimensions)
    cells = [("What-if", f"D{top + i}") for i in range(len(model.metrics))]
    new = [_other_value(metric) for metric in model.metrics]
    trials: list[dict[tuple[str, str], Value]] = []
    inputs = []
    for i, (typed, points) in enumerate(new):
        trials.append({cells[i]: typed})
        inputs.append([*now[:i], points, *now[i + 1 :], *nothing])
    rating = 2.0 if model.typed == "rating" else 33.0
    everything = {cell: typed for cell, (typed, _) in zip(cells, new, strict=True)}
    trials.append({**everything, ("What-if", f"D{TOP}"): rating})
    inputs.append([*(points for _, points in new), rating, *nothing[1:]])
    shown = office.trials(path, trials, [("What-if", "K7")])
    expected = [roll_up(model, values, facts.weights).total for values in inputs]
    assert len(set(expected)) > 2, "the trials should move the score"
    assert [row[0] for row in shown] == pytest.approx(expected, abs=1e-9)


def _other_value(metric: Metric) -> tuple[float | str, float]:
    """Another raw value, as typed and as the engine takes it."""
    if isinstance(metric.curve, LinearCurve):
        high = metric.scale[1]
        new = metric.curve.points[-1][0] * 0.6
        new = new if high is None else min(new, high)
        return new, new
    word, points = metric.curve.points[0]
    return word, points


def _points_input(facts: Facts, i: int) -> float:
    """Raw value of a metric as the engine takes it (points for a state), NaN where missing."""
    metric = facts.model.metrics[i]
    raw = facts.record.get(metric.key)
    if raw is None or metric.key in facts.stale:
        return math.nan
    if isinstance(metric.curve, StateCurve):
        return dict(metric.curve.points)[raw]
    return float(raw)


def test_a_threshold_changed_on_the_model_sheet_moves_the_score(
    office: Office, tmp_path: Path
) -> None:
    """A weight edited on the Model sheet moves the score, and Checks says that it differs."""
    model = load_preset("scorecard")
    facts, path = _written(model, tmp_path, ["typed"])["typed"]
    before = office.recalculate(path)
    rows = {
        v: c for c, v in before["Model"].items() if v == "product_adoption" and c.startswith("A")
    }
    cell = f"C{next(iter(rows.values()))[1:]}"
    fresh = office.recalculate(path, {("Model", cell): 60})
    first, *others = model.dimensions
    heavier = model.model_copy(
        update={"dimensions": (first.model_copy(update={"weight": 60.0}), *others)}
    )
    changed = {f.account_id: f for f in gather(accounts(heavier), heavier, as_of=AS_OF)}["typed"]
    assert changed.total != pytest.approx(facts.total)
    score = next(c for c, v in before["Checks"].items() if v == "Score shown")
    assert fresh["Checks"][f"C{score[1:]}"] == pytest.approx(changed.total, abs=1e-9)
    assert "differ" in str(fresh["Checks"]["B1"])


def test_template_survives_a_trip_to_a_worker() -> None:
    """A template can be sent to another process and fills there alike."""
    model = load_preset("signals")
    facts = next(iter(gather(accounts(model), model, as_of=AS_OF)))
    template = account_template(model)
    again: Template = pickle.loads(pickle.dumps(template))
    assert fill_scorecard(again, facts) == fill_scorecard(template, facts)
