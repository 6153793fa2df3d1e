"""Signing in, and what cells show until then."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.sync_api import Browser, Error

from addin.cells import Fault
from tests.addin.officejs.excel import Excel, Formula
from tests.addin.officejs.serving import Server

pytestmark = pytest.mark.browser

TIER: Formula = ("HEALTH_TIER", (80.0,))
OLD, NEW = "the-token-of-last-year", "the-token-of-this-year"
TENANT, CLIENT = "11111111-2222-3333-4444-555555555555", "66666666-7777-8888-9999-000000000000"


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


class Entra:
    """A directory that signs tokens as Entra ID does, and gives its keys out."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        keys = {"keys": [self._public()]}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps(keys).encode())

            def log_message(self, *_: object) -> None: ...

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop."""
        self._http.shutdown()
        self._http.server_close()

    def token(self, seconds: int) -> str:
        """A token that was given an hour ago and holds for so many seconds more."""
        now = int(time.time())
        claims = {
            "iss": f"{self.url}/{TENANT}/v2.0", "aud": CLIENT, "tid": TENANT, "oid": "person-1",
            "scp": "access_as_user", "nbf": now - 3600, "exp": now + seconds,
        }  # fmt: skip
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": "1"})

    def _public(self) -> dict[str, Any]:
        found = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {**found, "kid": "1", "use": "sig", "alg": "RS256"}


@pytest.fixture(scope="module")
def entra() -> Iterator[Entra]:
    """The company's directory."""
    running = Entra()
    yield running
    running.close()


@pytest.fixture
def signed(browser: Browser, entra: Entra) -> Iterator[Excel]:
    """Excel on a server that asks for a sign-in with that directory."""
    server = Server(sign_in="entra", tenant=TENANT, client_id=CLIENT, authority=entra.url)
    opened = Excel(browser, server.start())
    yield opened
    opened.close()
    server.kill()


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


def test_an_expired_sign_in_is_renewed_once(signed: Excel, entra: Entra) -> None:
    """Requests that meet the end of a sign-in together renew it once, and no cell fails."""
    gives(signed, entra.token(-600), entra.token(3600))
    formulas: list[Formula] = [("HEALTH_TIER", (i / 80,)) for i in range(8_000)]
    shown = signed.recalculate(formulas)
    assert set(shown) == {"Green", "Amber", "Red"}
    assert signed.page.evaluate("() => asked") == [False, False]


def test_excel_cannot_sign_in(signed: Excel, entra: Entra) -> None:
    """Cells say what to do; the pane's button lets Excel ask the person, and the cells come."""
    gives(signed, "")
    assert shown_in(signed).message == (
        "Sign in: open the HealthSheet pane. "
        "Excel is not signed in. Sign in to Excel with your work account."
    )
    assert signed.state == "signed-out"
    gives(signed, entra.token(3600))
    signed.session("await session.signIn();")
    assert signed.page.evaluate("() => asked") == [True]
    assert signed.recalculate([TIER]) == ["Green"]


def test_signing_out_of_the_directory(signed: Excel, entra: Entra) -> None:
    """Who signed out is not signed in again without being asked."""
    gives(signed, entra.token(3600))
    assert signed.recalculate([TIER]) == ["Green"]
    signed.session("await session.signOut();")
    assert shown_in(signed).message == "Sign in: open the HealthSheet pane."
    signed.session("await session.signIn();")
    assert signed.recalculate([TIER]) == ["Green"]


def test_sign_in_that_stays_refused(signed: Excel, entra: Entra) -> None:
    """Where a new sign-in is refused too, cells say why instead of asking for ever."""
    gives(signed, entra.token(-600))
    assert shown_in(signed).message == (
        "Sign in: open the HealthSheet pane. The sign-in has expired. Sign in again."
    )
