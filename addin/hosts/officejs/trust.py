"""How each system is told to trust the local authority."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from scoring.errors import HostError

__all__ = ["trust", "trust_commands"]

Command = Sequence[str]


def trust_commands(authority: Path, platform: str = sys.platform) -> tuple[Command, ...]:
    """The commands that make this system trust the certificate of an authority.

    Args:
        authority: PEM file.
        platform: as `sys.platform` names it.
    """
    file = str(authority)
    if platform == "win32":
        return (("certutil", "-user", "-addstore", "Root", file),)
    if platform == "darwin":
        keychain = str(Path.home() / "Library" / "Keychains" / "login.keychain-db")
        return (("security", "add-trusted-cert", "-r", "trustRoot", "-k", keychain, file),)
    # update-ca-certificates (Debian, Ubuntu) reads files named .crt only.
    place = "/usr/local/share/ca-certificates/healthsheet.crt"
    rights = () if os.geteuid() == 0 else ("sudo",)
    return (
        (*rights, "install", "-m", "644", file, place),
        (*rights, "update-ca-certificates"),
    )


def trust(authority: Path) -> None:
    """Run the commands; the system may ask for consent or a password.

    Raises:
        HostError: a command is missing or fails; names it.
    """
    for command in trust_commands(authority):
        if shutil.which(command[0]) is None:
            raise HostError(f"{command[0]} is not installed. Trust {authority} by hand.")
        if subprocess.run(command, check=False).returncode:
            raise HostError(f"{shlex.join(command)} failed. Run it by hand.")
