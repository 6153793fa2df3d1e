"""The log: what was asked, how it went, how long it took. Never what stood in a cell."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Collection
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["LOGGING", "AccessLog"]

_ACCESS = logging.getLogger("healthsheet.access")
_ERRORS = logging.getLogger("healthsheet.errors")
_GONE = 499
"""Where the client went away before there was an answer, as other servers write it."""
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})

LOGGING: dict[str, object] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "format": "%(asctime)s %(levelname)s %(message)s",
            "datefmt": "%Y-%m-%dT%H:%M:%S%z",
        }
    },
    "handlers": {
        "out": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "stream": "ext://sys.stdout",
        }
    },
    "loggers": {
        "healthsheet": {"handlers": ["out"], "level": "INFO", "propagate": False},
        "uvicorn.error": {"handlers": ["out"], "level": "WARNING", "propagate": False},
    },
}
"""For `logging.config.dictConfig`; one line a request to standard output."""


class AccessLog:
    """ASGI middleware that writes a line for each request."""

    def __init__(self, app: ASGIApp, paths: Collection[str]) -> None:
        self._app = app
        self._paths = frozenset(paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, and write it down."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = size = 0
        state = scope.setdefault("state", {})
        start = time.perf_counter()

        async def counted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, counted)
        except Exception as error:  # noqa: BLE001 - it was answered; its text may hold a cell
            _ERRORS.error("%s in %s", type(error).__name__, _place(error))
        finally:
            # Containers ask every few seconds whether all is well; that it is need not be noted.
            if (scope["path"], status) != ("/healthz", 200):
                took = 1000 * (time.perf_counter() - start)
                method = scope["method"] if scope["method"] in _METHODS else "(other)"
                what = (method, self._named(scope["path"]), status or _GONE, took, size)
                _ACCESS.info("%s %s %d %.1fms %dB %dcalls", *what, state.get("calls", 0))

    def _named(self, path: str) -> str:
        """A path of ours; any other might hold anything."""
        folder = f"/{path.lstrip('/').split('/')[0]}/…"
        return path if path in self._paths else folder if folder in self._paths else "(other)"


def _place(error: Exception) -> str:
    """File and line where it was raised: enough to find it, and nothing a person typed."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
