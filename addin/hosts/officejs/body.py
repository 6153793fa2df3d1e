"""Read a request's body: no more of it than is allowed, and no longer."""

from __future__ import annotations

from collections.abc import AsyncIterator

import anyio
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from addin.hosts.officejs.refusal import Refusal

__all__ = ["discard", "read_body", "replay"]

_SECONDS = 30.0
"""For a whole body to arrive; 8 MB need 2 Mbit/s."""


async def read_body(headers: Headers, receive: Receive, *, limit: int) -> bytes:
    """The body, up to the limit, whether or not its length is announced.

    Raises:
        Refusal: longer than *limit* bytes, packed, not JSON, or too slow.
        ClientDisconnect: the client has gone.
    """
    kind = headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "application/json":
        # Pages of others can send plain forms to us unasked, but never this type.
        raise Refusal(415, "not-json", "The body must be application/json.")
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise Refusal(415, "packed", "The body must not be compressed.")
    if int(headers.get("content-length", "0")) > limit:
        raise _too_large(limit)
    body = bytearray()
    try:
        with anyio.fail_after(_SECONDS):
            async for chunk in _chunks(receive):
                body += chunk
                if len(body) > limit:
                    raise _too_large(limit)
    except TimeoutError:
        text = f"The request took longer than {_SECONDS:g} seconds to arrive. Try again."
        raise Refusal(408, "too-slow", text) from None
    return bytes(body)


async def discard(receive: Receive, *, limit: int) -> None:
    """Let a body that is not wanted arrive, up to the limit.

    An answer sent before the request has arrived is lost with some clients: they would see a
    broken connection instead of the reason.
    """
    size = 0
    with anyio.move_on_after(_SECONDS):
        async for chunk in _chunks(receive):
            size += len(chunk)
            if size > limit:
                return


def replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that hands the body over once, then what really comes."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return messages.pop() if messages else await receive()

    return replayed


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        yield message.get("body", b"")
        more = message.get("more_body", False)


def _too_large(limit: int) -> Refusal:
    text = f"The request is larger than {limit / 1e6:g} MB. Use smaller ranges."
    return Refusal(413, "too-large", text)
