"""Where a history is kept: a SQLite file or a PostgreSQL URL, without its secrets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from pipeline.urls import UrlReader, named_variable, shown_url, without_secrets
from scoring.errors import HistoryError

__all__ = ["Address", "names_history", "read_address"]

_READER = UrlReader("The history's address", HistoryError)
_POSTGRES = ("postgresql", "postgres", "postgresql+psycopg")
_SQLITE = b"SQLite format 3\0"


@dataclass(frozen=True)
class Address:
    """An address as the driver wants it, and as people may see it.

    Attributes:
        url: with its password; never printed.
        shown: for messages, titles and logs; a password is three stars.
        path: of a SQLite file, else None.
    """

    url: URL
    shown: str
    path: Path | None = None

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of this machine."""
        return self.path is not None

    def without_secrets(self, text: str) -> str:
        """A driver's message with every secret of the address taken out."""
        return without_secrets(text, self.url)


def read_address(text: str, *, folder: Path | None = None) -> Address:
    """Read ``--history`` or the setting ``history``.

    Args:
        text: a file name, or a URL (``sqlite:///file``, ``postgresql://user@host/database``).
            ``${NAME}`` stands for an environment variable: the whole text, or a part of a URL.
        folder: what a relative file name is relative to; the working directory without it.

    Raises:
        HistoryError: another kind of database, a variable that is not set, a password in plain
            sight.
    """
    name = named_variable(text)
    given = text.strip() if name is None else _READER.variable(name)
    if not given:
        raise HistoryError("The history has no name. Write a file name, such as history.db.")
    if "://" not in given:
        return _file(given, folder)
    url = _READER.parse(given)
    if url.drivername in ("sqlite", "sqlite+pysqlite"):
        return _file(_READER.filled(url.database or ""), folder)
    if url.drivername not in _POSTGRES:
        raise HistoryError(
            f"A history is kept in SQLite or PostgreSQL, not in {url.drivername}. Write a file "
            "name, or a URL that begins with postgresql://."
        )
    if name is None:
        _READER.refuse_plain_secrets(url)
    full = _READER.filled_url(url).set(drivername="postgresql+psycopg")
    return Address(full, shown_url(full, drivername="postgresql"))


def names_history(text: str) -> bool:
    """Whether the name of a source, which may be any file, is the address of a history.

    It is for a URL, for ``${NAME}``, and for a SQLite file that is there.
    """
    if "://" in text or named_variable(text) is not None:
        return True
    try:
        with Path(text).open("rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False


def _file(name: str, folder: Path | None) -> Address:
    if not name or name == ":memory:":
        raise HistoryError("A history needs a file that stays. Write a name, such as history.db.")
    path = Path(_READER.filled(name)).expanduser()
    path = path if folder is None or path.is_absolute() else folder / path
    return Address(URL.create("sqlite", database=str(path)), str(path), path)
