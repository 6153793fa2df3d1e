"""What the message says; the facts themselves are found where the sheet *Digest* finds them."""

from __future__ import annotations

from workbook_templates.digest.records import Digest, Figure

__all__ = ["Digest", "Figure"]
