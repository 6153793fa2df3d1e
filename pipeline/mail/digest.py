"""What the message says; the facts are found where the workbook's sheet *Digest* finds them."""

from __future__ import annotations

from workbook_templates.digest.facts import digest_of
from workbook_templates.digest.records import Digest, Figure

__all__ = ["Digest", "Figure", "digest_of"]
