"""Whether the add-in can work on a machine, and what to do where it cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PureWindowsPath
from typing import Literal

from addin.hosts.xlwings.machine import Machine

__all__ = ["Check", "after_installing", "before_installing"]

Status = Literal["ok", "warning", "problem"]
_LONGEST = 2000  # characters of a command line that the DLL takes
_OLDEST = (0, 33)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: what it is about.
        status: ``ok``; ``warning`` works but not yet, or not well; ``problem`` cannot work.
        text: what was found.
        fix: what to do, a sentence; empty where all is well.
    """

    name: str
    status: Status
    text: str
    fix: str = ""


def before_installing(machine: Machine) -> list[Check]:
    """What must be right before the add-in is worth installing."""
    if machine.system != "Windows":
        return [_other_system(machine)]
    looks: tuple[Callable[[Machine], Check], ...] = (
        _excel, _xlwings, _pywin32, _library, _interpreter,
    )  # fmt: skip
    return [look(machine) for look in looks] + list(_security(machine)) + [_trusted(machine)]


def after_installing(machine: Machine) -> list[Check]:
    """What can be seen only where the add-in is, or should be, installed."""
    if machine.system != "Windows":
        return []
    return [_addin(machine), _server(machine), _running(machine)]


def _other_system(machine: Machine) -> Check:
    name = {"Darwin": "macOS"}.get(machine.system, machine.system)
    return Check(
        "System", "problem", f"{name}. This add-in is for Excel on Windows.",
        "For Excel on a Mac or in the browser run healthsheet addin serve; for LibreOffice run "
        "healthsheet addin oxt --install.",
    )  # fmt: skip


def _excel(machine: Machine) -> Check:
    if machine.excel is None:
        return Check(
            "Excel", "problem", "Not found.",
            "Install Excel for Windows and start it once. In the browser alone, run healthsheet "
            "addin serve instead.",
        )  # fmt: skip
    return Check("Excel", "ok", f"Version {machine.excel.version}, {machine.excel.bits}-bit.")


def _xlwings(machine: Machine) -> Check:
    pip = f'"{machine.interpreter}" -m pip install "xlwings<1"'
    if not machine.xlwings:
        return Check("xlwings", "problem", "Not installed.", f"Run {pip} once.")
    version = tuple(int(part) for part in machine.xlwings.split(".")[:2] if part.isdigit())
    if version < _OLDEST:
        needed = ".".join(map(str, _OLDEST))
        text = f"Version {machine.xlwings}; {needed} or newer is needed."
        return Check("xlwings", "problem", text, f"Run {pip} --upgrade once.")
    return Check("xlwings", "ok", f"Version {machine.xlwings}.")


def _pywin32(machine: Machine) -> Check:
    if machine.pywin32:
        again = f'"{machine.interpreter}" -m pip install --force-reinstall pywin32'
        return Check("pywin32", "problem", machine.pywin32, f"Run {again} once.")
    return Check("pywin32", "ok", "Can be imported.")


def _library(machine: Machine) -> Check:
    bits = machine.excel.bits if machine.excel else 64
    if bits in machine.libraries:
        return Check("Library", "ok", machine.libraries[bits])
    again = f'"{machine.interpreter}" -m pip install --force-reinstall --no-deps'
    return Check(
        "Library", "problem",
        f"xlwings{bits}-{machine.xlwings}.dll, which a {bits}-bit Excel loads, is missing.",
        f"Run {again} xlwings=={machine.xlwings} once.",
    )  # fmt: skip


def _interpreter(machine: Machine) -> Check:
    path = machine.interpreter
    elsewhere = "Make the environment in a folder such as C:\\healthsheet and install there."
    faults = (
        (
            "windowsapps" in f"{path} {machine.base}".casefold(),
            "Python from the Microsoft Store, which Excel cannot start.",
            "Install Python from python.org, make a new environment with it and install there.",
        ),
        (
            not _has_letters_of(machine.code_page, path),
            "The path holds letters that Excel's programs cannot pass on.",
            elsewhere,
        ),
        ("%" in path, "The path holds a per cent sign, which Windows replaces.", elsewhere),
        (len(machine.wanted["Command"]) > _LONGEST, "The path is too long.", elsewhere),
    )
    for wrong, text, fix in faults:
        if wrong:
            return Check("Interpreter", "problem", f"{path}: {text}", fix)
    return Check("Interpreter", "ok", path)


def _has_letters_of(code_page: str, path: str) -> bool:
    try:
        path.encode(code_page)
    except UnicodeEncodeError:
        return False
    return True


# Name of a setting → the value that stops the add-in, what that means, and where it is changed.
_STOPPING = {
    "AllLocationsDisabled": (
        1, "Excel trusts no folder at all",
        "under Trusted Locations, clear Disable all Trusted Locations",
    ),
    "RequireAddinSig": (
        1, "Excel wants every add-in signed",
        "under Add-ins, clear Require Application Add-ins to be signed by Trusted Publisher",
    ),
    "DisableAllAddins": (
        1, "Excel runs no add-in at all",
        "under Add-ins, clear Disable all Application Add-ins",
    ),
    "VbaOff": (1, "Office runs no VBA at all", "switch Visual Basic for Applications on"),
}  # fmt: skip


def _security(machine: Machine) -> Iterator[Check]:
    stopped = False
    for name, (value, meaning, change) in _STOPPING.items():
        if machine.settings.get(name) == value:
            stopped = True
            where = "File > Options > Trust Center > Trust Center Settings"
            fix = f"In Excel open {where} and {change}."
            if name in machine.by_policy:
                fix = f"Your company's policy sets this: ask the administrator to change {name}."
            yield Check("Security", "problem", f"{meaning} ({name} = {value}).", fix)
    if not stopped:
        yield Check("Security", "ok", "No setting stops add-ins from folders that Excel trusts.")


def _trusted(machine: Machine) -> Check:
    startup = PureWindowsPath(machine.startup)
    # Where Excel has listed no folder yet, its own list counts, and that has the startup folder.
    if not machine.trusted or startup in map(PureWindowsPath, machine.trusted):
        return Check("Startup folder", "ok", f"{startup} is trusted.")
    return Check(
        "Startup folder", "warning", f"{startup} is not among the folders that Excel trusts.",
        "In Excel open File > Options > Trust Center > Trust Center Settings > Trusted Locations "
        "and add it.",
    )  # fmt: skip


def _addin(machine: Machine) -> Check:
    name, again = "Add-in", "Run healthsheet addin install."
    if not machine.installed:
        return Check(name, "problem", f"Not installed in {machine.startup}.", again)
    if machine.blocked:
        text = f"Windows marks {machine.addin} as coming from the internet, so Excel blocks it."
        return Check(name, "problem", text, again)
    if machine.disabled:
        return Check(
            name, "problem", "Excel has disabled it after a crash.",
            "In Excel open File > Options > Add-ins, choose Manage: Disabled Items > Go, select "
            "healthsheet.xlam and press Enable.",
        )  # fmt: skip
    for key, value in machine.wanted.items():
        found = machine.installed.get(key, "")
        if found != value:
            text = f"It was made for another installation: {key} is {found or 'missing'}."
            return Check(name, "warning", text, again)
    return Check(name, "ok", f"{machine.addin}, version {machine.version}.")


def _server(machine: Machine) -> Check:
    if machine.server is None:
        return Check(
            "Python", "warning", "Not tried, because of the above.",
            "Mend that first and run healthsheet addin install --check.",
        )  # fmt: skip
    if machine.server:
        text = f"Started as Excel starts it, it does not answer: {machine.server}"
        more = f'"{machine.interpreter}" -c "import addin.hosts.xlwings.functions"'
        return Check("Python", "problem", text, f"Run {more} to see more.")
    return Check("Python", "ok", "Started as Excel starts it, it answers.")


def _running(machine: Machine) -> Check:
    if machine.running:
        return Check(
            "Restart", "warning", "Excel is running; it loads add-ins when it starts.",
            "Close every Excel window and start Excel again.",
        )  # fmt: skip
    return Check("Restart", "ok", "Excel is not running.")
