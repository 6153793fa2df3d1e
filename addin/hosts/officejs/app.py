"""The server: what Excel loads, and the calls it makes."""

from __future__ import annotations

import os
from functools import partial
from importlib.metadata import version
from pathlib import Path

import anyio.to_thread
from pydantic_core import to_json
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from addin.hosts.officejs import pane
from addin.hosts.officejs.metadata import functions_json
from addin.hosts.officejs.refusal import Refusal
from addin.hosts.officejs.script import functions_script
from addin.hosts.officejs.settings import Settings
from addin.hosts.officejs.wire import answer, read_batch

__all__ = ["create_app", "from_environment"]

_STATIC = Path(__file__).parent / "static"
# Threads take turns in Python: few, so that a long request does not starve the short ones, and
# more than one, so that these need not wait for its end.
_THREADS = 4


def from_environment() -> Starlette:
    """The server as the environment sets it up; each worker process calls this."""
    return create_app(Settings.from_environment(os.environ))


def create_app(settings: Settings) -> Starlette:
    """The server as an ASGI application."""
    limiter = anyio.CapacityLimiter(_THREADS)

    async def calls(request: Request) -> Response:
        body = await request.body()
        work = partial(_calculate, body, settings)
        # The loop stays free for others while a large range is computed.
        return _json(await anyio.to_thread.run_sync(work, limiter=limiter))

    described = to_json(functions_json(settings.url))
    public = to_json({"signIn": settings.sign_in, "version": version("healthsheet")})
    return Starlette(
        routes=[
            Route("/healthz", _healthz),
            Route("/functions.json", lambda _: _json(described)),
            Route("/functions.js", _functions_js),
            Route("/pane.html", lambda _: FileResponse(_STATIC / "pane" / "pane.html")),
            Mount("/assets", StaticFiles(directory=_STATIC / "assets", check_dir=False)),
            Mount("/static", StaticFiles(directory=_STATIC, check_dir=False)),
            Route("/v1/settings", lambda _: _json(public)),
            Route("/v1/calls", calls, methods=["POST"]),
            *pane.ROUTES,
        ],
        middleware=[Middleware(GZipMiddleware, minimum_size=2_000, compresslevel=1)],
        exception_handlers={Refusal: _refused, HTTPException: _not_found, Exception: _failed},
    )


def _calculate(body: bytes, settings: Settings) -> bytes:
    batch = read_batch(body, max_calls=settings.max_calls, max_cells=settings.max_cells)
    return answer(batch, seconds=settings.max_seconds)


async def _healthz(_: Request) -> Response:
    return PlainTextResponse("ok\n")


async def _functions_js(_: Request) -> Response:
    return Response(functions_script(), media_type="text/javascript")


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return error.response()


async def _not_found(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return Refusal(error.status_code, "http", f"{error.detail}.").response()


async def _failed(_: Request, error: Exception) -> Response:
    kind = type(error).__name__
    return Refusal(500, "failed", f"The server failed ({kind}). Please report this.").response()


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json")
