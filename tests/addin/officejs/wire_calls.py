"""Calls of the contract on the wire, as our client sends them, and what comes back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from starlette.testclient import TestClient

from addin.cells import CellError, Fault, Result, Results
from addin.hosts.officejs.app import create_app
from addin.hosts.officejs.settings import Settings
from tests.addin.contract.call import Given

__all__ = ["ask", "client", "decode", "encode"]

Asked = tuple[str, Sequence[Given]]


def client(address: str = "127.0.0.1", /, **settings: object) -> TestClient:
    """Our server without a socket, on loopback and open to everybody unless told otherwise.

    Args:
        address: from which is asked.
        settings: of the server.
    """
    made = Settings.model_validate({"url": "http://localhost:3000"} | settings)
    # What fails in the server is an answer, as it is for Excel; tests look at that.
    return TestClient(
        create_app(made), made.url, raise_server_exceptions=False, client=(address, 50_000)
    )


def ask(server: TestClient, asked: Iterable[Asked], **more: object) -> list[Results]:
    """The results of calls made in one request."""
    answer = server.post("/v1/calls", json=encode(asked) | more)
    assert answer.status_code == 200, answer.text
    return [decode(result) for result in answer.json()["results"]]


def encode(asked: Iterable[Asked]) -> dict[str, Any]:
    """The body of a request: each range once, whoever asks for it."""
    ranges: dict[str, object] = {}
    calls = [[name, [_argument(g, ranges) for g in given]] for name, given in asked]
    day = datetime.now().astimezone().date()
    return {"today": day.isoformat(), "ranges": list(ranges.values()), "calls": calls}


def decode(result: Any) -> Results:
    """A result as the functions themselves give it."""
    if isinstance(result, dict) and "rows" in result:
        return tuple(tuple(_decoded(cell) for cell in row) for row in result["rows"])
    return _decoded(result)


def _argument(given: Given, ranges: dict[str, object]) -> object:
    if not isinstance(given, tuple):
        return _cell(given)
    grid = [[_cell(cell) for cell in row] for row in given]
    text = json.dumps(grid)  # as values, FALSE and 0 are the same to Python
    ranges.setdefault(text, grid)
    return {"range": list(ranges).index(text)}


def _cell(cell: object) -> object:
    if isinstance(cell, CellError):
        return {"error": cell.code}
    if isinstance(cell, date):
        # Excel hands dates over as the days since 1899-12-30, times as fractions of a day.
        at = cell if isinstance(cell, datetime) else datetime.combine(cell, datetime.min.time())
        return (at - datetime(1899, 12, 30)).total_seconds() / 86_400  # noqa: DTZ001
    return cell


def _decoded(cell: Any) -> Result:
    if isinstance(cell, dict):
        return Fault(cell["error"], cell["message"])
    return float(cell) if type(cell) is int else cell
