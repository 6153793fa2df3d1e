"""Wording with places: ``Seats active {seats_share}[, down from {seats_share.before}]``.

A place names a fact and, after a dot, what is told of it. A part in square brackets is left out
where one of its places is not known; without brackets an unknown place reads "not known".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from scoring.judgement.phrases import in_sentence

__all__ = ["PARTS", "check_wording", "places", "speak"]

PARTS = (
    "value", "size", "phrase", "benchmark", "was", "before", "since", "when", "name", "detail",
)  # fmt: skip
"""What may be told of a fact; ``value`` where nothing is named.

value: with its unit. size: the same without its sign. phrase: with the metric's name.
benchmark: what is healthy. was: how it moved, ``down from 68% on 30 Sep 2026``. before: the value
that it is compared with. since: the first day it is seen at. when: the day of ``before``, of an
event or of a date. name: of the metric. detail: counts, names or notes behind it.
"""

_PLACE = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"^[a-z][a-z0-9_]*(?:\.[a-z]+)?$", re.ASCII)
_STRAY = re.compile(r"^[\s,;:]+")
_SPACES = re.compile(r"\s{2,}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


@cache
def places(text: str) -> tuple[tuple[str, str], ...]:
    """Fact and part of each place, in order: ``{csat.before}`` is ("csat", "before")."""
    out = []
    for name in _PLACE.findall(text):
        fact, _, part = name.partition(".")
        out.append((fact, part or "value"))
    return tuple(out)


def check_wording(text: str) -> None:
    """See that all places can be read.

    Raises:
        ValueError: says what stands at which letter, and what to write instead.
    """
    for found in _PLACE.finditer(text):
        name, at = found[1], found.start() + 1
        if not _NAME.match(name):
            raise ValueError(f'letter {at}: "{{{name}}}" names no fact. Write {{csat}}, say')
        part = name.partition(".")[2]
        if part and part not in PARTS:
            raise ValueError(f'letter {at}: "{part}" is not told of a fact. Use {", ".join(PARTS)}')
    rest = _PLACE.sub("", text)
    for mark in "{}":
        if mark in rest:
            raise ValueError(f'letter {text.index(mark) + 1}: "{mark}" has no partner. Add it')
    outside = _OPTIONAL.sub("", text)
    for mark in "[]":
        if mark in outside:
            raise ValueError(f'letter {text.index(mark) + 1}: "{mark}" has no partner. Add it')


def speak(text: str, say: Callable[[str, str], str]) -> str:
    """The sentence with its places filled.

    Args:
        text: a wording that `check_wording` passes.
        say: fact and part → what is told, "" where it is not known.
    """

    def optional(found: re.Match[str]) -> str:
        known = all(say(fact, part) for fact, part in places(found[1]))
        return found[1] if known else ""

    def fill(found: re.Match[str]) -> str:
        (fact, part) = places(found[0])[0]
        told = say(fact, part) or "not known"
        # A metric's name has a capital only where the sentence begins.
        return in_sentence(told) if part == "phrase" and found.start() else told

    kept = _STRAY.sub("", _OPTIONAL.sub(optional, text))
    said = _SPACES.sub(" ", _PLACE.sub(fill, kept)).strip(" ,;:")
    return said[:1].upper() + said[1:]
