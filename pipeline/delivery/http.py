"""What requests to services share: no redirects, waiting as asked for, no proxy to ourselves."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, build_opener

__all__ = ["is_loopback", "is_safe", "opener", "retry_after"]


class _StayPut(HTTPRedirectHandler):
    """Follows no redirect: it would take customers' names elsewhere, perhaps unencrypted."""

    def redirect_request(self, *given: Any, **named: Any) -> None:
        return None


def opener(url: str) -> OpenerDirector:
    """What opens requests to the host of an address."""
    local = is_loopback(urlsplit(url).hostname or "")
    return build_opener(_StayPut, *([ProxyHandler({})] if local else []))


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_safe(url: str) -> bool:
    """Whether what is sent there is encrypted, or stays on this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    )


def retry_after(text: str | None) -> float:
    """Seconds that a service asks for, as a number or until a date; below 0 where it does not."""
    if text is None:
        return -1.0
    if text.strip().isdigit():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return -1.0
    now = datetime.now(UTC)
    return max((until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds(), 0.0)
