"""Signing in, and what cells show until then."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error

from addin.cells import Fault
from tests.addin.officejs.directory import CLIENT, TENANT, Directory
from tests.addin.officejs.excel import Excel, Formula
from tests.addin.officejs.serving import Server

pytestmark = pytest.mark.browser

TIER: Formula = ("HEALTH_TIER", (80.0,))
OLD, NEW = "the-token-of-last-year", "the-token-of-this-year"


@pytest.fixture(scope="module")
def guarded() -> Iterator[Server]:
    """A server that asks for a token."""
    running = Server(sign_in="token", tokens=NEW).start()
    yield running
    running.kill()


@pytest.fixture
def excel(browser: Browser, guarded: Server) -> Iterator[Excel]:
    """A fresh Excel on that server, signed out."""
    opened = Excel(browser, guarded)
    yield opened
    opened.close()


def shown_in(excel: Excel) -> Fault:
    """The error of one cell."""
    (shown,) = excel.recalculate([TIER])
    assert isinstance(shown, Fault)
    return shown


def test_signed_out_from_the_start(excel: Excel) -> None:
    """Who has no token sees so before the first cell, and the cell says what to do."""
    excel.wait_for("signed-out")
    assert shown_in(excel) == Fault("#N/A", "Sign in: open the HealthSheet pane.")
    assert excel.posted == []


def test_signing_in_calculates_the_cells(excel: Excel) -> None:
    """With the token the cells compute, and Excel is asked to calculate those that failed."""
    shown_in(excel)
    excel.session(f"await session.signIn('{NEW}');")
    assert excel.state == "connected"
    assert excel.calculated == ["Full"]
    assert excel.recalculate([TIER]) == ["Green"]


def test_wrong_token(excel: Excel) -> None:
    """A token that the server refuses is refused in a sentence, and not kept."""
    with pytest.raises(Error, match="No valid token"):
        excel.session("await session.signIn('a-token-of-somebody-else');")
    with pytest.raises(Error, match="Type the token"):
        excel.session("await session.signIn(' ');")
    assert excel.state == "signed-out"
    excel.page.reload()
    assert shown_in(excel).message.startswith("Sign in")


def test_the_token_is_kept(excel: Excel) -> None:
    """The next opening of Excel needs no sign-in, until one signs out."""
    excel.session(f"await session.signIn('{NEW}');")
    excel.page.reload()
    assert excel.recalculate([TIER]) == ["Green"]
    excel.session("await session.signOut();")
    assert excel.state == "signed-out"
    excel.page.reload()
    assert shown_in(excel).message.startswith("Sign in")


def test_revoked_token(excel: Excel) -> None:
    """A token that is no longer accepted is forgotten, and cells ask to sign in."""
    excel.page.evaluate(f"() => localStorage.setItem('healthsheet.token', '{OLD}')")
    excel.page.reload()
    assert shown_in(excel).message.startswith("Sign in: open the HealthSheet pane.")
    assert excel.state == "signed-out"
    assert excel.page.evaluate("() => localStorage.getItem('healthsheet.token')") is None


def test_token_of_another_window(excel: Excel) -> None:
    """A refused token is replaced by the one that another window was given meanwhile."""
    excel.page.evaluate(f"() => localStorage.setItem('healthsheet.token', '{OLD}')")
    excel.page.reload()
    excel.session("await session.settings();")
    excel.page.evaluate(f"() => localStorage.setItem('healthsheet.token', '{NEW}')")
    assert excel.recalculate([TIER] * 3) == ["Green"] * 3


@pytest.fixture(scope="module")
def entra(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    """The company's directory."""
    running = Directory(tmp_path_factory.mktemp("directory"))
    yield running
    running.close()


@pytest.fixture(scope="module")
def company(entra: Directory) -> Iterator[Server]:
    """A server that asks for a sign-in with that directory."""
    settings = {"sign_in": "entra", "tenant": TENANT, "client_id": CLIENT, "authority": entra.url}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(entra.authority))
        running = Server(**settings).start()
    yield running
    running.kill()


@pytest.fixture
def signed(browser: Browser, company: Server) -> Iterator[Excel]:
    """A fresh Excel on that server."""
    opened = Excel(browser, company)
    yield opened
    opened.close()


def expired(entra: Directory) -> str:
    """A token that held until ten minutes ago."""
    now = int(time.time())
    return entra.token(nbf=now - 3600, exp=now - 600)


def gives(excel: Excel, *tokens: str) -> None:
    """Let Excel give these tokens, one after the other; "" where it cannot sign in."""
    excel.page.evaluate(
        """(tokens) => {
            window.asked = [];
            Office.auth = { getAccessToken: async (how) => {
                window.asked.push(how.allowSignInPrompt);
                const token = tokens.length > 1 ? tokens.shift() : tokens[0];
                if (token === "") throw { code: 13001 };
                return token;
            } };
        }""",
        list(tokens),
    )


def test_an_expired_sign_in_is_renewed_once(signed: Excel, entra: Directory) -> None:
    """Requests that meet the end of a sign-in together renew it once, and no cell fails."""
    gives(signed, expired(entra), entra.token())
    formulas: list[Formula] = [("HEALTH_TIER", (i / 80,)) for i in range(8_000)]
    shown = signed.recalculate(formulas)
    assert set(shown) == {"Green", "Amber", "Red"}
    assert signed.page.evaluate("() => asked") == [False, False]


def test_excel_cannot_sign_in(signed: Excel, entra: Directory) -> None:
    """Cells say what to do; the pane's button lets Excel ask the person, and the cells come."""
    gives(signed, "")
    assert shown_in(signed).message == (
        "Sign in: open the HealthSheet pane. "
        "Excel is not signed in. Sign in to Excel with your work account."
    )
    assert signed.state == "signed-out"
    gives(signed, entra.token())
    signed.session("await session.signIn();")
    assert signed.page.evaluate("() => asked") == [True]
    assert signed.recalculate([TIER]) == ["Green"]


def test_sign_in_that_hangs(signed: Excel) -> None:
    """Where Excel never answers the request for a sign-in, cells come to an end all the same."""
    signed.page.clock.install()
    signed.page.evaluate("() => { Office.auth = { getAccessToken: () => new Promise(() => {}) }; }")
    signed.start([TIER])
    signed.page.clock.run_for(61_000)
    (shown,) = signed.finish()
    assert isinstance(shown, Fault)
    assert shown.message == "The HealthSheet server did not answer within 60 seconds. Recalculate."


def test_signing_out_of_the_directory(signed: Excel, entra: Directory) -> None:
    """Who signed out is not signed in again without being asked."""
    gives(signed, entra.token())
    assert signed.recalculate([TIER]) == ["Green"]
    signed.session("await session.signOut();")
    assert shown_in(signed).message == "Sign in: open the HealthSheet pane."
    signed.session("await session.signIn();")
    assert signed.recalculate([TIER]) == ["Green"]


def test_sign_in_that_stays_refused(signed: Excel, entra: Directory) -> None:
    """Where a new sign-in is refused too, cells say why instead of asking for ever."""
    gives(signed, expired(entra))
    assert shown_in(signed).message == (
        "Sign in: open the HealthSheet pane. The sign-in has expired. Sign in again."
    )
