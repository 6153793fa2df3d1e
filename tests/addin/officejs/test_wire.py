"""JSON to cells and back."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json
from starlette.testclient import TestClient

from addin import cells
from addin.cells import CellError, Fault
from addin.function import Function
from addin.hosts.officejs.refusal import Refusal
from addin.hosts.officejs.wire import (
    answer,
    read_batch,
    read_grid,
    read_json,
    read_today,
    write_result,
)
from tests.addin.contract import CALLS, Call
from tests.addin.officejs.wire_calls import ask, client
from tests.addin.test_functions import same


@pytest.fixture(scope="module")
def server() -> TestClient:
    """One server for all calls; each is a request of its own, so they may be many."""
    return client(rate="100000/minute")


@pytest.mark.parametrize("call", CALLS, ids=lambda c: c.name)
def test_contract(call: Call, server: TestClient) -> None:
    """Every call of the table gives over the wire what it must."""
    (result,) = ask(server, [(call.function, call.given)])
    assert same(result, call.expected)


def test_contract_in_one_request(server: TestClient) -> None:
    """All calls of the table in one request answer in their order, each for itself."""
    results = ask(server, [(call.function, call.given) for call in CALLS])
    wrong = [c.name for c, r in zip(CALLS, results, strict=True) if not same(r, c.expected)]
    assert wrong == []


def test_cells_keep_their_meaning() -> None:
    """Numbers, texts, yes or no, blanks and errors arrive as what they are."""
    raw = [[1, 2.5, "3", True, None, "", {"error": "#N/A"}, {"error": "#SPILL!"}]]
    (row,) = read_grid(raw)
    assert row == (1.0, 2.5, "3", True, None, "", CellError("#N/A"), CellError("#SPILL!"))
    assert [type(cell) for cell in row[:4]] == [float, float, str, bool]


@pytest.mark.parametrize("code", ["#BUSY!", "#CALC!", "#GETTING_DATA", "#PYTHON!", "#EXTERNAL!"])
def test_errors_of_any_kind_pass(code: str, server: TestClient) -> None:
    """An error cell that Excel may invent tomorrow counts as missing, and as a score stays."""
    ratings = ((4.0, CellError(code), 3.0, 4.0, 4.0),)
    scored, tier = ask(
        server, [("HEALTH_SCORE", [ratings]), ("HEALTH_TIER", [((CellError(code),),)])]
    )
    assert same(scored, 75.0)
    assert isinstance(tier, Fault)
    assert tier.code == code


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_anything_is_answered(sent: Any) -> None:
    """Whatever is sent as ranges and calls is read, or refused in a sentence."""
    for body in ({"ranges": sent}, {"calls": sent}, {"ranges": [sent], "calls": [sent]}, sent):
        refused = _refused(json.dumps(body).encode())
        assert refused is None or (refused.status in (400, 413) and str(refused).endswith("."))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"ranges": [[[NaN]]]}',
        b'{"ranges": [[[1e999]]]}',
        b'{"ranges": [[[-1e999]]]}',
        b'{"ranges": [[[1' + b"0" * 400 + b"]]]}",
        b'{"ranges": [[[1], [1, 2]]]}',
        b'{"ranges": [[[]]]}',
        b'{"ranges": [[]]}',
        b'{"ranges": [[[[1]]]]}',
        b'{"ranges": [[[{"error": 1}]]]}',
        b'{"ranges": [[[{"error": "<script>"}]]]}',
        b'{"calls": [["HEALTH_SCORE"]]}',
        b'{"calls": [["HEALTH_SCORE", [{"range": 0}]]]}',
        b'{"ranges": [[[1]]], "calls": [["HEALTH_SCORE", [{"range": -1}]]]}',
        b'{"ranges": [[[1]]], "calls": [["HEALTH_SCORE", [{"range": true}]]]}',
        b'{"calls": [["HEALTH_SCORE", [[1]]]]}',
        b'{"calls": {}}',
        b"[" * 100_000,
        b'{"ranges": [[["\xff"]]]}',
        b'{"ranges": [[["' + b"x" * 32_768 + b'"]]]}',
        b'{"calls": [["HEALTH_TIER", ["' + b"x" * 32_768 + b'"]]]}',
    ],
)
def test_malformed_is_refused(body: bytes) -> None:
    """What our client never sends is refused as a whole."""
    with pytest.raises(Refusal) as refused:
        read_batch(body, max_calls=10, max_cells=100)
    assert (refused.value.status, refused.value.code) == (400, "malformed")


def test_half_of_a_character_spoils_nothing() -> None:
    """A text cut within a character, as =LEFT("😀") gives, does not fail the other calls."""
    body = rb'{"ranges": [[["A\ud83d", "\ud83d\ude00", "\\ud83d", "\\\ud83dx"]]]}'
    sent = body.replace(b"}", b', "calls": [["HEALTH_TIER", [{"range": 0}]]]}')
    batch = read_batch(sent, max_calls=10, max_cells=100)
    (call,) = batch.calls
    assert not isinstance(call, Fault)
    assert call[1][0] == (("A\ufffd", "😀", "\\ud83d", "\\\ufffdx"),)


def test_unknown_function_fails_alone() -> None:
    """A name from an older list of functions is an error of its cell."""
    body = b'{"calls": [["HEALTH_SCORES", []], ["HEALTH_TIER", [80]]]}'
    results = json.loads(_answered(body))["results"]
    assert results[0]["error"] == "#NAME?"
    assert results[0]["message"].endswith("Reload the add-in.")
    assert results[1] == "Green"


def test_too_many_arguments_name_the_right_ones() -> None:
    """More arguments than the function has is an error that shows the call."""
    (result,) = json.loads(_answered(b'{"calls": [["HEALTH_TIER", [80, null, 1]]]}'))["results"]
    assert result == {
        "error": "#VALUE!",
        "message": "Too many arguments. Type HEALTH_TIER(score, [model]).",
    }


def test_missing_arguments_are_left_out() -> None:
    """Arguments that are not sent at all count as left out."""
    (result,) = json.loads(_answered(b'{"calls": [["HEALTH_TIER", []]]}'))["results"]
    assert result == ""


def test_limits() -> None:
    """Calls and cells are counted before anything is computed."""
    two_calls = b'{"calls": [["HEALTH_TIER", [80]], ["HEALTH_TIER", [80]]]}'
    three_cells = b'{"ranges": [[[1, 2]], [[3]]]}'
    assert len(read_batch(two_calls, max_calls=2, max_cells=3).calls) == 2
    assert read_batch(three_cells, max_calls=2, max_cells=3).calls == ()
    for body, code in ((two_calls, "too-many-calls"), (three_cells, "too-many-cells")):
        with pytest.raises(Refusal) as refused:
            read_batch(body, max_calls=1, max_cells=2)
        assert (refused.value.status, refused.value.code) == (413, code)


def test_too_much_work_stops() -> None:
    """Work that exceeds its time stops between two calls and says what to do."""
    with pytest.raises(Refusal, match=r"Use smaller ranges\.$") as refused:
        _answered(b'{"calls": [["HEALTH_TIER", [80]]]}', seconds=-1.0)
    assert refused.value.code == "too-long"


def test_too_large_an_answer_stops() -> None:
    """A small request cannot make a large answer: it stops at the call that exceeds the limit."""
    two_calls = b'{"calls": [["HEALTH_TIER", [80]], ["HEALTH_TIER", [80]]]}'
    assert _answered(two_calls, size=14) == b'{"results":["Green","Green"]}'
    with pytest.raises(Refusal, match=r"^The answer is larger than 1\.3e-05 MB\.") as refused:
        _answered(two_calls, size=13)
    assert (refused.value.status, refused.value.code) == (413, "too-large-answer")


def test_today_is_the_persons() -> None:
    """The person's day counts where it can be one on Earth; else the server's."""
    here = datetime.now(UTC).date()
    for days in (-1, 0, 1):
        day = here + timedelta(days=days)
        assert read_today({"today": day.isoformat()}) == day
    for said in ("2001-01-01", "tomorrow", "", None, 7, "9999-12-31"):
        assert read_today({"today": said}) == here


def test_ages_count_to_the_persons_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """While calls run, today is the day of the request, and afterwards it is not."""
    seen: list[date] = []
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)

    def call(*_: object) -> str:
        seen.append(cells.today())
        return ""

    monkeypatch.setattr(Function, "call", call)
    _answered(json.dumps({"today": f"{tomorrow}", "calls": [["HEALTH_TIER", []]]}).encode())
    assert seen == [tomorrow]
    assert cells._DAY.get() is None


def test_results_are_plain() -> None:
    """Rows, faults, texts and numbers are written; what JSON has no word for is an error."""
    fault = Fault("#N/A", "No data.")
    assert write_result(((1.5, "a"), (fault, ""))) == {
        "rows": [[1.5, "a"], [{"error": "#N/A", "message": "No data."}, ""]]
    }
    for odd in (math.nan, math.inf, -math.inf, None, date(2026, 1, 1)):
        written = write_result(odd)  # type: ignore[arg-type]
        assert isinstance(written, dict)
        assert written["error"] == "#NUM!"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_lose_nothing(number: float) -> None:
    """A number is the same to the last bit after the wire, both ways."""
    grid = read_json(json.dumps({"grid": [[number]]}).encode())["grid"]
    assert read_grid(grid) == ((number,),)
    assert json.loads(to_json(write_result(number))) == number


def _refused(body: bytes) -> Refusal | None:
    try:
        read_batch(body, max_calls=10, max_cells=100)
    except Refusal as refusal:
        return refusal
    return None


def _answered(body: bytes, seconds: float = 30.0, size: int = 1_000) -> bytes:
    return answer(read_batch(body, max_calls=10, max_cells=100), seconds=seconds, size=size)
