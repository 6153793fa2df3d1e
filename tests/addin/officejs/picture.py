"""Makes the picture of the task pane in the docs: ``python -m tests.addin.officejs.picture``."""

from __future__ import annotations

from playwright.sync_api import sync_playwright

from tests.addin.officejs.pane_page import TODAY, PanePage, accounts_sheet
from tests.addin.officejs.serving import Server
from tests.modules import ROOT

PICTURE = ROOT / "docs" / "images" / "pane.png"
WIDTH = 400


def main() -> None:
    """The Account tab of a sample account, light, as high as it is long."""
    server = Server().start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox"]
            )
            book = {"Accounts": accounts_sheet(TODAY)}
            pane = PanePage(browser, server, book, width=WIDTH, device_scale_factor=1.5).show()
            over = "document.querySelector('main').scrollHeight - "
            more = pane.page.evaluate(over + "document.querySelector('main').clientHeight")
            size = pane.page.viewport_size
            assert size is not None
            pane.page.set_viewport_size({"width": WIDTH, "height": size["height"] + more})
            pane.page.screenshot(path=PICTURE)
    finally:
        server.kill()


if __name__ == "__main__":
    main()
