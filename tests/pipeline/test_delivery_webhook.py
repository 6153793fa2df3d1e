"""Messages posted to a real server: what arrives, what is tried again, and what is told."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from addin.hosts.officejs.tls import Certificate, local_certificate
from pipeline.cli import main
from pipeline.delivery.webhook import ATTEMPTS, Webhook, post, webhook
from scoring.errors import DeliveryError
from tests.pipeline.alert_tables import ARGS, write_history
from tests.pipeline.tables import write_csv

SECRET = "/services/T0/B0/sEcReT"
VARIABLE = "HEALTHSHEET_SLACK_WEBHOOK"


@dataclass
class Answer:
    """What the server answers next."""

    status: int = 200
    body: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut: bool = False


@dataclass
class Service:
    """A service on this machine that answers as it was told, then with 200."""

    url: str = ""
    answers: list[Answer] = field(default_factory=list)
    requests: list[tuple[str, str, dict[str, str], Any]] = field(default_factory=list)

    @property
    def to(self) -> Webhook:
        return Webhook("Slack", VARIABLE, self.url + SECRET)


def _handler(service: Service) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(size) or b"null")
            service.requests.append((self.command, self.path, dict(self.headers), body))
            answer = service.answers.pop(0) if service.answers else Answer()
            time.sleep(answer.delay)
            if answer.cut:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def do_POST(self) -> None:
            self._answer()

        def do_GET(self) -> None:
            self._answer()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def serving(certificate: Certificate | None = None) -> Iterator[Service]:
    """A running service, encrypted where it is given a certificate."""
    found = Service()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(found))
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    found.url = f"http://127.0.0.1:{server.server_port}"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.chain, certificate.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        found.url = f"https://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as found:
        yield found


def posted(service: Service, *answers: Answer, seconds: float = 10.0) -> tuple[list[float], str]:
    """How long was waited between attempts, and what was told at the end, if it failed."""
    service.answers = list(answers)
    waits: list[float] = []
    told = ""
    try:
        post(service.to, {"text": "71 → 58"}, seconds=seconds, wait=waits.append)
    except DeliveryError as error:
        told = str(error)
    assert SECRET not in told
    assert service.url not in told
    return waits, told


def test_what_arrives(service: Service) -> None:
    """One POST of JSON in UTF-8 arrives at the whole address."""
    assert posted(service) == ([], "")
    ((method, path, headers, body),) = service.requests
    assert (method, path, body) == ("POST", SECRET, {"text": "71 → 58"})
    assert headers["Content-Type"] == "application/json; charset=utf-8"


def test_teams_answers_accepted(service: Service) -> None:
    """Any answer of success is one: Workflows says 202 and nothing else."""
    assert posted(service, Answer(202, b"")) == ([], "")


def test_busy(service: Service) -> None:
    """A busy service is given the time it asks for."""
    assert posted(service, Answer(429, headers={"Retry-After": "7"})) == ([7.0], "")
    assert len(service.requests) == 2
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    waits, told = posted(service, Answer(429, headers={"Retry-After": later}), Answer(429))
    assert told == ""
    assert 20 < waits[0] <= 30
    assert waits[1] == 2.0


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"Retry-After": "3600"}, "Send again in 3,600 seconds."),
        ({"Retry-After": "soon"}, "Send again in some minutes."),
        ({}, "Send again in some minutes."),
    ],
)
def test_busy_for_long(service: Service, headers: dict[str, str], words: str) -> None:
    """Where the wait would be long, or never ends, it is told instead."""
    _, told = posted(service, *[Answer(429, headers=headers)] * ATTEMPTS)
    assert told == f"Slack takes no more messages for now (429). {words}"


def test_out_of_order(service: Service) -> None:
    """A broken service is tried again after longer and longer waits, and then told."""
    assert posted(service, Answer(500), Answer(503)) == ([1.0, 2.0], "")
    waits, told = posted(service, *[Answer(502)] * ATTEMPTS)
    assert waits == [1.0, 2.0, 4.0]
    assert told == "Slack is out of order (502). Send again later."


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(404, b"no_service"), "(404, no_service). The webhook is switched off"),
        (Answer(403, b"action_prohibited"), f"make a new one and set {VARIABLE}."),
        (Answer(400, b"invalid_payload"), "(400, invalid_payload). See it with --dry-run"),
        (Answer(401, b'{"error": {"code": "Expired", "message": "<x>"}}'), "(401, Expired)."),
        (Answer(410, b"<html>Gone for ever</html>"), "refused the message (410). The webhook"),
        (Answer(400, b'{"error": 3}'), "refused the message (400). See it"),
        (Answer(400, b"\xff" * 9000), "refused the message (400). See it"),
        (Answer(400, SECRET.encode()), "refused the message (400). See it"),
    ],
)
def test_refused(service: Service, answer: Answer, words: str) -> None:
    """A refusal is not tried again, and told with the service's own word where it has one."""
    waits, told = posted(service, answer)
    assert waits == []
    assert words in told
    assert len(service.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(service: Service, status: int) -> None:
    """A message stays where it was sent: no redirect takes it elsewhere."""
    elsewhere = {"Location": f"{service.url}/elsewhere"}
    waits, told = posted(service, Answer(status, headers=elsewhere))
    assert (waits, len(service.requests)) == ([], 1)
    assert told == (
        f"The webhook in {VARIABLE} has moved ({status}), and is not followed. Copy its new "
        "address from Slack."
    )


@pytest.mark.parametrize("answer", [Answer(delay=1.0), Answer(cut=True)], ids=["slow", "cut off"])
def test_no_answer(service: Service, answer: Answer) -> None:
    """Without an answer nothing is sent twice, as the message may have arrived."""
    waits, told = posted(service, answer, seconds=0.2)
    assert (waits, len(service.requests)) == ([], 1)
    assert told.startswith("Slack did not answer. The message may have arrived;")


def test_nobody_there() -> None:
    """Where nothing listens, it is tried again and then told, without the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    waits: list[float] = []
    with pytest.raises(DeliveryError, match="Slack cannot be reached") as caught:
        post(Webhook("Slack", VARIABLE, f"http://127.0.0.1:{port}{SECRET}"), {}, wait=waits.append)
    assert waits == [1.0, 2.0, 4.0]
    assert SECRET not in str(caught.value)


def test_encryption(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An encrypted service gets the message only where its certificate is trusted."""
    certificate = local_certificate(tmp_path)
    with serving(certificate) as service:
        waits, told = posted(service)
        assert (waits, service.requests) == ([], [])
        assert told.startswith("Slack cannot be trusted: its certificate does not hold.")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.authority))
        assert posted(service) == ([], "")
        assert len(service.requests) == 1


def test_a_proxy_is_not_asked_for_this_machine(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message to this machine goes there, whatever proxy the environment names."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert posted(service) == ([], "")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", f"{VARIABLE} is not set. Set it to the webhook's address in Slack."),
        ("  ", "is not set"),
        ("hooks.slack.com/services/x", "holds no address"),
        ("https://", "holds no address"),
        ("https://[half/x", "holds no address"),
        ("https://hooks.example:port/x", "holds no address"),
        ("https://hooks.example/a b", "holds no address"),
        ("https://hooks.example/a\nX-Evil: 1", "holds no address"),
        ("https://me:word@hooks.example/x", "holds no address"),
        ("http://hooks.example/x", "must begin with https://"),
        ("ftp://127.0.0.1/x", "must begin with https://"),
        ("file://localhost/etc/passwd", "must begin with https://"),
        ("http://127.0.0.1.example/x", "must begin with https://"),
    ],
)
def test_addresses_that_will_not_do(url: str, words: str) -> None:
    """An address that is none, or is not encrypted, is refused without printing it."""
    with pytest.raises(DeliveryError) as caught:
        webhook("Slack", VARIABLE, {VARIABLE: url})
    assert words in str(caught.value)
    assert not url.strip() or url.strip() not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["https://hooks.example/x?a=b", "http://localhost:1/x", "http://[::1]/x", " https://a/ "]
)
def test_addresses_that_will_do(url: str) -> None:
    """Encrypted addresses do, and plain ones of this machine; none of them is shown."""
    to = webhook("Slack", VARIABLE, {VARIABLE: url})
    assert to.url == url.strip()
    assert to.url not in repr(to)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_history(tmp_path / "accounts.xlsx")


def test_the_command_sends(
    source: Path,
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One message a service is sent, and the list is printed as without."""
    monkeypatch.setenv(VARIABLE, f"{service.url}/slack")
    monkeypatch.setenv("HEALTHSHEET_TEAMS_WEBHOOK", f"{service.url}/teams")
    assert main(["alerts", str(source), *ARGS, "--slack", "--teams", "--json"]) == 1
    told = capsys.readouterr()
    assert len(json.loads(told.out)["alerts"]) == 11
    assert told.err == "Sent to Slack.\nSent to Teams.\n"
    assert [path for _, path, _, _ in service.requests] == ["/slack", "/teams"]
    assert service.requests[0][3]["text"].startswith("11 alerts, $360K and €410K: 1 critical")
    assert service.requests[1][3]["type"] == "message"


def test_nothing_to_send(
    tmp_path: Path,
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Without alerts nothing is sent, and that is said."""
    monkeypatch.setenv(VARIABLE, service.to.url)
    path = write_csv(tmp_path / "a.csv", [["Account", "Date", "Score"], ["A", "2026-11-23", 90]])
    assert main(["alerts", str(path), "--as-of", "2026-11-23", "--slack"]) == 0
    assert capsys.readouterr().err == "No alerts: nothing sent to Slack.\n"
    assert service.requests == []


def test_one_failure_keeps_nobody(
    source: Path,
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A service that fails is told at the end; the list is printed and the other gets its own."""
    monkeypatch.setenv(VARIABLE, service.to.url)
    monkeypatch.delenv("HEALTHSHEET_TEAMS_WEBHOOK", raising=False)
    service.answers = [Answer(404, b"no_service")]
    assert main(["alerts", str(source), *ARGS, "--slack", "--teams"]) == 2
    told = capsys.readouterr()
    assert told.out.startswith("11 alerts since 17 Nov")
    assert "healthsheet: Slack refused the message (404, no_service)." in told.err
    assert "HEALTHSHEET_TEAMS_WEBHOOK is not set." in told.err


def test_dry_run(
    source: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dry run prints the message alone, and needs no address."""
    monkeypatch.delenv(VARIABLE, raising=False)
    assert main(["alerts", str(source), *ARGS, "--slack", "--dry-run"]) == 1
    assert json.loads(capsys.readouterr().out)["blocks"][0]["type"] == "header"
    assert main(["alerts", str(source), *ARGS, "--dry-run"]) == 2
    assert "add --slack or --teams" in capsys.readouterr().err
