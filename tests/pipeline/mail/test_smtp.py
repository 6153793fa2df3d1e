"""Mail over a real server: encrypted and logged in, refused, put off, too large, cut off."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing
from email import message_from_bytes
from pathlib import Path

import pytest

from pipeline.mail.ledger import Ledger
from pipeline.mail.outbox import PAUSES, deliver
from tests.pipeline.mail.mail_server import TOKEN, USER, MailServer, mail_server
from tests.pipeline.mail.samples import leaders, ledger_in, outgoing, way_to

_FIRST, _SECOND = "leader1@example.com", "leader2@example.com"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once: a certificate for localhost and the authority behind it."""
    return tmp_path_factory.mktemp("tls")


@pytest.fixture
def server(certificates: Path) -> Iterator[MailServer]:
    with mail_server(certificates) as running:
        yield running


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return ledger_in(tmp_path)


def states(ledger: Ledger) -> list[tuple[str, str]]:
    """Recipient and state of every mail in the outbox."""
    return [(e.to, e.state) for e in ledger.entries()]


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_a_message_arrives_byte_for_byte(tls: str, certificates: Path, ledger: Ledger) -> None:
    """Lines that are or begin with a dot survive; the way was encrypted and logged in."""
    message = outgoing(_FIRST, attached=20_000)
    told: list[tuple[int, int]] = []
    with mail_server(certificates, tls=tls) as server:
        (result,) = deliver(
            [message], way_to(server, tls=tls), ledger, progress=lambda *n: told.append(n)
        )
    assert (result.state, result.before) == ("sent", False)
    assert "Taken" in result.detail
    assert [to for to, _ in server.got] == [_FIRST]
    assert server.got[0][1] == message.data
    assert server.logins == [USER]
    assert told == [(1, 1)]


def test_the_server_is_told_what_comes(server: MailServer, ledger: Ledger) -> None:
    """The size always; and where a message has more than ASCII, that it has."""
    plain, more = outgoing(_FIRST), outgoing(_SECOND, text="Ärger")
    for message, body in ((plain, []), (more, ["BODY=8BITMIME"])):
        deliver([message], way_to(server), ledger)
        (size, *rest) = server.options
        assert int(size.removeprefix("SIZE=")) >= len(message.data)
        assert rest == body
        assert server.got[-1][1] == message.data


def test_a_second_run_sends_nothing(server: MailServer, ledger: Ledger) -> None:
    """The key decides, also when the figures changed meanwhile; another day is another mail."""
    deliver(leaders(2), way_to(server), ledger)
    changed = [outgoing(_FIRST, text="4 newly Red"), outgoing(_FIRST, day="2026-11-30")]
    results = deliver(changed, way_to(server), ledger)
    assert [(r.state, r.before) for r in results] == [("sent", True), ("sent", False)]
    assert server.count == {_FIRST: 2, _SECOND: 1}
    ids = {message_from_bytes(data)["Message-ID"] for _, data in server.got}
    assert len(ids) == 3


def test_the_content_of_sent_mail_is_not_kept(server: MailServer, ledger: Ledger) -> None:
    """What left needs no room in the history; what was refused neither."""
    server.answers[f"RCPT {_SECOND}"] = ["550 5.1.1 Unknown"]
    deliver(leaders(3), way_to(server), ledger)
    assert ledger.waiting() == []


def test_a_refused_recipient_is_final_and_the_others_get_theirs(
    server: MailServer, ledger: Ledger
) -> None:
    """A 5xx is told with the server's words, and not tried again until somebody says so."""
    server.answers[f"RCPT {_SECOND}"] = ["550 5.1.1 No such user\x07 here"]
    results = deliver(leaders(3), way_to(server), ledger)
    assert [r.state for r in results] == ["sent", "failed", "sent"]
    assert "550 5.1.1 No such user here" in results[1].detail
    assert _SECOND in results[1].detail
    again = deliver(leaders(3), way_to(server), ledger)
    assert [(r.state, r.before) for r in again][1] == ("failed", True)
    assert server.count == {_FIRST: 1, "leader3@example.com": 1}
    deliver(leaders(3), way_to(server), ledger, again=True)
    assert set(server.count.values()) == {1}


def test_greylisting_is_waited_for(server: MailServer, ledger: Ledger) -> None:
    """A 4xx is tried again after growing pauses; the others do not wait for it."""
    server.answers[f"RCPT {_FIRST}"] = ["451 4.7.1 Greylisted"] * 2
    waited: list[float] = []
    results = deliver(leaders(2), way_to(server), ledger, wait=waited.append)
    assert [r.state for r in results] == ["sent", "sent"]
    assert waited == list(PAUSES[:2])
    assert [to for to, _ in server.got] == [_SECOND, _FIRST]


def test_a_server_that_never_takes_it_is_not_asked_for_ever(
    server: MailServer, ledger: Ledger
) -> None:
    """After the last attempt the mail waits in the outbox, and the next run sends it first."""
    server.answers[f"BODY {_FIRST}"] = ["452 4.3.1 Disk full"] * (len(PAUSES) + 1)
    waited: list[float] = []
    (result,) = deliver(leaders(1), way_to(server), ledger, wait=waited.append)
    assert result.state == "queued"
    assert "452 4.3.1 Disk full" in result.detail
    assert waited == list(PAUSES)
    assert "Disk full" in ledger.entries()[0].detail
    later = deliver([outgoing(_SECOND)], way_to(server), ledger)
    assert [(r.to, r.state) for r in later] == [(_FIRST, "sent"), (_SECOND, "sent")]


def test_a_server_that_closes_after_each_message(server: MailServer, ledger: Ledger) -> None:
    """A 421 between messages means a new connection, at once, and no message twice."""
    for n in (2, 3):
        server.answers[f"RCPT leader{n}@example.com"] = ["421 4.7.0 One a connection"]
    told: list[tuple[int, int]] = []
    results = deliver(
        leaders(3), way_to(server), ledger,
        wait=lambda s: pytest.fail(f"{s} s"), progress=lambda *n: told.append(n),
    )  # fmt: skip
    assert [r.state for r in results] == ["sent"] * 3
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert set(server.count.values()) == {1}


def test_a_connection_cut_after_the_message_is_uncertain(
    server: MailServer, ledger: Ledger
) -> None:
    """The server has it and never said so: told as uncertain, and not sent once more."""
    server.answers[f"TAKEN {_FIRST}"] = ["hang up"]
    results = deliver(leaders(2), way_to(server), ledger)
    assert [r.state for r in results] == ["uncertain", "sent"]
    assert f"Ask {_FIRST}" in results[0].detail
    deliver(leaders(2), way_to(server), ledger)
    assert set(server.count.values()) == {1}
    assert states(ledger) == [(_FIRST, "uncertain"), (_SECOND, "sent")]


def test_no_answer_to_the_message_is_uncertain(certificates: Path, ledger: Ledger) -> None:
    """A server that takes the message and falls silent has it, perhaps."""
    release = threading.Event()
    with mail_server(certificates) as server:
        server.at = lambda step: release.wait(5) if step == f"TAKEN {_FIRST}" else None
        (result,) = deliver(leaders(1), way_to(server, long=0.3), ledger)
        release.set()
    assert result.state == "uncertain"


def test_too_large_is_known_before_it_is_sent(certificates: Path, ledger: Ledger) -> None:
    """The server's SIZE is respected: one mail is refused with both sizes, the other leaves."""
    messages = [outgoing(_FIRST, attached=80_000), outgoing(_SECOND)]
    with mail_server(certificates, limit=50_000) as server:
        results = deliver(messages, way_to(server), ledger)
    assert [r.state for r in results] == ["failed", "sent"]
    assert "Too large" in results[0].detail
    assert "0.1 MB" in results[0].detail
    assert server.asked.count("MAIL") == 1


def test_a_server_that_finds_it_too_large_later(server: MailServer, ledger: Ledger) -> None:
    """A 552 after the message tells the way out as well."""
    server.answers[f"BODY {_FIRST}"] = ["552 5.3.4 Too big"]
    (result,) = deliver(leaders(1), way_to(server), ledger)
    assert result.state == "failed"
    assert "Lower mail.max_mb" in result.detail


def _nothing_left(server: MailServer, ledger: Ledger) -> bool:
    return not server.got and {e.state for e in ledger.entries()} == {"queued"}


def test_a_server_without_encryption_is_refused(certificates: Path, ledger: Ledger) -> None:
    """Never in clear: nothing but a greeting is said, and the mail waits."""
    with mail_server(certificates, tls="none", login=False) as server:
        (result,) = deliver(leaders(1), way_to(server), ledger)
        assert "STARTTLS" in result.detail
        assert set(server.asked) <= {"EHLO", "QUIT"}
        assert _nothing_left(server, ledger)


def test_an_unknown_certificate_is_refused(server: MailServer, ledger: Ledger) -> None:
    """One that nobody vouches for is not trusted, and the message names the setting for it."""
    (result,) = deliver(leaders(1), way_to(server, ca_file=None), ledger)
    assert "cannot be trusted" in result.detail
    assert "mail.smtp.ca_file" in result.detail
    assert "AUTH" not in server.asked
    assert _nothing_left(server, ledger)


def test_a_certificate_for_another_host_is_refused(certificates: Path, ledger: Ledger) -> None:
    """The name that was asked for counts: an authority that is trusted vouches for another."""
    with mail_server(certificates, host="127.0.0.2") as server:
        (result,) = deliver(leaders(1), way_to(server, host="127.0.0.2"), ledger)
        assert "cannot be trusted" in result.detail
        assert "127.0.0.2" in result.detail
        assert "AUTH" not in server.asked
        assert _nothing_left(server, ledger)


def test_a_wrong_password_is_told_and_loses_nothing(server: MailServer, ledger: Ledger) -> None:
    """The variables to look at are named, the password is not; the next run sends the mail."""
    (result,) = deliver(leaders(1), way_to(server, password="wrong-secret"), ledger)
    assert "HEALTHSHEET_SMTP_PASSWORD" in result.detail
    assert "535" in result.detail
    assert "wrong-secret" not in result.detail + repr(way_to(server, password="wrong-secret"))
    assert _nothing_left(server, ledger)
    (later,) = deliver([], way_to(server), ledger)
    assert later.state == "sent"


def test_an_access_token_instead_of_a_password(server: MailServer, ledger: Ledger) -> None:
    """XOAUTH2: the right token sends, and a wrong one is told without being shown."""
    way = way_to(server, password="", token=lambda: "wrong-token")
    (result,) = deliver(leaders(1), way, ledger)
    assert "535" in result.detail
    assert "SMTP.SendAsApp" in result.detail
    assert "wrong-token" not in result.detail + repr(way)
    assert _nothing_left(server, ledger)
    (later,) = deliver([], way_to(server, password="", token=lambda: TOKEN), ledger)
    assert later.state == "sent"
    assert server.logins == [USER]


def test_encryption_of_the_other_kind_is_named(server: MailServer, ledger: Ledger) -> None:
    """A port that begins in clear is none for implicit TLS; the setting to change is told."""
    (result,) = deliver(leaders(1), way_to(server, tls="implicit"), ledger)
    assert 'tls = "starttls"' in result.detail
    assert _nothing_left(server, ledger)


def test_nobody_answers(tmp_path: Path, ledger: Ledger) -> None:
    """A port where nothing listens is tried for a while; host and port are named."""
    with closing(socket.socket()) as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    waited: list[float] = []
    way = way_to(MailServer(port), ca_file=None)
    (result,) = deliver(leaders(1), way, ledger, wait=waited.append)
    assert result.state == "queued"
    assert f"localhost:{port} cannot be reached" in result.detail
    assert waited == list(PAUSES)


def test_a_refused_sender_stops_all(server: MailServer, ledger: Ledger) -> None:
    """A sender that may not send is a setting to correct: all wait, and nobody is given up."""
    server.answers["MAIL"] = ["550 5.7.60 Not permitted to send as this sender"]
    results = deliver(leaders(2), way_to(server), ledger)
    assert {r.state for r in results} == {"queued"}
    assert all("mail.from" in r.detail for r in results)
    assert _nothing_left(server, ledger)


def test_a_bad_file_of_certificates_is_named(server: MailServer, tmp_path: Path) -> None:
    """A CA file that is missing or holds no certificate is told before anything is connected."""
    empty = tmp_path / "company.pem"
    empty.write_text("no certificate", encoding="utf-8")
    for ca_file in (empty, tmp_path / "absent.pem"):
        (result,) = deliver(leaders(1), way_to(server, ca_file=ca_file), ledger_in(tmp_path))
        assert ca_file.name in result.detail
    assert server.asked == []
    assert ssl.create_default_context().check_hostname
