"""Which way mail leaves, from section ``mail`` of healthsheet.toml and from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from pipeline.delivery.http import is_safe
from pipeline.mail.eml import EmlFolder
from pipeline.mail.graph import ENDPOINT, Graph
from pipeline.mail.microsoft import AUTHORITY, SMTP_SCOPE, AppLogin
from pipeline.mail.smtp import Smtp
from pipeline.mail.ways import Way
from scoring.closest import did_you_mean
from scoring.errors import DataError, DeliveryError

__all__ = ["WAYS", "way_of"]

WAYS = ("smtp", "graph", "eml")
_PORTS = {"starttls": 587, "implicit": 465}
_LOGINS = ("password", "xoauth2", "none")
_EXAMPLES = {"host": "mail.example.com", "folder": "mail", "ca_file": "company-ca.pem"}


def way_of(
    section: Mapping[str, Any], where: Path, environ: Mapping[str, str] | None = None
) -> Way:
    """The way that the settings choose with ``via``; SMTP where they do not say.

    Args:
        section: ``mail`` of the settings.
        where: the settings file; what its names of files are relative to.
        environ: holds logins: HEALTHSHEET_SMTP_USER and HEALTHSHEET_SMTP_PASSWORD, or
            HEALTHSHEET_GRAPH_TENANT, HEALTHSHEET_GRAPH_CLIENT and HEALTHSHEET_GRAPH_SECRET; this
            process's own without it.

    Raises:
        DataError: a setting cannot be used.
        DeliveryError: a login is not set.
    """
    environ = os.environ if environ is None else environ
    via = section.get("via", "smtp")
    if not isinstance(via, str) or via not in WAYS:
        hint = did_you_mean(str(via), list(WAYS)) or f"Known are {', '.join(WAYS)}."
        raise DataError(f"{where}, mail.via: {via!r} is not known. {hint}")
    given = _Given(section.get(via, {}), where, f"mail.{via}")
    if via == "eml":
        return _eml(given)
    return _smtp(given, environ) if via == "smtp" else _graph(given, environ)


class _Given:
    """A section, read key by key; what is left over is a mistake."""

    def __init__(self, section: object, where: Path, name: str) -> None:
        if not isinstance(section, Mapping):
            raise DataError(f"{where}: {name} is no section. Write [{name}] on a line of its own.")
        self.where, self.name = where, name
        self._left = dict(section)

    def text(self, key: str, default: str = "") -> str:
        found = self._left.pop(key, default)
        if not isinstance(found, str) or not found.isprintable():
            self.fault(key, found, f'Write {key} = "{_EXAMPLES.get(key, default)}".')
        return str(found).strip()

    def choice(self, key: str, known: tuple[str, ...]) -> str:
        found = self.text(key, known[0])
        if found not in known:
            self.fault(key, found, f"Known are {', '.join(known)}.")
        return found

    def whole(self, key: str, default: int, most: int) -> int:
        found = self._left.pop(key, default)
        if isinstance(found, bool) or not isinstance(found, int) or not 1 <= found <= most:
            self.fault(key, found, f"Write a whole number from 1 to {most:,}, as {default}.")
        return int(found)

    def address(self, key: str, default: str) -> str:
        found = self.text(key, default).rstrip("/")
        if not is_safe(found):
            self.fault(key, found, "Write an address with https://.")
        return found

    def file(self, key: str, default: str = "") -> Path | None:
        found = self.text(key, default)
        return self.where.parent / Path(found).expanduser() if found else None

    def done(self, known: tuple[str, ...]) -> None:
        for key in self._left:
            hint = did_you_mean(key, list(known)) or f"Known are {', '.join(known)}."
            raise DataError(f"{self.where}, {self.name}: {key} is not known. {hint}")

    def fault(self, key: str, found: object, fix: str) -> NoReturn:
        raise DataError(f"{self.where}, {self.name}.{key}: {found!r}. {fix}")


def _smtp(given: _Given, environ: Mapping[str, str]) -> Smtp:
    host = given.text("host")
    if not host or "/" in host or ":" in host or " " in host:
        given.fault("host", host, 'Write host = "mail.example.com", and the port under port.')
    tls = given.choice("tls", ("starttls", "implicit"))
    port = given.whole("port", _PORTS[tls], 65_535)
    login = given.choice("login", _LOGINS)
    user = given.text("user")
    ca_file = given.file("ca_file")
    authority = given.address("authority", AUTHORITY)
    given.done(("host", "port", "tls", "login", "user", "ca_file", "authority"))
    way = partial(
        Smtp, host, port, "implicit" if tls == "implicit" else "starttls", ca_file=ca_file
    )
    if login == "none":
        return way()
    if login == "xoauth2":
        app = _app(environ, authority)
        user = user or _variable(environ, "HEALTHSHEET_SMTP_USER", "the mailbox that sends")
        return way(user=user, token=partial(app.token, SMTP_SCOPE))
    user = user or _variable(environ, "HEALTHSHEET_SMTP_USER", "the account on the mail server")
    password = _variable(environ, "HEALTHSHEET_SMTP_PASSWORD", f"the password of {user}")
    return way(user=user, password=password)


def _graph(given: _Given, environ: Mapping[str, str]) -> Graph:
    authority = given.address("authority", AUTHORITY)
    endpoint = given.address("endpoint", ENDPOINT)
    given.done(("authority", "endpoint"))
    return Graph(_app(environ, authority), endpoint)


def _eml(given: _Given) -> EmlFolder:
    folder = given.file("folder", "mail")
    given.done(("folder",))
    assert folder is not None
    return EmlFolder(folder)


def _app(environ: Mapping[str, str], authority: str) -> AppLogin:
    return AppLogin(
        _variable(environ, "HEALTHSHEET_GRAPH_TENANT", "the directory's id"),
        _variable(environ, "HEALTHSHEET_GRAPH_CLIENT", "the app's id"),
        _variable(environ, "HEALTHSHEET_GRAPH_SECRET", "the app's secret"),
        authority,
    )


def _variable(environ: Mapping[str, str], name: str, what: str) -> str:
    """A login from the environment: never from a file that people pass on.

    Raises:
        DeliveryError: it is not set.
    """
    found = environ.get(name, "")
    if not found.strip():
        raise DeliveryError(f"{name} is not set. Set it to {what}.")
    return found
