"""`healthsheet addin serve`, run as people run it."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from addin.hosts.officejs.serve import check_open, listen
from addin.hosts.officejs.settings import Settings
from scoring.errors import HostError
from tests.addin.officejs.running import Running, command
from tests.addin.officejs.wire_calls import encode

TOKEN = "a-token-of-at-least-20-characters"
CALL = json.dumps(encode([("HEALTH_TIER", (80.0,))])).encode()


@pytest.fixture
def stopping() -> Iterator[list[Running]]:
    """Servers that must not outlive their test."""
    running: list[Running] = []
    yield running
    for server in running:
        server.process.kill()
        server.process.wait()


def asked(server: Running, path: str = "/v1/calls", **more: str) -> httpx.Response:
    verify: ssl.SSLContext | bool = True
    if server.url.startswith("https:"):
        verify = ssl.create_default_context(cafile=str(server.config / "authority.pem"))
    headers = {"Content-Type": "application/json"} | more
    return httpx.post(server.url + path, content=CALL, headers=headers, verify=verify)


def half_sent(port: int) -> socket.socket:
    """A connection on which half of a request was sent."""
    connected = socket.create_connection(("127.0.0.1", port), timeout=30)
    head = f"POST /v1/calls HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(CALL)}\r\n"
    connected.sendall(head.encode() + b"Content-Type: application/json\r\n\r\n" + CALL[:10])
    return connected


def received(connected: socket.socket) -> str:
    """All that comes until the server closes."""
    parts = []
    while part := connected.recv(65_536):
        parts.append(part)
    return b"".join(parts).decode()


def test_localhost_is_encrypted(tmp_path: Path, stopping: list[Running]) -> None:
    """Without options the server speaks TLS, and who trusts its authority is served."""
    server = Running(tmp_path)
    stopping.append(server)
    assert server.url.startswith("https://localhost:")
    assert asked(server).json() == {"results": ["Green"]}
    assert "update-ca-certificates" in server.text
    assert f"Next: healthsheet addin manifest --url {server.url}" in server.text
    assert server.stop() == 0
    again = Running(tmp_path)
    stopping.append(again)
    assert "update-ca-certificates" not in again.text
    assert f"Its certificate is kept in {again.config}.\n" in again.text


def test_requests_under_way_are_answered(tmp_path: Path, stopping: list[Running]) -> None:
    """A server that is told to stop takes nobody new, and finishes what it has begun."""
    server = Running(tmp_path, "--no-tls")
    stopping.append(server)
    with half_sent(server.port) as connected:
        asked(server)  # the half of the other has arrived before this
        server.ask_to_stop()
        deadline = time.monotonic() + 20
        while takes_connections(server.port):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert server.process.poll() is None
        connected.sendall(CALL[10:])
        answer = received(connected)
    assert answer.startswith("HTTP/1.1 200")
    assert answer.endswith('{"results":["Green"]}')
    assert server.process.wait(30) == 0
    assert server.text.endswith("Stopped; requests under way were answered.\n")


def takes_connections(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def test_ctrl_c_ends_well(tmp_path: Path, stopping: list[Running]) -> None:
    """Ctrl+C is how a person stops it, so it is no error."""
    server = Running(tmp_path, "--no-tls")
    stopping.append(server)
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(30) == 0
    assert "Traceback" not in server.text


@pytest.mark.slow
def test_several_workers(tmp_path: Path, stopping: list[Running]) -> None:
    """Workers have the settings of their parent, are replaced when they die, and stop with it."""
    options = ("--no-tls", "--workers", "2", "--sign-in", "token")
    server = Running(tmp_path, *options, HEALTHSHEET_TOKENS=TOKEN, HEALTHSHEET_MAX_CALLS="7")
    stopping.append(server)
    first = two_workers(server)
    signed_in = {"Authorization": f"Bearer {TOKEN}"}
    assert [asked(server, **signed_in).status_code for _ in range(6)] == [200] * 6
    assert asked(server).status_code == 401
    os.kill(first[0], signal.SIGKILL)
    last = two_workers(server, but=first[0])
    assert [asked(server, **signed_in).status_code for _ in range(6)] == [200] * 6
    assert server.stop() == 0
    assert [Path(f"/proc/{pid}").exists() for pid in last] == [False, False]


def two_workers(server: Running, but: int = 0) -> list[int]:
    deadline = time.monotonic() + 30
    while len(found := [pid for pid in server.workers if pid != but]) < 2:
        assert time.monotonic() < deadline, server.text
        time.sleep(0.05)
    return found


def test_nothing_of_a_person_is_logged(tmp_path: Path, stopping: list[Running]) -> None:
    """Whatever is sent, where it stands and whether it works, the log tells none of it."""
    planted = "Sample Account 12"
    secrets = tmp_path / "tokens"
    secrets.write_text(f"{TOKEN}\n", encoding="ascii")
    options = ("--no-tls", "--sign-in", "token")
    server = Running(tmp_path, *options, HEALTHSHEET_TOKENS_FILE=str(secrets))
    stopping.append(server)
    texts = ((planted, 4.0, 5.0),)
    bodies = [
        json.dumps(encode([("HEALTH_SCORE", (texts,)), ("HEALTH_TIER", (planted,))])),
        json.dumps({"ranges": [[[planted], [1, 2]]]}),
        json.dumps({"calls": [[planted, [planted]]], "today": planted}),
        f"{{{planted}",
    ]
    with httpx.Client(base_url=server.url) as client:
        for bearer in (TOKEN, f"{planted}"):
            headers = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"}
            for body in bodies:
                client.post("/v1/calls", content=body, headers=headers)
            client.post(f"/v1/calls?{planted}", content=bodies[0], headers=headers)
            client.post(f"/v1/{planted}", content=bodies[0], headers=headers)
            client.request("SAMPLE12", f"/{planted}/x", headers=headers | {"X-Sample": planted})
        client.get(f"/static/{planted}", headers={"Host": "sample-account-12.example"})
    assert server.stop() == 0
    lines = [line for line in server.text.splitlines() if " INFO " in line]
    assert len(lines) == 15
    assert "POST /v1/calls 200" in lines[0]
    assert lines[0].endswith("2calls")
    logged = server.text.lower()
    for part in ("sample", "account", TOKEN, "traceback", "error"):
        assert part not in logged, part


@pytest.mark.parametrize(
    ("options", "status", "text"),
    [
        (["--host", "0.0.0.0"], 2, "--url is missing: say where Excel reaches the server,"),
        (
            ["--host", "0.0.0.0", "--url", "https://localhost:3000", "--no-tls"],
            2,
            "--host 0.0.0.0 is open to others, so people must sign in.",
        ),
        (
            ["--url", "https://scores.example.com"],
            2,
            "https://scores.example.com is open to others",
        ),
        (["--sign-in", "token"], 2, "Token sign-in needs a token in HEALTHSHEET_TOKENS or"),
        (["--sign-in", "entra"], 2, "Entra sign-in needs two ids. Add --tenant and --client-id."),
        (["--url", "http://scores.example.com"], 2, "is not encrypted, and Excel refuses it."),
        (["--url", "https://example.com/scores"], 2, "Give HealthSheet a host name or port of"),
        (["--tenant", "contoso"], 2, "Copy it from the app registration's overview."),
        (["--cert", "c.pem"], 2, "--cert and --key belong together. Give both."),
        (["--cert", "no.pem", "--key", "no.key"], 2, "no.pem is not there."),
        (["--workers", "0"], 2, "--workers 0: give 1 or more."),
        (["--port", "70000"], 2, "--port 70000 is no port."),
        (["--host", "192.0.2.1"], 2, "--host 192.0.2.1 is no address of this machine."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_served(options: list[str], status: int, text: str) -> None:
    """A setting that would be unsafe or cannot work ends at once, with the reason."""
    given = command(*(() if "--port" in options else ("--port", "0")), *options)
    done = subprocess.run(given, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == status
    assert text in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken() -> None:
    """A taken port is named, with what to do."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(HostError, match=rf"^Port {port} is taken\. Stop .* with --port\.$"):
            listen("localhost", port)


def test_both_addresses_of_loopback() -> None:
    """Under localhost both addresses answer, as browsers try the newer one first."""
    sockets = listen("localhost", 0)
    try:
        names = [listening.getsockname()[:2] for listening in sockets]
        port = names[0][1]
        assert names == [("127.0.0.1", port), ("::1", port)][: len(sockets)]
        # Else asyncio leaves Nagle's algorithm on, and each answer is 40 ms late.
        assert {listening.proto for listening in sockets} == {socket.IPPROTO_TCP}
    finally:
        for listening in sockets:
            listening.close()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "scores.example.com"])
def test_others_must_sign_in(host: str) -> None:
    """What others can reach is never open, even where its URL is of this machine."""
    open_to_all = Settings(url="https://localhost:3000")
    with pytest.raises(HostError, match=r"open to others, so people must sign in\."):
        check_open(open_to_all, host)
    check_open(open_to_all, "127.0.0.1")
    with_token = Settings.model_validate({"sign_in": "token", "tokens": TOKEN})
    check_open(with_token, host)


@pytest.mark.parametrize("package", ["uvicorn", "starlette", "cryptography", "limits", "jwt"])
def test_packages_that_are_missing(package: str) -> None:
    """Without the packages of the server the person learns what to install."""
    given = command("--port", "0")
    given[2] = f"import sys; sys.modules[{package!r}] = None; {given[2]}"
    done = subprocess.run(given, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr == (
        f"healthsheet: The server needs {package}. "
        'In HealthSheet\'s folder run: pip install -c requirements.lock ".[server]"\n'
    )
