"""Looking at Windows, over a registry and programs of tests."""

from __future__ import annotations

import os
import platform
import struct
import subprocess
import sys
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import pytest

from addin.hosts.xlwings import probe, windows
from addin.hosts.xlwings.checks import before_installing
from addin.hosts.xlwings.machine import Excel, Machine
from addin.hosts.xlwings.package import write_xlam

_OFFICE = r"HKEY_CURRENT_USER\Software\Microsoft\Office\16.0"
_LOCATIONS = rf"{_OFFICE}\Excel\Security\Trusted Locations"
_POLICY = r"HKEY_CURRENT_USER\Software\Policies\Microsoft\Office\16.0\Excel\Security"


class _Key:
    """An open key of the registry."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None


class Registry(types.ModuleType):
    """`winreg` over a dictionary of paths and values."""

    HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE = "HKEY_CURRENT_USER", "HKEY_LOCAL_MACHINE"
    HKEY_CLASSES_ROOT = "HKEY_CLASSES_ROOT"

    def __init__(self, keys: Mapping[str, Mapping[str, Any]]) -> None:
        super().__init__("winreg")
        self._keys = keys

    def OpenKey(self, root: str, key: str) -> _Key:  # noqa: N802
        path = f"{root}\\{key}"
        if not any(f"{known}\\".startswith(f"{path}\\") for known in self._keys):
            raise FileNotFoundError(2, "The system cannot find the file specified", path)
        return _Key(path)

    def _values(self, key: _Key) -> list[tuple[str, Any]]:
        return list(self._keys.get(key.path, {}).items())

    def _below(self, key: _Key) -> list[str]:
        start = f"{key.path}\\"
        return sorted({k[len(start) :].split("\\")[0] for k in self._keys if k.startswith(start)})

    def QueryValueEx(self, key: _Key, name: str) -> tuple[Any, int]:  # noqa: N802
        values = dict(self._values(key))
        if name not in values:
            raise FileNotFoundError(2, "The system cannot find the file specified", name)
        return values[name], 1

    def QueryInfoKey(self, key: _Key) -> tuple[int, int, int]:  # noqa: N802
        return len(self._below(key)), len(self._values(key)), 0

    def EnumKey(self, key: _Key, number: int) -> str:  # noqa: N802
        return self._below(key)[number]

    def EnumValue(self, key: _Key, number: int) -> tuple[str, Any, int]:  # noqa: N802
        return (*self._values(key)[number], 3)


@pytest.fixture
def excel(tmp_path: Path) -> Path:
    """A program file of 64 bits."""
    file = tmp_path / "EXCEL.EXE"
    head = b"MZ".ljust(60, b"\0") + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<H", 0x8664)
    file.write_bytes(head)
    return file


@pytest.fixture
def look(tmp_path: Path, excel: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Look at a Windows machine with these further keys in its registry."""
    prefix = tmp_path / "env"
    (prefix / "Scripts").mkdir(parents=True)
    for name in ("python.exe", "pythonw.exe"):
        (prefix / "Scripts" / name).touch()
    (prefix / "xlwings64-0.37.8.dll").touch()
    monkeypatch.setattr(platform, "system", lambda: "Windows")
    monkeypatch.setenv("APPDATA", str(tmp_path / "Roaming"))
    monkeypatch.setattr(sys, "executable", str(prefix / "Scripts" / "python.exe"))
    monkeypatch.setattr(sys, "prefix", str(prefix))
    versions = {"xlwings": "0.37.8", "healthsheet": "0.1.0"}
    monkeypatch.setattr(windows, "_version", versions.__getitem__)
    for name in ("pywintypes", "win32api"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))

    def run(command: list[str], **_: object) -> Any:
        assert command[0] == "tasklist"
        return types.SimpleNamespace(stdout="excel.exe   4242 Console   1   210.000 K\n")

    monkeypatch.setattr(subprocess, "run", run)
    base = {
        r"HKEY_CLASSES_ROOT\Excel.Application\CurVer": {"": "Excel.Application.16"},
        r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe": {
            "": str(excel)
        },
    }

    def find(more: Mapping[str, Mapping[str, Any]] | None = None) -> Machine:
        monkeypatch.setitem(sys.modules, "winreg", Registry({**base, **(more or {})}))
        return windows.look()

    return find


def test_a_plain_machine(look: Any, tmp_path: Path) -> None:
    """Programs, libraries and folders are found where they are."""
    found = look()
    assert found.excel == Excel("16.0", 64)
    assert found.interpreter == str(tmp_path / "env" / "Scripts" / "pythonw.exe")
    assert found.libraries == {64: str(tmp_path / "env" / "xlwings64-0.37.8.dll")}
    assert found.startup == str(tmp_path / "Roaming" / "Microsoft" / "Excel" / "XLSTART")
    assert found.running
    assert found.pywin32 == ""
    assert found.installed == {}
    assert not found.settings
    assert {c.status for c in before_installing(found)} == {"ok"}


def test_security_settings(look: Any) -> None:
    """The company's policy stands above what the person has set, and is named as such."""
    found = look(
        {
            rf"{_OFFICE}\Excel\Security": {"RequireAddinSig": 0, "DisableAllAddins": 1},
            _POLICY: {"RequireAddinSig": 1},
            _LOCATIONS: {"AllLocationsDisabled": 1},
        }
    )
    wanted = {"RequireAddinSig": 1, "DisableAllAddins": 1, "AllLocationsDisabled": 1}
    assert found.settings == wanted
    assert found.by_policy == {"RequireAddinSig"}


def test_trusted_folders(look: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folders that Excel trusts are read with their variables filled in."""
    monkeypatch.setattr(os.path, "expandvars", lambda text: text.replace("%APPDATA%", "C:\\R"))
    found = look(
        {
            rf"{_LOCATIONS}\Location1": {"Path": r"C:\Templates"},
            rf"{_LOCATIONS}\Location2": {"Path": r"%APPDATA%\Microsoft\Excel\XLSTART"},
            rf"{_LOCATIONS}\Location3": {"Description": "no path"},
        }
    )
    assert found.trusted == (r"C:\Templates", r"C:\R\Microsoft\Excel\XLSTART")


def test_an_installed_add_in(look: Any) -> None:
    """What lies in the startup folder is read; a mark of the internet and a crash are seen."""
    first = look()
    file = Path(first.startup) / "healthsheet.xlam"
    write_xlam(file, first.wanted, xlwings_version="0.37.8")
    Path(f"{file}:Zone.Identifier").touch()
    item = "\x01\x02" + str(file).upper() + "\0"
    found = look({rf"{_OFFICE}\Excel\Resiliency\DisabledItems": {"1A2B": item.encode("utf-16-le")}})
    assert found.installed == first.wanted
    assert found.blocked
    assert found.disabled


def test_no_excel(look: Any, excel: Path) -> None:
    """A program that is gone, or none at all, is no Excel."""
    excel.unlink()
    assert look().excel is None


def test_pywin32_that_does_not_load(look: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Why it cannot be imported is kept in its own words."""
    monkeypatch.setitem(sys.modules, "win32api", None)
    assert "win32api" in look().pywin32


def test_other_systems_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere nothing of Windows is asked for."""
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    assert windows.look() == Machine("Darwin")


@pytest.fixture
def com(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """`pythoncom` and a client of it, which finds no server until a test gives it one."""
    pythoncom: Any = types.ModuleType("pythoncom")
    pythoncom.com_error = type("com_error", (Exception,), {})
    pythoncom.CreateGuid = lambda: "{1}"
    pythoncom.MakeIID = str
    pythoncom.CLSCTX_LOCAL_SERVER = pythoncom.IID_IDispatch = 0

    def create(*_: object) -> object:
        raise pythoncom.com_error(-2147221164, "Class not registered")

    pythoncom.CoCreateInstance = create
    client: Any = types.ModuleType("win32com.client")
    client.Dispatch = lambda found: found
    for name, module in (
        ("pythoncom", pythoncom), ("win32com", types.ModuleType("win32com")),
        ("win32com.client", client),
    ):  # fmt: skip
        monkeypatch.setitem(sys.modules, name, module)
    return pythoncom  # type: ignore[no-any-return]


class _Server:
    """What `CoCreateInstance` gives: the server's one method that matters."""

    def __init__(self, answer: object) -> None:
        self._answer = answer

    def CallUDF(self, module: str, name: str, arguments: list[object]) -> object:  # noqa: N802
        assert module == "addin.hosts.xlwings.functions"
        assert set(arguments) == {None}
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def test_a_server_that_ends_is_quoted(com: Any) -> None:
    """The last words of a Python that ends before it serves are what went wrong."""
    # Here, without Windows, that is exactly what xlwings does.
    assert "pywin32" in probe.ask_server()


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ((("Metric", "Weight"), ("NPS", 0.2)), ""),
        (2015, "gave 2015"),
        (RuntimeError("RPC server is unavailable"), "RPC server is unavailable"),
    ],
)
def test_what_the_server_answers(
    com: Any, answer: object, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table is right; anything else is told."""
    monkeypatch.setattr(com, "CoCreateInstance", lambda *_: _Server(answer))
    monkeypatch.setattr(probe, "_CODE", "import time; time.sleep(60)")
    assert text in probe.ask_server()
    assert bool(text) == bool(probe.ask_server())
