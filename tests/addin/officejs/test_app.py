"""What the server serves."""

from __future__ import annotations

import asyncio
import json
import threading

import httpx
import pytest
from starlette.testclient import TestClient

from addin.function import Function
from addin.hosts.officejs.app import create_app
from addin.hosts.officejs.settings import Settings
from addin.registry import FUNCTIONS
from tests.addin.officejs.apart import run_apart
from tests.addin.officejs.wire_calls import client, encode

HTTPS = {"url": "https://scores.example.com", "sign_in": "token", "tokens": "t" * 20}


@pytest.fixture(scope="module")
def server() -> TestClient:
    """A server as a company runs it."""
    return client(**HTTPS)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/healthz", "text/plain"),
        ("/functions.json", "application/json"),
        ("/functions.js", "text/javascript"),
        ("/help", "text/html"),
        ("/manifest.xml", "application/xml"),
        ("/static/functions/main.js", "text/javascript"),
        ("/static/help/help.css", "text/css"),
        ("/assets/icon-32.png", "image/png"),
        ("/v1/settings", "application/json"),
    ],
)
def test_served(path: str, kind: str, server: TestClient) -> None:
    """What Excel loads is there without a sign-in, as what it is."""
    answer = server.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == kind


def test_settings_say_how_to_sign_in(server: TestClient) -> None:
    """The settings tell the kind of sign-in and the version, and nothing secret."""
    told = server.get("/v1/settings").json()
    assert told["signIn"] == "token"
    assert set(told) == {"signIn", "version"}


def test_functions_are_named(server: TestClient) -> None:
    """The script names every function of the registry."""
    script = server.get("/functions.js").text
    assert all(f'"{function.name}"' in script for function in FUNCTIONS)


def test_no_manifest_without_encryption() -> None:
    """Excel takes no address without https, so there is no manifest for one."""
    assert client().get("/manifest.xml").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/static/../app.py", 404),
        ("GET", "/static/%2e%2e/settings.py", 404),
        ("GET", "/static/functions/", 404),
        ("GET", "/pane.html/", 404),
        ("GET", "/v1/calls", 405),
        ("DELETE", "/functions.json", 405),
        ("PUT", "/v1/calls", 405),
    ],
)
def test_nothing_else_is(method: str, path: str, status: int) -> None:
    """Other paths and methods are refused in the same form as everything."""
    answer = client().request(method, path, json={})
    assert answer.status_code == status
    assert answer.json()["error"]["message"].endswith(".")


@pytest.mark.parametrize("host", ["evil.example", "scores.example.com.evil.example", ""])
def test_other_host_names_are_refused(host: str, server: TestClient) -> None:
    """A page that plays our host by its own name service gets nothing, but /healthz answers."""
    assert server.get("/functions.json", headers={"Host": host}).status_code == 400
    assert server.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["localhost:3000", "127.0.0.1:3000", "[::1]:3000"])
def test_loopback_has_several_names(host: str) -> None:
    """On this machine the server answers under each name of loopback."""
    assert client().get("/functions.json", headers={"Host": host}).status_code == 200


def test_large_answers_are_packed(server: TestClient) -> None:
    """A large answer is compressed for who can read that, a small one is not."""
    packed = server.get("/functions.json", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert json.loads(packed.text)["functions"]
    assert "content-encoding" not in server.get("/v1/settings").headers
    plain = server.get("/functions.json", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers


def test_files_are_asked_for_again(server: TestClient) -> None:
    """A module that has not changed is not sent again; one that has is never taken from a cache."""
    first = server.get("/static/functions/main.js")
    assert first.headers["cache-control"] == "no-cache"
    again = server.get(
        "/static/functions/main.js", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_answers_to_others_while_it_calculates(monkeypatch: pytest.MonkeyPatch) -> None:
    """While a call runs, the server says that it is healthy, and takes other calls."""
    begun, may_end = threading.Event(), threading.Event()

    def call(function: Function, *_: object) -> str:
        if function.name == "HEALTH_SCORE":
            begun.set()
            assert may_end.wait(20)
        return function.name

    monkeypatch.setattr(Function, "call", call)

    async def scenario() -> tuple[httpx.Response, ...]:
        app = create_app(Settings(url="http://localhost:3000"))
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://localhost:3000"
        ) as asking:
            long = asyncio.create_task(
                asking.post("/v1/calls", json=encode([("HEALTH_SCORE", ())]))
            )
            assert await asyncio.to_thread(begun.wait, 20)
            healthy = await asking.get("/healthz")
            short = await asking.post("/v1/calls", json=encode([("HEALTH_TIER", (80.0,))]))
            may_end.set()
            return healthy, short, await long

    healthy, short, long = run_apart(scenario())
    assert healthy.text == "ok\n"
    assert short.json() == {"results": ["HEALTH_TIER"]}
    assert long.json() == {"results": ["HEALTH_SCORE"]}
