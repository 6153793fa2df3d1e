"""A mail server as the way out: encrypted, its certificate checked, logged in.

`smtplib` does the talking; its ``sendmail`` would not tell when the message is handed over, so the
steps of a transaction stand here one by one.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal, NoReturn

from pipeline.mail.records import Outgoing
from pipeline.mail.ways import Later, Lost, Refused, Send, Unusable, megabytes

__all__ = ["Smtp"]

_DOT = re.compile(rb"^\.", re.MULTILINE)
_CLOSING = 421
_SMALLER = "Lower mail.max_mb, which makes the workbook smaller, and send it with --again."


@dataclass(frozen=True)
class Smtp:
    """A mail server and how to log in to it.

    Attributes:
        host, port: of the server; its certificate must be for this host.
        tls: ``starttls``, or ``implicit`` for a port that is encrypted from its first byte.
        user: name of the account; empty for a server that asks for none.
        password: of the account; never printed.
        token: gives an access token for XOAUTH2, instead of a password.
        ca_file: certificates (PEM) that are trusted besides the system's own.
        seconds: to wait for an answer.
        long: seconds for the answer to a whole message; servers look into attachments first.
    """

    host: str
    port: int = 587
    tls: Literal["starttls", "implicit"] = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    token: Callable[[], str] | None = field(default=None, repr=False)
    ca_file: Path | None = None
    seconds: float = 30.0
    long: float = 300.0
    name: str = "smtp"

    @property
    def shown(self) -> str:
        """Host and port, for messages."""
        return f"{self.host}:{self.port}"

    @contextmanager
    def session(self) -> Iterator[Send]:
        """A connection that is encrypted and logged in.

        Raises:
            Later: the server cannot be reached, or takes nothing for now.
            Unusable: it cannot be trusted, does not encrypt, or refuses the login.
        """
        client = self._connected(self._context())
        try:
            self._log_in(client)
            yield partial(_send, client, self)
        finally:
            with suppress(OSError, smtplib.SMTPException):
                client.quit()
            client.close()

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self.ca_file is not None:
            try:
                context.load_verify_locations(self.ca_file)
            except OSError as error:  # also of a file that holds no certificate
                raise Unusable(
                    f"{self.ca_file} (mail.smtp.ca_file) cannot be read as certificates: "
                    f"{error.strerror or error}. Name a .pem file."
                ) from error
        return context

    def _connected(self, context: ssl.SSLContext) -> smtplib.SMTP:
        """A connection over which only encrypted words go."""
        at = (self.host, self.port)
        try:
            client = (
                smtplib.SMTP_SSL(*at, timeout=self.seconds, context=context)
                if self.tls == "implicit"
                else smtplib.SMTP(*at, timeout=self.seconds)
            )
        except (OSError, smtplib.SMTPException) as error:
            self._unreachable(error)
        try:
            if self.tls == "starttls":
                client.starttls(context=context)
            client.ehlo()
        except smtplib.SMTPNotSupportedError as error:
            client.close()
            raise Unusable(
                f"{self.shown} does not offer encryption (STARTTLS), and mail on customers never "
                'goes in clear. Use another port, or tls = "implicit" where it is encrypted.'
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            client.close()
            self._unreachable(error)
        return client

    def _unreachable(self, error: Exception) -> NoReturn:
        if isinstance(error, ssl.SSLCertVerificationError):
            raise Unusable(
                f"{self.shown} cannot be trusted: {error.verify_message}. Check mail.smtp.host; "
                "name your company's certificate under mail.smtp.ca_file."
            ) from error
        if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
            other = "starttls" if self.tls == "implicit" else "implicit"
            raise Unusable(
                f"{self.shown} does not speak TLS here ({error.reason}). Check the port, or write "
                f'tls = "{other}".'
            ) from error
        if isinstance(error, smtplib.SMTPResponseException):
            text = f"{self.shown} takes no mail: {_said(error.smtp_code, error.smtp_error)}."
            if 500 <= error.smtp_code < 600:
                raise Unusable(f"{text} Ask who runs it.") from error
            raise Later(text, closed=True) from error
        if isinstance(error, socket.gaierror) and error.errno != socket.EAI_AGAIN:
            text = f"Nobody knows the host {self.host}. Check mail.smtp.host."
            raise Unusable(text) from error
        text = f"{self.shown} cannot be reached. Check mail.smtp.host, the port and the network."
        raise Later(text, closed=True) from error

    def _log_in(self, client: smtplib.SMTP) -> None:
        if not self.user:
            return
        try:
            if self.token is None:
                client.login(self.user, self.password)
            else:
                self._bearer(client, self.token())
        except smtplib.SMTPNotSupportedError as error:
            text = f"{self.shown} offers no login we know. Check the port (587, 465)."
            raise Unusable(text) from error
        except smtplib.SMTPResponseException as error:
            text = (
                f"{self.shown}: login as {self.user}: {_said(error.smtp_code, error.smtp_error)}."
            )
            if error.smtp_code < 500:
                raise Later(text, closed=True) from error
            how = "HEALTHSHEET_SMTP_USER and HEALTHSHEET_SMTP_PASSWORD"
            how = how if self.token is None else "the app's permission SMTP.SendAsApp"
            raise Unusable(f"{text} Check {how}.") from error
        except (OSError, smtplib.SMTPException) as error:
            raise Later(f"{self.shown} hung up during the login.", closed=True) from error

    def _bearer(self, client: smtplib.SMTP, token: str) -> None:
        """Log in with an access token, as Microsoft and Google want it (XOAUTH2)."""
        words = f"user={self.user}\x01auth=Bearer {token}\x01\x01"
        # A refusal comes as a question first, which an empty line answers.
        client.auth("XOAUTH2", lambda asked=None: words if asked is None else "")


def _send(client: smtplib.SMTP, way: Smtp, message: Outgoing, begin: Callable[[], None]) -> str:
    """One transaction; *begin* is called before the dot that hands the message over."""
    shown = way.shown
    data = _DOT.sub(b"..", message.data)
    data += b"" if data.endswith(b"\r\n") else b"\r\n"
    try:
        _envelope(client, shown, message, len(data))
        client.send(data)
    except (OSError, smtplib.SMTPServerDisconnected) as error:
        # Without its last dot a server throws a message away.
        client.close()
        raise Later(f"{shown} hung up before it had the message.", closed=True) from error
    try:
        begin()
    except BaseException:
        client.close()
        raise
    try:
        _patience(client, way.long)
        client.send(b".\r\n")
        code, said = client.getreply()
    except (OSError, smtplib.SMTPException) as error:
        client.close()
        raise Lost(
            f"{shown} hung up after it had the message. Ask {message.to} whether it arrived."
        ) from error
    _patience(client, way.seconds)
    if code != 250:
        _refused(client, shown, message, "the message", code, said)
    return _said(code, said)


def _patience(client: smtplib.SMTP, seconds: float) -> None:
    if client.sock is not None:
        client.sock.settimeout(seconds)


def _envelope(client: smtplib.SMTP, shown: str, message: Outgoing, size: int) -> None:
    """Sender, recipient and the word DATA, each answered as it should be."""
    limit = client.esmtp_features.get("size", "")
    if limit.isdigit() and 0 < int(limit) < size:
        raise Refused(
            f"Too large for {shown}: {megabytes(size)}, and it takes "
            f"{megabytes(int(limit))}. {_SMALLER}"
        )
    options = [f"SIZE={size}"] if client.has_extn("size") else []
    if not message.data.isascii() and client.has_extn("8bitmime"):
        options.append("BODY=8BITMIME")
    code, said = client.mail(message.sender, options)
    if 500 <= code < 600 and code != 552:
        _reset(client)
        raise Unusable(
            f"{shown} refuses the sender {message.sender}: {_said(code, said)}. Check mail.from."
        )
    if code != 250:
        _refused(client, shown, message, "the message", code, said)
    code, said = client.rcpt(message.to)
    if code not in (250, 251):
        _refused(client, shown, message, f"the recipient {message.to}", code, said)
    code, said = client.docmd("DATA")
    if code != 354:
        _refused(client, shown, message, "the message", code, said)


def _refused(
    client: smtplib.SMTP, shown: str, message: Outgoing, what: str, code: int, said: bytes
) -> NoReturn:
    """Tell a refusal; the connection is ready for the next message, or closed.

    Raises:
        Refused: for good (5xx).
        Later: for now (4xx), or by an answer that is none.
    """
    if code == _CLOSING or code < 400 or code >= 600:
        client.close()
        raise Later(f"{shown} hung up: {_said(code, said)}.", closed=True)
    _reset(client)
    text = f"{shown} refuses {what}: {_said(code, said)}."
    if code >= 500:
        large = code == 552 or said.startswith(b"5.3.4")
        raise Refused(f"{text} {_SMALLER}" if large else text)
    raise Later(f"{shown} puts off {what}: {_said(code, said)}.")


def _reset(client: smtplib.SMTP) -> None:
    with suppress(OSError, smtplib.SMTPException):
        client.rset()


def _said(code: int, said: bytes | str) -> str:
    """A server's answer as one line of plain letters."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return f"{code} {line[:200]}".strip().rstrip(".")
