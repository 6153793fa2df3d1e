"""Mail through Microsoft Graph, spoken with over HTTP as it is documented."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from pipeline.mail.graph import Graph
from pipeline.mail.ledger import Ledger
from pipeline.mail.microsoft import AppLogin
from pipeline.mail.outbox import PAUSES, deliver
from tests.pipeline.mail.graph_service import (
    CLIENT,
    SECRET,
    TENANT,
    TOKEN,
    GraphService,
    graph_service,
)
from tests.pipeline.mail.samples import leaders, ledger_in, outgoing


@pytest.fixture
def service() -> Iterator[GraphService]:
    with graph_service() as running:
        yield running


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return ledger_in(tmp_path)


def way_to(service: GraphService, **changed: Any) -> Graph:
    """The way to a service of a test."""
    given = {"tenant": TENANT, "client": CLIENT, "secret": SECRET, "authority": service.url}
    return Graph(AppLogin(**{**given, **changed}), endpoint=service.url, seconds=5.0)


def test_a_message_leaves_as_it_is(service: GraphService, ledger: Ledger) -> None:
    """Up to 3 MB one request sends it, with its own headers and plain text."""
    message = outgoing("leader1@example.com", attached=10_000)
    (result,) = deliver([message], way_to(service), ledger)
    assert result.state == "sent"
    ((to, mail, _),) = service.sent
    assert to == message.to
    assert mail.as_bytes() == message_from_bytes(message.data).as_bytes()
    assert [a.rpartition("/")[2] for a in service.asked] == ["token", "sendMail"]
    assert deliver([message], way_to(service), ledger)[0].before
    assert len(service.sent) == 1


@pytest.mark.parametrize("size", [2_600_000, 7_000_001])
def test_a_large_file_is_added_to_a_draft(size: int, service: GraphService, ledger: Ledger) -> None:
    """Over 3 MB the files come after the message; from 3 MB on in ranges, without the token."""
    (result,) = deliver([outgoing("leader1@example.com", attached=size)], way_to(service), ledger)
    assert result.state == "sent"
    ((_, mail, files),) = service.sent
    assert files == {"book.xlsx": b"x" * size}
    assert "3 newly Red" in str(mail["Subject"])
    assert mail["Message-ID"]
    assert "book.xlsx" not in mail.as_string()
    puts = [t for a, t in zip(service.asked, service.tokens, strict=True) if a.startswith("PUT")]
    assert puts == [None] * (3 if size > 3_000_000 else 0)
    assert service.drafts == {}


def test_busy_is_waited_for_as_long_as_asked(service: GraphService, ledger: Ledger) -> None:
    """A 429 with Retry-After puts the message off; nothing is sent twice."""
    service.answers["/sendMail"] = [(429, {"Retry-After": "17"}), (503, {})]
    waited: list[float] = []
    results = deliver(leaders(2), way_to(service), ledger, wait=waited.append)
    assert [r.state for r in results] == ["sent", "sent"]
    assert waited == [17.0, PAUSES[1]]
    assert sorted(to for to, _, _ in service.sent) == [m.to for m in leaders(2)]


def test_no_answer_after_sending_is_uncertain(service: GraphService, ledger: Ledger) -> None:
    """The service did it and hung up: told, with where to look, and not done again."""
    service.answers["/sendMail"] = [(0, {})]
    (result,) = deliver(leaders(1), way_to(service), ledger)
    assert result.state == "uncertain"
    assert "Sent items" in result.detail
    deliver(leaders(1), way_to(service), ledger)
    assert len(service.sent) == 1


def test_a_fault_of_the_service_while_sending_is_uncertain(
    service: GraphService, ledger: Ledger
) -> None:
    """A 500 does not say whether the message left."""
    service.answers["/sendMail"] = [(500, {})]
    (result,) = deliver(leaders(1), way_to(service), ledger)
    assert result.state == "uncertain"


def test_a_cut_upload_leaves_no_draft(service: GraphService, ledger: Ledger) -> None:
    """What was not sent is tried again from its start, and its draft is removed."""
    service.answers["/upload/0"] = [(500, {})]
    big = outgoing("leader1@example.com", attached=3_100_000)
    (result,) = deliver([big], way_to(service), ledger, wait=lambda s: None)
    assert result.state == "sent"
    assert service.drafts == {}
    assert len(service.sent) == 1


@pytest.mark.parametrize(("status", "state"), [(400, "failed"), (403, "queued"), (404, "queued")])
def test_refusals(status: int, state: str, service: GraphService, ledger: Ledger) -> None:
    """A bad request is the message's end; a missing permission or mailbox is a thing to set up."""
    service.answers["/sendMail"] = [(status, {})] * 2
    (result,) = deliver(leaders(1), way_to(service), ledger)
    assert result.state == state
    assert f"{status}, Sample: As the test wants" in result.detail
    assert ("Mail.Send" in result.detail) == (state == "queued")


def test_a_wrong_secret_is_told_and_not_shown(service: GraphService, ledger: Ledger) -> None:
    """The variables to look at are named; the next run sends the mail."""
    way = way_to(service, secret="wrong-secret")
    (result,) = deliver(leaders(1), way, ledger)
    assert result.state == "queued"
    assert "AADSTS7000215" in result.detail
    assert "HEALTHSHEET_GRAPH_SECRET" in result.detail
    assert "wrong-secret" not in result.detail + repr(way)
    assert deliver([], way_to(service), ledger)[0].state == "sent"
    assert f"Bearer {TOKEN}" in service.tokens
