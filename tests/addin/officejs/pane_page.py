"""The task pane for tests: our server, Microsoft's office.js, and an Excel in memory below it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from tests.addin.officejs.excel import DIST
from tests.addin.officejs.serving import Server

__all__ = ["TODAY", "Book", "PanePage", "accounts_sheet", "serial"]

_CDN = "https://appsforoffice.microsoft.com/lib/1/hosted/"
_HOST = Path(__file__).with_name("excel_host.js")
# Excel for Windows in English, as its own start of a pane says it.
_QUERY = "?_host_Info=Excel$Win32$16.01$en-US$telemetry$$$0"

TODAY = datetime.now().astimezone().date()
"""The day of the tests, as Chromium has it too."""

Book = Mapping[str, Mapping[str, object]]
Cell = str | float | None

HEADERS = (
    "Account", "CSM", "Date", "DAU %", "Feature adoption", "Logins", "Depth", "Touchpoints",
    "Exec sponsor", "Certification rate", "Community activities per month", "NPS",
    "NPS (−100 to 100) as of", "CSAT", "Support points", "Ref calls", "ARR growth",
    "On-time payments", "Contract utilisation", "Expansions", "Temp.",
)  # fmt: skip
_NOW = (
    0.47, 0.42, 2.4, 0.5, 1.2, "Passive", 0.65, 1.1, 20.0, 195, 2.9, 66.0, None, 0.02, 0.98,
    0.9, 1.0, "warm",
)  # fmt: skip
_BEFORE = (
    0.68, 0.5, 2.9, 0.5, 1.4, "Active", 0.55, 1.1, 64.0, 188, 3.8, 70.0, None, 0.02, 0.98,
    0.9, 1.0, "warm",
)  # fmt: skip


def serial(day: date) -> int:
    """Excel's number of a day."""
    return (day - date(1899, 12, 30)).days


def _row(number: int, day: date, values: Sequence[Cell]) -> list[Cell]:
    """A row of an account; the NPS is so many days old as the values say."""
    cells = list(values)
    cells[9] = serial(day - timedelta(days=int(str(cells[9]))))
    return [f"Sample Account {number}", f"Sample CSM {number % 3 + 1}", serial(day), *cells]


def accounts_sheet(day: date) -> dict[str, object]:
    """A sheet of accounts: row 14 holds Sample Account 12, who fell within a week."""
    rows: list[list[Cell]] = [list(HEADERS)]
    for number in range(1, 16):
        better = [0.9 if v == 0.47 else v for v in _NOW] if number != 12 else _NOW
        if number == 13:
            rows.append(_row(12, day - timedelta(days=7), _BEFORE))
        rows.append(_row(number, day, better))
    rows.insert(2, _row(1, day - timedelta(days=7), _BEFORE))
    return {"rows": rows}


class PanePage:
    """A page in which the pane runs.

    Args:
        browser: Chromium.
        server: ours.
        book: sheets of the workbook: name → ``rows``, and ``table`` as the address of a Table.
        width, height: of the pane.
        dark: whether the system is dark.
        theme: body colour of Office as a number; None where Office tells none.
        host: whether the page runs in Excel; else in a plain browser.
    """

    def __init__(
        self,
        browser: Browser,
        server: Server,
        book: Book | None = None,
        *,
        width: int = 320,
        height: int = 700,
        dark: bool = False,
        theme: int | None = None,
        host: bool = True,
        **context: Any,
    ) -> None:
        assert DIST.is_dir(), "Run ./check once: it installs Microsoft's libraries for tests."
        self.requests: list[Request] = []
        self.errors: list[str] = []
        self._context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            **context,
        )
        self._context.route(re.compile(f"^(?!{re.escape(server.url)}/)"), self._other)
        if host:
            self._context.add_init_script(path=_HOST)
        self.page: Page = self._context.new_page()
        self.page.on("request", lambda request: self.requests.append(request))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._console)
        if book is not None:
            self._context.add_init_script(f"excelHost.load({json.dumps(book)})")
        if theme is not None:
            colour = json.dumps({"bodyBackgroundColor": theme})
            self._context.add_init_script(f"excelHost.theme = {colour}")
        self.page.goto(f"{server.url}/pane.html{_QUERY if host else ''}")

    def close(self) -> None:
        """Close the page."""
        self._context.close()

    def show(self, address: str = "D14") -> PanePage:
        """Click a cell of the accounts and wait until its score stands there."""
        self.ready()
        self.select("Accounts", address)
        expect(self.panel("Account").locator(".score")).to_be_visible()
        return self

    def ready(self) -> PanePage:
        """Wait until the pane has looked at the sheet."""
        expect(self.page.locator("#connection")).to_have_text("Connected")
        expect(self.panel("Account").locator("h1")).to_be_visible()
        return self

    def select(self, sheet: str, address: str) -> None:
        """Click a cell."""
        self.page.evaluate("([s, a]) => excelHost.select(s, a)", [sheet, address])

    def type(self, sheet: str, address: str, value: Cell) -> None:
        """Type into a cell."""
        self.page.evaluate("([s, a, v]) => excelHost.type(s, a, v)", [sheet, address, value])

    def cells(self, sheet: str, address: str) -> list[list[Any]]:
        """What stands in a range."""
        script = "([s, a]) => excelHost.book.sheet(s).GetRange(a).Values"
        found: list[list[Any]] = self.page.evaluate(script, [sheet, address])
        return found

    def formulas(self, sheet: str) -> dict[str, str]:
        """Formulas of a sheet by 0-based "row,column"."""
        script = "(s) => Object.fromEntries(excelHost.book.sheet(s).formulas)"
        found: dict[str, str] = self.page.evaluate(script, sheet)
        return found

    def sheets(self) -> list[str]:
        """Names of the workbook's sheets."""
        found: list[str] = self.page.evaluate("excelHost.book.sheets.map((s) => s.Name)")
        return found

    def until(self, expression: str, arg: object = None) -> None:
        """Wait until a JavaScript expression is true.

        Playwright's own waiting evaluates text inside the page, which its policy forbids.
        """
        for _ in range(300):
            if self.page.evaluate(expression, arg):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"not true within 30 seconds: {expression}")

    def tab(self, name: str) -> Locator:
        """Show a tab; gives its panel."""
        self.page.get_by_role("tab", name=name).click()
        return self.panel(name)

    def panel(self, name: str) -> Locator:
        """The panel of a tab."""
        return self.page.locator(f"#panel-{name.lower()}")

    def _console(self, message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.errors.append(message.text)

    def _other(self, route: Route) -> None:
        url = route.request.url
        path = DIST / url.removeprefix(_CDN).split("?")[0]
        if url.startswith(_CDN) and path.is_file():
            route.fulfill(path=path)
        else:
            route.abort()
