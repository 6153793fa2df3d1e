"""What stays in memory of a request that was answered."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from functools import _lru_cache_wrapper

import pytest
from starlette.testclient import TestClient

from addin.functions.scores import health_coverage
from addin.hosts.officejs.memory import forget
from addin.hosts.officejs.wire import read_json
from scoring.model_sheet import model_to_rows
from scoring.presets import load_preset
from tests.addin.officejs.wire_calls import client, encode

HEADERS = ("Account", "CSAT", "NPS", "Segment")
ROW = ("Sample Account 1", 4.5, 40.0, "SMB")
MODEL = tuple(tuple(row) for row in model_to_rows(load_preset("support")))
CALL = ("HEALTH_COVERAGE", ((ROW,), (HEADERS,), MODEL))


def calculated(server: TestClient) -> None:
    """Cells ask under a Model sheet."""
    assert server.post("/v1/calls", json=encode([CALL])).status_code == 200


def explained(server: TestClient) -> None:
    """The pane asks for an explanation and formulas."""
    asked = {"headers": HEADERS, "row": ROW, "model": {"rows": MODEL}}
    for path in ("/v1/explain", "/v1/examples"):
        assert server.post(path, json=asked).status_code == 200


def refused(server: TestClient) -> None:
    """Cells ask for more than fits."""
    assert server.post("/v1/calls", json=encode([CALL] * 100)).status_code == 413


def caches() -> Iterator[_lru_cache_wrapper[object]]:
    """Every cache of ours that is bounded, wherever it hides."""
    for found in gc.get_objects():
        if isinstance(found, _lru_cache_wrapper) and found.cache_parameters()["maxsize"]:
            package = str(found.__module__).split(".")[0]
            if package in ("addin", "scoring"):
                yield found


@pytest.mark.parametrize("asking", [calculated, explained, refused])
def test_nothing_of_a_request_stays(asking: Callable[[TestClient], None]) -> None:
    """Headers, rows and models that functions keep for the next call go with the answer."""
    server = client(max_answer=500)
    health_coverage((ROW,), (HEADERS,), MODEL)
    assert sum(cache.cache_info().currsize > 0 for cache in caches()) > 5
    asking(server)
    assert [cache for cache in caches() if cache.cache_info().currsize] == []


def test_presets_stay() -> None:
    """What is ours is not made anew for each request."""
    before = load_preset("support")
    forget()
    assert load_preset("support") is before


def test_texts_do_not_stay() -> None:
    """The reader of JSON keeps no text for the next body, as it would by itself."""
    first, second = (read_json(b'{"account": "Sample Account 1"}')["account"] for _ in range(2))
    assert first == second
    assert first is not second
