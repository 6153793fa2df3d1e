"""Build the extension: one .oxt with descriptions, component and packages."""

from __future__ import annotations

import os
import subprocess
import zipfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory

from addin.hosts.libreoffice.metadata import extension_files
from addin.hosts.libreoffice.python import OfficePython, office_python
from addin.hosts.libreoffice.vendor import vendor
from scoring.errors import HostError

__all__ = ["build_oxt"]

# One fixed time, so that the same code gives the same file.
_TIME = (2020, 1, 1, 0, 0, 0)


def build_oxt(destination: Path, *, python: OfficePython | None = None) -> Path:
    """Build the LibreOffice extension.

    Args:
        destination: the .oxt file to write; its folder is made. Replaced atomically.
        python: the Python it must fit; by default that of the LibreOffice found here.

    Returns:
        *destination*.

    Raises:
        HostError: no LibreOffice, no dependencies for its Python, a result that does not load,
            or a file that cannot be written.
    """
    python = python or office_python()
    with TemporaryDirectory() as name:
        folder = Path(name)
        for path, text in extension_files(_version(), python.text).items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        vendor(folder / "pythonpath", python)
        _check(folder / "pythonpath", python)
        try:
            _write(folder, destination)
        except OSError as error:
            why = f"{destination} cannot be written: {error.strerror or error}."
            raise HostError(f"{why} Choose another file with -o.") from error
    return destination


def _version() -> str:
    try:
        return version("healthsheet")
    except PackageNotFoundError:
        return "0.0.0"  # run from a checkout that is not installed


def _check(folder: Path, python: OfficePython) -> None:
    """Load the functions with the Python that will run them: better now than in a cell."""
    code = f"import sys; sys.path.insert(0, {str(folder)!r}); import addin.registry"
    command = [python.executable, "-I", "-B", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        told = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise HostError(
            f"The extension does not load in LibreOffice's Python {python.text} "
            f"({python.executable}): {told}"
        )


def _write(folder: Path, destination: Path) -> None:
    destination.parent.mkdir(parents=True, exist_ok=True)
    unfinished = destination.with_name(f".{destination.name}.{os.getpid()}")
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as package:
            for file in sorted(p for p in folder.rglob("*") if p.is_file()):
                entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), _TIME)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                package.writestr(entry, file.read_bytes())
        unfinished.replace(destination)
    finally:
        unfinished.unlink(missing_ok=True)
