"""A history as it was known in its own time: corrections that came later do not count."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pandas as pd

from pipeline.store import History, snapshot_of
from scoring.score import score_accounts
from tests.pipeline.store.samples import FEB, JAN, MAR, MODEL, TODAY, accounts, snapshot


def today_utc() -> date:
    """The day that the store stamps on what it writes."""
    return datetime.now(tz=UTC).date()


def test_a_later_correction_is_hindsight(history: History) -> None:
    """The first revision counts where a correction was written after the day; it is counted."""
    history.record(snapshot(JAN, 3, 4), correct=False)
    history.record(snapshot(JAN, 5, 4), correct=True)
    history.record(snapshot(JAN, 2, 4), correct=True)
    known = history.known_then(MODEL, before=TODAY)
    assert known.frame["score"].tolist() == [60.0, 80.0]
    assert known.corrections == 2
    latest = history.earlier(MODEL, before=TODAY, full=True).set_index("account_id")["score"]
    assert latest.to_dict() == {"S-001": 40.0, "S-002": 80.0}


def test_a_correction_of_the_same_day_counts(history: History) -> None:
    """What was put right on the day itself was known then."""
    day = today_utc()
    history.record(snapshot(day, 3), correct=False)
    history.record(snapshot(day, 5), correct=True)
    # At midnight the store may have stamped the day after.
    if today_utc() == day:
        known = history.known_then(MODEL, before=day + timedelta(days=1))
        assert known.frame["score"].tolist() == [100.0]
        assert known.corrections == 0


def test_only_days_before(history: History) -> None:
    """What is of the day or later does not exist; nothing at all is an empty frame."""
    history.record(snapshot(JAN, 3), correct=False)
    history.record(snapshot(MAR, 4), correct=False)
    assert history.known_then(MODEL, before=MAR).frame["score"].tolist() == [60.0]
    assert history.known_then(MODEL, before=JAN).frame.empty


def test_another_version_is_scored_anew(history: History) -> None:
    """Its scores are not taken, its raw values are, and how many there were is told."""
    other = MODEL.model_copy(update={"version": "0.9"})
    history.record(snapshot(JAN, 3, 4, model=other), correct=False)
    history.record(snapshot(FEB, 3), correct=False)
    known = history.known_then(MODEL, before=TODAY)
    assert known.by_others == {other.label: 2}
    assert known.frame["score"].isna().tolist() == [True, True, False]
    key = MODEL.dimensions[0].key
    assert known.frame[key].tolist() == [3.0, 4.0, 3.0]


def test_tables_of_an_account_that_is_gone(history: History) -> None:
    """Rows of other sheets are those of each account's last snapshot."""
    for day, ids in ((JAN, ["S-001", "S-002"]), (FEB, ["S-001"])):
        frame = accounts(*[3.0] * len(ids))
        text = [f"Call {account} in {day:%B}" for account in ids]
        actions = pd.DataFrame({"account_id": ids, "action": text}).astype(object)
        scores = score_accounts(frame, MODEL, as_of=day)
        taken = snapshot_of(frame, scores, tables={"Actions": actions})
        history.record(taken, correct=False)
    told = history.known_then(MODEL, before=TODAY).tables["Actions"]
    assert sorted(told["action"]) == ["Call S-001 in February", "Call S-002 in January"]


def test_the_model_that_scored_last(history: History) -> None:
    """It is that of the latest day, whole; what was only imported has none."""
    assert history.last_model(before=TODAY) is None
    other = MODEL.model_copy(update={"version": "0.9"})
    history.record(snapshot(FEB, 3), correct=False)
    history.record(snapshot(JAN, 3, model=other), correct=False)
    assert history.last_model(before=TODAY) == MODEL
    assert history.last_model(before=FEB) == other
    assert history.versions(MODEL.name) == {MODEL.version, "0.9"}
