"""The workbook that goes with a message: whole, small, by a link, or none; and what is said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from workbook_templates.digest.records import Digest
from workbook_templates.portfolio.digest import fill_digest, fill_digest_alone
from workbook_templates.portfolio.facts import Portfolio

__all__ = ["MOST_MB", "Attached", "attach"]

MOST_MB = 10.0
"""Megabytes of a message where nobody says another limit; most mail servers take that."""
_GROWS = 1.37
"""What base64 and its line ends make of an attachment (measured)."""
_PAGE = 150_000
"""Bytes to leave for the message itself: two bodies and the chart."""
_UNFIT = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Attached:
    """What goes with a message.

    Attributes:
        kind: ``whole``; ``small``, the sheet *Digest* alone; ``link`` or ``none``.
        name: of the file; "" where none is attached.
        data: of the file.
        note: what the message says of it; "" of a whole workbook.
    """

    kind: Literal["whole", "small", "link", "none"]
    name: str = ""
    data: bytes = b""
    note: str = ""


def attach(
    portfolio: Portfolio, digest: Digest, *, team: str, most_mb: float = MOST_MB, link: str = ""
) -> Attached:
    """The largest workbook that a message may carry.

    Args:
        portfolio: the leader's accounts.
        digest: of the same.
        team: whose accounts these are; part of the file's name.
        most_mb: megabytes (millions of bytes) that a message may have.
        link: where the workbook lies, for who cannot be sent it; "" for nowhere.
    """
    room = (most_mb * 1e6 - _PAGE) / _GROWS
    whole = fill_digest(portfolio, digest)
    name = _name(team, digest)
    if len(whole) <= room:
        return Attached("whole", name, whole)
    size = f"With the workbook this mail has {_megabytes(len(whole))} and may have {most_mb:g} MB"
    small = fill_digest_alone(portfolio, digest)
    if len(small) <= room:
        also = " The whole workbook is behind the link." if link else ""
        return Attached("small", name, small, f"{size}: attached is its sheet Digest.{also}")
    if link:
        return Attached("link", note=f"{size}: it is behind the link.")
    return Attached("none", note=f"{size}: none is attached. Ask who sends this for it.")


def _megabytes(attached: int) -> str:
    """Size of a message with so many bytes attached."""
    return f"{(attached * _GROWS + _PAGE) / 1e6:.1f} MB"


def _name(team: str, digest: Digest) -> str:
    """``west-2026-11-23.xlsx``: plain letters, for any disk and any mail program."""
    words = _UNFIT.sub("-", team.casefold()).strip("-")[:40] or "portfolio"
    return f"{words}-{digest.as_of.isoformat()}.xlsx"
