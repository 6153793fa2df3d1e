"""Files as the way out: one .eml a message, which any mail program opens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from pipeline.mail.records import Outgoing
from pipeline.mail.ways import Send, Unusable
from workbook_templates.ooxml.saving import replace_file

__all__ = ["EmlFolder", "eml_name"]

_UNFIT = re.compile(r"[^a-z0-9@.+-]+")


def eml_name(message: Outgoing) -> str:
    """File name of a message: its day, its recipient and a mark of its key; always the same."""
    mark = blake2b(message.key.encode(), digest_size=4).hexdigest()
    who = _UNFIT.sub("-", message.to.casefold()).strip(".-")[:60]
    return "-".join(part for part in (message.day, who, mark) if part) + ".eml"


@dataclass(frozen=True)
class EmlFolder:
    """A folder for messages; made if absent.

    Attributes:
        folder: where they go.
    """

    folder: Path
    name: str = "eml"

    @contextmanager
    def session(self) -> Iterator[Send]:
        """The folder, ready.

        Raises:
            Unusable: it cannot be made.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unusable(f"{self.folder} cannot be made: {error.strerror}.") from error
        yield self._write

    def _write(self, message: Outgoing, _begin: Callable[[], None]) -> str:
        """One file, whole or not at all; never uncertain: written twice it is still one file."""
        path = self.folder / eml_name(message)
        try:
            replace_file(path, message.data, lambda written: None)
        except OSError as error:
            raise Unusable(f"{path} cannot be written: {error.strerror}.") from error
        return path.name
