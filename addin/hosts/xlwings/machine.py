"""What is known of a Windows machine before the add-in is put on it."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PureWindowsPath

__all__ = ["Excel", "Machine", "command_line", "program_bits"]

# Machine types of a program file: x86; x64 and ARM64, whose Excel loads x64 libraries too.
_BITS = {0x014C: 32, 0x8664: 64, 0xAA64: 64}


@dataclass(frozen=True, slots=True)
class Excel:
    """An installed Excel: version ``16.0`` and the bits of its program, 32 or 64."""

    version: str
    bits: int


@dataclass(frozen=True, slots=True)
class Machine:
    """Facts, gathered once; `checks` judges them.

    Attributes:
        system: as Python names it: ``Windows``, ``Darwin``, ``Linux``.
        interpreter: path of the Python that Excel shall start.
        base: folder of the Python installation behind it.
        version: of this product.
        code_page: Windows' code page for programs that know no Unicode, such as ``cp1252``.
        xlwings: its version, empty where it is not installed.
        libraries: bits → path of the DLL of that version.
        pywin32: why it cannot be imported, empty where it can.
        excel: None where there is none.
        running: whether Excel runs now.
        settings: name → value of Excel's security settings that are set.
        by_policy: names of those that the company's policy sets.
        trusted: folders that Excel trusts; empty where it lists none yet.
        startup: Excel's startup folder of this user.
        installed: settings inside the add-in that lies there, empty where none does.
        blocked: whether Windows marks that file as coming from the internet.
        disabled: whether Excel has disabled it after a crash.
        server: what went wrong when Python was started as Excel starts it; None where it was not
            tried, empty where it answered.
    """

    system: str
    interpreter: str = ""
    base: str = ""
    version: str = ""
    code_page: str = "cp1252"
    xlwings: str = ""
    libraries: Mapping[int, str] = field(default_factory=dict)
    pywin32: str = ""
    excel: Excel | None = None
    running: bool = False
    settings: Mapping[str, int] = field(default_factory=dict)
    by_policy: frozenset[str] = frozenset()
    trusted: tuple[str, ...] = ()
    startup: str = ""
    installed: Mapping[str, str] = field(default_factory=dict)
    blocked: bool = False
    disabled: bool = False
    server: str | None = None

    @property
    def addin(self) -> str:
        """Where the add-in lies, or will."""
        return str(PureWindowsPath(self.startup) / "healthsheet.xlam")

    @property
    def wanted(self) -> dict[str, str]:
        """The settings of an add-in for this machine, as its VBA reads them."""
        return {
            "Version": self.version,
            "Command": command_line(self.interpreter),
            "Library, 32-bit": self.libraries.get(32, ""),
            "Library, 64-bit": self.libraries.get(64, ""),
        }


def command_line(interpreter: str) -> str:
    """How the DLL of xlwings starts Python; it puts the server's class in place of $(CLSID).

    -P keeps modules beside the workbook out; the doubled quotes are what cmd.exe takes off.
    """
    code = "import xlwings; xlwings.serve('$(CLSID)')"
    return f'cmd.exe  /K ""{interpreter}" -P -B -c "{code}""'


def program_bits(head: bytes) -> int:
    """Bits of a Windows program by the first kilobyte of its file.

    Raises:
        ValueError: it is no program file.
    """
    if head[:2] == b"MZ" and len(head) >= 64:
        at = struct.unpack_from("<I", head, 60)[0]
        if head[at : at + 4] == b"PE\0\0" and at + 6 <= len(head):
            found = _BITS.get(struct.unpack_from("<H", head, at + 4)[0])
            if found:
                return found
    raise ValueError("not a Windows program")
