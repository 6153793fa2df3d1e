"""`healthsheet addin serve` in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from tests.modules import ROOT

__all__ = ["Running", "command"]

_SECONDS = 60.0
_MAIN = "import sys; from pipeline.cli import main; sys.exit(main())"


def command(*options: str) -> list[str]:
    """The command line of the server."""
    return [sys.executable, "-c", _MAIN, "addin", "serve", *options]


class Running:
    """A running server; what it prints is in ``text``.

    Args:
        folder: where it keeps settings and output.
        options: of ``healthsheet addin serve``; it takes a free port.
        environment: further variables.
    """

    def __init__(self, folder: Path, *options: str, **environment: str) -> None:
        self.config = folder / "healthsheet"
        self._printed = folder / "printed"
        with self._printed.open("wb") as output:
            environment["XDG_CONFIG_HOME"] = str(folder)
            self.process = self._start(options, environment, output)
        self.url = self._wait_for(r"HealthSheet for Excel: (\S+)")
        self._wait_for("Stop with")

    @property
    def text(self) -> str:
        """What it has printed so far."""
        return self._printed.read_text(encoding="utf-8")

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.url.rpartition(":")[2])

    @property
    def workers(self) -> list[int]:
        """Process ids of the workers."""
        tasks = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        found = []
        for pid in tasks.read_text(encoding="ascii").split():
            line = Path(f"/proc/{pid}/cmdline").read_bytes()
            if b"spawn_main" in line:
                found.append(int(pid))
        return found

    def ask_to_stop(self) -> None:
        """Send what a container sends."""
        self.process.send_signal(signal.SIGTERM)

    def stop(self) -> int:
        """Stop it and give its exit status."""
        if self.process.poll() is None:
            self.ask_to_stop()
        return self.process.wait(_SECONDS)

    def _start(
        self, options: tuple[str, ...], environment: dict[str, str], output: IO[bytes]
    ) -> subprocess.Popen[bytes]:
        clean = {name: v for name, v in os.environ.items() if not name.startswith("HEALTHSHEET_")}
        return subprocess.Popen(
            command("--port", "0", *options),
            cwd=ROOT,
            env=clean | environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )

    def _wait_for(self, pattern: str) -> str:
        end = time.monotonic() + _SECONDS
        while not (found := re.search(pattern, self.text)):
            assert self.process.poll() is None, self.text
            assert time.monotonic() < end, self.text
            time.sleep(0.02)
        return found[found.lastindex or 0]
