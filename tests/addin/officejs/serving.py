"""Our server in a process of its own, as a company runs it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from tests.modules import ROOT

_APP = "addin.hosts.officejs.app:from_environment"


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


class Server:
    """A server on loopback; ``settings`` are named as in `addin.hosts.officejs.settings`."""

    def __init__(self, **settings: object) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        given = {f"HEALTHSHEET_{name.upper()}": str(value) for name, value in settings.items()}
        clean = {name: v for name, v in os.environ.items() if not name.startswith("HEALTHSHEET_")}
        self._environment = {**clean, "HEALTHSHEET_URL": self.url, **given}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Server:
        """Start it, again on the same port where it ran before, and wait until it answers."""
        command = [sys.executable, "-m", "uvicorn", _APP, "--factory", "--port", str(self.port)]
        self._process = subprocess.Popen(
            [*command, "--log-level", "warning"], cwd=ROOT, env=self._environment
        )
        end = time.monotonic() + 60
        while not self.is_up():
            assert self._process.poll() is None, "The server did not start."
            assert time.monotonic() < end, "The server does not answer."
            time.sleep(0.05)
        return self

    def is_up(self) -> bool:
        """Whether it answers."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def pause(self) -> None:
        """Let it hang: it takes connections and answers nobody."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it at once, whatever it is doing."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
