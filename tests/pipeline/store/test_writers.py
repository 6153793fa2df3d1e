"""Several processes at once, and a process that dies while it writes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from pipeline.store import Address, History, read_address
from tests.modules import ROOT
from tests.pipeline.store.samples import JAN, MODEL, snapshot

_WRITER = """
import sys
from datetime import date, timedelta
from pathlib import Path
import pipeline.store.write as write
from pipeline.store import History, read_address
from tests.pipeline.store.samples import JAN, snapshot

history = History(read_address(sys.argv[1]))
whole = write._bulk

def slowly(connection, table, rows):
    # The first table is filled, the second never: the moment between the two goes on and on.
    if table.name.endswith("inputs"):
        Path(sys.argv[2]).touch()
        import time
        time.sleep(60)
    whole(connection, table, rows)

write._bulk = slowly
history.record(snapshot(JAN + timedelta(7), *([3] * 50)), correct=True)
"""


def _write(place: str, start: float, jobs: Sequence[tuple[int, int]]) -> None:
    """Record weeks, each with its first account, all processes from one moment on."""
    time.sleep(max(0.0, start - time.time()))
    history = History(read_address(place), create=True)
    for week, first in jobs:
        history.record(snapshot(JAN + timedelta(7 * week), 3, 4, first=first), correct=True)


def _together(place: str, jobs: Sequence[Sequence[tuple[int, int]]]) -> None:
    fresh = multiprocessing.get_context("spawn")
    start = time.time() + 2
    processes = [fresh.Process(target=_write, args=(place, start, job)) for job in jobs]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [p.exitcode for p in processes] == [0] * len(jobs)


def test_the_same_snapshots_at_once(place: str) -> None:
    """Three processes make one new history and write the same weeks: each stands there once."""
    _together(place, [[(0, 1), (1, 1), (2, 1)]] * 3)
    history = History(read_address(place))
    assert [(d.accounts, d.corrections) for d in history.days()] == [(2, 0)] * 3
    assert history.of_account("S-001")["revision"].tolist() == [1, 1, 1]


def test_different_snapshots_at_once(place: str) -> None:
    """Processes with other accounts of one day, and with other days, all find their place."""
    _together(place, [[(0, 1), (1, 1)], [(0, 3), (2, 1)], [(0, 5), (3, 1)]])
    history = History(read_address(place))
    assert [d.accounts for d in history.days()] == [6, 2, 2, 2]
    found = history.recorded(JAN, MODEL.label)
    assert found is not None
    assert sorted(found.accounts["account_id"]) == [f"S-00{n}" for n in range(1, 7)]


def test_killed_in_the_middle_of_a_write(place: str, tmp_path: Path) -> None:
    """A killed writer leaves the old snapshots, whole, and bars nobody after it."""
    History(read_address(place), create=True).record(snapshot(JAN, 3, 4), correct=True)
    mark = tmp_path / "in the middle"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", _WRITER, place, str(mark)]
    with subprocess.Popen(command, env=environment, cwd=ROOT) as writer:
        while not mark.exists():
            assert writer.poll() is None
            time.sleep(0.05)
        writer.send_signal(signal.SIGKILL)
    history = History(read_address(place))
    assert [(d.day, d.accounts) for d in history.days()] == [(JAN, 2)]
    later = date(2026, 1, 12)
    history.record(snapshot(later, 3), correct=True)
    assert [(d.day, d.accounts) for d in history.days()] == [(JAN, 2), (later, 1)]


def test_readers_do_not_wait(address: Address, history: History, tmp_path: Path) -> None:
    """While one process writes, another reads what stood there before."""
    history.record(snapshot(JAN, 3), correct=True)
    mark = tmp_path / "writing"
    url = address.url.set(drivername="sqlite" if address.is_sqlite else "postgresql")
    place = address.shown if address.is_sqlite else url.render_as_string(hide_password=False)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", _WRITER, place, str(mark)]
    with subprocess.Popen(command, env=environment, cwd=ROOT) as writer:
        while not mark.exists():
            assert writer.poll() is None
            time.sleep(0.05)
        assert [d.accounts for d in History(address).days()] == [1]
        assert writer.poll() is None
        writer.kill()
