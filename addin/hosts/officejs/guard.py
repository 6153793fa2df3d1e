"""What stands before ``/v1/``: origin, sign-in, rate, size. Whoever fails is told why, in JSON."""

from __future__ import annotations

import math
import time
from contextlib import suppress
from urllib.parse import urlsplit

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from addin.hosts.officejs.body import discard, read_body, replay
from addin.hosts.officejs.refusal import Refusal
from addin.hosts.officejs.settings import Settings, is_loopback, read_url
from addin.hosts.officejs.sign_in import sign_in_check

__all__ = ["Guard"]

_OPEN = "/v1/settings"
"""Tells how to sign in, so it needs no sign-in."""


class Guard:
    """ASGI middleware for all paths under ``/v1/``."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._check = sign_in_check(settings)
        self._rate = parse(settings.rate)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._active = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it with a refusal."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith("/v1/") or path == _OPEN:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        # Whoever has gone away needs no answer.
        with suppress(ClientDisconnect):
            try:
                await self._admit(scope, headers)
                await self._pass(headers, scope, receive, send)
            except Refusal as refusal:
                await discard(receive, limit=self._settings.max_body)
                await refusal.response()(scope, receive, send)

    async def _admit(self, scope: Scope, headers: Headers) -> None:
        """Check everything that headers tell.

        Raises:
            Refusal: the request may not be made.
        """
        if not self._is_own(headers.get("origin")):
            text = "Another site may not call HealthSheet. Start the server with this --url."
            raise Refusal(403, "origin", text)
        address = (scope.get("client") or ("", 0))[0]
        if self._settings.sign_in == "none" and not is_loopback(address):
            # A tunnel or proxy on this computer lets others in, and names them.
            text = "Only this computer may call. Start the server with --sign-in token or entra."
            raise Refusal(403, "elsewhere", text)
        try:
            person = await self._check(_bearer(headers))
        except Refusal:
            self._count("refused", address)
            raise
        # With one token for all, people are told apart by where they are.
        self._count(person, "" if self._settings.sign_in == "entra" else address)
        if self._active >= self._settings.max_active:
            text = "The server is busy. Excel asks again by itself."
            raise Refusal(429, "busy", text, retry_after=1)

    async def _pass(self, headers: Headers, scope: Scope, receive: Receive, send: Send) -> None:
        self._active += 1
        try:
            if scope["method"] in ("POST", "PUT", "PATCH"):
                body = await read_body(headers, receive, limit=self._settings.max_body)
                receive = replay(body, receive)
            await self._app(scope, receive, send)
        finally:
            self._active -= 1

    def _count(self, *who: str) -> None:
        if self._limiter.hit(self._rate, *who):
            return
        left = self._limiter.get_window_stats(self._rate, *who).reset_time - time.time()
        text = f"More than {self._settings.rate.replace('/', ' requests a ')}. Wait a little."
        raise Refusal(429, "too-many-requests", text, retry_after=max(1, math.ceil(left)))

    def _is_own(self, origin: str | None) -> bool:
        """Whether a page of ours asks; programs send no origin, pages of others cannot hide it."""
        if origin is None or origin.lower() == self._settings.url:
            return True
        if not is_loopback(self._settings.host):
            return False
        try:
            theirs = urlsplit(read_url(origin))
        except ValueError:
            return False
        # localhost and 127.0.0.1 are the same machine.
        ours = urlsplit(self._settings.url)
        same_place = (ours.scheme, ours.port) == (theirs.scheme, theirs.port)
        return same_place and is_loopback(theirs.hostname or "")


def _bearer(headers: Headers) -> str:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
