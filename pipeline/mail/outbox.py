"""Messages leave: each once, whatever stops in between, and what became of each is told."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from pipeline.mail.checked import check
from pipeline.mail.ledger import Ledger, State
from pipeline.mail.records import Outgoing
from pipeline.mail.ways import Later, Lost, Refused, Send, Unusable, Way

__all__ = ["PAUSES", "Result", "deliver"]

PAUSES = (5.0, 30.0, 120.0, 300.0)
"""Seconds before each further attempt; servers that greylist take a mail after some minutes."""
_LONGEST_PAUSE = 600.0

Progress = Callable[[int, int], object]


class Result(NamedTuple):
    """What became of one message.

    Attributes:
        key: of the message.
        to: its recipient.
        subject: as in listings.
        state: ``sent``, ``failed`` (refused for good), ``uncertain`` (it may have arrived), or
            ``queued`` (it waits; the next run tries again).
        detail: what was answered, or what to do.
        before: it was so before; nothing was done now.
    """

    key: str
    to: str
    subject: str
    state: State
    detail: str = ""
    before: bool = False


class _Taken(Exception):
    """No fault: the mail is no longer queued; another process hands it over."""


class _Round(NamedTuple):
    """How one connection ended: how long to wait, and whether it still stood."""

    pause: float
    closed: bool


def deliver(
    messages: Sequence[Outgoing],
    way: Way,
    ledger: Ledger,
    *,
    again: bool = False,
    wait: Callable[[float], object] = time.sleep,
    progress: Progress | None = None,
) -> list[Result]:
    """Send messages, after those that an earlier run could not.

    A message that was sent is not sent again, and neither is one that is uncertain. What is put
    off (4xx) or cannot be reached is tried again with growing pauses, and then waits for the next
    run. What is refused (5xx) is final.

    Args:
        messages: to send; one a key.
        way: by which they leave.
        ledger: the outbox.
        again: send also what was refused before, or is uncertain.
        wait: waits for so many seconds before the next attempt.
        progress: told after each message that is settled how many of how many are.

    Returns:
        One result a message: first those that a crash stopped and those that waited, then these
        in their order.

    Raises:
        DeliveryError: another process is sending.
        HistoryError: the outbox cannot be read or written; nothing further was sent.
    """
    unfit: dict[str, str] = {}
    for message in messages:
        try:
            check(message)
        except Refused as error:
            unfit[message.key] = str(error)
    with ledger.alone():
        stopped = ledger.stopped()
        ledger.queue([m for m in messages if m.key not in unfit], again=again)
        todo = ledger.waiting()
        told = _send_all(todo, way, ledger, wait, progress)
        _note_waiting(todo, way, ledger, told)
    asked = {m.key: m for m in messages}
    mine = {m.key: m for m in todo if m.key not in asked} | asked
    known = {e.key: e for e in ledger.entries(list(mine))}
    results = [
        Result(e.key, e.to, e.subject, e.state, e.detail) for e in stopped if e.key not in asked
    ]
    for key, message in mine.items():
        if key in unfit:
            results.append(Result(key, message.to, message.subject, "failed", unfit[key]))
            continue
        entry = known[key]
        detail = told.get(key, entry.detail)
        results.append(Result(key, entry.to, entry.subject, entry.state, detail, key not in told))
    return results


def _note_waiting(todo: Sequence[Outgoing], way: Way, ledger: Ledger, told: dict[str, str]) -> None:
    """Why a mail still waits stands in the outbox, once a run."""
    states = {e.key: e.state for e in ledger.entries(list(told))}
    for message in todo:
        if message.key in told and states[message.key] == "queued":
            ledger.mark(message.key, "queued", way.name, told[message.key])


def _send_all(
    todo: Sequence[Outgoing],
    way: Way,
    ledger: Ledger,
    wait: Callable[[float], object],
    progress: Progress | None,
) -> dict[str, str]:
    """Send what is to be sent, in as many connections and attempts as it takes.

    Returns:
        Key → what was answered last, of every message of *todo*.
    """
    told: dict[str, str] = {}
    left, attempt = list(todo), 0

    def report() -> None:
        if progress is not None:
            progress(len(todo) - len(left), len(todo))

    while left:
        before = len(left)
        try:
            ended = _connection(left, way, ledger, told, report)
        except Unusable as error:
            return told | {m.key: str(error) for m in left}
        if not left or (ended.closed and not ended.pause and len(left) < before):
            continue  # done, or a server that takes so many a connection
        if attempt == len(PAUSES):
            break
        wait(min(max(ended.pause, PAUSES[attempt]), _LONGEST_PAUSE))
        attempt += 1
    return told


def _connection(
    left: list[Outgoing],
    way: Way,
    ledger: Ledger,
    told: dict[str, str],
    report: Callable[[], None],
) -> _Round:
    """Send over one connection; what is settled leaves the list."""
    pause = 0.0
    try:
        with way.session() as send:
            for message in tuple(left):
                try:
                    _one(message, send, way, ledger, told)
                except Later as error:
                    told[message.key] = str(error)
                    pause = max(pause, error.seconds)
                    if error.closed:
                        return _Round(pause, closed=True)
                    continue
                left.remove(message)
                report()
                if told[message.key] == "":
                    del told[message.key]
    except Later as error:
        # Nobody answered: that is told of each that waits.
        told.update({m.key: str(error) for m in left})
        return _Round(error.seconds, closed=True)
    return _Round(pause, closed=False)


def _one(message: Outgoing, send: Send, way: Way, ledger: Ledger, told: dict[str, str]) -> None:
    """Send one message and note what became of it.

    Raises:
        Later: it waits.
        Unusable: the way does not work; the message waits.
    """
    begun = False
    state: State = "sent"

    def begin() -> None:
        nonlocal begun
        if not ledger.begin(message.key, way.name):
            raise _Taken
        begun = True

    try:
        answer = send(message, begin)
    except _Taken:
        told[message.key] = ""
        return
    except Refused as error:
        answer, state = str(error), "failed"
    except Lost as error:
        answer, state = str(error), "uncertain"
    except (Later, Unusable) as error:
        if begun:
            ledger.mark(message.key, "queued", way.name, str(error))
        raise
    ledger.mark(message.key, state, way.name, answer)
    told[message.key] = answer
