"""One named cell of a workbook filled, by what that takes and nothing else.

The process whose memory is measured loads this module: no peer, no frame of accounts.
"""

from __future__ import annotations

from pathlib import Path

from workbook_templates.fill import Template

__all__ = ["fill_place", "place_fresh"]


def fill_place(data: bytes, place: str) -> bytes:
    """The workbook with another value in a named cell."""
    return Template(data).fill({place: "7" if place == "first" else 7.0})


def place_fresh(path: Path, place: str) -> None:
    """The same from the file."""
    fill_place(path.read_bytes(), place)
