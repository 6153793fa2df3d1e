"""A message as the bytes that leave: plain text, page with its chart, and the workbook."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from hashlib import blake2b

from pipeline.mail.checked import is_address
from pipeline.mail.message import CHART_ID
from pipeline.mail.package import Attached
from pipeline.mail.records import Outgoing, Rendered
from scoring.errors import DataError

__all__ = ["CHART_ID", "Envelope", "outgoing", "sender_of"]

_SHEET = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_PLAIN = policy.SMTP.clone(cte_type="7bit")
"""Only ASCII leaves: not every server on the way takes more (RFC 6152)."""
Envelope = tuple[str, str, str]
"""Key, day and kind of a message."""


def outgoing(
    rendered: Rendered,
    attached: Attached,
    *,
    to: str,
    sender: str,
    envelope: Envelope,
    now: datetime,
) -> Outgoing:
    """One message for one recipient; of the same content and key the same bytes.

    Args:
        rendered: what it says.
        attached: the workbook that goes with it, or none.
        to: one address.
        sender: an address, or a name and an address: ``HealthSheet <health@example.com>``.
        envelope: key, day and kind.
        now: its date, with a time zone.

    Raises:
        DataError: the sender is no address.
    """
    key, day, kind = envelope
    name, address = sender_of(sender)
    user, _, domain = address.rpartition("@")
    mail = EmailMessage(_PLAIN)
    mail["From"] = Address(_line(name), user, domain)
    mail["To"] = to
    mail["Subject"] = _line(rendered.subject)
    mail["Date"] = now
    mail["Message-ID"] = f"<{_mark(key, 20)}@{domain}>"
    # No robot that answers for people on leave should answer this.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(_body(rendered.text))
    mail.add_alternative(_body(rendered.html), subtype="html")
    if rendered.chart_png:
        page = list(mail.iter_parts())[-1]
        assert isinstance(page, EmailMessage)
        page.add_related(
            rendered.chart_png, "image", "png", cid=f"<{CHART_ID}>", disposition="inline",
            filename="chart.png",
        )  # fmt: skip
    if attached.data:
        maintype, subtype = _SHEET
        mail.add_attachment(
            attached.data, maintype=maintype, subtype=subtype, filename=attached.name
        )
    for number, part in enumerate(_multiparts(mail)):
        part.set_boundary(f"=_{_mark(key, 12)}_{number}")
    return Outgoing(key, to, address, _line(rendered.subject), mail.as_bytes(), day, kind)


def sender_of(text: str) -> tuple[str, str]:
    """Name and address of a sender.

    Raises:
        DataError: it holds no plain address.
    """
    name, address = parseaddr(text)
    if not is_address(address) or not text.isprintable():
        raise DataError(
            f'mail.from is {text!r}, no address. Write from = "HealthSheet <health@example.com>".'
        )
    return name, address


def _multiparts(mail: EmailMessage) -> Iterator[EmailMessage]:
    """Parts that have a boundary, which is a random one until it is set."""
    for part in mail.walk():
        if part.is_multipart():
            assert isinstance(part, EmailMessage)
            yield part


def _mark(key: str, size: int) -> str:
    return blake2b(key.encode(), digest_size=size).hexdigest()


def _line(text: str) -> str:
    """One line, without what a header could be ended by."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).replace("=?", " ").split())


def _body(text: str) -> str:
    """A text without control characters, which no mail may hold (RFC 5322, 4.1)."""
    return "".join(c for c in text if c in "\n\t" or not (c < " " or c == "\x7f"))
