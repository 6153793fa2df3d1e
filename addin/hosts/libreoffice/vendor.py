"""Packages that the extension carries: ours, and pydantic with what it needs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from tempfile import TemporaryDirectory

import addin
import scoring
from addin.hosts.libreoffice.python import OfficePython, this_python
from scoring.errors import HostError

__all__ = ["DEPENDENCY", "requirements", "vendor"]

DEPENDENCY = "pydantic"
_OURS = (addin, scoring)
_SKIPPED = {"__pycache__", "RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json"}
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def vendor(folder: Path, python: OfficePython) -> None:
    """Put all packages that the cells need into *folder*, fit for *python*.

    Raises:
        HostError: pydantic is compiled for another Python and cannot be downloaded.
    """
    for package in _OURS:
        source = Path(str(package.__file__)).parent
        shutil.copytree(source, folder / source.name, ignore=_left_out)
    if python.suffix == this_python().suffix:
        for name in requirements():
            _copy_installed(name, folder)
    else:
        _download(folder, python)


def _left_out(folder: str, names: list[str]) -> set[str]:
    """Compiled files, and the hosts of other programs."""
    others = set(names) - {"__init__.py", "libreoffice"} if Path(folder).name == "hosts" else set()
    return others | {"__pycache__"}


def requirements() -> list[str]:
    """Names of pydantic and of all it needs, as installed here."""
    found: list[str] = []
    waiting = [DEPENDENCY]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.append(name)
            waiting += _needs(name)
    return sorted(found)


def _needs(name: str) -> Iterator[str]:
    for line in distribution(name).requires or ():
        if "extra ==" not in line and (match := _NAME.match(line)):
            try:
                distribution(match[0])
            except PackageNotFoundError:
                continue  # its marker excludes it here
            yield match[0]


def _copy_installed(name: str, folder: Path) -> None:
    files = distribution(name).files
    if files is None:
        raise HostError(f"{name} is installed without a list of its files. Reinstall it with pip.")
    for file in files:
        if ".." in file.parts or _SKIPPED & set(file.parts):
            continue
        target = folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(str(file.locate()), target)


def _download(folder: Path, python: OfficePython) -> None:
    with TemporaryDirectory() as wheels:
        command = [
            sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
            "--only-binary=:all:", "--python-version", python.text, "--implementation", "cp",
            *(f"--platform={tag}" for tag in platform_tags(python.platform)),
            "--dest", wheels, f"{DEPENDENCY}=={version(DEPENDENCY)}",
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            told = (done.stderr.strip().splitlines() or ["pip said nothing"])[-1]
            raise HostError(
                f"LibreOffice runs Python {python.text} on {python.platform}; {DEPENDENCY} for it "
                f"could not be downloaded: {told} Go online, or run this command with Python "
                f"{python.text}."
            )
        for wheel in sorted(Path(wheels).glob("*.whl")):
            with zipfile.ZipFile(wheel) as package:
                package.extractall(folder)


def platform_tags(platform: str) -> list[str]:
    """Wheel tags that fit a platform as Python names it: ``linux-x86_64``, ``win-amd64``."""
    system, _, rest = platform.partition("-")
    machine = platform.rpartition("-")[2]
    if system == "linux":
        return [f"manylinux2014_{machine}", f"manylinux_2_17_{machine}"]
    if system == "macosx":
        return [f"macosx_11_0_{machine}", f"macosx_10_12_{machine}"]
    return [f"win_{rest}" if rest else system]
