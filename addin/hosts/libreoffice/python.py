"""LibreOffice's own Python: where it is, and whether our compiled dependencies fit it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from scoring.errors import HostError

__all__ = ["OfficePython", "find_program", "office_python", "this_python"]

OLDEST = (3, 11)
_ASK = (
    "import json, sys, sysconfig;"
    "print(json.dumps([list(sys.version_info[:2]), sysconfig.get_platform(),"
    " sysconfig.get_config_var('EXT_SUFFIX'), sys.executable]))"
)
_PLACES = (
    "/usr/lib/libreoffice/program",
    "/opt/libreoffice*/program",
    "/Applications/LibreOffice.app/Contents/MacOS",
    "C:/Program Files/LibreOffice/program",
)


@dataclass(frozen=True, slots=True)
class OfficePython:
    """A Python: version (3, 11), platform ``linux-x86_64``, suffix of its compiled modules."""

    version: tuple[int, int]
    platform: str
    suffix: str
    executable: str

    @property
    def text(self) -> str:
        """Version as people write it."""
        return f"{self.version[0]}.{self.version[1]}"


def this_python() -> OfficePython:
    """The Python that runs now."""
    return _ask(sys.executable)


def find_program(name: str) -> Path:
    """A program of LibreOffice: ``soffice`` or ``unopkg``.

    Raises:
        HostError: LibreOffice is not installed where it usually is.
    """
    found = shutil.which(name)
    if found:
        return Path(found).resolve()
    for place in _PLACES:
        root, _, pattern = place.partition("/")
        for folder in sorted(Path(f"{root}/").glob(pattern), reverse=True):
            for file in (folder / name, folder / f"{name}.exe"):
                if file.is_file():
                    return file.resolve()
    raise HostError(
        f"LibreOffice was not found: no {name} on PATH nor in its usual folders. "
        "Install LibreOffice, or put its program folder on PATH."
    )


def office_python() -> OfficePython:
    """The Python inside LibreOffice: the one it brings, else the system's.

    Raises:
        HostError: no LibreOffice, one without Python, or with one that is too old.
    """
    program = find_program("soffice").parent
    if not any((d / "pythonloader.py").is_file() for d in (program, program.parent / "Resources")):
        raise HostError(
            f"The LibreOffice in {program} cannot run Python extensions. Install its Python "
            "support; on Debian and Ubuntu that is the package python3-uno."
        )
    brought = (program / "python", program / "python.exe", program.parent / "Resources/python")
    executable = next((p for p in brought if p.is_file()), Path("/usr/bin/python3"))
    found = _ask(str(executable))
    if found.version < OLDEST:
        raise HostError(
            f"LibreOffice's Python ({executable}) is {found.text}; HealthSheet needs "
            f"{OLDEST[0]}.{OLDEST[1]} or newer. Install a newer LibreOffice."
        )
    return found


def _ask(executable: str) -> OfficePython:
    command = [executable, "-I", "-c", _ASK]
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as error:
        raise HostError(
            f"LibreOffice's Python ({executable}) does not run: {error}. Repair LibreOffice."
        ) from error
    version, platform, suffix, path = json.loads(told.stdout)
    return OfficePython((version[0], version[1]), platform, suffix, path)
