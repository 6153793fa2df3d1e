"""The server: what Excel loads, and the calls it makes.

A request passes, from outside in: the log, the headers of answers, the check of the host name, the
compression of answers, and for ``/v1/`` the guard (origin, sign-in, rate, size). ``/healthz`` is
asked by whatever address a container has, so it stands before the check of the host name.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path

import anyio.to_thread
from pydantic_core import to_json
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from addin.hosts.help_page import help_page
from addin.hosts.officejs import pane
from addin.hosts.officejs.access_log import AccessLog
from addin.hosts.officejs.guard import Guard
from addin.hosts.officejs.headers import OFFICE_ORIGIN, Headers
from addin.hosts.officejs.manifest import manifest
from addin.hosts.officejs.memory import forget
from addin.hosts.officejs.metadata import functions_json
from addin.hosts.officejs.refusal import Refusal
from addin.hosts.officejs.script import functions_script
from addin.hosts.officejs.settings import Settings, is_loopback
from addin.hosts.officejs.wire import answer, read_batch

__all__ = ["create_app", "from_environment"]

_STATIC = Path(__file__).parent / "static"
# Threads take turns in Python: few, so that a long request does not starve the short ones, and
# more than one, so that these need not wait for its end.
_THREADS = 4
_JSON = "application/json"

Endpoint = Callable[[Request], Awaitable[Response]]


def from_environment() -> Starlette:
    """The server as the environment sets it up; each worker process calls this."""
    return create_app(Settings.from_environment(os.environ))


def create_app(settings: Settings) -> Starlette:
    """The server as an ASGI application."""
    routes = list(_routes(settings))
    inside = Starlette(
        routes=routes,
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=_hosts(settings), www_redirect=False),
            # Answers hold no secret beside what the asker sent, so packing them gives none away.
            Middleware(GZipMiddleware, minimum_size=2_000, compresslevel=1),
            Middleware(Guard, settings=settings),
        ],
        exception_handlers={Refusal: _refused, HTTPException: _not_found, Exception: _failed},
    )
    # Behind a proxy it knows neither scheme nor port of the address to send people to.
    inside.router.redirect_slashes = False
    inside.state.threads = anyio.CapacityLimiter(_THREADS)
    paths = ["/healthz", *(_path(route) for route in routes)]
    return Starlette(
        routes=[Route("/healthz", _healthz), Mount("/", inside)],
        middleware=[
            Middleware(AccessLog, paths=paths),
            Middleware(Headers, settings=settings),
        ],
    )


def _routes(settings: Settings) -> Iterator[BaseRoute]:
    cors = Middleware(CORSMiddleware, allow_origin_regex=OFFICE_ORIGIN)
    described = _fixed(to_json(functions_json(settings.url)), _JSON)
    yield Route("/functions.json", described, middleware=[cors])
    yield Route("/functions.js", _fixed(functions_script().encode(), "text/javascript"))
    yield Route("/pane.html", _pane_html)
    yield Route("/help", _fixed(help_page().encode(), "text/html"))
    if settings.url.startswith("https:"):
        text = manifest(settings.url, settings.client_id if settings.sign_in == "entra" else "")
        yield Route("/manifest.xml", _fixed(text.encode(), "application/xml"))
    yield Mount("/assets", StaticFiles(directory=_STATIC / "assets"))
    yield Mount("/static", StaticFiles(directory=_STATIC))
    yield Route("/v1/settings", _fixed(to_json(_public(settings)), _JSON))
    yield Route("/v1/calls", _calls(settings), methods=["POST"])
    yield from pane.ROUTES


def _calls(settings: Settings) -> Endpoint:
    def calculate(body: bytes) -> tuple[bytes, int]:
        try:
            batch = read_batch(body, max_calls=settings.max_calls, max_cells=settings.max_cells)
            answered = answer(batch, seconds=settings.max_seconds, size=settings.max_answer)
            return answered, len(batch.calls)
        finally:
            forget()

    async def calls(request: Request) -> Response:
        work = partial(calculate, await request.body())
        # The loop stays free for others while a large range is computed.
        answered, request.state.calls = await anyio.to_thread.run_sync(
            work, limiter=request.app.state.threads
        )
        return Response(answered, media_type=_JSON)

    return calls


def _fixed(content: bytes, media_type: str) -> Endpoint:
    async def endpoint(_: Request) -> Response:
        return Response(content, media_type=media_type)

    return endpoint


def _public(settings: Settings) -> dict[str, str]:
    return {"signIn": settings.sign_in, "version": version("healthsheet")}


def _hosts(settings: Settings) -> list[str]:
    """Names under which the server answers; any other is a page that plays our host."""
    loopback = ["localhost", "127.0.0.1", "[::1]", "::1"]
    return [settings.host, *(loopback if is_loopback(settings.host) else [])]


def _path(route: BaseRoute) -> str:
    """The path that the log may name; of a folder, not what is asked for in it."""
    if isinstance(route, Mount):
        return f"{route.path}/…"
    return route.path if isinstance(route, Route) else ""


async def _healthz(_: Request) -> Response:
    return PlainTextResponse("ok\n")


async def _pane_html(_: Request) -> Response:
    return FileResponse(_STATIC / "pane" / "pane.html")


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return error.response()


async def _not_found(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return Refusal(error.status_code, "http", f"{error.detail}.").response()


async def _failed(_: Request, __: Exception) -> Response:
    text = "The server failed. Please report this, with the line of its log."
    return Refusal(500, "failed", text).response()
