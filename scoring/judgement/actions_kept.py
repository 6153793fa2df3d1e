"""What people did to an action since we wrote it, and keys that last from week to week."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zlib import crc32

from scoring.account_actions import DONE, DROPPED
from scoring.columns import normalise

__all__ = [
    "OWN", "SOURCE", "Given", "Kept", "base_key", "fingerprint", "generation", "given_of",
    "kept_of", "own_key", "plain_text", "source_key",
]  # fmt: skip

OWN, SOURCE = "own-", "src-"
"""How keys begin: of a row that people added in a workbook, and of one of the source."""


@dataclass(frozen=True, slots=True)
class Given:
    """What we wrote: codes of text and owner, and the day; codes "" and None where unknown."""

    text: str = ""
    owner: str = ""
    due: date | None = None

    @property
    def written(self) -> str:
        """As it stands in a cell; "" where nothing is known."""
        if not self.text:
            return ""
        return f"{self.text}.{self.owner}.{'' if self.due is None else f'{self.due:%Y%m%d}'}"


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of an action as it stands in a workbook or a source.

    Attributes:
        key: as there; "" for a row of a source.
        state: "open", "done" or "dropped". status: the word that stands there.
        given: what we had written in it.
    """

    key: str
    text: str
    owner: str
    due: date | None
    horizon: str
    status: str
    state: str
    attempts: object
    last_channel: str
    response: object
    notes: str
    opened: date | None
    closed: date | None
    given: Given

    @property
    def text_edited(self) -> bool:
        """People wrote another text than ours."""
        return bool(self.text) and bool(self.given.text) and _code(self.text) != self.given.text

    @property
    def owner_edited(self) -> bool:
        """People gave it to somebody else."""
        return bool(self.owner) and bool(self.given.owner) and _code(self.owner) != self.given.owner

    @property
    def due_edited(self) -> bool:
        """People moved its day."""
        return self.due is not None and bool(self.given.text) and self.due != self.given.due

    @property
    def edited(self) -> bool:
        """People changed what it says, whose it is or by when."""
        return self.text_edited or self.owner_edited or self.due_edited

    @property
    def touched(self) -> bool:
        """People did anything to it, so that it is not taken away under their hands."""
        word = normalise(self.status)
        worked = bool(self.attempts) or bool(self.notes) or bool(self.response)
        return self.edited or worked or bool(self.last_channel) or word not in ("", "open")


def plain_text(value: object) -> str:
    """A cell as text: blanks at its ends and of several kinds do not count."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())


def plain_day(value: object) -> date | None:
    """A cell as a day; None for anything else."""
    if isinstance(value, datetime):
        return None if value != value else value.date()
    return value if isinstance(value, date) else None


def _code(text: str) -> str:
    # Half a character, which no encoding has, is hashed all the same.
    return f"{crc32(plain_text(text).encode('utf-8', 'surrogatepass')):08x}"


def given_of(text: str, owner: str, due: date | None) -> Given:
    """What we write, in few letters, to tell people's edits from it later."""
    return Given(_code(text), _code(owner), due)


def fingerprint(text: str, owner: str, due: date | None) -> str:
    """The same as it stands in a cell."""
    return given_of(text, owner, due).written


def _given(value: object) -> Given:
    found = re.fullmatch(r"([0-9a-f]{8})\.([0-9a-f]{8})\.(\d{8})?", plain_text(value))
    if found is None:
        return Given()
    text, owner, day = found.groups()
    try:
        return Given(text, owner, datetime.strptime(day, "%Y%m%d").date() if day else None)  # noqa: DTZ007
    except ValueError:
        return Given()


def kept_of(row: Mapping[str, Any]) -> Kept:
    """A row of *Actions*, with the keys of `columns.ACTIONS` and those a workbook adds."""
    status = plain_text(row.get("status"))
    word = normalise(status)
    return Kept(
        key=plain_text(row.get("key")),
        text=plain_text(row.get("action")),
        owner=plain_text(row.get("owner")),
        due=plain_day(row.get("deadline")),
        horizon=plain_text(row.get("horizon")),
        status=status,
        state="done" if word in DONE else "dropped" if word in DROPPED else "open",
        attempts=row.get("attempts") if row.get("attempts") == row.get("attempts") else None,
        last_channel=plain_text(row.get("last_channel")),
        response=row.get("response") if row.get("response") == row.get("response") else None,
        notes=plain_text(row.get("notes")),
        opened=plain_day(row.get("opened")),
        closed=plain_day(row.get("closed")),
        given=_given(row.get("given")),
    )


def own_key(*texts: object) -> str:
    """Key of a row that people added in a workbook, of what they typed in it."""
    return f"{OWN}{_code('|'.join(map(plain_text, texts)))}"


def source_key(text: object) -> str:
    """Key of an action of the source; one account's are told apart by their text."""
    return f"{SOURCE}{_code(plain_text(text))}"


_AGAIN = re.compile(r"^(.*)~(\d+)$")


def base_key(key: str) -> str:
    """The key without the number that tells a later turn of the same action."""
    found = _AGAIN.match(key)
    return found[1] if found else key


def generation(key: str) -> int:
    """Which turn of the same action it is, from 1."""
    found = _AGAIN.match(key)
    return int(found[2]) if found else 1
