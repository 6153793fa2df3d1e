"""Everything of a project in one go: the steps that its settings ask for, one run at a time."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.file_lock import try_lock
from scoring.closest import did_you_mean
from scoring.errors import DataError

__all__ = ["CHANNELS", "Alone", "Done", "Memory", "Step", "alone", "run_steps", "steps_of"]

CHANNELS = ("slack", "teams")
_LOCK, _MEMORY = ".healthsheet-run.lock", ".healthsheet-run.json"
_KEYS = ("source", "workbook", "alerts", "alerts_file", "reports", "mail")
_INTERRUPTED = 130


class Step(NamedTuple):
    """One command of a run.

    Attributes:
        name: for people.
        arguments: as for ``healthsheet``.
        told: its alerts are sent; the next run begins after them.
    """

    name: str
    arguments: tuple[str, ...]
    told: bool = False


class Done(NamedTuple):
    """What became of a step.

    Attributes:
        step: which.
        status: 0 done, 1 done with something to look at, 2 could not be done.
        seconds: it took.
        output: all it printed.
        line: the sentence that matters of it.
    """

    step: Step
    status: int
    seconds: float
    output: str
    line: str


@dataclass(frozen=True)
class Memory:
    """What a run leaves for the next one, in a file beside the settings.

    Attributes:
        process, host, started: of the last run.
        ended: when it ended; empty while it works, and for ever where it was killed.
        alerts_to: last day whose alerts were sent.
    """

    process: int = 0
    host: str = ""
    started: str = ""
    ended: str = ""
    alerts_to: str = ""


@dataclass
class Alone:
    """A run that holds the lock.

    Attributes:
        before: what the run before left.
        stopped: that run did not end: it was killed, or the machine went down.
        alerts_to: last day whose alerts were sent; written down when the run ends.
    """

    before: Memory
    stopped: bool
    alerts_to: str = field(default="")


@contextmanager
def alone(folder: Path, now: datetime) -> Iterator[Alone]:
    """Keep other runs of the same project away; a crash lets go by itself.

    Args:
        folder: of the settings.
        now: for the file that tells who runs.

    Raises:
        DataError: another run is not done, or the folder cannot be written to.
    """
    try:
        stream = (folder / _LOCK).open("a+b")
    except OSError as error:
        raise DataError(f"{folder} cannot be written to: {error.strerror}.") from error
    with stream:
        before = _remembered(folder)
        if not try_lock(stream):
            who = f" since {before.started}, process {before.process} on {before.host}"
            raise DataError(
                f"Another run of this project is working{who if before.started else ''}. Nothing "
                "was done. Wait until it has ended."
            )
        held = Alone(before, bool(before.started and not before.ended), before.alerts_to)
        started = now.isoformat(timespec="seconds")
        mine = Memory(os.getpid(), socket.gethostname(), started, "", before.alerts_to)
        _remember(folder, mine)
        try:
            yield held
        finally:
            ended = datetime.now(tz=now.tzinfo).isoformat(timespec="seconds")
            _remember(folder, Memory(mine.process, mine.host, started, ended, held.alerts_to))


def _remembered(folder: Path) -> Memory:
    try:
        found = json.loads((folder / _MEMORY).read_text(encoding="utf-8"))
        return Memory(**found)
    except (OSError, ValueError, TypeError):
        return Memory()


def _remember(folder: Path, memory: Memory) -> None:
    # What is half written reads as nothing; then the worst is that alerts are told once more.
    with suppress(OSError):
        (folder / _MEMORY).write_text(json.dumps(vars(memory), indent=1), encoding="utf-8")


def steps_of(settings: Mapping[str, Any], where: str, today: date, alerts_to: str) -> list[Step]:
    """The steps that the settings ask for, in their order; files relative to the settings.

    Args:
        settings: all of healthsheet.toml.
        where: its name, for messages.
        today: the day of the run.
        alerts_to: last day whose alerts were sent, ISO; "" for none.

    Raises:
        DataError: a setting cannot be used, or nothing is asked for.
    """
    section = settings.get("run", {})
    if not isinstance(section, Mapping):
        raise DataError(f"{where}: run is no section. Write [run] on a line of its own.")
    for key in section:
        if key not in _KEYS:
            hint = did_you_mean(key, list(_KEYS)) or f"Known are {', '.join(_KEYS)}."
            raise DataError(f"{where}, run: {key} is not known. {hint}")
    workbook = _text(section, "workbook", where, "portfolio.xlsx")
    source = _source(section, settings, where)
    history = _text(settings, "history", where, "history.db", "")
    steps = []
    if workbook:
        told = ("--from", *source) if "source" in section else ()
        steps.append(Step("refresh", ("refresh", workbook, *told)))
    elif history:
        steps.append(Step("score", ("score", *source)))
    if "alerts" in section or "alerts_file" in section:
        of = (history,) if history else source
        steps.append(_alerts(section, where, of, today, alerts_to))
    if reports := _text(section, "reports", where, "reports"):
        steps.append(Step("reports", ("report", *source, "-o", reports)))
    if _mails(section, settings, where):
        steps.append(Step("mail", ("email", *((workbook,) if workbook else source))))
    if not steps:
        raise DataError(
            f"{where} asks for nothing to run. Write [run] and, below it, workbook = "
            '"portfolio.xlsx".'
        )
    return steps


def _source(section: Mapping[str, Any], settings: Mapping[str, Any], where: str) -> tuple[str, ...]:
    """Where the accounts are, as arguments: told for runs, for refreshes, or in these settings."""
    if told := _text(section, "source", where, "accounts.xlsx"):
        return (told,)
    refresh = settings.get("refresh", {})
    if isinstance(refresh, Mapping) and refresh.get("from"):
        told = _text(refresh, "from", where, "accounts.xlsx", "refresh.")
        query = _text(refresh, "query", where, "accounts.sql", "refresh.")
        return (told, "--query", query) if query else (told,)
    if "source" in settings:
        return (".",)
    raise DataError(
        f'{where}: nothing says where the accounts are. Write source = "accounts.xlsx" under [run].'
    )


def _alerts(
    section: Mapping[str, Any],
    where: str,
    source: tuple[str, ...],
    today: date,
    alerts_to: str,
) -> Step:
    """Alerts, listed and written; sent are those of the days since the last ones were."""
    channels = section.get("alerts", [])
    if not isinstance(channels, list) or not all(c in CHANNELS for c in channels):
        raise DataError(
            f'{where}, run.alerts: {channels!r}. Write a list, as alerts = ["slack"], ["teams"] or '
            "[]."
        )
    arguments = ["alerts", *source]
    if file := _text(section, "alerts_file", where, "alerts.xlsx"):
        arguments += ["-o", file]
    told = _day(alerts_to)
    if told is not None and told >= today:
        channels = []  # of today they were sent: a second run sends nothing twice
    elif told is not None and channels:
        arguments += ["--since", max(told + timedelta(1), today - timedelta(31)).isoformat()]
    return Step("alerts", (*arguments, *(f"--{c}" for c in channels)), told=bool(channels))


def _mails(section: Mapping[str, Any], settings: Mapping[str, Any], where: str) -> bool:
    wanted = section.get("mail", "mail" in settings)
    if not isinstance(wanted, bool):
        raise DataError(f"{where}, run.mail: {wanted!r}. Write mail = true or mail = false.")
    return wanted


def _text(
    section: Mapping[str, Any], key: str, where: str, example: str, name: str = "run."
) -> str:
    found = section.get(key, "")
    if not isinstance(found, str):
        raise DataError(f'{where}, {name}{key}: {found!r}. Write {key} = "{example}".')
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def run_steps(
    steps: Sequence[Step], call: Callable[[Step], Done], tell: Callable[[Done], object]
) -> list[Done]:
    """Take all steps, one after the other: one that fails does not keep the others from theirs.

    Args:
        steps: of `steps_of`.
        call: does one.
        tell: is told each when it is done.

    Returns:
        What became of each; fewer than *steps* where somebody interrupted.
    """
    done: list[Done] = []
    for step in steps:
        done.append(call(step))
        tell(done[-1])
        if done[-1].status == _INTERRUPTED:
            break
    return done
