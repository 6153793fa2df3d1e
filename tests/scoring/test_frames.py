"""Account frames as they come: empty, with odd column types, with an index of any kind."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scoring.model import ScoreModel
from scoring.presets import load_preset, preset_names
from scoring.score import Scores, score_accounts
from tests.scoring.rows import AS_OF, day, dimension, metric, model_of, state, told
from tests.workbook_templates.accounts import accounts


def tried() -> ScoreModel:
    """A model that reads every kind of column."""
    return model_of(
        dimension("x", 60, metric("a", max_age_days=10), metric("b"), segment_weights={"smb": 90}),
        dimension("y", 40, state("c", ("Yes", 100), ("No", 0)), segment_weights={"smb": 10}),
        gates=[{"key": "gone", "name": "Gone", "cap": "red"}],
    )


def plain() -> pd.DataFrame:
    """Four accounts with everything given somewhere, in the types that pandas chooses."""
    rows = [
        {"a": 80, "b": 90, "c": "Yes", "segment": "smb", "gone": False, "start_date": day(400)},
        {"a": 40, "c": "no", "gone": True, "data_as_of": day(11), "start_date": day(20)},
        {"b": 100, "c": "YES", "x": 70, "segment": "enterprise", "override_tier": "amber"},
        {"a": 1, "b": 2, "override_score": 55, "override_expires": day(0), "a_as_of": day(11)},
    ]
    return pd.DataFrame([{"account_id": f"A{i}", **row} for i, row in enumerate(rows)])


def score(frame: pd.DataFrame) -> Scores:
    """Scores of a frame under the model that reads every kind of column."""
    return score_accounts(frame, tried(), as_of=AS_OF)


def all_told(scores: Scores) -> list[dict[str, Any]]:
    """What each row's score says."""
    return [told(scores, i) for i in range(len(scores))]


def test_plain_frame() -> None:
    """The accounts that the other tests dress up score as worked out by hand."""
    scores = score(plain())
    assert list(scores.total) == pytest.approx([0.9 * 85 + 10, 0, 0.6 * 70 + 40, 55])
    assert list(scores.tier) == ["green", "red", "amber", "red"]
    assert list(scores.status) == ["Scored", "Partial", "Overridden", "Overridden"]
    assert list(scores.stale["a"]) == [False, True, False, True]


@pytest.mark.parametrize(
    "dress",
    [
        lambda f: f.astype(object).where(f.notna(), None),
        lambda f: f.astype(object).where(f.notna(), pd.NA),
        lambda f: f.convert_dtypes(),
        lambda f: f.convert_dtypes(dtype_backend="pyarrow"),
        lambda f: f.assign(gone=f["gone"].astype("boolean"), a=f["a"].astype("Int64")),
        lambda f: f.assign(a=f["a"].astype("float32"), b=f["b"].astype("Float32")),
        lambda f: f.astype({"c": "category", "segment": "category", "override_tier": "category"}),
        lambda f: f.astype({"c": "string", "segment": "string", "override_tier": "string"}),
        lambda f: f.astype({"c": object, "segment": object, "account_id": "category"}),
        lambda f: f.assign(start_date=pd.to_datetime(f["start_date"])),
        lambda f: f.assign(data_as_of=pd.to_datetime(f["data_as_of"]).astype("datetime64[ns]")),
        lambda f: f.assign(start_date=f["start_date"].map(str, na_action="ignore")),
        lambda f: f.assign(gone=f["gone"].map({True: 1.0, False: 0.0})),
        lambda f: f.iloc[:, ::-1],
        lambda f: f.assign(colour="blue", notes=None),
    ],
    ids=[
        "None", "NA", "nullable", "arrow", "Int64 and boolean", "float32", "category", "string",
        "object", "dates", "nanoseconds", "ISO text", "0 and 1", "order of columns", "more columns",
    ],
)  # fmt: skip
def test_column_types(dress: Any) -> None:
    """The same accounts in other column types have the same scores, bit for bit."""
    assert all_told(score(dress(plain()))) == all_told(score(plain()))


@pytest.mark.parametrize(
    "column",
    [
        [20, 21], pd.array([20, 21], "Int64"), np.array([20, 21], np.int8),
        pd.array([20, 21], "UInt8"), np.array([20, 21], np.float16), [20.0, 21],
    ],
)  # fmt: skip
def test_numbers_of_any_kind(column: Any) -> None:
    """Whole numbers of any width count as the same numbers."""
    frame = pd.DataFrame({"account_id": ["A", "B"], "a": column, "b": column, "c": "No"})
    assert list(score(frame).dimensions["x"]) == pytest.approx([20, 21])


@pytest.mark.parametrize("late", [datetime(2026, 11, 2, 18, 30), pd.Timestamp("2026-11-02 23:59")])  # noqa: DTZ001
def test_days_are_whole(late: object) -> None:
    """A time of day on a date does not make the account a day younger."""
    model = model_of(
        dimension("x", 1, metric("a")), lifecycle={"partial_days": 19, "onboarding_days": 19}
    )
    frame = pd.DataFrame({"account_id": ["A"], "a": [1.0], "start_date": [late]})
    assert score_accounts(frame, model, as_of=AS_OF).status[0] == "Scored"


# No rows, no columns, any index


@pytest.mark.parametrize("preset", preset_names())
def test_no_rows(preset: str) -> None:
    """A frame without accounts gives scores of none, with all columns."""
    model = load_preset(preset)
    for frame in (accounts(model).accounts.iloc[:0], pd.DataFrame({"account_id": []})):
        scores = score_accounts(frame, model, as_of=AS_OF)
        assert (len(scores), len(scores.rounded), len(scores.tier)) == (0, 0, 0)
        assert list(scores.contributions.columns) == list(model.inputs)
        assert scores.points.shape == (0, len(model.metrics))
        assert scores.lost.shape == (0, len(model.inputs))


def test_nothing_but_ids() -> None:
    """Accounts of which nothing is known have no score, and ids become text."""
    scores = score(pd.DataFrame({"account_id": [1001, 1002]}))
    assert list(scores.account_id) == ["1001", "1002"]
    assert np.isnan(scores.total).all()
    assert set(scores.status) == {"Insufficient data"}


@pytest.mark.parametrize("index", [[0, 0, 0, 0], [7, 3, 9, 1], list("abca"), [None] * 4])
def test_any_index(index: list[Any]) -> None:
    """Rows are told apart by position: an index that repeats or is out of order changes nothing."""
    frame = plain()
    frame.index = pd.Index(index)
    scores = score(frame)
    assert all_told(scores) == all_told(score(plain()))
    assert scores.points.index.equals(frame.index)


def test_the_frame_is_left_alone() -> None:
    """Scoring changes nothing in the frame that it is given."""
    frame = plain()
    score(frame)
    pd.testing.assert_frame_equal(frame, plain())


def test_repeated_accounts() -> None:
    """Two rows of one account are two scores; to tell them apart is the reader's business."""
    frame = pd.concat([plain(), plain()], ignore_index=True)
    assert all_told(score(frame))[4:] == all_told(score(plain()))
