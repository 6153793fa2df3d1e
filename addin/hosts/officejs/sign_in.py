"""Who may call: nobody has to sign in, or has a token, or signs in with Entra ID."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable

from addin.hosts.officejs.entra import entra_sign_in
from addin.hosts.officejs.refusal import Refusal
from addin.hosts.officejs.settings import Settings

__all__ = ["Check", "sign_in_check"]

Check = Callable[[str], Awaitable[str]]
"""Bearer token → who that is, for counting only. Raises `Refusal` where it is not accepted."""


def sign_in_check(settings: Settings) -> Check:
    """The check that the settings ask for."""
    if settings.sign_in == "entra":
        return entra_sign_in(settings)
    return _token_check(settings) if settings.sign_in == "token" else _anybody


async def _anybody(_: str) -> str:
    return ""


def _token_check(settings: Settings) -> Check:
    accepted = [_digest(token.get_secret_value()) for token in settings.tokens]

    async def check(bearer: str) -> str:
        given = _digest(bearer)
        # Digests have one length, and all are compared, so time tells nothing of a token.
        if not sum(hmac.compare_digest(given, token) for token in accepted):
            text = "No valid token. Type the token that your administrator gave you."
            raise Refusal(401, "sign-in", text)
        return given.hex()[:16]

    return check


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
