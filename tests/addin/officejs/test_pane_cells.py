"""Cells in the page that Excel really loads: the task pane's, with all of office.js."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.addin.officejs.pane_page import PanePage
from tests.addin.officejs.serving import Server

pytestmark = pytest.mark.browser

TOKEN = "the-token-of-this-year"
# Hands calls over as Excel does, and catches what the library hands back.
_CALL = """async (calls) => {
    const bridge = window._richApiNativeBridge;
    const cells = new Map();
    const send = bridge.sendMessageToHost;
    const show = (id, worked, value) => cells.get(id)(worked ? value : { thrown: value });
    bridge.sendMessageToHost = function (text) {
        const { body } = JSON.parse(text).message;
        const { Actions } = typeof body === "string" ? JSON.parse(body) : body;
        for (const { Name, ArgumentInfo } of Actions) {
            const [results] = ArgumentInfo?.Arguments ?? [];
            if (Name === "SetInvocationArrayResults") results.forEach((r) => show(...r));
            if (Name === "SetInvocationResults") {
                results.forEach((r) => show(r.id, !r.failed, r.value));
            }
        }
        send.call(this, text);
    };
    const shown = calls.map((_, id) => new Promise((resolve) => { cells.set(id, resolve); }));
    const entries = calls.map(([name, given], id) => ({
        messageCategory: 1, messageType: 1000, targetId: "",
        message: JSON.stringify([id, name, given, "Sheet1!A1", 4, null]),
    }));
    bridge.onMessageFromHost(JSON.stringify({ type: 3, message: { entries } }));
    const found = await Promise.all(shown);
    bridge.sendMessageToHost = send;
    return found;
}"""


@pytest.fixture
def guarded() -> Iterator[Server]:
    """A server that asks for a token."""
    running = Server(sign_in="token", tokens=TOKEN).start()
    yield running
    running.kill()


def calculate(pane: PanePage, *calls: tuple[str, list[Any]]) -> list[Any]:
    """What cells with these calls show."""
    return list(pane.page.evaluate(_CALL, calls))


def test_cells_in_the_panes_page(browser: Browser, server: Server) -> None:
    """The page calculates cells under the headers that the server sends with it."""
    pane = PanePage(browser, server, {"Sheet1": {"rows": [["Sample Account 1"]]}})
    pane.page.wait_for_load_state()
    shown = calculate(
        pane,
        ("HEALTH_SCORE", [[[4, 5, 3, 4, 4]], None, None, None]),
        ("HEALTH_TIER", [[[80], [""], [10]], None]),
        ("HEALTH_TIER", [[["good"]], None]),
    )
    assert shown[:2] == [[[80]], [["Green"], [""], ["Red"]]]
    assert shown[2]["thrown"].startswith("Score: good")
    assert pane.errors == []
    pane.close()


def test_pane_and_cells_share_the_sign_in(browser: Browser, guarded: Server) -> None:
    """Cells wait for the sign-in that the person makes in the pane, and no longer."""
    pane = PanePage(browser, guarded, {"Sheet1": {"rows": [["Sample Account 1"]]}})
    pane.page.wait_for_load_state()
    call = ("HEALTH_SCORE", [[[4, 5, 3, 4, 4]], None, None, None])
    (before,) = calculate(pane, call)
    assert before["thrown"] == "Sign in: open the HealthSheet pane."
    pane.page.get_by_role("textbox").fill(TOKEN)
    pane.page.get_by_role("button", name="Sign in").click()
    expect(pane.page.locator("#connection")).to_have_text("Connected")
    assert calculate(pane, call) == [[[80]]]
    pane.close()


def test_signing_out_forgets_the_token(browser: Browser, guarded: Server) -> None:
    """Whoever leaves a shared computer signs out; cells and pane then ask for the token again."""
    pane = PanePage(browser, guarded, {"Sheet1": {"rows": [["Sample Account 1"]]}})
    leave = pane.page.get_by_role("button", name="Sign out")
    pane.page.get_by_role("textbox").fill(TOKEN)
    expect(leave).to_be_hidden()
    pane.page.keyboard.press("Enter")
    expect(leave).to_be_visible()
    assert TOKEN in pane.page.evaluate("JSON.stringify({...localStorage})")
    leave.click()
    expect(pane.panel("Account")).to_contain_text("Sign in to score")
    expect(pane.page.locator("#tab-account")).to_be_focused()
    expect(leave).to_be_hidden()
    assert TOKEN not in pane.page.evaluate("JSON.stringify({...localStorage})")
    (shown,) = calculate(pane, ("HEALTH_TIER", [80, None]))
    assert shown["thrown"] == "Sign in: open the HealthSheet pane."
    pane.close()


def test_without_a_sign_in_there_is_no_way_out(browser: Browser, server: Server) -> None:
    """Where nobody signs in, nothing offers to sign out."""
    pane = PanePage(browser, server, {"Sheet1": {"rows": [["Sample Account 1"]]}}).ready()
    expect(pane.page.get_by_role("button", name="Sign out")).to_be_hidden()
    pane.close()
