"""Machines for tests of the installer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from addin.hosts.xlwings.machine import Excel, Machine

_VENV = r"C:\Users\sample\health sheet"

GOOD = Machine(
    system="Windows",
    interpreter=rf"{_VENV}\Scripts\pythonw.exe",
    base=r"C:\Program Files\Python312",
    version="0.1.0",
    xlwings="0.37.8",
    libraries={32: rf"{_VENV}\xlwings32-0.37.8.dll", 64: rf"{_VENV}\xlwings64-0.37.8.dll"},
    excel=Excel("16.0", 64),
    trusted=(r"c:\users\SAMPLE\AppData\Roaming\Microsoft\Excel\XLSTART" + "\\", r"C:\Templates"),
    startup=r"C:\Users\sample\AppData\Roaming\Microsoft\Excel\XLSTART",
    server="",
)
"""Everything is right but that the add-in is not installed."""

INSTALLED = replace(GOOD, installed=GOOD.wanted)


def installed(**changes: Any) -> Machine:
    """A machine on which all is well but for the changes."""
    return replace(INSTALLED, **changes)
