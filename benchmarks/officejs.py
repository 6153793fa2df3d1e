"""Cells in Excel through Microsoft's own runtime, against one request and against the runtime."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from threading import Thread

from playwright.sync_api import Page, sync_playwright

from benchmarks.measure import Row
from tests.addin.officejs.excel import BRIDGE, DIST
from tests.addin.officejs.serving import Server

_PAGE = Path(__file__).with_suffix(".js")
_FLOOR = "one formula over as many rows: one request"
_OURS = "HealthSheet, a formula a row"
_ALONE = "one request a cell"
_CASES = {
    _FLOOR: "range",
    _OURS: "cells",
    "the request alone, without Excel": "request",
    "the host alone: a function that returns its argument": "same",
    _ALONE: "alone",
}
_WANTED = {1_000: 1.5}


def office_cells(counts: tuple[int, ...]) -> Iterator[Row]:
    """Rows for recalculations of so many cells, each over a row of 20 cells.

    Excel's runtime keeps every result for 50 ms before it hands it over: that is in all cases but
    the request alone.
    """
    with _page() as page:
        page.evaluate("() => timed('cells', 100)")
        for count in counts:
            cases = {c: run for c, run in _CASES.items() if count <= 1_000 or c != _ALONE}
            found = _rounds(page, cases, count)
            for case, seconds in found.items():
                yield _row(case, count, seconds, found[_FLOOR])


def _row(case: str, count: int, seconds: float, floor: float) -> Row:
    each = f", {seconds / count * 1e6:,.0f} µs each" if count > 1 else ""
    return Row(
        job=f"Excel over the server, {count:,} cell{'s' if count > 1 else ''} of 20 values",
        case=case,
        seconds=seconds,
        shown=f"{seconds * 1000:,.0f} ms{each}",
        ratio=seconds / floor,
        target=_WANTED.get(count) if case == _OURS else None,
    )


def _rounds(page: Page, cases: Mapping[str, str], count: int) -> dict[str, float]:
    """Median seconds of each case, measured in the page; every round runs all of them."""
    times: dict[str, list[float]] = {case: [] for case in cases}
    for _ in range(5):
        for case, run in cases.items():
            taken = page.evaluate("([run, count]) => timed(run, count)", [run, count])
            times[case].append(taken / 1000)
    return {case: median(found) for case, found in times.items()}


@contextmanager
def _page() -> Iterator[Page]:
    """A page of our server with Microsoft's runtime and our client.

    Nothing stands between page and server: intercepted requests would be slower than real ones.
    """
    server = Server(rate="1000000/minute", max_calls=20_000, max_body=100_000_000).start()
    try:
        with sync_playwright() as playwright, _library() as library:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox"]
            )
            page = browser.new_context(bypass_csp=True).new_page()
            page.add_init_script(path=BRIDGE)
            page.goto(f"{server.url}/healthz")
            page.add_script_tag(url=f"{library}/custom-functions-runtime.js")
            page.evaluate("() => import('/functions.js')")
            page.add_script_tag(path=_PAGE, type="module")
            page.wait_for_function("() => globalThis.timed")
            yield page
            browser.close()
    finally:
        server.kill()


@contextmanager
def _library() -> Iterator[str]:
    """Address of Microsoft's library, which wants to be loaded from a file of its name."""
    handler = partial(_Quiet, directory=str(DIST))
    with _Files(("127.0.0.1", 0), handler) as files:
        Thread(target=files.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{files.server_port}"
        files.shutdown()


class _Files(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A page that is closed in the middle of a file is no error."""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None: ...
