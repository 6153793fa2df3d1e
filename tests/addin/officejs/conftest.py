"""Chromium and our server, started once for each worker of the test run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.addin.officejs.excel import Excel
from tests.addin.officejs.pane_page import TODAY, PanePage, accounts_sheet
from tests.addin.officejs.serving import Server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield found
        found.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Our server on loopback, open to everybody."""
    running = Server().start()
    yield running
    running.kill()


@pytest.fixture
def excel(browser: Browser, server: Server) -> Iterator[Excel]:
    """A fresh Excel on that server."""
    opened = Excel(browser, server)
    yield opened
    opened.close()


@pytest.fixture
def open_pane(browser: Browser, server: Server) -> Iterator[Callable[..., PanePage]]:
    """Opens the task pane beside a workbook; as `PanePage`, with a sheet of accounts if none."""
    opened: list[PanePage] = []

    def opening(**given: object) -> PanePage:
        given = {"server": server, "book": {"Accounts": accounts_sheet(TODAY)}} | given
        opened.append(PanePage(browser, **given))  # type: ignore[arg-type]
        return opened[-1]

    yield opening
    for one in opened:
        one.close()
