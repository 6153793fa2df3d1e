"""The log of requests."""

from __future__ import annotations

import dataclasses
import logging
import re
from collections.abc import Iterator

import pytest
from starlette.types import Message

from addin.cells import Results
from addin.hosts.officejs import app, wire
from addin.hosts.officejs.app import create_app
from addin.hosts.officejs.settings import Settings
from tests.addin.officejs.apart import run_apart
from tests.addin.officejs.wire_calls import client, encode

PLANTED = "Sample Account 12"


@pytest.fixture
def log() -> Iterator[list[str]]:
    """Lines of the log, as they are written."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            """Format as the server does."""
            lines.append(logging.Formatter("%(levelname)s %(message)s").format(record))

    ours, handler = logging.getLogger("healthsheet"), Keep()
    ours.addHandler(handler)
    before = ours.level
    ours.setLevel(logging.INFO)
    yield lines
    ours.setLevel(before)
    ours.removeHandler(handler)


def test_a_line_a_request(log: list[str]) -> None:
    """Method, path, status, duration, size and number of calls, and nothing else."""
    client().post("/v1/calls", json=encode([("HEALTH_TIER", (80.0,)), ("HEALTH_TIER", (1.0,))]))
    (line,) = log
    assert re.fullmatch(r"INFO POST /v1/calls 200 \d+\.\dms 27B 2calls", line)


@pytest.mark.parametrize(
    ("method", "path", "named"),
    [
        ("GET", "/functions.json", "GET /functions.json 200"),
        ("GET", "/assets/icon-32.png", "GET /assets/… 200"),
        ("GET", f"/static/{PLANTED}", "GET /static/… 404"),
        ("GET", f"/{PLANTED}", "GET (other) 404"),
        ("GET", f"/help?{PLANTED}", "GET /help 200"),
        ("GET", f"/help/{PLANTED}", "GET (other) 404"),
        ("SAMPLE", "/help", "(other) /help 405"),
    ],
)
def test_paths_tell_nothing(method: str, path: str, named: str, log: list[str]) -> None:
    """Only our own paths are named; any other might be anything."""
    client().request(method, path)
    assert [named in line for line in log] == [True]
    assert "Sample" not in "".join(log)


def test_health_is_not_noted(log: list[str]) -> None:
    """That all is well is asked every few seconds and not worth a line."""
    client().get("/healthz")
    assert log == []


def test_failures_are_named_not_told(log: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure of ours is logged with its kind and place; its text may hold a cell."""

    def fail(*_: object, **__: object) -> None:
        raise ValueError(PLANTED)

    monkeypatch.setattr(app, "read_batch", fail)
    answer = client().post("/v1/calls", json=encode([]))
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "failed"
    assert PLANTED not in answer.text + "".join(log)
    assert re.fullmatch(r"ERROR ValueError in test_access_log\.py:\d+", log[0])
    assert log[1].startswith("INFO POST /v1/calls 500 ")


def test_a_function_that_fails_is_an_error_of_its_cell(
    log: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug in one function leaves the other cells alone, and no cell in the log."""

    def fail(*_: object) -> Results:
        raise KeyError(PLANTED)

    functions = dict(wire._BY_NAME)
    functions["HEALTH_TIER"] = dataclasses.replace(functions["HEALTH_TIER"], run=fail)
    monkeypatch.setattr(wire, "_BY_NAME", functions)
    asked = encode([("HEALTH_TIER", (80.0,)), ("NPS_POINTS", (50.0,))])
    first, second = client().post("/v1/calls", json=asked).json()["results"]
    assert first["message"] == "HEALTH_TIER failed (KeyError). Please report this as a bug."
    assert second == 75.0
    assert PLANTED not in "".join(log)


def test_the_client_that_left(log: list[str]) -> None:
    """A client that goes away in the middle is noted as such, and is no error."""
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/calls",
        "headers": [(b"host", b"localhost"), (b"content-type", b"application/json")],
    }

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        raise AssertionError(message)

    run_apart(create_app(Settings(url="http://localhost:3000"))(scope, receive, send))
    assert [line.split()[:4] for line in log] == [["INFO", "POST", "/v1/calls", "499"]]
