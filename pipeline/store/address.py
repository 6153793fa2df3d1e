"""Where a history is kept: a SQLite file or a PostgreSQL URL, without its secrets."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from sqlalchemy import URL
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from scoring.errors import HistoryError

__all__ = ["Address", "names_history", "read_address"]

_NAMED = re.compile(r"\$\{([^${}]*)\}")
_POSTGRES = ("postgresql", "postgres", "postgresql+psycopg")
_SECRET = ("password", "sslpassword", "passfile")
_HIDDEN = "***"
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
        queried = (self.url.query.get(key, "") for key in _SECRET)
        for secret in filter(None, (self.url.password, *map(str, queried))):
            text = text.replace(str(secret), _HIDDEN)
        return text


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
    whole = _NAMED.fullmatch(text.strip())
    given = _variable(whole[1]) if whole else text.strip()
    if not given:
        raise HistoryError("The history has no name. Write a file name, such as history.db.")
    if "://" not in given:
        return _file(given, folder)
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):
        # The driver's own message repeats the text, secrets and all.
        raise HistoryError(
            "The history's address is no URL. Write it as postgresql://user@host/database."
        ) from None
    if url.drivername in ("sqlite", "sqlite+pysqlite"):
        return _file(_filled(url.database or ""), folder)
    if url.drivername not in _POSTGRES:
        raise HistoryError(
            f"A history is kept in SQLite or PostgreSQL, not in {url.drivername}. Write a file "
            "name, or a URL that begins with postgresql://."
        )
    if not whole:
        _refuse_plain_secrets(url)
    return _postgres(url)


def names_history(text: str) -> bool:
    """Whether the name of a source, which may be any file, is the address of a history.

    It is for a URL, for ``${NAME}``, and for a SQLite file that is there.
    """
    if "://" in text or _NAMED.fullmatch(text.strip()):
        return True
    try:
        with Path(text).open("rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False


def _file(name: str, folder: Path | None) -> Address:
    if not name or name == ":memory:":
        raise HistoryError("A history needs a file that stays. Write a name, such as history.db.")
    path = Path(_filled(name)).expanduser()
    path = path if folder is None or path.is_absolute() else folder / path
    return Address(URL.create("sqlite", database=str(path)), str(path), path)


def _postgres(url: URL) -> Address:
    query = {key: _each(value, _filled) for key, value in url.query.items()}
    full = URL.create(
        "postgresql+psycopg",
        username=_optional(url.username),
        password=_optional(url.password),
        host=_optional(url.host),
        port=url.port,
        database=_optional(url.database),
        query=query,
    )
    masked = {key: _HIDDEN if key in _SECRET else value for key, value in query.items()}
    seen = full.set(drivername="postgresql", query=masked)
    # The rest of a query, such as a socket's folder, reads better as it was typed.
    return Address(full, unquote(seen.render_as_string(hide_password=True)))


def _each(value: str | tuple[str, ...], change: Callable[[str], str]) -> str | tuple[str, ...]:
    return change(value) if isinstance(value, str) else tuple(map(change, value))


def _optional(text: str | None) -> str | None:
    return None if text is None else _filled(text)


def _filled(text: str) -> str:
    """The text with each ``${NAME}`` replaced by that environment variable."""
    return _NAMED.sub(lambda found: _variable(found[1]), text)


def _variable(name: str) -> str:
    value = os.environ.get(name)
    if value is None:
        raise HistoryError(
            f"The history's address names the environment variable {name or '(none)'}, which is "
            "not set. Set it and try again."
        )
    return value


def _refuse_plain_secrets(url: URL) -> None:
    """A password in a settings file or a command line is one that others read."""
    given = [str(url.password or ""), *(str(url.query.get(key, "")) for key in _SECRET[:2])]
    if any(text and not _NAMED.fullmatch(text) for text in given):
        raise HistoryError(
            "The history's address holds a password in plain sight. Leave it out and set "
            "PGPASSWORD, or write ${NAME} for an environment variable that holds it."
        )
