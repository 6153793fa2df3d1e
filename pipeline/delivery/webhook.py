"""A message posted to a webhook: encrypted, patient for a while, and silent about its address.

The standard library does it: one request that must not follow redirects needs no client library.
"""

from __future__ import annotations

import http.client
import json
import re
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import OpenerDirector, Request

from pipeline.delivery.http import is_loopback, opener, retry_after
from scoring.errors import DeliveryError

__all__ = ["Webhook", "post", "webhook"]

ATTEMPTS = 4
_SECONDS, _LONGEST_WAIT = 10.0, 60.0
_GONE = (401, 403, 404, 410)
_CODE = re.compile(r"[A-Za-z][A-Za-z_]{2,60}")


class Webhook(NamedTuple):
    """Where a message goes; never printed whole.

    Attributes:
        service: name of the service, for messages.
        variable: the environment variable that holds the address.
        url: the address, a secret: who knows it may post.
    """

    service: str
    variable: str
    url: str

    def __repr__(self) -> str:
        return f"Webhook({self.service!r}, {self.variable!r})"


def webhook(service: str, variable: str, environ: Mapping[str, str]) -> Webhook:
    """The webhook of a service, from the environment.

    Raises:
        DeliveryError: the variable is not set, or holds no address, or one that is not encrypted.
    """
    url = environ.get(variable, "").strip()
    if not url:
        raise DeliveryError(f"{variable} is not set. Set it to the webhook's address in {service}.")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not host or re.search(r"[^!-~]", url) or parts.username is not None:
        raise DeliveryError(
            f"{variable} holds no address. Copy the webhook's address from {service} into it."
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise DeliveryError(f"{variable} must begin with https://, as messages name customers.")
    return Webhook(service, variable, url)


def post(
    to: Webhook,
    payload: Mapping[str, Any],
    *,
    seconds: float = _SECONDS,
    wait: Callable[[float], object] = time.sleep,
) -> None:
    """Post a message as JSON; where the service is busy or down, try again for a while.

    Args:
        to: where.
        payload: what.
        seconds: to wait for an answer.
        wait: waits for so many seconds before the next attempt.

    Raises:
        DeliveryError: it was refused, or the service cannot be reached; without the address.
    """
    request = Request(  # noqa: S310 (the scheme was checked)
        to.url,
        data=json.dumps(payload, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json; charset=utf-8", "User-Agent": "HealthSheet"},
        method="POST",
    )
    opening = opener(to.url)
    for attempt in range(1, ATTEMPTS + 1):
        pause = _attempt(opening, request, to, seconds, last=attempt == ATTEMPTS)
        if pause is None:
            return
        wait(min(2.0 ** (attempt - 1), _LONGEST_WAIT) if pause < 0 else pause)


def _attempt(
    opening: OpenerDirector, request: Request, to: Webhook, seconds: float, *, last: bool
) -> float | None:
    """Post once: None when it arrived, else seconds to wait, below 0 where nobody said how many."""
    try:
        opening.open(request, timeout=seconds).close()
    except HTTPError as error:
        with error:
            return _answered(error, to, last=last)
    except URLError as error:
        if last or isinstance(error.reason, ssl.SSLCertVerificationError):
            raise DeliveryError(_unreachable(error.reason, to)) from None
        return -1.0
    except (OSError, http.client.HTTPException):
        # The request was sent: a second one could make a second message.
        raise DeliveryError(
            f"{to.service} did not answer. The message may have arrived; look before you send it "
            "again."
        ) from None
    return None


def _answered(error: HTTPError, to: Webhook, *, last: bool) -> float:
    """Seconds to wait after an answer that is none of success, below 0 where it does not say.

    Raises:
        DeliveryError: waiting would not help.
    """
    if error.code == 429:
        pause = retry_after(error.headers.get("Retry-After"))
        if not last and pause <= _LONGEST_WAIT:
            return pause
        later = f"in {pause:,.0f} seconds" if pause > 0 else "in some minutes"
        text = f"{to.service} takes no more messages for now (429). Send again {later}."
        raise DeliveryError(text) from None
    if error.code >= 500:
        if not last:
            return -1.0
        text = f"{to.service} is out of order ({error.code}). Send again later."
        raise DeliveryError(text) from None
    if 300 <= error.code < 400:
        text = f"The webhook in {to.variable} has moved ({error.code}), and is not followed."
        raise DeliveryError(f"{text} Copy its new address from {to.service}.") from None
    raise DeliveryError(_refused(error, to)) from None


def _refused(error: HTTPError, to: Webhook) -> str:
    said = _code(error)
    what = f"{to.service} refused the message ({error.code}{f', {said}' if said else ''})."
    if error.code in _GONE:
        return (
            f"{what} The webhook is switched off or its address is wrong: make a new one and set "
            f"{to.variable}."
        )
    return f"{what} See it with --dry-run, and try the webhook with a message of your own."


def _code(error: HTTPError) -> str:
    """What the service calls the fault, where its answer is one word or names a code."""
    try:
        text = error.read(2_000).decode("utf-8", "replace").strip()
        if text.startswith("{"):
            text = str(json.loads(text)["error"]["code"])
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return ""
    return text if _CODE.fullmatch(text) else ""


def _unreachable(reason: object, to: Webhook) -> str:
    if isinstance(reason, ssl.SSLCertVerificationError):
        return (
            f"{to.service} cannot be trusted: its certificate does not hold. Behind a proxy that "
            "opens encryption, set SSL_CERT_FILE to its certificate."
        )
    return (
        f"{to.service} cannot be reached. Look at the network, HTTPS_PROXY and the address in "
        f"{to.variable}."
    )
