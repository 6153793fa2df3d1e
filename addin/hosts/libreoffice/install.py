"""Install the extension into LibreOffice, replacing an older one."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from addin.hosts.libreoffice.python import find_program
from scoring.errors import HostError

__all__ = ["install_oxt"]


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
    shared = hasattr(os, "geteuid") and os.geteuid() == 0
    command = [str(find_program("unopkg")), "add", "--force", "--suppress-license"]
    command += [*(["--shared"] if shared else []), *options, str(oxt.resolve())]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    except (OSError, subprocess.SubprocessError) as error:
        raise HostError(f"unopkg did not finish: {error}. Close LibreOffice and retry.") from error
    if done.returncode:
        told = " ".join((done.stderr + done.stdout).split()) or f"exit code {done.returncode}"
        raise HostError(f"LibreOffice refused {oxt.name}: {told} Close LibreOffice and retry.")
    return shared
