"""What the installer finds on a machine, and the fix it gives."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from addin.hosts.xlwings.checks import after_installing, before_installing
from addin.hosts.xlwings.machine import Machine, command_line, program_bits
from tests.addin.xlwings.machines import GOOD, INSTALLED, installed


def found(machine: Machine) -> list[tuple[str, str]]:
    """Name and status of all that is not well."""
    checks = before_installing(machine) + after_installing(machine)
    return [(c.name, c.status) for c in checks if c.status != "ok"]


def test_all_is_well() -> None:
    """On a machine where nothing is wrong nothing is reported, and no fix is given."""
    assert found(INSTALLED) == []
    checks = before_installing(INSTALLED) + after_installing(INSTALLED)
    assert {c.fix for c in checks} == {""}
    assert len({c.name for c in checks}) == len(checks)


FAULTS: list[tuple[dict[str, Any], str, str, str]] = [
    ({"excel": None}, "Excel", "problem", "Install Excel for Windows"),
    ({"xlwings": ""}, "xlwings", "problem", 'pip install "xlwings<1"'),
    ({"xlwings": "0.30.10"}, "xlwings", "problem", "--upgrade"),
    ({"pywin32": "DLL load failed."}, "pywin32", "problem", "--force-reinstall pywin32"),
    ({"libraries": {32: "x"}}, "Library", "problem", "xlwings==0.37.8 once."),
    ({"settings": {"RequireAddinSig": 1}}, "Security", "problem", "clear Require Application"),
    ({"settings": {"AllLocationsDisabled": 1}}, "Security", "problem", "Trusted Locations"),
    ({"settings": {"DisableAllAddins": 1}}, "Security", "problem", "clear Disable all"),
    (
        {"settings": {"VbaOff": 1}, "by_policy": frozenset({"VbaOff"})},
        "Security", "problem", "ask the administrator to change VbaOff.",
    ),
    ({"trusted": (r"C:\Templates",)}, "Startup folder", "warning", "add it."),
    ({"installed": {}}, "Add-in", "problem", "healthsheet addin install."),
    ({"blocked": True}, "Add-in", "problem", "healthsheet addin install."),
    ({"disabled": True}, "Add-in", "problem", "press Enable."),
    ({"installed": {**GOOD.wanted, "Version": "0.0.9"}}, "Add-in", "warning", "addin install."),
    ({"server": None}, "Python", "warning", "--check."),
    ({"server": "ModuleNotFoundError"}, "Python", "problem", "to see more."),
    ({"running": True}, "Restart", "warning", "start Excel again."),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "name", "status", "fix"), FAULTS)
def test_faults(changes: dict[str, Any], name: str, status: str, fix: str) -> None:
    """Each fault is found alone, with a sentence that says what to do."""
    machine = installed(**changes)
    assert (name, status) in found(machine)
    checks = [c for c in before_installing(machine) + after_installing(machine) if c.fix]
    told = next(c for c in checks if c.name == name)
    assert fix in told.fix
    for check in checks:
        assert check.fix.endswith(".")
        assert check.text


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (r"C:\Users\sample\AppData\Local\Microsoft\WindowsApps\python.exe", "Microsoft Store"),
        ("C:\\Users\\\u0141ukasz\\Scripts\\pythonw.exe", "letters"),
        (r"C:\100%\Scripts\pythonw.exe", "per cent sign"),
        ("C:\\" + "deep\\" * 400 + "pythonw.exe", "too long"),
    ],
)
def test_interpreters_that_excel_cannot_start(path: str, text: str) -> None:
    """A Python that Excel would never reach is refused with the reason and the way out."""
    machine = installed(interpreter=path)
    told = next(c for c in before_installing(machine) if c.name == "Interpreter")
    assert told.status == "problem"
    assert text in told.text
    assert told.fix.endswith(".")


def test_an_environment_made_with_the_store_python() -> None:
    """An environment's own path does not show the Store; the Python behind it does."""
    machine = installed(base=r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.12")
    assert ("Interpreter", "problem") in found(machine)


def test_spaces_and_ampersands_are_fine() -> None:
    """The usual paths of people and companies are no fault."""
    machine = installed(interpreter=r"C:\Users\A & B (Sample) GmbH\env\Scripts\pythonw.exe")
    assert [c.status for c in before_installing(machine) if c.name == "Interpreter"] == ["ok"]


def test_32_bit_excel_needs_its_own_library() -> None:
    """The library follows Excel's bits, not Python's."""
    from addin.hosts.xlwings.machine import Excel

    machine = installed(excel=Excel("15.0", 32))
    told = next(c for c in before_installing(machine) if c.name == "Library")
    assert told.text.endswith("xlwings32-0.37.8.dll")


@pytest.mark.parametrize(("system", "name"), [("Linux", "Linux."), ("Darwin", "macOS.")])
def test_other_systems_are_told_where_to_go(system: str, name: str) -> None:
    """On other systems there is one check, which names the other two hosts."""
    (told,) = before_installing(Machine(system))
    assert told.text.startswith(name)
    assert "addin serve" in told.fix
    assert "addin oxt" in told.fix
    assert after_installing(Machine(system)) == []


def test_command_line() -> None:
    """Python is started as xlwings starts it, with no folder of a workbook on its path."""
    assert command_line(r"C:\a b\pythonw.exe") == (
        r'cmd.exe  /K ""C:\a b\pythonw.exe" -P -B -c '
        '"import xlwings; xlwings.serve(\'$(CLSID)\')""'
    )


@pytest.mark.parametrize(("machine", "bits"), [(0x014C, 32), (0x8664, 64), (0xAA64, 64)])
def test_bits_of_a_program(machine: int, bits: int) -> None:
    """The bits stand in the program's header."""
    head = b"MZ".ljust(60, b"\0") + struct.pack("<I", 128)
    head = head.ljust(128, b"\0") + b"PE\0\0" + struct.pack("<H", machine)
    assert program_bits(head) == bits


@pytest.mark.parametrize("head", [b"", b"#!/bin/sh", b"MZ".ljust(200, b"\xff")])
def test_no_program(head: bytes) -> None:
    """Anything else is no Windows program."""
    with pytest.raises(ValueError, match="not a Windows program"):
        program_bits(head)
