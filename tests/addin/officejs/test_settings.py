"""Settings: from the environment and back, and what they refuse."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.hosts.officejs.settings import Settings, is_loopback, read_url
from scoring.errors import HostError

TOKEN = "a-token-of-at-least-20-characters"
ID = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
URL = "https://scores.example.com"


def from_environment(**environment: str) -> Settings:
    return Settings.from_environment({f"HEALTHSHEET_{k}": v for k, v in environment.items()})


def test_nothing_given() -> None:
    """Without any setting the server is this machine's alone."""
    settings = Settings.from_environment({})
    assert (settings.url, settings.sign_in) == ("https://localhost:3000", "none")


def test_workers_get_the_same() -> None:
    """What goes into the environment of a worker comes out the same."""
    settings = Settings.model_validate(
        {"url": URL, "sign_in": "entra", "tenant": ID, "client_id": ID, "rate": "5/hour",
         "max_cells": 7, "max_seconds": 1.5}
    )  # fmt: skip
    assert Settings.from_environment(settings.to_environment()) == settings


def test_tokens_stay_where_they_are() -> None:
    """Tokens are not copied, and shown nowhere."""
    settings = from_environment(URL=URL, SIGN_IN="token", TOKENS=TOKEN)
    assert TOKEN not in repr(settings) + str(settings) + str(settings.to_environment())


@pytest.mark.parametrize("between", [",", "\n", " ", ", ", "\r\n", "\n\n"])
def test_several_tokens(between: str, tmp_path: Path) -> None:
    """Tokens stand in one variable or one a line in a file, which wins."""
    file = tmp_path / "tokens"
    file.write_text(between.join([TOKEN, TOKEN[::-1]]) + "\n", encoding="utf-8")
    in_variable = from_environment(
        URL=URL, SIGN_IN="token", TOKENS=between.join([TOKEN, TOKEN[::-1]])
    )
    in_file = from_environment(URL=URL, SIGN_IN="token", TOKENS="x", TOKENS_FILE=str(file))
    for settings in (in_variable, in_file):
        assert [t.get_secret_value() for t in settings.tokens] == [TOKEN, TOKEN[::-1]]


def test_tokens_of_a_windows_editor(tmp_path: Path) -> None:
    """The mark that editors on Windows put at the start of a file is no part of a token."""
    file = tmp_path / "tokens"
    file.write_text(f"{TOKEN}\r\n", encoding="utf-8-sig")
    (token,) = from_environment(URL=URL, SIGN_IN="token", TOKENS_FILE=str(file)).tokens
    assert token.get_secret_value() == TOKEN


def test_options_win() -> None:
    """What is given on the command line wins; what is not leaves the environment's."""
    environment = {"HEALTHSHEET_URL": URL, "HEALTHSHEET_SIGN_IN": "token",
                   "HEALTHSHEET_TOKENS": TOKEN}  # fmt: skip
    settings = Settings.from_environment(environment, url="https://localhost:1", sign_in=None)
    assert (settings.url, settings.sign_in) == ("https://localhost:1", "token")


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        (
            {"URL": URL},
            (
                f"{URL} is open to others, so people must sign in. "
                "Add --sign-in token or --sign-in entra."
            ),
        ),
        (
            {"URL": "http://scores.example.com"},
            (
                "HEALTHSHEET_URL: http://scores.example.com is not encrypted, "
                "and Excel refuses it. Write https://."
            ),
        ),
        (
            {"SIGN_IN": "maybe"},
            "HEALTHSHEET_SIGN_IN: Input should be 'none', 'token' or 'entra'. Correct it.",
        ),
        (
            {"RATE": "many"},
            (
                "HEALTHSHEET_RATE: This is no rate. Write it as 600/minute; "
                "second and hour go as well."
            ),
        ),
        (
            {"MAX_CELLS": "0"},
            "HEALTHSHEET_MAX_CELLS: Input should be greater than 0. Correct it.",
        ),
        (
            {"TENANT": "contoso"},
            "HEALTHSHEET_TENANT: This is no id. Copy it from the app registration's overview.",
        ),
        (
            {"SIGN_IN": "entra", "TENANT": ID},
            "Entra sign-in needs two ids. Add --tenant and --client-id.",
        ),
        (
            {"TOKENS_FILE": "/nowhere"},
            "HEALTHSHEET_TOKENS_FILE: /nowhere cannot be read. Write one token a line into it.",
        ),
    ],
)
def test_what_is_refused(environment: dict[str, str], message: str) -> None:
    """A setting that cannot be is named, with the next step."""
    with pytest.raises(HostError) as refused:
        from_environment(**environment)
    assert str(refused.value) == message


@pytest.mark.parametrize("tokens", ["", " ", "\n", "short", f"{TOKEN} short"])
def test_weak_tokens_are_refused(tokens: str) -> None:
    """No token, or one that can be guessed, opens no server, and is not shown either."""
    with pytest.raises(HostError) as refused:
        from_environment(URL=URL, SIGN_IN="token", TOKENS=tokens)
    assert "secrets.token_urlsafe(32)" in str(refused.value)
    assert "short " not in str(refused.value)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True), ("LOCALHOST", True), ("127.0.0.1", True), ("127.8.8.8", True),
        ("::1", True), ("[::1]", True), ("0.0.0.0", False), ("::", False), ("10.0.0.1", False),
        ("localhost.example.com", False), ("127.0.0.1.example.com", False), ("", False),
        ("localhost.", False),
    ],
)  # fmt: skip
def test_loopback(host: str, expected: bool) -> None:
    """Only what cannot be reached from elsewhere counts as this machine."""
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("https://Scores.Example.com", "https://scores.example.com"),
        ("https://scores.example.com/", "https://scores.example.com"),
        (" https://scores.example.com:8443 ", "https://scores.example.com:8443"),
        ("http://127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("https://scores.example.com:443", "https://scores.example.com"),
        ("http://localhost:80", "http://localhost"),
        ("https://localhost:080", "https://localhost:80"),
        ("https://[0:0::1]:3000", "https://[::1]:3000"),
    ],
)
def test_urls(url: str, read: str) -> None:
    """An address is brought to the form that browsers send as origin."""
    assert read_url(url) == read


@pytest.mark.parametrize(
    "url", ["https://a.example:0", "https://a.example:65536", "https://a.example:", "https://[:::]"]
)
def test_addresses_that_cannot_be(url: str) -> None:
    """A port or an address that no computer has is refused at the start, not at the first call."""
    with pytest.raises(ValueError, match=r"\.$"):
        read_url(url)


@given(st.text(max_size=40))
def test_no_other_url(text: str) -> None:
    """Whatever is typed is a clean origin or refused in a sentence."""
    for url in (text, f"https://{text}", f"https://a{text}"):
        if isinstance(read := read_or_refused(url), str):
            assert read_url(read) == read
            assert re.fullmatch(r"https?://[a-z0-9.:\[\]-]+", read)
        else:
            assert str(read).endswith(".")


def read_or_refused(url: str) -> str | ValueError:
    try:
        return read_url(url)
    except ValueError as error:
        return error
