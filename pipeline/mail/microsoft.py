"""Microsoft 365: an app's access token, and requests with it, told apart by what can be done."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request

from pipeline.delivery.http import opener, retry_after
from pipeline.mail.ways import Later, Lost, Refused, Unusable

__all__ = ["AUTHORITY", "SMTP_SCOPE", "AppLogin", "call"]

AUTHORITY = "https://login.microsoftonline.com"
SMTP_SCOPE = "https://outlook.office365.com/.default"
_BUSY = (429, 503)
_NOT_ALLOWED = (401, 403, 404)


@dataclass(frozen=True)
class AppLogin:
    """An app that is registered in a company's directory (client credentials).

    Attributes:
        tenant, client: ids of the directory and of the app.
        secret: of the app; never printed.
        authority: where tokens are given; another one in a national cloud.
        seconds: to wait for an answer.
    """

    tenant: str
    client: str
    secret: str = field(repr=False)
    authority: str = AUTHORITY
    seconds: float = 30.0

    def token(self, scope: str) -> str:
        """An access token, good for about an hour.

        Raises:
            Later: nobody answers now. Unusable: the app's login is refused.
        """
        form = {
            "client_id": self.client, "client_secret": self.secret, "scope": scope,
            "grant_type": "client_credentials",
        }  # fmt: skip
        url = f"{self.authority}/{quote(self.tenant, safe='')}/oauth2/v2.0/token"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            found, _ = call(url, urlencode(form).encode(), headers, seconds=self.seconds)
        except (Refused, Unusable) as error:
            raise Unusable(
                f"{error} Check HEALTHSHEET_GRAPH_TENANT, HEALTHSHEET_GRAPH_CLIENT and "
                "HEALTHSHEET_GRAPH_SECRET."
            ) from error
        token = found.get("access_token")
        if not isinstance(token, str) or not token:
            raise Unusable("Microsoft gave no access token. Check the app's registration.")
        return token


def call(
    url: str,
    data: bytes | None,
    headers: Mapping[str, str],
    *,
    method: str = "POST",
    seconds: float,
    final: bool = False,
) -> tuple[dict[str, Any], int]:
    """One request.

    Args:
        url: checked by the caller (https, or this machine).
        data: its body.
        headers: of the request.
        method: of the request.
        seconds: to wait for an answer.
        final: the message may be there once the request has arrived.

    Returns:
        The answer's JSON, empty where it is none; its status.

    Raises:
        Later: try again in a while.
        Lost: nobody said whether the final request was done.
        Refused: this request will never be taken.
        Unusable: the app may not do that, or the service cannot be trusted.
    """
    given = {"User-Agent": "HealthSheet", **headers}
    request = Request(url, data=data, headers=given, method=method)  # noqa: S310 (it was checked)
    try:
        with opener(url).open(request, timeout=seconds) as answer:
            return _json(answer.read()), answer.status
    except HTTPError as error:
        with error:
            _answered(error, final=final)
    except URLError as error:
        if isinstance(error.reason, ssl.SSLCertVerificationError):
            raise Unusable(
                "Microsoft cannot be trusted: its certificate does not hold. Behind a proxy that "
                "opens encryption, set SSL_CERT_FILE to its certificate."
            ) from None
        text = "Microsoft cannot be reached. Look at the network and HTTPS_PROXY."
        raise Later(text, closed=True) from None
    except (OSError, http.client.HTTPException):
        if final:
            raise Lost("Microsoft did not answer. Look into Sent items of the sender.") from None
        raise Later("Microsoft hung up before it had the message.", closed=True) from None


def _answered(error: HTTPError, *, final: bool) -> NoReturn:
    """Tell an answer that is none of success."""
    said = f"Microsoft answered {error.code}{_fault(error)}."
    if error.code in _BUSY:
        pause = max(retry_after(error.headers.get("Retry-After")), 0.0)
        raise Later(said, pause, closed=True) from None
    if error.code >= 500:
        if final:
            raise Lost(f"{said} Look into Sent items of the sender.") from None
        raise Later(said) from None
    if error.code in _NOT_ALLOWED:
        raise Unusable(said) from None
    if error.code == 413:
        raise Refused(f"{said} Too large: lower mail.max_mb.") from None
    raise Refused(said) from None


def _fault(error: HTTPError) -> str:
    """What Microsoft calls the fault: its code, and the first line of what it says."""
    try:
        found = _json(error.read(20_000))
    except (OSError, http.client.HTTPException):
        return ""
    inner = found.get("error")
    if isinstance(inner, Mapping):
        parts = [inner.get("code"), inner.get("message")]
    else:
        parts = [inner, found.get("error_description")]
    lines = [str(part).strip().splitlines()[0] for part in parts if str(part or "").strip()]
    told = ": ".join("".join(c for c in line if c.isprintable())[:200] for line in lines)
    return f", {told}".rstrip(".") if told else ""


def _json(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
