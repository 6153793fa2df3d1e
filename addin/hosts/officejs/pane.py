"""What the task pane asks the server for. Nothing of it is kept or logged.

The row that a person selected comes as JSON: ``{"today": "2026-11-22", "headers": [cell, …],
"row": [cell, …], "at": "A14", "headerRow": 1, "model": null | "support" | {"rows": grid,
"range": "Model!$A$1:$X$60"}, "segment": null | "SMB", "earlier": null | {"headers": […],
"rows": grid, "at": [15, …]}, "overrides": null | {"headers": […], "rows": grid},
"prefix": "Accounts!"}``, cells as in `wire`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import anyio.to_thread
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from addin.cells import CellProblem, on_day, today
from addin.functions.accounts import read_model
from addin.functions.explanation import explain
from addin.hosts.officejs.examples import examples
from addin.hosts.officejs.memory import forget
from addin.hosts.officejs.pane_words import (
    described,
    explained,
    function_list,
    preset_list,
)
from addin.hosts.officejs.question import read_names, read_question, wanted_model
from addin.hosts.officejs.refusal import Refusal
from addin.hosts.officejs.sample import sample_table
from addin.hosts.officejs.wire import read_json, read_today

__all__ = ["ROUTES"]

Given = Mapping[str, object]
Endpoint = Callable[[Request], Awaitable[Response]]


def _explanation(given: Given) -> object:
    question, chosen = read_question(given)
    return explained(explain(question), question.model, chosen=chosen)


def _examples(given: Given) -> object:
    question, _ = read_question(given)
    return {"examples": examples(question, explain(question), read_names(given, question))}


def _model(given: Given) -> object:
    return described(read_model(wanted_model(given)))


def _sample(given: Given) -> object:
    return sample_table(read_model(wanted_model(given)), today())


def _posted(work: Callable[[Given], object]) -> Endpoint:
    """An endpoint that answers a JSON object; the loop stays free while it works."""

    async def endpoint(request: Request) -> Response:
        worked = partial(_worked, work, await request.body())
        return _json(await anyio.to_thread.run_sync(worked, limiter=request.app.state.threads))

    return endpoint


def _worked(work: Callable[[Given], object], body: bytes) -> bytes:
    given = read_json(body)
    with on_day(read_today(given)):
        try:
            return to_json(work(given))
        except CellProblem as problem:
            raise Refusal(422, "unusable", str(problem)) from None
        finally:
            forget()


async def _preset(request: Request) -> Response:
    try:
        found = described(read_model(request.path_params["name"]))
    except CellProblem as problem:
        raise Refusal(404, "no-model", str(problem)) from None
    return _json(to_json(found))


def _told(what: object) -> Endpoint:
    """An endpoint that says what never changes while the server runs."""
    body = to_json(what)

    async def endpoint(_: Request) -> Response:
        return _json(body)

    return endpoint


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json")


ROUTES: list[Route] = [
    Route("/v1/explain", _posted(_explanation), methods=["POST"]),
    Route("/v1/examples", _posted(_examples), methods=["POST"]),
    Route("/v1/sample", _posted(_sample), methods=["POST"]),
    Route("/v1/functions", _told(function_list())),
    Route("/v1/models", _told(preset_list()), methods=["GET"]),
    Route("/v1/models", _posted(_model), methods=["POST"]),
    Route("/v1/models/{name}", _preset),
]
"""Routes under ``/v1/``; sign-in, limits and headers are the application's."""
