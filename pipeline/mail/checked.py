"""A message looked at once more as the server will read it: no header may come from data.

Python 3.11 up to 3.11.9 lets a subject with encoded line ends add a header (CVE-2024-6923), so
the bytes are parsed again and what is found in them is compared with what a mail of ours has.
"""

from __future__ import annotations

import re
from email import policy
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from email.utils import getaddresses

from pipeline.mail.records import Outgoing
from pipeline.mail.ways import Refused

__all__ = ["check", "is_address", "message_id_of"]

_ONCE = ("date", "from", "message-id", "mime-version", "subject", "to")
_ALLOWED = frozenset(
    (*_ONCE, "auto-submitted", "content-language", "content-transfer-encoding", "content-type",
     "list-id", "list-unsubscribe", "precedence", "references", "reply-to", "in-reply-to",
     "x-auto-response-suppress")
)  # fmt: skip
# What mail servers take everywhere; wider than what people have, and free of what a command ends.
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?=.{1,253}$)[A-Za-z0-9.-]*[A-Za-z0-9]"
)
_BARE = re.compile(rb"\r(?!\n)|(?<!\r)\n")
_LONGEST = 998
"""Bytes of a line without its end (RFC 5322, 2.1.1)."""


def is_address(text: str) -> bool:
    """Whether a text is one plain address, with nothing around it."""
    return _ADDRESS.fullmatch(text) is not None


def check(message: Outgoing) -> None:
    """Refuse a message that is not what it should be; nothing was sent.

    Raises:
        Refused: an address that is none, a header that is no mail's of ours or stands there twice,
            another recipient in ``To``, line ends that servers read in two ways.
    """
    for what, address in (("recipient", message.to), ("sender", message.sender)):
        if not is_address(address):
            raise Refused(f"{address!r} is no address for the {what}. Write name@example.com.")
    headers, _, _ = message.data.partition(b"\r\n\r\n")
    if _BARE.search(message.data) or b"\0" in message.data:
        raise Refused(f"The mail to {message.to} has a line end or a sign that no mail may have.")
    if max(map(len, message.data.split(b"\r\n"))) > _LONGEST:
        raise Refused(f"The mail to {message.to} has a line of more than {_LONGEST} bytes.")
    found = BytesHeaderParser(policy=policy.compat32).parsebytes(headers + b"\r\n\r\n")
    names = [name.casefold() for name in found.keys()]  # noqa: SIM118 (one a header, also twice)
    strange = sorted(set(names) - _ALLOWED)
    wrong = strange or [n for n in _ONCE if names.count(n) != 1]
    if wrong or len(set(names)) != len(names) or found.defects:
        raise Refused(
            f"The mail to {message.to} has headers that are not its own: "
            f"{', '.join(wrong) or 'one of them twice'}. Look for line ends in names and subjects."
        )
    for name in ("From", "Subject", "To"):
        # Encoded words are opened too: a reader may do so before it looks for line ends.
        spoken = str(make_header(decode_header(str(found[name]))))
        if not spoken.replace("\r\n ", " ").replace("\r\n\t", " ").isprintable():
            raise Refused(f"The mail to {message.to} has a control character under {name}.")
    named = [address for _, address in getaddresses([str(found["To"])])]
    if [a.casefold() for a in named] != [message.to.casefold()]:
        raise Refused(f"The mail to {message.to} names {', '.join(named) or 'nobody'} under To.")


def message_id_of(message: Outgoing) -> str:
    """Its ``Message-ID``, with the angle brackets; empty without one."""
    headers, _, _ = message.data.partition(b"\r\n\r\n")
    found = BytesHeaderParser(policy=policy.compat32).parsebytes(headers + b"\r\n\r\n")
    return str(found["Message-ID"] or "").strip()
