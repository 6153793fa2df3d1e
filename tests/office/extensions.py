"""Install an extension into the user's profile of a running LibreOffice.

`unopkg add` refuses to work for root without --shared, which would change the whole machine; the
same extension manager does it when asked from inside. Runs under the system's Python.
"""

from __future__ import annotations

from typing import Any

import uno  # noqa: F401 - it makes the `com` packages importable
import unohelper
from com.sun.star.task import XInteractionHandler
from com.sun.star.ucb import XCommandEnvironment, XProgressHandler


class _Unattended(unohelper.Base, XCommandEnvironment, XInteractionHandler, XProgressHandler):
    """Agree to what is asked and show no progress."""

    InteractionHandler = property(lambda self: self)
    ProgressHandler = property(lambda self: self)

    def getInteractionHandler(self) -> Any:  # noqa: N802
        return self

    def getProgressHandler(self) -> Any:  # noqa: N802
        return self

    def handle(self, request: Any) -> None:
        # The extension manager offers to go on first and to abort last.
        request.getContinuations()[0].select()

    def push(self, status: Any) -> None: ...

    def update(self, status: Any) -> None: ...

    def pop(self) -> None: ...


def add(context: Any, url: str) -> None:
    """Install the extension at *url*, replacing an older one."""
    manager = context.getByName("/singletons/com.sun.star.deployment.ExtensionManager")
    manager.addExtension(url, (), "user", manager.createAbortChannel(), _Unattended())
