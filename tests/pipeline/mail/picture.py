"""Makes the picture of the mail in the docs: ``python -m tests.pipeline.mail.picture``."""

from __future__ import annotations

import io

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.modules import ROOT
from tests.pipeline.mail.pages import shown_page, with_chart

PICTURE = ROOT / "docs" / "images" / "mail.png"
WIDTH, HEIGHT = 640, 1290


def main() -> None:
    """The beginning of a sample message, light, as wide as a reading pane."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=1.5
        )
        page.set_content(with_chart(shown_page("loud")))
        shot = Image.open(io.BytesIO(page.screenshot()))
        shot.convert("RGB").quantize(128).save(PICTURE, optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
