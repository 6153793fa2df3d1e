"""A mail server on this machine: encrypted, with login, and as unkind as a test wants it."""

from __future__ import annotations

import asyncio
import ssl
import threading
import warnings
from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult

from addin.hosts.officejs.tls import local_certificate

USER, PASSWORD, TOKEN = "sample@example.com", "not-a-real-password", "sample-token"


@dataclass
class MailServer:
    """What the server does, and what it got.

    Attributes:
        port: where it listens, on localhost.
        ca_file: the authority that signed its certificate.
        answers: step and address, such as ``RCPT a@example.com`` → answers it gives first;
            afterwards, and to all others, it is friendly.
        at: called at each step with its name (`STEPS`), the address where one is known, as in
            ``RCPT a@example.com``.
        got: every message that was taken: recipient and content.
        logins: names that logged in.
        asked: every step, in order.
        options: of the last MAIL command.
    """

    port: int = 0
    ca_file: Path = Path()
    answers: dict[str, list[str]] = field(default_factory=dict)
    at: Callable[[str], object] = lambda step: None
    got: list[tuple[str, bytes]] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)

    @property
    def count(self) -> Counter[str]:
        """Recipient → how many messages were taken for them."""
        return Counter(to for to, _ in self.got)

    def step(self, name: str, friendly: str) -> str:
        """The answer to a step; the test's hook runs before it."""
        self.asked.append(name)
        self.at(name)
        waiting = self.answers.get(name, [])
        return waiting.pop(0) if waiting else friendly


class _Handler:
    def __init__(self, of: MailServer) -> None:
        self._of = of

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self._of.step("EHLO", "")
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        self._of.options = options
        return self._of.step("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = self._of.step(f"RCPT {address}", "250 OK")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        (to,) = envelope.rcpt_tos
        answer = self._of.step(f"BODY {to}", "250 2.0.0 Taken")
        if answer.startswith("2"):
            self._of.got.append((to, bytes(envelope.content)))
            answer = self._of.step(f"TAKEN {to}", answer)
        if answer == "hang up":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return answer

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        """As Microsoft does it: a refusal is a question first, which an empty line answers."""
        self._of.step("AUTH", "")
        words = b64decode(args[1]).decode().split("\x01")
        right = words == [f"user={USER}", f"auth=Bearer {TOKEN}", "", ""]
        if right:
            self._of.logins.append(USER)
        else:
            await server.challenge_auth('{"status":"401"}')
        return AuthResult(success=right, handled=False)

    async def handle_QUIT(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        return self._of.step("QUIT", "221 Bye")


class _Protocol(SMTP):
    """As the library's, with hooks at steps that its handlers do not have."""

    def __init__(self, of: MailServer, **named: Any) -> None:
        super().__init__(_Handler(of), **named)
        self._of = of

    async def smtp_STARTTLS(self, arg: str) -> None:  # noqa: N802
        self._of.step("STARTTLS", "")
        await super().smtp_STARTTLS(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        answer = self._of.step("DATA", "")
        if answer:
            await self.push(answer)
            return
        await super().smtp_DATA(arg)


def _authenticator(of: MailServer) -> Callable[..., AuthResult]:
    def check(server: SMTP, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        of.step("AUTH", "")
        right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
        if right:
            of.logins.append(given.login.decode())
        return AuthResult(success=right, handled=False)

    return check


@contextmanager
def mail_server(
    folder: Path,
    *,
    tls: str = "starttls",
    limit: int = 33_554_432,
    login: bool = True,
    host: str = "127.0.0.1",
) -> Iterator[MailServer]:
    """A server on a free port of this machine.

    Args:
        folder: of its certificates.
        tls: ``starttls``, ``implicit``, or ``none`` for one that never encrypts.
        limit: bytes of a message.
        login: whether it wants one.
        host: address of this machine; the certificate is for localhost and 127.0.0.1.
    """
    certificate = local_certificate(folder)
    assert certificate.authority is not None
    found = MailServer(ca_file=certificate.authority)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    loop = asyncio.new_event_loop()

    def protocol() -> SMTP:
        with warnings.catch_warnings():
            # It does not count encryption from the first byte.
            warnings.simplefilter("ignore", UserWarning)
            return _speaking()

    def _speaking() -> SMTP:
        return _Protocol(
            found,
            data_size_limit=limit,
            hostname="localhost",
            ident="Sample",
            loop=loop,
            tls_context=context if tls == "starttls" else None,
            require_starttls=tls == "starttls",
            authenticator=_authenticator(found),
            auth_required=login,
            auth_require_tls=tls == "starttls",
        )

    wrapped = context if tls == "implicit" else None
    server = loop.run_until_complete(loop.create_server(protocol, host, 0, ssl=wrapped))
    found.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    current = asyncio.current_task()
    others = [task for task in asyncio.all_tasks() if task is not current]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
