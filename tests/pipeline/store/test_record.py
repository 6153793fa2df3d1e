"""Recording: append-only, idempotent, corrected by revisions, explained by its own model."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.store import Address, History, Written, snapshot_of
from pipeline.store.encode import decode_rows, encode_rows, kinds_of
from scoring.change import explain_change
from scoring.errors import HistoryError
from scoring.presets import load_preset
from scoring.score import score_accounts
from tests.pipeline.store.samples import FEB, JAN, MODEL, accounts, snapshot


def test_the_same_again_changes_nothing(history: History) -> None:
    """A snapshot written twice stands there once, and the second writing says so."""
    first = history.record(snapshot(JAN, 3, 4), correct=True)
    again = history.record(snapshot(JAN, 3, 4), correct=True)
    assert first == Written(JAN, MODEL.label, new=2, corrected=0, unchanged=0)
    assert again == Written(JAN, MODEL.label, new=0, corrected=0, unchanged=2)
    assert [(d.accounts, d.corrections) for d in history.days()] == [(2, 0)]
    assert len(history.of_account("S-001")) == 1


def test_a_correction_is_a_further_revision(history: History) -> None:
    """The latest revision counts, and the one before it stays."""
    history.record(snapshot(JAN, 3, 4), correct=True)
    told = history.record(snapshot(JAN, 3, 5), correct=True)
    assert (told.new, told.corrected, told.unchanged) == (0, 1, 1)
    entries = history.of_account("S-002")
    assert entries[["revision", "score"]].to_numpy().tolist() == [[1, 80.0], [2, 100.0]]
    found = history.recorded(JAN, MODEL.label)
    assert found is not None
    assert found.entries["account_id"].tolist() == ["S-001", "S-002"]
    assert found.entries["score"].tolist() == [60.0, 100.0]
    assert [(d.accounts, d.corrections) for d in history.days()] == [(2, 1)]


def test_without_correction_what_stands_there_stays(history: History) -> None:
    """Other values for a recorded day are counted and left out; new accounts are added."""
    history.record(snapshot(JAN, 3, 4), correct=True)
    told = history.record(snapshot(JAN, 3, 5, 2), correct=False)
    assert told == Written(JAN, MODEL.label, new=1, corrected=0, unchanged=1, kept=1)
    assert history.of_account("S-002")["score"].tolist() == [80.0]


def test_two_models_stand_side_by_side(history: History) -> None:
    """One day holds a snapshot for each model version."""
    newer = MODEL.model_copy(update={"version": "2.0"})
    history.record(snapshot(JAN, 3), correct=True)
    history.record(snapshot(JAN, 3, model=newer), correct=True)
    assert [d.model for d in history.days()] == [MODEL.label, newer.label]


def test_an_old_score_is_explained_by_its_own_model(history: History) -> None:
    """Recorded inputs and the recorded model give the recorded score, and a change its causes."""
    heavier = tuple(
        d.model_copy(update={"weight": 90.0}) if i == 0 else d
        for i, d in enumerate(MODEL.dimensions)
    )
    newer = MODEL.model_copy(update={"version": "2.0", "dimensions": heavier})
    frame = accounts(3, 4).assign(outcomes=[1.0, 5.0])
    for day, model in ((JAN, MODEL), (FEB, newer)):
        scores = score_accounts(frame, model, as_of=day)
        history.record(snapshot_of(frame, scores), correct=True)
    old, new = history.recorded(JAN, MODEL.label), history.recorded(FEB, newer.label)
    assert old is not None
    assert new is not None
    assert (old.model, new.model) == (MODEL, newer)
    assert old.model.digest == MODEL.digest
    assert old.scores().total.tolist() == old.entries["score"].tolist()
    change = explain_change(old.scores(), new.scores())
    assert set(change.steps["kind"]) == {"model"}
    sums = change.steps.groupby("row")["points"].sum()
    assert np.allclose(sums, change.after - change.before)


def test_raw_inputs_and_sheets_come_back(history: History) -> None:
    """Accounts and the rows about them on other sheets are those that were read."""
    frame = accounts(3, 4).assign(csm=pd.Series(["Sample CSM 1", None], dtype=object))
    goals = pd.DataFrame(
        {
            "account_id": pd.Series(["S-002", "S-002"], dtype=object),
            "goal": pd.Series(["Faster =billing", "“Grow”"], dtype=object),
            "progress": pd.Series([None, "On track"], dtype=object),
        }
    )
    tables = {"Goals": goals, "Risks": pd.DataFrame()}
    scores = score_accounts(frame, MODEL, as_of=JAN)
    history.record(snapshot_of(frame, scores, tables=tables), correct=True)
    found = history.recorded(JAN, MODEL.label)
    assert found is not None
    pd.testing.assert_frame_equal(found.accounts, frame)
    pd.testing.assert_frame_equal(found.tables["Goals"], goals)


def test_a_column_may_come_and_go(history: History) -> None:
    """Accounts of two writings with different columns come back as one frame."""
    for extra, first in (
        ({"csm": pd.Series(["Sample CSM 1"], dtype=object)}, 1),
        ({"arr": 5.0}, 2),
    ):
        frame = accounts(3, first=first).assign(**extra)
        scores = score_accounts(frame, MODEL, as_of=JAN)
        history.record(snapshot_of(frame, scores), correct=True)
    found = history.recorded(JAN, MODEL.label)
    assert found is not None
    assert found.accounts["csm"].tolist() == ["Sample CSM 1", None]
    assert found.accounts["arr"].isna().tolist() == [True, False]


def test_an_id_that_no_database_holds(history: History) -> None:
    """A zero character in an id is refused with the id, and nothing is written."""
    frame = accounts(3).assign(account_id=pd.Series(["S\0"], dtype=object))
    scores = score_accounts(frame, MODEL, as_of=JAN)
    with pytest.raises(HistoryError, match=r"'S\\x00' holds a character"):
        snapshot_of(frame, scores)
    assert history.days() == []


def test_nobody_of_that_name(history: History) -> None:
    """An account is found by id or by name without case; an unknown one is an error."""
    history.record(snapshot(JAN, 3), correct=True)
    assert history.of_account(" sample account 01 ")["account_id"].tolist() == ["S-001"]
    with pytest.raises(HistoryError, match="knows no account Nobody"):
        history.of_account("Nobody")


_texts = st.none() | st.text(max_size=20)
_days = st.none() | st.datetimes(
    min_value=pd.Timestamp(1678, 1, 1), max_value=pd.Timestamp(2261, 12, 31)
)


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    """Rows of every kind of value that reading gives, and some it does not."""
    n = draw(st.integers(1, 4))

    def some(values: st.SearchStrategy[object]) -> list[object]:
        return draw(st.lists(values, min_size=n, max_size=n))

    return pd.DataFrame(
        {
            "number": pd.Series(some(st.floats()), dtype="float64"),
            "count": pd.Series(some(st.integers(-(2**53), 2**53)), dtype="int64"),
            "day": pd.Series(some(_days), dtype="datetime64[us]"),
            "text": pd.Series(some(_texts), dtype="object"),
            "yes_no": pd.Series(some(st.none() | st.booleans()), dtype="object"),
            "flag": pd.Series(some(st.booleans()), dtype="bool"),
            "mixed": pd.Series(
                some(_texts | st.booleans() | st.floats(allow_nan=False) | st.integers()),
                dtype="object",
            ),
        }
    )


@settings(deadline=None)
@given(frames())
def test_every_value_comes_back(frame: pd.DataFrame) -> None:
    """Numbers to the last bit, dates, words in any script, yes and no, and what is missing."""
    texts = encode_rows(frame)
    assert all(t.isascii() for t in texts)
    back = decode_rows(texts, kinds_of(frame))
    pd.testing.assert_frame_equal(back, frame, check_exact=True)
    signs = np.signbit(back["number"][frame["number"] == 0.0])
    assert signs.equals(np.signbit(frame["number"][frame["number"] == 0.0]))
    assert encode_rows(frame[frame.columns[::-1]]) == texts


@pytest.mark.slow
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(frame=frames())
def test_every_value_survives_the_database(address: Address, frame: pd.DataFrame) -> None:
    """The same through a whole history, under a model version of its own each time."""
    history = History(address, create=True)
    model = MODEL.model_copy(update={"version": f"1.{len(history.days()) + 1}"})
    ids = pd.Series([f"É-{i}" for i in range(len(frame))], dtype=object)
    frame = frame.assign(account_id=ids, account_name=frame["text"])
    scores = score_accounts(frame, model, as_of=JAN)
    history.record(snapshot_of(frame, scores), correct=True)
    found = history.recorded(JAN, model.label)
    assert found is not None
    pd.testing.assert_frame_equal(found.accounts[frame.columns], frame, check_exact=True)


@pytest.mark.parametrize("preset", ["four-dimension", "support", "signals"])
def test_every_model_comes_back(history: History, preset: str) -> None:
    """A preset read from the history is the preset."""
    model = load_preset(preset)
    history.record(snapshot(JAN, 3, model=model), correct=True)
    found = history.recorded(JAN, model.label)
    assert found is not None
    assert found.model == model
    assert found.model.digest == model.digest
