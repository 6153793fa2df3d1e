"""Small parts of sentences: numbers, days, lists, and one of several constructions."""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from scoring.units import MINUS

__all__ = [
    "counted",
    "day_words",
    "first_fitting",
    "in_sentence",
    "listed",
    "pick",
    "plainly",
    "points_words",
    "sentence",
    "signed_tenths",
    "tenths",
    "whole",
]

T = TypeVar("T")
_SPACES = re.compile(r"\s+")


def pick(seed: str, options: Sequence[T]) -> T:
    """One of several constructions: the same for the same seed, spread over many seeds."""
    return options[zlib.crc32(seed.encode("utf-8", "surrogatepass")) % len(options)]


def whole(x: float) -> str:
    """A number of 0 or more as it is displayed, half up: 79.5 is 80."""
    return f"{math.floor(x + 0.5 + 1e-9)}"


def tenths(x: float) -> str:
    """A number with one decimal, half away from zero as sheets round; none where it is whole."""
    size = math.floor(abs(x) * 10 + 0.5 + 1e-9)
    text = f"{size // 10}" if size % 10 == 0 else f"{size / 10:.1f}"
    return f"{MINUS}{text}" if x < 0 and size else text


def signed_tenths(x: float) -> str:
    """+1.5, −6, 0 with a true minus."""
    text = tenths(x)
    return f"+{text}" if x > 0 and text != "0" else text


def points_words(x: float) -> str:
    """``1 point``, ``9.8 points``."""
    text = tenths(x)
    return f"{text} point{'' if text in ('1', f'{MINUS}1') else 's'}"


def counted(count: int, what: str, plural: str = "") -> str:
    """``1 account``, ``1,204 accounts``, ``no accounts``."""
    if count == 1:
        return f"1 {what}"
    return f"{f'{count:,}' if count else 'no'} {plural or what + 's'}"


def day_words(day: date) -> str:
    """23 Sep 2026."""
    return f"{day.day} {day:%b %Y}"


def listed(parts: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def in_sentence(text: str) -> str:
    """A phrase in the middle of a sentence; abbreviations keep their capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def sentence(text: str) -> str:
    """A capital first and a full stop last; runs of white space are one space."""
    text = _SPACES.sub(" ", text).strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "…")) else ".")


def plainly(text: str, letters: int) -> str:
    """What people typed, inside a sentence: one line, no full stop, at most so many letters."""
    shown = "".join(c if c.isprintable() else " " for c in text)
    shown = _SPACES.sub(" ", shown).strip().rstrip(".").rstrip()
    if len(shown) <= letters:
        return shown
    cut = shown[: letters - 1]
    # Between words, unless that would lose much of a text without spaces.
    words = cut.rsplit(" ", 1)[0] if not shown[letters - 1].isspace() else cut
    return f"{(words if len(words) > letters * 0.7 else cut).rstrip(' ,;:')}…"


def first_fitting(options: Iterable[str], letters: int) -> str:
    """The first text that is short enough; the last one, cut, where none is."""
    text = ""
    for text in options:
        if len(text) <= letters:
            return text
    return f"{text[: letters - 1].rstrip()}…"
