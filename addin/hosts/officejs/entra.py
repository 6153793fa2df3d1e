"""Sign-in with Entra ID: the token that Excel gets for the person is checked here.

A token is accepted when a key of the tenant signed it (RS256 only), for this server (audience),
by this tenant (issuer and tenant id), now (60 seconds of skew), with the right to call us
(``access_as_user`` among its scopes or roles).
"""

from __future__ import annotations

from functools import partial

import anyio.to_thread
import jwt

from addin.hosts.officejs.manifest import resource
from addin.hosts.officejs.refusal import Refusal
from addin.hosts.officejs.settings import Settings

__all__ = ["SCOPE", "entra_sign_in"]

SCOPE = "access_as_user"
_SKEW = 60
# Entra's keys change every few weeks; a new one is fetched as soon as a token names it.
_KEYS_SECONDS = 12 * 3600


class _Entra:
    """Checks tokens for one app registration."""

    def __init__(self, settings: Settings) -> None:
        tenant, client_id = settings.tenant, settings.client_id
        self._tenant = tenant
        self._audiences = (client_id, f"api://{client_id}", resource(settings.url, client_id))
        # Tokens of version 1 name another issuer; the app registration decides which are made.
        self._issuers = (
            f"{settings.authority}/{tenant}/v2.0",
            f"https://sts.windows.net/{tenant}/",
        )
        self._keys = jwt.PyJWKClient(
            f"{settings.authority}/{tenant}/discovery/v2.0/keys",
            lifespan=_KEYS_SECONDS,
            timeout=10,
        )

    async def __call__(self, bearer: str) -> str:
        """The person's id in the directory.

        Raises:
            Refusal: no token, not accepted, or Entra cannot be asked for its keys.
        """
        try:
            # Keys come over the network at times, which must not hold up the others.
            key = await anyio.to_thread.run_sync(
                partial(self._keys.get_signing_key_from_jwt, bearer)
            )
            return self._person(self._claims(bearer, key))
        except jwt.PyJWKClientConnectionError:
            text = "Entra ID cannot be reached to check the sign-in. Try again in a minute."
            raise Refusal(503, "entra", text, retry_after=30) from None
        except jwt.ExpiredSignatureError:
            raise Refusal(401, "sign-in", "The sign-in has expired. Sign in again.") from None
        except jwt.PyJWTError:
            raise Refusal(401, "sign-in", "No valid sign-in. Sign in in the task pane.") from None

    def _claims(self, bearer: str, key: jwt.PyJWK) -> dict[str, object]:
        claims: dict[str, object] = jwt.decode(
            bearer,
            key,
            algorithms=["RS256"],
            audience=self._audiences,
            issuer=self._issuers,
            leeway=_SKEW,
            options={"require": ["exp", "nbf", "iss", "aud"]},
        )
        if str(claims.get("tid", "")).lower() != self._tenant:
            raise jwt.InvalidIssuerError
        return claims

    def _person(self, claims: dict[str, object]) -> str:
        roles = claims.get("roles")
        granted = str(claims.get("scp", "")).split() + (roles if isinstance(roles, list) else [])
        if SCOPE not in granted:
            text = f"Your account may not use HealthSheet: the right {SCOPE} is missing."
            raise Refusal(403, "forbidden", f"{text} Ask your administrator for it.")
        return str(claims.get("oid") or claims.get("sub") or "")


def entra_sign_in(settings: Settings) -> _Entra:
    """The check of tokens that the settings' app registration stands for."""
    return _Entra(settings)
