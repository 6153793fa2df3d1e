"""Words and colour on a terminal: lines of styled pieces, plain where colour is not wanted."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from typing import TextIO

__all__ = ["Line", "fit", "paint", "print_lines", "right", "terminal_width", "wants_colour"]

Line = list[tuple[str, str]]
"""Pieces of a line: (text, style); style is a key of the palette or "" for the terminal's own."""

_TRUE = {
    "green": "38;2;134;220;203", "amber": "38;2;250;197;60", "red": "38;2;240;112;126",
    "muted": "2", "bold": "1", "warn": "1;38;2;250;197;60",
}  # fmt: skip
_NAMED = {"green": "32", "amber": "33", "red": "31", "muted": "2", "bold": "1", "warn": "1;33"}
_NARROWEST, _PIPED = 60, 120

WIDE = 110
"""Columns from which a table shows all it has."""


def wants_colour(stream: TextIO, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether to colour: a terminal that can, and nobody set NO_COLOR (https://no-color.org)."""
    if environ.get("NO_COLOR") or environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def terminal_width(stream: TextIO) -> int:
    """Columns to fill: the terminal's, or COLUMNS, or 120 into a pipe."""
    fallback = shutil.get_terminal_size((_PIPED, 24)).columns
    if not stream.isatty() and "COLUMNS" not in os.environ:
        return _PIPED
    return max(fallback, _NARROWEST)


def paint(line: Line, *, colour: bool, environ: Mapping[str, str] = os.environ) -> str:
    """One line as text, with ANSI colours or without; no trailing blanks."""
    if not colour:
        return "".join(text for text, _ in line).rstrip()
    palette = _TRUE if environ.get("COLORTERM", "") in ("truecolor", "24bit") else _NAMED
    out = [f"\x1b[{palette[s]}m{t}\x1b[0m" if s in palette and t else t for t, s in line]
    return "".join(out).rstrip()


def print_lines(lines: Iterable[Line], stream: TextIO | None = None) -> None:
    """Print lines to a stream (stdout), in colour where that is wanted."""
    target = stream or sys.stdout
    colour = wants_colour(target)
    target.write("".join(f"{paint(line, colour=colour)}\n" for line in lines))


def fit(text: str, width: int) -> str:
    """Text padded or cut to a width in terminal cells; a cut ends in an ellipsis."""
    from rich.cells import cell_len, set_cell_size

    clean = "".join(c if c.isprintable() else " " * c.isspace() for c in text)
    return (
        clean + " " * (width - cell_len(clean))
        if cell_len(clean) <= width
        else (set_cell_size(clean, width - 1) + "…")
    )


def right(text: str, width: int) -> str:
    """Text flush right in a width."""
    return text.rjust(width)
