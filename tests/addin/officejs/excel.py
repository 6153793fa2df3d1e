"""Excel for tests: Microsoft's own runtime for custom functions in Chromium, over our server."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Request, Route

from addin.cells import CellError, Fault, Result, Results
from tests.addin.contract.call import Given
from tests.addin.officejs.serving import Server
from tests.modules import ROOT

__all__ = ["BRIDGE", "DIST", "Excel", "Formula"]

DIST = ROOT / "tests" / ".node" / "node_modules" / "@microsoft" / "office-js" / "dist"
"""Microsoft's libraries, as ``./check`` installs them."""

_CDN = "https://appsforoffice.microsoft.com/lib/1/hosted/"
BRIDGE = Path(__file__).with_name("bridge.js")
"""Excel at the boundary of its custom functions; a page loads it first."""

_WORKBOOK = Path(__file__).with_name("workbook.js")
_HOST = f"""<!doctype html><meta charset="utf-8"><title>Excel</title>
<script src="{_CDN}custom-functions-runtime.js"></script>
<script type="module" src="functions.js"></script>
"""

Formula = tuple[str, Sequence[Given]]


class Excel:
    """A page in which formulas are calculated.

    Args:
        browser: Chromium.
        server: ours; nothing else but Microsoft's library can be reached.
        blank: how this Excel hands over a blank cell: None, "" or, in old ones, 0.
        zone: time zone of the person.
    """

    def __init__(
        self,
        browser: Browser,
        server: Server,
        *,
        blank: str | float | None = None,
        zone: str = "UTC",
    ) -> None:
        assert DIST.is_dir(), "Run ./check once: it installs Microsoft's libraries for tests."
        self.server, self.blank = server, blank
        self._free, self._empty = 0, list[str]()
        self.requests: list[Request] = []
        self.elsewhere: list[str] = []
        self._context = browser.new_context(timezone_id=zone)
        self._context.route(re.compile(f"^(?!{re.escape(server.url)}/)"), self._other)
        self._context.route(f"{server.url}/host.html", self._host)
        for script in (BRIDGE, _WORKBOOK):
            self._context.add_init_script(path=script)
        self.page = self._context.new_page()
        self.page.on("request", lambda request: self.requests.append(request))
        self.page.goto(f"{server.url}/host.html")
        described = self.page.evaluate("async () => (await fetch('/functions.json')).json()")
        self._parameters = {f["id"]: f["parameters"] for f in described["functions"]}

    def close(self) -> None:
        """Close the page."""
        self._context.close()

    @property
    def posted(self) -> list[dict[str, Any]]:
        """Bodies of the requests for results so far."""
        found = [r for r in self.requests if r.url.endswith("/v1/calls")]
        return [json.loads(r.post_data or "") for r in found]

    def recalculate(self, formulas: Sequence[Formula]) -> list[Results]:
        """What cells with these formulas show, calculated together."""
        shown = self.page.evaluate("(calls) => excel.recalculate(calls)", self._calls(formulas))
        return [_result(cell) for cell in shown]

    def start(self, formulas: Sequence[Formula]) -> None:
        """Begin a recalculation, or go on with it, and do not wait for it."""
        begin = "(calls) => { (window.begun ??= []).push(excel.recalculate(calls)); }"
        self.page.evaluate(begin, self._calls(formulas))

    def finish(self) -> list[Results]:
        """What the cells of `start` show in the end."""
        finish = "async () => (await Promise.all(window.begun.splice(0))).flat()"
        return [_result(cell) for cell in self.page.evaluate(finish)]

    def session(self, expression: str) -> Any:
        """What an expression on the client's ``session`` gives, awaited."""
        load = f"import('{self.server.url}/static/functions/session.js')"
        return self.page.evaluate(f"async () => {{ const session = await {load}; {expression} }}")

    @property
    def state(self) -> str:
        """How the client sees its connection."""
        return str(self.session("return session.state;"))

    def wait_for(self, state: str) -> None:
        """Wait until the client sees its connection so."""
        self.session(
            "await new Promise((done) => {"
            f"const look = () => session.state === '{state}' && done();"
            "session.subscribe(look); look(); });"
        )

    @property
    def calculated(self) -> list[str]:
        """Recalculations that Excel was asked for so far."""
        return list(self.page.evaluate("() => workbook.calculated"))

    def _calls(self, formulas: Sequence[Formula]) -> list[list[Sequence[object]]]:
        calls: list[list[Sequence[object]]] = [
            [name, self._arguments(name, given), [self._place(g) for g in given]]
            for name, given in formulas
        ]
        self.page.evaluate("(cells) => cells.forEach((c) => workbook.empty.add(c))", self._empty)
        self._empty.clear()
        return calls

    def _place(self, given: Given) -> str:
        """Where the cells of an argument stand: one range below the other."""
        if not isinstance(given, tuple):
            return ""
        top, self._free = self._free, self._free + len(given)
        self._empty += [
            f"Sheet1!{top + y},{x}"
            for y, row in enumerate(given)
            for x, cell in enumerate(row)
            if cell is None
        ]
        return f"Sheet1!A{top + 1}:{at(len(given[0]) - 1, self._free - 1)}"

    def _arguments(self, name: str, given: Sequence[Given]) -> list[object]:
        """Arguments as Excel hands them over: those left out are null."""
        parameters = self._parameters[name]
        assert len(given) <= len(parameters)
        filled = [*given, *[None] * (len(parameters) - len(given))]
        return [
            self._argument(g, p["dimensionality"]) for g, p in zip(filled, parameters, strict=True)
        ]

    def _argument(self, given: Given, dimensionality: str) -> object:
        if given is None:
            return None
        if dimensionality == "scalar":
            return self._cell(given[0][0] if isinstance(given, tuple) else given)
        rows = given if isinstance(given, tuple) else ((given,),)
        return [[self._cell(cell) for cell in row] for row in rows]

    def _cell(self, cell: object) -> object:
        if cell is None:
            return self.blank
        if isinstance(cell, CellError):
            return {"type": "CustomFunctionError", "code": cell.code}
        if isinstance(cell, date):
            return (cell - date(1899, 12, 30)).days
        return cell

    def _host(self, route: Route) -> None:
        route.fulfill(body=_HOST, content_type="text/html")

    def _other(self, route: Route) -> None:
        url = route.request.url
        if url.startswith(_CDN):
            route.fulfill(path=DIST / url.removeprefix(_CDN))
        else:
            self.elsewhere.append(url)
            route.abort()


def at(column: int, row: int) -> str:
    """Address of a 0-based column and row."""
    name, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return f"{name}{row + 1}"


def _result(shown: Any) -> Results:
    if isinstance(shown, dict):
        return Fault(shown["thrown"], shown["message"] or "")
    if len(shown) == len(shown[0]) == 1:
        return _cell_of(shown[0][0])
    return tuple(tuple(_cell_of(cell) for cell in row) for row in shown)


def _cell_of(cell: Any) -> Result:
    if isinstance(cell, dict):
        assert cell["type"] == "Error"
        return Fault(cell["basicValue"], cell.get("message", ""))
    return float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell
