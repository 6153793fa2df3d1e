"""Mail as files, and what no message may be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.mail import mime
from pipeline.mail.checked import check, is_address, message_id_of
from pipeline.mail.eml import EmlFolder, eml_name
from pipeline.mail.outbox import deliver
from pipeline.mail.package import Attached
from pipeline.mail.records import Outgoing, Rendered
from pipeline.mail.ways import Refused
from tests.pipeline.mail.samples import leaders, ledger_in, outgoing

_MESSAGE = outgoing("leader1@example.com")


def _with_header(line: bytes) -> Outgoing:
    return replace(_MESSAGE, data=line + b"\r\n" + _MESSAGE.data)


def test_files_hold_the_messages_byte_for_byte(tmp_path: Path) -> None:
    """One file a message, under a name that stays; a second run writes nothing."""
    folder, ledger = tmp_path / "mail", ledger_in(tmp_path)
    results = deliver(leaders(2), EmlFolder(folder), ledger)
    assert [r.state for r in results] == ["sent", "sent"]
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == {
        eml_name(m): m.data for m in leaders(2)
    }
    next(folder.iterdir()).unlink()
    assert all(r.before for r in deliver(leaders(2), EmlFolder(folder), ledger))
    assert len(list(folder.iterdir())) == 1


def test_names_of_files_come_from_no_data(tmp_path: Path) -> None:
    """An address cannot lead out of the folder."""
    name = eml_name(replace(_MESSAGE, to="../../x/y@example.com", key="k"))
    assert "/" not in name
    assert not name.startswith(".")


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    """A file stands there: told, and the mail waits."""
    (tmp_path / "mail").write_text("x", encoding="utf-8")
    (result,) = deliver(leaders(1), EmlFolder(tmp_path / "mail"), ledger_in(tmp_path))
    assert result.state == "queued"
    assert "cannot be made" in result.detail


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (replace(_MESSAGE, to="a@example.com, b@example.com"), "no address for the recipient"),
        (replace(_MESSAGE, to="a@example.com>\r\nRCPT TO:<b@example.com"), "no address"),
        (replace(_MESSAGE, sender="nobody"), "no address for the sender"),
        (replace(_MESSAGE, to="other@example.com"), "names leader1@example.com under To"),
        (_with_header(b"Bcc: thief@example.com"), "headers that are not its own: bcc"),
        (_with_header(b"To: thief@example.com"), "headers that are not its own: to"),
        (_with_header(b"Subject: another"), "headers that are not its own: subject"),
        (_with_header(b"X-Any: 1"), "headers that are not its own: x-any"),
        (replace(_MESSAGE, data=_MESSAGE.data.replace(b"Subject:", b"Object:")), "object"),
        (replace(_MESSAGE, data=_MESSAGE.data + b"a\rb\r\n"), "line end"),
        (replace(_MESSAGE, data=_MESSAGE.data + b"a\n.\nb\r\n"), "line end"),
        (replace(_MESSAGE, data=_MESSAGE.data + b"\0\r\n"), "line end or a sign"),
        (replace(_MESSAGE, data=_MESSAGE.data + b"x" * 999 + b"\r\n"), "more than 998 bytes"),
        (
            replace(_MESSAGE, data=_MESSAGE.data.replace(
                b"Subject: 3 newly Red", b"Subject: =?utf-8?q?a=0D=0ABcc=3A_x=40example.com?=")),
            "control character under Subject",
        ),
    ],
)  # fmt: skip
def test_what_is_no_message_of_ours_is_refused(
    message: Outgoing, told: str, tmp_path: Path
) -> None:
    """Headers, recipients and line ends from data end here, before anything is queued."""
    with pytest.raises(Refused, match=told):
        check(message)
    ledger = ledger_in(tmp_path)
    good = outgoing("leader2@example.com")
    results = deliver([message, good], EmlFolder(tmp_path / "mail"), ledger)
    assert [r.state for r in results] == ["failed", "sent"]
    assert [e.to for e in ledger.entries()] == [good.to]


@pytest.mark.parametrize("subject", ["3 newly Red, −$214K ▲", "Ärger bei Sample Account 3 " * 6])
def test_encoded_and_folded_subjects_pass(subject: str) -> None:
    """Signs beyond ASCII and long lines are no fault."""
    check(outgoing("leader1@example.com", text=subject))
    assert message_id_of(_MESSAGE).endswith("@example.com>")


def test_addresses() -> None:
    """What mail servers take is an address, and what could end a command is none."""
    good = ("a@example.com", "first.last+tag@mail.example.co.uk", "o'neil@example.com")
    bad = ("", "a", "a@", "@b", "a b@example.com", "<a@example.com>", "a@example.com\n", "é@x.de",
           "a@example.", "a@b@c.de", "x" * 65 + "@example.com")  # fmt: skip
    assert all(map(is_address, good))
    assert not any(map(is_address, bad))


_NASTY = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from("\r\n\x00\x0b\u2028=?:<>")), max_size=60
)


@settings(max_examples=60, deadline=None)
@given(subject=_NASTY, name=_NASTY)
@example(subject="a\r\nBcc: thief@example.com", name="b\nTo: thief@example.com")
@example(subject="\x00", name="\x00\x0b\r")
@example(subject="=?utf-8?q?a=0D=0ABcc=3A_thief=40example.com?=", name="=?utf-8?b?Cg==?=")
def test_no_text_makes_a_header(subject: str, name: str) -> None:
    """Whatever a subject or the name of a file holds, the headers are ours, and all is ASCII."""
    made = mime.outgoing(
        Rendered(subject, f"<p>{name}</p>", name, b"", ""),
        Attached("whole", "book.xlsx", b"PK"),
        to="leader1@example.com",
        sender="HealthSheet <health@example.com>",
        envelope=("key", "2026-11-23", "weekly"),
        now=datetime(2026, 11, 23, 6, tzinfo=UTC),
    )
    found = message_from_bytes(made.data)
    assert found.keys() == [
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
        "Content-Type",
    ]  # fmt: skip
    assert made.data.isascii()
    assert made.subject.isprintable()
    check(made)
