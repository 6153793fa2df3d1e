"""The *Functions* help page, as HTML and as Markdown."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from addin.hosts.help_page import functions_markdown, help_page
from addin.registry import FUNCTIONS, Function
from pipeline.cli import main
from scoring.presets import preset_names
from tests.modules import ROOT

PAGE = ROOT / "docs" / "functions.md"


class Reader(HTMLParser):
    """Checks that tags nest, and keeps ids, links and text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag."""
        if tag not in ("meta", "link"):
            self.open.append(tag)
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if "href" in given else []

    def handle_endtag(self, tag: str) -> None:
        """The tag that closes is the last that was opened."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Collect the text."""
        self.text += data


@pytest.fixture(scope="module")
def page() -> Reader:
    """The page, read."""
    reader = Reader()
    reader.feed(help_page())
    reader.close()
    return reader


def test_page_is_whole(page: Reader) -> None:
    """Every tag is closed, no id stands twice, and links within the page lead somewhere."""
    assert page.open == []
    assert len(set(page.ids)) == len(page.ids)
    inside = {link[1:] for link in page.links if link.startswith("#")}
    assert inside <= set(page.ids)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.name)
def test_page_tells_all_of_a_function(function: Function, page: Reader) -> None:
    """A function's call, help, arguments and examples stand under its name."""
    assert function.name in page.ids
    for text in (function.signature, function.help, *function.examples):
        assert text in page.text
    for argument in function.arguments:
        assert argument.help in page.text


def test_page_keeps_the_policy() -> None:
    """The page has no script and no style of its own, as the server's policy demands."""
    assert not re.search(r"<script|<style|style=|onclick|javascript:", help_page())


@pytest.mark.parametrize("name", preset_names())
def test_models_are_named(name: str, page: Reader) -> None:
    """Whoever wonders what to type as model finds the names."""
    assert name in page.text
    assert f"`{name}`" in functions_markdown()


def test_markdown_is_current() -> None:
    """docs/functions.md is what the registry gives; the command renews it."""
    assert PAGE.read_text(encoding="utf-8") == functions_markdown(), (
        "Renew it: healthsheet addin functions --markdown > docs/functions.md"
    )


def test_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints the page, and nothing beside it."""
    assert main(["addin", "functions", "--markdown"]) == 0
    assert capsys.readouterr().out == functions_markdown()
