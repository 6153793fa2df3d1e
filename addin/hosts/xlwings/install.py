"""Put the add-in into Excel's startup folder, or take it away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from addin.hosts.xlwings.checks import Check, after_installing, before_installing
from addin.hosts.xlwings.machine import Machine
from addin.hosts.xlwings.package import write_xlam
from addin.hosts.xlwings.probe import ask_server
from addin.hosts.xlwings.windows import look
from scoring.errors import HostError

__all__ = ["check", "install", "uninstall"]


def check(
    machine: Machine | None = None, *, ask: Callable[[], str] | None = None
) -> tuple[Machine, list[Check]]:
    """Every check of this machine.

    Args:
        machine: facts already gathered; this machine's by default.
        ask: starts Python as Excel does and says what went wrong.

    Returns:
        The facts with the answer of the server, and the checks in the order in which to mend.
    """
    machine = machine or look()
    first = before_installing(machine)
    if machine.system == "Windows" and not _stopped(first):
        machine = replace(machine, server=(ask or ask_server)())
    return machine, first + after_installing(machine)


def install(
    machine: Machine | None = None, *, ask: Callable[[], str] | None = None
) -> tuple[Machine, list[Check]]:
    """Install the add-in where nothing stands in its way; otherwise only check.

    Raises:
        HostError: the file cannot be written.
    """
    machine = machine or look()
    if not _stopped(before_installing(machine)):
        write_xlam(Path(machine.addin), machine.wanted, xlwings_version=machine.xlwings)
        # A file just written carries no mark of the internet.
        machine = replace(machine, installed=machine.wanted, blocked=False)
    return check(machine, ask=ask)


def uninstall(machine: Machine | None = None) -> bool:
    """Remove the add-in.

    Returns:
        Whether there was one.

    Raises:
        HostError: not Windows, or Excel has the file open.
    """
    machine = machine or look()
    if machine.system != "Windows":
        raise HostError("There is nothing to remove: this add-in is for Excel on Windows.")
    file = Path(machine.addin)
    try:
        file.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        why = f"{file} cannot be removed: {error.strerror or error}."
        raise HostError(f"{why} Close Excel and run the command again.") from error
    return True


def _stopped(checks: Sequence[Check]) -> bool:
    return any(found.status == "problem" for found in checks)
