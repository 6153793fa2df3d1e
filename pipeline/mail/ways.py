"""What the ways out have in common: how a message leaves, and what can become of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from pipeline.mail.records import Outgoing
from scoring.errors import DeliveryError

__all__ = ["Later", "Lost", "Refused", "Send", "Unusable", "Way", "megabytes"]


def megabytes(size: int) -> str:
    """So many bytes, such as ``12.3 MB``."""
    return f"{size / 1e6:,.1f} MB"


class Refused(DeliveryError):
    """This message is refused for good; trying again would change nothing."""


class Later(DeliveryError):
    """This message, or all, cannot leave now; it may in a while.

    Args:
        text: what was said.
        seconds: how long to wait at least, where the service says so.
        closed: the connection is gone; others need a new one.
    """

    def __init__(self, text: str, seconds: float = 0.0, *, closed: bool = False) -> None:
        super().__init__(text)
        self.seconds = seconds
        self.closed = closed


class Lost(DeliveryError):
    """The whole message was handed over and nobody said whether it was taken."""


class Unusable(DeliveryError):
    """The way itself does not work as it is set up; no message leaves by it."""


Send = Callable[[Outgoing, Callable[[], None]], str]
"""Sends one message and returns what was answered.

It calls the second argument right before the step from which on the message may be there; what
fails earlier left nothing behind. It raises `Refused`, `Later`, `Lost` or `Unusable`.
"""


class Way(Protocol):
    """A way out: a mail server, Microsoft Graph or a folder."""

    @property
    def name(self) -> str:
        """What the outbox calls it."""
        ...

    def session(self) -> AbstractContextManager[Send]:
        """A connection for some messages.

        Raises:
            Later: it cannot be reached now.
            Unusable: it refuses, or cannot be trusted.
        """
        ...
