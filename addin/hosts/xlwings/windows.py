"""Look at this machine: the one part of the installer that asks Windows."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import locale
import os
import platform
import site
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from addin.hosts.xlwings.machine import Excel, Machine, program_bits
from addin.hosts.xlwings.package import read_settings

__all__ = ["look"]

_APPLICATION = r"Excel.Application\CurVer"
_PROGRAM = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
_SETTINGS = {
    "AllLocationsDisabled": r"Excel\Security\Trusted Locations",
    "RequireAddinSig": r"Excel\Security",
    "DisableAllAddins": r"Excel\Security",
    "VbaOff": "Common",
}


def look() -> Machine:
    """The facts of this machine; on any other system than Windows only its name."""
    system = platform.system()
    return _windows() if system == "Windows" else Machine(system)


def _windows() -> Machine:
    excel = _excel()
    xlwings = _version("xlwings")
    office = excel.version if excel else "16.0"
    settings, by_policy = _settings(office)
    startup = Path(os.environ["APPDATA"]) / "Microsoft" / "Excel" / "XLSTART"
    file = startup / "healthsheet.xlam"
    return Machine(
        system="Windows",
        interpreter=_interpreter(),
        base=sys.base_prefix,
        version=_version("healthsheet") or "0.0.0",
        code_page=locale.getencoding(),
        xlwings=xlwings,
        libraries=_libraries(xlwings),
        pywin32=_pywin32(),
        excel=excel,
        running=_runs("EXCEL.EXE"),
        settings=settings,
        by_policy=by_policy,
        trusted=tuple(_trusted(office)),
        startup=str(startup),
        installed=read_settings(file),
        blocked=Path(f"{file}:Zone.Identifier").exists(),
        disabled=any(file.name in text for text in _disabled(office)),
    )


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""


def _interpreter() -> str:
    """The Python beside this one that opens no window, where there is one."""
    quiet = Path(sys.executable).with_name("pythonw.exe")
    return str(quiet if quiet.exists() else sys.executable)


def _libraries(xlwings: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for bits in (32, 64):
        for folder in (sys.prefix, sys.base_prefix, site.getuserbase()):
            file = Path(folder) / f"xlwings{bits}-{xlwings}.dll"
            if file.exists():
                found.setdefault(bits, str(file))
    return found


def _pywin32() -> str:
    try:
        importlib.import_module("pywintypes")  # first, or the next one does not find its DLL
        importlib.import_module("win32api")
    except ImportError as error:
        return f"Cannot be imported: {error}."
    return ""


def _runs(program: str) -> bool:
    command = ["tasklist", "/NH", "/FI", f"IMAGENAME eq {program}"]
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
        return program in told.stdout.upper()
    return False


def _excel() -> Excel | None:
    name = _value("HKEY_CLASSES_ROOT", _APPLICATION)
    program = _value("HKEY_LOCAL_MACHINE", _PROGRAM)
    if not isinstance(name, str) or not isinstance(program, str):
        return None
    try:
        with Path(program.strip('"')).open("rb") as file:
            bits = program_bits(file.read(1024))
    except (OSError, ValueError):
        return None
    return Excel(f"{name.rpartition('.')[2]}.0", bits)


def _settings(office: str) -> tuple[dict[str, int], frozenset[str]]:
    """Security settings of the person and, above them, of the company's policy."""
    found: dict[str, int] = {}
    by_policy = set()
    for root in (r"Software\Microsoft\Office", r"Software\Policies\Microsoft\Office"):
        for name, key in _SETTINGS.items():
            value = _value("HKEY_CURRENT_USER", rf"{root}\{office}\{key}", name)
            if isinstance(value, int):
                found[name] = value
                by_policy |= {name} if "Policies" in root else set()
    return found, frozenset(by_policy)


def _trusted(office: str) -> Iterator[str]:
    key = rf"Software\Microsoft\Office\{office}\Excel\Security\Trusted Locations"
    for name in _keys(key):
        path = _value("HKEY_CURRENT_USER", rf"{key}\{name}", "Path")
        if isinstance(path, str):
            yield os.path.expandvars(path)


def _disabled(office: str) -> Iterator[str]:
    """What stands in Excel's list of disabled items, each with the path of a file in it."""
    key = rf"Software\Microsoft\Office\{office}\Excel\Resiliency\DisabledItems"
    winreg = importlib.import_module("winreg")
    with contextlib.suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
        for i in range(winreg.QueryInfoKey(opened)[1]):
            data = winreg.EnumValue(opened, i)[1]
            if isinstance(data, bytes):
                yield data.decode("utf-16-le", "ignore").casefold()


def _value(root: str, key: str, name: str = "") -> Any:
    winreg = importlib.import_module("winreg")
    with contextlib.suppress(OSError), winreg.OpenKey(getattr(winreg, root), key) as opened:
        return winreg.QueryValueEx(opened, name)[0]
    return None


def _keys(key: str) -> list[str]:
    winreg = importlib.import_module("winreg")
    with contextlib.suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
        return [winreg.EnumKey(opened, i) for i in range(winreg.QueryInfoKey(opened)[0])]
    return []
