"""The pipe to `driver.py`, which runs under the system's Python."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

SYSTEM_PYTHON = os.environ.get("HEALTHSHEET_UNO_PYTHON", "/usr/bin/python3")
_PATIENCE = 180.0  # seconds for one operation
_DRIVER = Path(__file__).with_name("driver.py")


class OfficeMissing(RuntimeError):
    """LibreOffice or its Python bridge is not installed: run ./check, which installs both."""


class OfficeError(RuntimeError):
    """LibreOffice refused a request; the message is its own."""


class OfficeLost(OfficeError):
    """LibreOffice ended in the middle of a request: start it again."""


class Bridge:
    """One driver process, connected to the LibreOffice that listens on *port*."""

    def __init__(self, port: int, *, timeout: float = 60, quiet: bool = False) -> None:
        self.port = port
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        self._process = subprocess.Popen(
            [SYSTEM_PYTHON, str(_DRIVER), str(port), str(timeout)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if quiet else None,
            text=True,
            env=environment,
        )
        try:
            self.call("ping")
        except OfficeLost as error:
            self.close()
            raise OfficeMissing(
                f"{SYSTEM_PYTHON} cannot reach LibreOffice on port {port}; is Debian's"
                " python3-uno installed? Run ./check, which installs it."
            ) from error

    def call(self, op: str, **arguments: object) -> Any:
        """Run one operation of the driver.

        Raises:
            OfficeLost: The driver or LibreOffice ended.
            OfficeError: LibreOffice refused; its message.
        """
        pipe, answers = self._process.stdin, self._process.stdout
        assert pipe is not None
        assert answers is not None
        try:
            pipe.write(json.dumps({"op": op, "arguments": arguments}) + "\n")
            pipe.flush()
        except BrokenPipeError as error:
            raise OfficeLost("the driver ended") from error
        # A hung LibreOffice must not hang the tests: ending the driver ends the wait.
        watch = threading.Timer(_PATIENCE, self._process.kill)
        watch.start()
        line = answers.readline()
        watch.cancel()
        if not line:
            raise OfficeLost(f"the driver ended, or {op} took more than {_PATIENCE} s")
        answer = json.loads(line)
        if "error" in answer:
            raise (OfficeLost if answer["lost"] else OfficeError)(answer["error"])
        return answer["value"]

    def close(self) -> None:
        """End the driver; LibreOffice runs on."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue
        try:
            self._process.wait(1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
