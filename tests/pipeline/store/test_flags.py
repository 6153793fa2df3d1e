"""False positives in either kind of database."""

from __future__ import annotations

from dataclasses import replace

from pipeline.store import Address, History
from scoring.judgement.flags import Flag
from tests.pipeline.store.samples import FEB, JAN

_FLAG = Flag("A1", "alert", "drop_10", JAN, "A known outage", "Sample CSM 1", "red", JAN)


def test_flags_stay_in_order_and_once(address: Address, history: History) -> None:
    """Each is kept once, a new reason is a further row, and all are read as they were written."""
    other = replace(_FLAG, account_id="A2", fired=None, day=FEB)
    reworded = replace(_FLAG, reason="Planned")
    assert history.flag([_FLAG]) == 1
    assert history.flag([_FLAG, other]) == 1
    assert history.flag([reworded]) == 1
    assert History(address).flags() == [_FLAG, other, reworded]
    assert History(address).flags(known_to=JAN) == [_FLAG, reworded]
