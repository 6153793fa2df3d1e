"""URLs of databases: their secrets come from the environment and are never seen."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from sqlalchemy import URL
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from scoring.errors import HealthSheetError

__all__ = ["UrlReader", "named_variable", "shown_url", "without_secrets"]

_NAMED = re.compile(r"\$\{([^${}]*)\}")
# Names of a URL's options that hold secrets, as drivers have them; paths of key files do not.
_SECRET = re.compile(r"pass(word|code|phrase)?$|pwd|secret|token|^(api_?|access_?|private_?)key$|"
                     r"credentials_base64", re.IGNORECASE)  # fmt: skip
_PATHS = ("passfile",)
_HIDDEN = "***"


def named_variable(text: str) -> str | None:
    """The name in ``${NAME}`` where a text is that and nothing else."""
    whole = _NAMED.fullmatch(text.strip())
    return None if whole is None else whole[1]


def without_secrets(text: str, url: URL) -> str:
    """A driver's message with every secret of its URL taken out."""
    queried = (str(value) for key, value in url.query.items() if _holds_secret(key))
    for secret in filter(None, (url.password, *queried)):
        text = text.replace(str(secret), _HIDDEN)
    return text


@dataclass(frozen=True)
class UrlReader:
    """Reads addresses; its messages name the thing whose address it is.

    Attributes:
        what: begins a sentence, such as "The history's address".
        error: class of the errors it raises.
        example: an address as it should be.
    """

    what: str
    error: type[HealthSheetError]
    example: str = "postgresql://user@host/database"

    def parse(self, text: str) -> URL:
        """The URL as it is written, with its ``${NAME}`` in place.

        Raises:
            HealthSheetError: it is none. The driver's own message would repeat secrets.
        """
        try:
            return make_url(text)
        except (ArgumentError, ValueError):
            raise self.error(f"{self.what} is no URL. Write it as {self.example}.") from None

    def variable(self, name: str) -> str:
        """The value of an environment variable.

        Raises:
            HealthSheetError: it is not set.
        """
        value = os.environ.get(name)
        if value is None:
            raise self.error(
                f"{self.what} names the environment variable {name or '(none)'}, which is "
                "not set. Set it and try again."
            )
        return value

    def filled(self, text: str) -> str:
        """The text with each ``${NAME}`` replaced by that environment variable."""
        return _NAMED.sub(lambda found: self.variable(found[1]), text)

    def filled_url(self, url: URL) -> URL:
        """The URL with each ``${NAME}`` in any part of it replaced."""
        return URL.create(
            url.drivername,
            username=self._optional(url.username),
            password=self._optional(url.password),
            host=self._optional(url.host),
            port=url.port,
            database=self._optional(url.database),
            query={key: _each(value, self.filled) for key, value in url.query.items()},
        )

    def refuse_plain_secrets(self, url: URL) -> None:
        """A password in a settings file or a command line is one that others read.

        Raises:
            HealthSheetError: the URL holds one.
        """
        queried = [str(v) for k, v in url.query.items() if _holds_secret(k) and k not in _PATHS]
        if any(text and not _NAMED.fullmatch(text) for text in (str(url.password or ""), *queried)):
            postgres = url.drivername.startswith("postgres")
            other = "set PGPASSWORD, or write" if postgres else "write"
            raise self.error(
                f"{self.what} holds a password in plain sight. Leave it out and {other} "
                "${NAME} for an environment variable that holds it."
            )

    def _optional(self, text: str | None) -> str | None:
        return None if text is None else self.filled(text)


def shown_url(url: URL, *, drivername: str | None = None) -> str:
    """A URL as people may see it: three stars for each secret."""
    masked = {k: _HIDDEN if _holds_secret(k) else value for k, value in url.query.items()}
    seen = url.set(drivername=drivername or url.drivername, query=masked)
    # The rest of a query, such as a socket's folder, reads better as it was typed.
    return unquote(seen.render_as_string(hide_password=True))


def _holds_secret(key: str) -> bool:
    return key in _PATHS or _SECRET.search(key) is not None


def _each(value: str | tuple[str, ...], change: Callable[[str], str]) -> str | tuple[str, ...]:
    return change(value) if isinstance(value, str) else tuple(map(change, value))
