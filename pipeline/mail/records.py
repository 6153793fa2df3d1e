"""What the parts of the mail hand to each other: a digest, a rendered message, one to send."""

from __future__ import annotations

from dataclasses import dataclass

from workbook_templates.digest.records import Digest, Figure

__all__ = ["Digest", "Figure", "Outgoing", "Rendered"]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message before it has a recipient.

    Attributes:
        subject: one line of at most 60 characters, without control characters.
        html: the whole page, under 90 KB; it shows the chart as ``cid:`` + `mime.CHART_ID`.
        text: the same content for plain readers, lines of at most 78 characters.
        chart_png: the chart; empty where there is nothing to draw.
        chart_alt: what the chart finds, in a sentence.
    """

    subject: str
    html: str
    text: str
    chart_png: bytes
    chart_alt: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message for one recipient, ready to leave.

    Attributes:
        key: recipient, digest day and kind of content; the same message always has the same key.
        to: one address, ``leader@example.com``.
        sender: address of the envelope.
        subject: as in ``data``; for listings.
        data: the whole message, RFC 5322, lines end in CR LF.
        day: of the digest, ISO.
        kind: of content, ``digest``.
    """

    key: str
    to: str
    sender: str
    subject: str
    data: bytes
    day: str = ""
    kind: str = "digest"
