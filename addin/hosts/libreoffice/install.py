"""Install the extension into LibreOffice, replacing an older one, and take it out again."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from addin.hosts.libreoffice.names import EXTENSION
from addin.hosts.libreoffice.python import find_program
from scoring.errors import HostError

__all__ = ["install_oxt", "uninstall_oxt"]


def install_oxt(oxt: Path, *, options: tuple[str, ...] = ()) -> bool:
    """Install an extension with LibreOffice's own ``unopkg``.

    Args:
        oxt: the extension's file.
        options: further options of ``unopkg``, such as ``-env:UserInstallation=file:///…``.

    Returns:
        Whether it was installed for all users of the machine, as root must, or for this user.

    Raises:
        HostError: no LibreOffice, or ``unopkg`` refuses; its own words.
    """
    add = ("add", "--force", "--suppress-license")
    done = _unopkg(*add, *_scope(), *options, str(oxt.resolve()))
    if done.returncode:
        raise HostError(f"LibreOffice refused {oxt.name}: {_told(done)}")
    return bool(_scope())


def uninstall_oxt(*, options: tuple[str, ...] = ()) -> bool:
    """Take the extension out of LibreOffice, with all files that it put there.

    Args:
        options: as for `install_oxt`.

    Returns:
        Whether it was there: for all users when root asks, else for this user.

    Raises:
        HostError: no LibreOffice, or ``unopkg`` refuses; its own words.
    """
    done = _unopkg("remove", *_scope(), *options, EXTENSION)
    if done.returncode and "no such extension" in done.stderr:
        return False
    if done.returncode:
        raise HostError(f"LibreOffice refused to remove the extension: {_told(done)}")
    # The files are only marked; the next look at the extensions deletes them.
    _unopkg("list", *_scope(), *options)
    return True


def _scope() -> tuple[str, ...]:
    return ("--shared",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()


def _unopkg(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(find_program("unopkg")), *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    except (OSError, subprocess.SubprocessError) as error:
        raise HostError(f"unopkg did not finish: {error}. Close LibreOffice and retry.") from error


def _told(done: subprocess.CompletedProcess[str]) -> str:
    told = " ".join((done.stderr + done.stdout).split()) or f"exit code {done.returncode}"
    return f"{told} Close LibreOffice and retry."
