"""Sign-in with Entra ID: which tokens open the door, and which do not."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from starlette.testclient import TestClient

from tests.addin.officejs.directory import CLIENT, TENANT, URL, Directory, new_key
from tests.addin.officejs.wire_calls import client


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    """One directory for all; its keys and its state are set back after each test."""
    running = Directory(tmp_path_factory.mktemp("directory"))
    yield running
    running.close()


@pytest.fixture(autouse=True)
def trusted(directory: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server trusts the directory's certificate, and no key was fetched yet."""
    monkeypatch.setenv("SSL_CERT_FILE", str(directory.authority))
    directory.asked, directory.is_up = 0, True
    directory.keys = {"first": directory.keys["first"]}


@pytest.fixture
def server(directory: Directory) -> TestClient:
    """A server that accepts the directory's tokens."""
    return entra_client(directory)


def entra_client(directory: Directory, **more: object) -> TestClient:
    given = {"sign_in": "entra", "tenant": TENANT, "client_id": CLIENT, "authority": directory.url}
    return client(url=URL, **given, **more)


def status(server: TestClient, token: str) -> int:
    return call(server, token)[0]


def call(server: TestClient, token: str) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token}"}
    answer = server.post("/v1/calls", json={"ranges": [], "calls": []}, headers=headers)
    return answer.status_code, answer.json().get("error", {}).get("message", "")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"aud": f"api://{CLIENT}"},
        {"aud": f"api://scores.example.com/{CLIENT}"},
        {"aud": ["https://other.example", CLIENT]},
        {"iss": f"https://sts.windows.net/{TENANT}/", "ver": "1.0"},
        {"tid": TENANT.upper()},
        {"scp": "openid access_as_user profile"},
        {"scp": None, "roles": ["access_as_user"]},
        {"oid": None, "sub": "person-2"},
    ],
    ids=str,
)
def test_good_tokens(changes: dict[str, Any], server: TestClient, directory: Directory) -> None:
    """Tokens of both versions for this server, by this tenant, with the right, are accepted."""
    assert call(server, directory.token(**changes)) == (200, "")


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": f"https://login.microsoftonline.com/{TENANT}/v2.0"},
        {"iss": f"https://sts.windows.net/{TENANT[:-1]}6/"},
        {"iss": None},
        {"tid": CLIENT},
        {"tid": None},
        {"aud": TENANT},
        {"aud": f"api://other.example/{CLIENT}"},
        {"aud": "00000003-0000-0000-c000-000000000000"},
        {"aud": None},
        {"exp": None},
        {"nbf": None},
        {"exp": "tomorrow"},
    ],
    ids=str,
)
def test_tokens_for_others(
    changes: dict[str, Any], server: TestClient, directory: Directory
) -> None:
    """Another issuer, tenant or audience, or no end: the person is asked to sign in."""
    said = call(server, directory.token(**changes))
    assert said == (401, "No valid sign-in. Sign in in the task pane.")


@pytest.mark.parametrize("changes", [{"scp": "openid"}, {"scp": None}, {"roles": "access_as_user"}])
def test_right_is_missing(
    changes: dict[str, Any], server: TestClient, directory: Directory
) -> None:
    """A person of the company without the right is told whom to ask."""
    refused, text = call(server, directory.token(**({"scp": None} | changes)))
    assert refused == 403
    assert text.endswith("Ask your administrator for it.")


def test_time_counts_with_some_skew(server: TestClient, directory: Directory) -> None:
    """Clocks may differ by a minute, not by more."""
    now = int(time.time())
    assert status(server, directory.token(exp=now - 30)) == 200
    assert status(server, directory.token(nbf=now + 30)) == 200
    assert status(server, directory.token(nbf=now + 120)) == 401
    expired = call(server, directory.token(exp=now - 120))
    assert expired == (401, "The sign-in has expired. Sign in again.")


def test_forged_signatures(server: TestClient, directory: Directory) -> None:
    """No signature, another key under a known name, a shared secret and a changed text all fail."""
    claims = directory.claims()
    headers = {"kid": "first"}
    public = directory.keys["first"].public_key()
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    header, payload, signature = directory.token().split(".")
    unsigned = encoded({"alg": "none", "kid": "first"})
    shared = encoded({"alg": "HS256", "kid": "first"})
    secret = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    mixed_up = base64.urlsafe_b64encode(secret.sign(f"{shared}.{payload}".encode(), pem))
    forged = [
        "",
        "a.b.c",
        f"{unsigned}.{payload}.",
        f"{unsigned}.{payload}.{signature}",
        jwt.encode(claims, new_key(), algorithm="RS256", headers=headers),
        f"{shared}.{payload}.{mixed_up.decode().rstrip('=')}",
        jwt.encode(claims, directory.keys["first"], algorithm="RS512", headers=headers),
        jwt.encode(claims, directory.keys["first"], algorithm="RS256"),
        f"{header}.{encoded(claims | {'oid': 'person-2'})}.{signature}",
    ]
    assert [status(server, token) for token in forged] == [401] * len(forged)


def encoded(part: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def test_keys_are_fetched_once(server: TestClient, directory: Directory) -> None:
    """Keys are kept; unknown ones do not make the server ask again and again."""
    assert status(server, directory.token()) == 200
    unknown = jwt.encode(
        directory.claims(), new_key(), algorithm="RS256", headers={"kid": "unknown"}
    )
    assert [status(server, unknown) for _ in range(3)] == [401] * 3
    assert status(server, directory.token()) == 200
    assert directory.asked == 1


def test_changed_keys_are_found(
    server: TestClient, directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the directory changes its keys, tokens with the new one are accepted soon after."""
    assert status(server, directory.token()) == 200
    directory.keys["second"] = new_key()
    clock = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: clock() + 60)
    assert status(server, directory.token(key="second")) == 200
    assert directory.asked == 2


def test_directory_out_of_reach(server: TestClient, directory: Directory) -> None:
    """Without the directory nobody new gets in, and the answer says when to try again."""
    directory.is_up = False
    refused, text = call(server, directory.token())
    assert refused == 503
    assert text == "Entra ID cannot be reached to check the sign-in. Try again in a minute."
    directory.is_up = True
    assert status(server, directory.token()) == 200
    directory.is_up = False
    assert status(server, directory.token()) == 200


def test_directory_must_be_real(
    directory: Directory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Keys from a server with a certificate that is not trusted are not taken."""
    (tmp_path / "none.pem").write_text("", encoding="ascii")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    assert status(entra_client(directory), directory.token()) == 503


def test_each_person_is_counted(directory: Directory) -> None:
    """The rate is a person's own, wherever they sit."""
    server = entra_client(directory, rate="2/minute")
    first, second = directory.token(), directory.token(oid="person-2")
    assert [status(server, first) for _ in range(3)] == [200, 200, 429]
    assert status(server, second) == 200
