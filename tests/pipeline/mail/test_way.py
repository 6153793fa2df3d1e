"""Section ``mail`` of the settings: which way, with which login, and what is wrong with it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from pipeline.mail.eml import EmlFolder
from pipeline.mail.graph import ENDPOINT, Graph
from pipeline.mail.smtp import Smtp
from pipeline.mail.way import way_of
from scoring.errors import DataError, DeliveryError
from tests.pipeline.mail.graph_service import CLIENT, SECRET, TENANT, TOKEN, graph_service

_WHERE = Path("project/healthsheet.toml")
_LOGIN = {"HEALTHSHEET_SMTP_USER": "sample", "HEALTHSHEET_SMTP_PASSWORD": "not-a-real-password"}
_APP = {
    "HEALTHSHEET_GRAPH_TENANT": TENANT,
    "HEALTHSHEET_GRAPH_CLIENT": CLIENT,
    "HEALTHSHEET_GRAPH_SECRET": SECRET,
}


def test_a_mail_server_by_its_name_alone() -> None:
    """STARTTLS on port 587 is the default, and the login comes from the environment."""
    way = way_of(tomllib.loads('[smtp]\nhost = "mail.example.com"'), _WHERE, _LOGIN)
    assert isinstance(way, Smtp)
    assert (way.host, way.port, way.tls) == ("mail.example.com", 587, "starttls")
    assert (way.user, way.password) == ("sample", "not-a-real-password")
    assert "not-a-real-password" not in repr(way)


def test_all_of_a_mail_server() -> None:
    """Implicit TLS has its own port; a company's certificate lies beside the settings."""
    text = '[smtp]\nhost = "m.example.com"\ntls = "implicit"\nca_file = "ca.pem"\nlogin = "none"'
    way = way_of(tomllib.loads(text), _WHERE, {})
    assert isinstance(way, Smtp)
    assert (way.port, way.tls, way.ca_file) == (465, "implicit", Path("project/ca.pem"))
    assert way.user == ""


def test_a_token_instead_of_a_password() -> None:
    """XOAUTH2 asks the directory for a token when it is needed."""
    with graph_service() as service:
        text = f'[smtp]\nhost = "m.example.com"\nlogin = "xoauth2"\nauthority = "{service.url}"'
        way = way_of(tomllib.loads(text), _WHERE, _APP | {"HEALTHSHEET_SMTP_USER": "a@example.com"})
        assert isinstance(way, Smtp)
        assert service.asked == []
        assert way.token is not None
        assert way.token() == TOKEN
    assert way.password == ""


def test_graph_and_files() -> None:
    """The other ways out, and what they take from the environment and the settings."""
    graph = way_of({"via": "graph"}, _WHERE, _APP)
    assert isinstance(graph, Graph)
    assert (graph.endpoint, graph.login.secret) == (ENDPOINT, SECRET)
    assert SECRET not in repr(graph)
    folder = way_of({"via": "eml", "eml": {"folder": "out"}}, _WHERE, {})
    assert folder == EmlFolder(Path("project/out"))
    assert way_of({"via": "eml"}, _WHERE, {}) == EmlFolder(Path("project/mail"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('via = "smpt"', r"mail.via: 'smpt'.*smtp"),
        ("via = 3", r"mail.via: 3 is not known"),
        ("smtp = 3", r"mail.smtp is no section"),
        ("[smtp]", r"mail.smtp.host: ''.*mail.example.com"),
        ('[smtp]\nhost = "m.example.com:25"', r"mail.smtp.host.*port under port"),
        ('[smtp]\nhost = "m.example.com"\nport = "587"', r"mail.smtp.port: '587'"),
        ('[smtp]\nhost = "m.example.com"\nport = 0', r"mail.smtp.port: 0"),
        ('[smtp]\nhost = "m.example.com"\ntls = "none"', r"mail.smtp.tls: 'none'.*starttls"),
        ('[smtp]\nhost = "m.example.com"\npassword = "x"', r"mail.smtp: password is not known"),
        ('via = "graph"\n[graph]\nendpoint = "http://example.com"', r"endpoint.*https"),
        ('via = "eml"\n[eml]\nfolders = "x"', r"mail.eml: folders is not known.*folder"),
    ],
)
def test_what_cannot_be_used_is_named(text: str, told: str) -> None:
    """File, section and key, with what to write; a password in the file is never taken."""
    with pytest.raises(DataError, match=rf"(?s)healthsheet.toml.*{told}"):
        way_of(tomllib.loads(text), _WHERE, _LOGIN | _APP)


@pytest.mark.parametrize("name", [*_LOGIN, *_APP])
def test_a_login_that_is_not_set(name: str) -> None:
    """The variable is named, and what to set it to."""
    via = "graph" if "GRAPH" in name else "smtp"
    section = {"via": via, "smtp": {"host": "m.example.com"}}
    environ = {k: v for k, v in (_LOGIN | _APP).items() if k != name}
    with pytest.raises(DeliveryError, match=rf"{name} is not set\. Set it to the"):
        way_of(section, _WHERE, environ)
