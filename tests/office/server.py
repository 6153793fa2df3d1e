"""Start and stop one headless LibreOffice with a profile of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tests.office.bridge import Bridge, OfficeMissing

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
{items}</oor:items>
"""
_ITEM = (
    '<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
    "<value>{value}</value></prop></item>\n"
)
# Loading shows the cached values (1 = never recalculate): `recalculate` does it explicitly.
_CHOICES = [
    ("Office.Calc/Formula/Load", "OOXMLRecalcMode", "1"),
    ("Office.Calc/Formula/Load", "ODFRecalcMode", "1"),
    ("Office.Calc/Content/Update", "Link", "1"),
    ("Office.Common/Misc", "FirstRun", "false"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Recovery/AutoSave", "Enabled", "false"),
    ("Office.Recovery/RecoveryInfo", "Enabled", "false"),
    ("Setup/Office", "ooSetupInstCompleted", "true"),
]


class Extension(NamedTuple):
    """What to install before LibreOffice starts.

    Attributes:
        oxt: The extension's file.
        python_path: PYTHONPATH of LibreOffice's Python, for what the extension imports and does
            not carry itself.
    """

    oxt: Path
    python_path: str = ""


# A Popen that is dropped while its process runs warns; these live as long as this process.
_started: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True)
class Server:
    """A running LibreOffice: the port it listens on and the process group to end."""

    port: int
    pid: int


def start(profile: Path, oxt: Path | None = None, *, python_path: str = "") -> Server:
    """Start LibreOffice, with the extension *oxt* installed in its *profile*.

    Args:
        profile: Folder of the user profile; made if missing.
        oxt: An extension to install first, into this profile only.
        python_path: Put on PYTHONPATH of the extension's Python.

    Raises:
        OfficeMissing: LibreOffice or Debian's `python3-uno` is not installed.
    """
    _write_settings(profile)
    server = _launch(profile, python_path)
    if oxt is None:
        return server
    # The registry reads an extension's function names when the office starts: start it twice.
    try:
        with Bridge(server.port) as bridge:
            bridge.call("install", path=str(oxt.resolve()))
    finally:
        stop(server)
    return _launch(profile, python_path)


def stop(server: Server, timeout: float = 10) -> None:
    """End LibreOffice: politely, then by force."""
    with contextlib.suppress(Exception), Bridge(server.port, timeout=5, quiet=True) as bridge:
        bridge.call("stop")
    end = time.monotonic() + timeout
    while alive(server) and time.monotonic() < end:
        time.sleep(0.05)
    if alive(server):
        _kill(server)


def alive(server: Server) -> bool:
    """Whether the process still runs."""
    for process in _started:
        process.poll()  # collects our own ended child
    # In a container nobody may collect ended children: they stay as zombies, in its group too.
    if Path("/proc/self/stat").exists():
        with contextlib.suppress(OSError):
            return ") Z " not in Path(f"/proc/{server.pid}/stat").read_text()
        return False
    try:
        os.killpg(server.pid, 0)
    except ProcessLookupError:
        return False
    return True


def _write_settings(profile: Path) -> None:
    user = profile / "user"
    user.mkdir(parents=True, exist_ok=True)
    items = "".join(_ITEM.format(path=p, name=n, value=v) for p, n, v in _CHOICES)
    (user / "registrymodifications.xcu").write_text(_SETTINGS.format(items=items))


def _launch(profile: Path, python_path: str) -> Server:
    program = shutil.which("soffice")
    if program is None:
        raise OfficeMissing("LibreOffice is not installed: run ./check, which installs it.")
    port = _free_port()
    command = [
        program,
        "--headless",
        "--norestore",
        "--nologo",
        "--nodefault",
        "--nolockcheck",
        f"-env:UserInstallation={profile.resolve().as_uri()}",
        f"--accept=socket,host=127.0.0.1,port={port};urp;",
    ]
    # LibreOffice's own Python takes its library from the first `python3` on PATH: that of a
    # virtual environment would break every extension.
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL"))}
    environment |= {"LC_ALL": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"}
    environment["PATH"] = "/usr/bin:/bin:" + environment.get("PATH", "")
    if python_path:
        environment["PYTHONPATH"] = python_path
    with (profile / "soffice.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,
        )
    _started.append(process)
    server = Server(port, process.pid)
    try:
        with Bridge(port):  # returns once it answers
            return server
    except BaseException:
        _kill(server)
        raise


def _kill(server: Server) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
