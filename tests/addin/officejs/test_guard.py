"""Who may call, how often, and how much at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from addin.hosts.officejs import guard
from addin.registry import FUNCTIONS
from tests.addin.officejs.wire_calls import client

URL = "https://scores.example.com"
ONE, OTHER = "first-token-of-20-characters", "another-token-of-20-characters"
EMPTY: dict[str, list[object]] = {"ranges": [], "calls": []}


def with_tokens(**settings: object) -> TestClient:
    return client(url=URL, sign_in="token", tokens=f"{ONE},{OTHER}", **settings)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("token", [ONE, OTHER])
def test_token_is_accepted(token: str) -> None:
    """Each of the tokens signs in."""
    assert with_tokens().post("/v1/calls", json=EMPTY, headers=bearer(token)).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        bearer(""),
        bearer("wrong"),
        bearer(ONE[:-1]),
        bearer(ONE + "x"),
        bearer(f"{ONE},{OTHER}"),
        {"Authorization": ONE},
        {"Authorization": f"Basic {ONE}"},
        {"Authorization": b"Bearer \xff\xfe"},
    ],
    ids=str,
)
def test_anything_else_is_not(headers: dict[str, str]) -> None:
    """Without one of the tokens nothing is computed, and the answer says what to do."""
    refused = with_tokens().post("/v1/calls", json=EMPTY, headers=headers)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"
    assert refused.json()["error"] == {
        "code": "sign-in",
        "message": "No valid token. Type the token that your administrator gave you.",
    }


def test_every_path_under_v1_is_guarded() -> None:
    """No path under /v1/ but the settings answers without a sign-in, not even unknown ones."""
    server = with_tokens()
    routes = ["/v1/calls", "/v1/nowhere", "/v1/", "/v1/settings/", "/v1/explain", "/v1//calls"]
    for path in routes:
        assert server.post(path, json=EMPTY).status_code == 401, path
    assert server.get("/v1/settings").status_code == 200


@pytest.mark.parametrize("origin", [URL, "https://SCORES.example.com"])
def test_own_pages_may_call(origin: str) -> None:
    """Our own page may call."""
    headers = bearer(ONE) | {"Origin": origin}
    assert with_tokens().post("/v1/calls", json=EMPTY, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://scores.example.com",
        f"{URL}:8443",
        "null",
        "https://localhost",
    ],
)
def test_other_pages_may_not(origin: str) -> None:
    """A page of another site is refused even with a token."""
    headers = bearer(ONE) | {"Origin": origin}
    refused = with_tokens().post("/v1/calls", json=EMPTY, headers=headers)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "origin")
    assert "access-control-allow-origin" not in refused.headers


def test_other_pages_may_not_on_loopback() -> None:
    """Without a sign-in a page of another site is refused as well; names of loopback are ours."""
    server = client()
    for origin, status in (
        ("http://localhost:3000", 200),
        ("http://127.0.0.1:3000", 200),
        ("http://localhost:3001", 403),
        ("https://localhost:3000", 403),
        ("http://localhost.evil.example:3000", 403),
        ("null", 403),
        ("http://[", 403),
        ("http://localhost:abc", 403),
        ("http://localhost:99999", 403),
    ):
        answer = server.post("/v1/calls", json=EMPTY, headers={"Origin": origin})
        assert answer.status_code == status, origin


@pytest.mark.parametrize(
    ("address", "status"),
    [("127.0.0.1", 200), ("::1", 200), ("198.51.100.7", 403), ("", 403)],
)
def test_nobody_comes_through_a_tunnel(address: str, status: int) -> None:
    """Without a sign-in only this computer may call, also where something here passes on calls."""
    refused = client(address).post("/v1/calls", json=EMPTY)
    assert refused.status_code == status
    signed_in = client(address, sign_in="token", tokens=ONE)
    assert signed_in.post("/v1/calls", json=EMPTY, headers=bearer(ONE)).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json(kind: str) -> None:
    """What a page of another site can send without being asked is refused."""
    answer = client().post("/v1/calls", content=b"{}", headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "not-json")


def test_packed_bodies_are_refused() -> None:
    """A small packed body cannot become a large one."""
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert client().post("/v1/calls", content=b"x", headers=headers).status_code == 415


def test_large_bodies_are_refused() -> None:
    """A body over the limit is refused, whether its length is announced or not."""
    server = client(max_body=100)
    read: list[int] = []

    def chunks() -> Iterator[bytes]:
        for number in range(1_000):
            read.append(number)
            yield b" " * 50

    headers = {"Content-Type": "application/json"}
    for content in (b" " * 101, chunks()):
        answer = server.post("/v1/calls", content=content, headers=headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too-large")
    within = server.post("/v1/calls", json=EMPTY)
    assert within.status_code == 200


def test_requests_are_counted() -> None:
    """Who asks too often is told when to ask again; another person is not held up."""
    server = with_tokens(rate="3/minute")
    asked = [server.post("/v1/calls", json=EMPTY, headers=bearer(ONE)) for _ in range(4)]
    assert [answer.status_code for answer in asked] == [200, 200, 200, 429]
    assert 1 <= int(asked[-1].headers["retry-after"]) <= 60
    assert asked[-1].json()["error"]["message"].startswith("More than 3 requests a minute.")
    assert server.post("/v1/calls", json=EMPTY, headers=bearer(OTHER)).status_code == 200


def test_failed_sign_ins_are_counted() -> None:
    """Tokens cannot be tried without end."""
    server = with_tokens(rate="3/minute")
    tried = [server.post("/v1/calls", json=EMPTY, headers=bearer("x" * n)) for n in range(5)]
    assert [answer.status_code for answer in tried] == [401, 401, 401, 429, 429]


def test_a_full_server_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that has enough to do asks to be asked later, and lets no request wait."""
    server = client(max_active=1)

    async def read_body(*_: object, **__: object) -> bytes:
        inner = server.post("/v1/calls", json=EMPTY)
        statuses.append((inner.status_code, inner.headers.get("retry-after")))
        return b"{}"

    statuses: list[tuple[int, str | None]] = []
    monkeypatch.setattr(guard, "read_body", read_body)
    assert server.post("/v1/calls", json=EMPTY).status_code == 200
    assert statuses == [(429, "1")]
    assert server.post("/v1/calls", json=EMPTY).status_code == 200


def test_calls_and_cells_are_limited() -> None:
    """The limits of calls and cells hold on the wire."""
    server = client(max_calls=2, max_cells=3)
    name = FUNCTIONS[0].name
    for body, code in (
        ({"calls": [[name, []]] * 3}, "too-many-calls"),
        ({"ranges": [[[1, 2], [3, 4]]], "calls": []}, "too-many-cells"),
    ):
        answer = server.post("/v1/calls", json=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, code)
