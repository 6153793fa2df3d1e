"""Messages to send, an outbox to keep them, and the way to a server of a test."""

from __future__ import annotations

from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline.mail.ledger import Ledger
from pipeline.mail.records import Outgoing
from pipeline.mail.smtp import Smtp
from pipeline.store import read_address
from tests.pipeline.mail.mail_server import PASSWORD, USER, MailServer

DAY = "2026-11-23"


def outgoing(to: str, *, text: str = "3 newly Red", day: str = DAY, attached: int = 0) -> Outgoing:
    """A message for one recipient, with so many bytes of attachment."""
    key = f"{to} {day} digest"
    mail = EmailMessage(policy.SMTP)
    mail["From"], mail["To"], mail["Subject"] = USER, to, text
    mail["Date"] = datetime(2026, 11, 23, 6, tzinfo=UTC)
    mail["Message-ID"] = f"<{sha256(key.encode()).hexdigest()[:32]}@example.com>"
    mail.set_content(f"{text}\n.\n.a line that begins with a dot\n")
    if attached:
        mail.add_attachment(
            b"x" * attached, maintype="application", subtype="octet-stream", filename="book.xlsx"
        )
    return Outgoing(key, to, USER, text, mail.as_bytes(), day)


def leaders(count: int) -> list[Outgoing]:
    """Messages for so many recipients."""
    return [outgoing(f"leader{n}@example.com") for n in range(1, count + 1)]


def ledger_in(folder: Path) -> Ledger:
    """The outbox of a folder."""
    return Ledger(read_address(str(folder / "history.db")))


def way_to(server: MailServer, **changed: Any) -> Smtp:
    """The way to a server of a test, whose certificate is trusted."""
    given: dict[str, Any] = {
        "host": "localhost", "port": server.port, "user": USER, "password": PASSWORD,
        "ca_file": server.ca_file, "seconds": 5.0, "long": 5.0,
    }  # fmt: skip
    return Smtp(**{**given, **changed})
