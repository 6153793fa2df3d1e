"""The process is killed (SIGKILL) at each step of a send: nobody gets two, nobody is forgotten."""

from __future__ import annotations

import os
import signal
from multiprocessing import get_context
from pathlib import Path

import pytest

from pipeline.mail.outbox import deliver
from tests.pipeline.mail.mail_server import MailServer, mail_server
from tests.pipeline.mail.samples import leaders, ledger_in, way_to

# The children are copies of one process that has the modules already.
_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.pipeline.mail.test_crash"])

_SECOND = "leader2@example.com"
_BEFORE = ("EHLO", "STARTTLS", "AUTH", "MAIL", f"RCPT {_SECOND}", "DATA")
"""Steps at which the server has nothing of the message yet."""


def _send(folder: Path, port: int, ca_file: Path) -> None:
    deliver(leaders(3), way_to(MailServer(port, ca_file)), ledger_in(folder))


def _killed_at(step: str, server: MailServer, folder: Path, *, nth: int = 1) -> None:
    """Send in a process of its own, which the server kills at a step before it answers."""
    child = _FORKS.Process(target=_send, args=(folder, server.port, server.ca_file))
    seen = 0

    def kill(at: str) -> None:
        nonlocal seen
        seen += at == step
        if at == step and seen == nth:
            assert child.pid is not None
            os.kill(child.pid, signal.SIGKILL)

    server.at = kill
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    server.at = lambda step: None


@pytest.mark.parametrize("step", _BEFORE)
def test_killed_before_the_message_was_handed_over(step: str, tmp_path: Path) -> None:
    """All get it exactly once when the next run comes; nothing is uncertain."""
    with mail_server(tmp_path / "tls") as server:
        _killed_at(step, server, tmp_path, nth=2 if step in ("MAIL", "DATA") else 1)
        results = deliver(leaders(3), way_to(server), ledger_in(tmp_path))
    assert [r.state for r in results] == ["sent"] * 3
    assert server.count == {f"leader{n}@example.com": 1 for n in (1, 2, 3)}


@pytest.mark.parametrize(("step", "arrived"), [(f"BODY {_SECOND}", 0), (f"TAKEN {_SECOND}", 1)])
def test_killed_while_it_was_handed_over(step: str, arrived: int, tmp_path: Path) -> None:
    """Nobody can know whether it arrived: the outbox says so, and does not send it by itself."""
    with mail_server(tmp_path / "tls") as server:
        server.answers = {} if arrived else {step: ["451 Not kept"]}
        _killed_at(step, server, tmp_path)
        assert server.count[_SECOND] == arrived
        results = deliver(leaders(3), way_to(server), ledger_in(tmp_path))
        assert server.count[_SECOND] == arrived
        assert [r.state for r in results] == ["sent", "uncertain", "sent"]
        assert "killed while it handed this over" in results[1].detail
        assert server.count["leader1@example.com"] == server.count["leader3@example.com"] == 1
        last = deliver(leaders(3), way_to(server), ledger_in(tmp_path), again=True)
    assert [r.state for r in last] == ["sent"] * 3
    assert server.count[_SECOND] == arrived + 1


def test_killed_when_all_had_left(tmp_path: Path) -> None:
    """A run that is killed as it says goodbye has sent everything, and the outbox knows."""
    with mail_server(tmp_path / "tls") as server:
        _killed_at("QUIT", server, tmp_path)
        results = deliver(leaders(3), way_to(server), ledger_in(tmp_path))
    assert all(r.state == "sent" and r.before for r in results)
    assert set(server.count.values()) == {1}


def test_killed_again_and_again(tmp_path: Path) -> None:
    """One kill after another: what waits leaves in the end, also when nobody asks for it anew."""
    with mail_server(tmp_path / "tls") as server:
        for step in ("AUTH", "RCPT leader1@example.com", f"BODY {_SECOND}"):
            _killed_at(step, server, tmp_path)
        results = deliver([], way_to(server), ledger_in(tmp_path))
    told = [(r.to, r.state) for r in results]
    assert told == [(_SECOND, "uncertain"), ("leader3@example.com", "sent")]
    states = {e.to: e.state for e in ledger_in(tmp_path).entries()}
    assert [states[f"leader{n}@example.com"] for n in (1, 2, 3)] == ["sent", "uncertain", "sent"]
    assert max(server.count.values()) == 1
