"""What answers tell browsers, and what Office needs of them."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from addin.hosts.officejs.headers import OFFICE_ORIGIN
from tests.addin.officejs.excel import DIST
from tests.addin.officejs.wire_calls import client

URL = "https://scores.example.com"
TOKEN = "t" * 20


@pytest.fixture(scope="module")
def server() -> TestClient:
    """A server as a company runs it."""
    return client(url=URL, sign_in="token", tokens=TOKEN)


def policy(server: TestClient, path: str) -> dict[str, list[str]]:
    text = server.get(path).headers["content-security-policy"]
    return {name: rest for name, *rest in (part.split() for part in text.split("; "))}


@pytest.mark.parametrize("path", ["/healthz", "/help", "/v1/settings", "/v1/calls", "/nowhere"])
def test_every_answer_has_them(path: str, server: TestClient) -> None:
    """No answer, not even a refusal, goes without the headers."""
    headers = server.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert "content-security-policy" in headers
    assert "x-frame-options" not in headers
    assert "server" not in headers


def test_no_lasting_word_on_localhost() -> None:
    """On localhost a browser would take the word for whatever else runs there."""
    local = client(url="https://localhost:3000")
    assert "strict-transport-security" not in local.get("/help").headers


def test_answers_of_calls_are_kept_nowhere(server: TestClient) -> None:
    """What comes from cells stands in no cache."""
    for path in ("/v1/settings", "/v1/calls", "/v1/nowhere"):
        assert server.get(path).headers["cache-control"] == "no-store"
    assert server.get("/functions.json").headers["cache-control"] == "no-cache"
    assert server.get("/assets/icon-32.png").headers["cache-control"] == "max-age=86400"


def test_pages_run_our_scripts_and_microsofts(server: TestClient) -> None:
    """Nothing inline, nothing evaluated, nothing from elsewhere; pages talk to us alone."""
    found = policy(server, "/help")
    assert found["default-src"] == ["'none'"]
    assert found["connect-src"] == found["style-src"] == ["'self'"]
    assert found["script-src"] == [
        "'self'",
        "https://appsforoffice.microsoft.com",
        "https://ajax.aspnetcdn.com/ajax/3.5/MicrosoftAjax.js",
    ]
    assert found["base-uri"] == found["form-action"] == ["'none'"]
    assert not any(
        "unsafe" in source or source == "*" for rest in found.values() for source in rest
    )


def test_data_is_no_page(server: TestClient) -> None:
    """What is no page can neither be framed nor run anything."""
    for path in ("/functions.json", "/v1/settings", "/functions.js", "/assets/icon.svg"):
        assert policy(server, path) == {"default-src": ["'none'"], "frame-ancestors": ["'none'"]}


def matches(source: str, host: str) -> bool:
    """Whether a source of a policy covers a host, as browsers decide."""
    name = source.removeprefix("https://")
    return host.endswith(name[1:]) if name.startswith("*.") else host == name


@pytest.mark.parametrize(
    "chain",
    [
        ["excel.cloud.microsoft", "word-edit.officeapps.live.com"],
        ["company.sharepoint.com", "euc-excel.officeapps.live.com"],
        ["company-my.sharepoint.com", "excel.officeapps.live.com"],
        ["onedrive.live.com", "excel.officeapps.live.com"],
        ["www.office.com", "excel.officeapps.live.com"],
        ["teams.microsoft.com", "excel.officeapps.live.com"],
        ["teams.cloud.microsoft", "excel.officeapps.live.com"],
        ["outlook.office365.com", "excel.officeapps.live.com"],
        ["company.sharepoint.us", "excel.gov.online.office365.us"],
        ["company.sharepoint.cn", "excel.partner.officewebapps.cn"],
    ],
)
def test_excel_may_show_the_pane(chain: list[str], server: TestClient) -> None:
    """Every page between the window and the pane is allowed to frame it."""
    allowed = policy(server, "/help")["frame-ancestors"]
    for host in chain:
        assert any(matches(source, host) for source in allowed), host


@pytest.mark.parametrize(
    "host",
    ["evil.example", "officeapps.live.com.evil.example", "evil-sharepoint.com", "live.com",
     "microsoft.com", "attacker.github.io"],
)  # fmt: skip
def test_nobody_else_may(host: str, server: TestClient) -> None:
    """No other page can hold the pane in a frame."""
    allowed = policy(server, "/help")["frame-ancestors"]
    assert not any(matches(source, host) for source in allowed)
    assert all(source == "'self'" or source.startswith("https://") for source in allowed)


def test_hosts_are_those_of_office() -> None:
    """The hosts that run Excel are among those that Office.js itself trusts."""
    text = (DIST / "excel-web-16.00.debug.js").read_text(encoding="utf-8")
    listed = re.search(r"regexHostNameStringArray = new Array\((.*?)\)", text, re.DOTALL)
    assert listed
    trusted = [name.replace("\\\\", "\\") for name in re.findall(r'"(\^[^"]+\$)"', listed[1])]
    for host in (
        "excel.officeapps.live.com",
        "excel.gov.online.office365.us",
        "excel.dod.online.office365.us",
        "excel.partner.officewebapps.cn",
    ):
        assert any(re.search(pattern, host) for pattern in trusted), host
        assert re.fullmatch(OFFICE_ORIGIN, f"https://{host}")


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://excel.officeapps.live.com", True),
        ("https://inc-excel.officeapps.live.com", True),
        ("http://excel.officeapps.live.com", False),
        ("https://evil.example", False),
        ("https://excel.officeapps.live.com.evil.example", False),
        ("https://evil.example/excel.officeapps.live.com", False),
        ("https://officeapps-live.com", False),
        ("null", False),
    ],
)
def test_excel_on_the_web_reads_the_metadata(
    origin: str, allowed: bool, server: TestClient
) -> None:
    """Excel's own page may read functions.json, no other page may, and none may read more."""
    asked = {"Origin": origin}
    described = server.get("/functions.json", headers=asked).headers
    assert described.get("access-control-allow-origin") == (origin if allowed else None)
    assert "access-control-allow-credentials" not in described
    if allowed:
        assert "Origin" in described["vary"]
    for path in ("/functions.js", "/pane.html", "/v1/settings", "/v1/calls"):
        assert "access-control-allow-origin" not in server.get(path, headers=asked).headers


def test_nobody_asks_beforehand(server: TestClient) -> None:
    """A browser that asks whether a page of others may post gets no permission."""
    asked = {
        "Origin": "https://excel.officeapps.live.com",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    answer = server.options("/v1/calls", headers=asked)
    assert answer.status_code == 403
    assert not any(name.startswith("access-control") for name in answer.headers)
