"""README and docs: generated parts are current, links resolve, command lines are real."""

from __future__ import annotations

import argparse
import importlib
import re
import shlex
from pathlib import Path

import pytest

from pipeline.cli import COMMANDS, main
from scoring.presets import preset_names
from scoring.triggers import TRIGGERS
from tests.modules import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")),
         ROOT / "examples" / "own_data" / "README.md"]  # fmt: skip
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
_LARGEST_PICTURE = 200_000


def command_table() -> str:
    """The commands as a Markdown table, one line a command."""
    lines = [f"| `healthsheet {name}` | {text} |" for name, text in COMMANDS.items()]
    return "\n".join(["| Command | Does |", "|---|---|", *lines]) + "\n"


def trigger_table() -> str:
    """The triggers as a Markdown table, one line a trigger."""
    lines = [
        "| Trigger | Fires when | Severity | Owner | Due | Source |",
        "|---|---|---|---|---|---|",
    ]
    for trigger in TRIGGERS:
        days = trigger.within_hours // 24
        due = f"{days} working day{'' if days == 1 else 's'}" if days else "the same day"
        document, ours = trigger.source.partition(" ")[0], trigger.source.partition(";")[2]
        source = f"{document};{ours}" if ours else document
        tier = trigger.tier.capitalize() if trigger.kind == "enters" else ""
        lines.append(
            f"| `{trigger.key}` | {trigger.title(tier)} | {trigger.severity} | {trigger.owner} | "
            f"{due} | {source} |"
        )
    return "\n".join(lines) + "\n"


def command_lines(text: str) -> list[str]:
    """Every ``healthsheet …`` command line that a page shows, in a block or in a sentence."""
    blocks = re.findall(r"```\w*\n(.*?)```", text, re.S)
    lines = [line for block in blocks for line in block.splitlines()]
    plain = re.sub(r"```.*?```", "", text, flags=re.S)
    lines += re.findall(r"`([^`\n]+)`", re.sub(r"\s*\n\s*", " ", plain))
    found = []
    for line in lines:
        parts = (p.strip() for p in re.split(r"&&|\|", line.split("  #")[0]))
        found += [p for p in parts if p.startswith("healthsheet ")]
    return found


def parser_of(name: str) -> argparse.ArgumentParser:
    """The real parser of one command."""
    parser = argparse.ArgumentParser(prog=name, exit_on_error=False)
    importlib.import_module(f"pipeline.cli.{name}").configure(parser)
    return parser


def test_command_table() -> None:
    """The table between the README's markers is that of the command line."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- commands:begin -->\n(.*?)<!-- commands:end -->", text, re.DOTALL)
    assert found, "README.md lacks the markers commands:begin and commands:end"
    assert found[1] == command_table()


def test_trigger_table() -> None:
    """The table of triggers between the markers of the RevOps page is that of the data."""
    text = (ROOT / "docs" / "revops.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- triggers:begin -->\n(.*?)<!-- triggers:end -->", text, re.DOTALL)
    assert found, "docs/revops.md lacks the markers triggers:begin and triggers:end"
    assert found[1] == trigger_table()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_one_line_of_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`healthsheet --help` lists the command with a line that fits 80 columns."""
    assert main([]) == 0
    line = next(t for t in capsys.readouterr().out.splitlines() if t.split()[:1] == [name])
    assert COMMANDS[name] in line
    assert len(line) <= 80


@each_page
def test_links_resolve(page: Path) -> None:
    """Every link to a file of the repository leads somewhere; a fragment names a heading."""
    text = page.read_text(encoding="utf-8")
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, heading = target.partition("#")
        path = (page.parent / name) if name else page
        if not path.exists() or (heading and heading not in _headings(path)):
            broken.append(target)
    assert broken == []


def _headings(path: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in heads}


@each_page
def test_command_lines_parse(page: Path) -> None:
    """Every command line shown is one that the command really takes."""
    wrong = []
    for line in command_lines(page.read_text(encoding="utf-8")):
        name, *arguments = shlex.split(line)[1:]
        if name in ("COMMAND", "--help") or "…" in arguments:
            continue
        if name not in COMMANDS:
            wrong.append(line)
            continue
        if arguments == ["--help"] or not arguments:
            continue
        try:
            parser_of(name).parse_args(arguments)
        except (SystemExit, argparse.ArgumentError, argparse.ArgumentTypeError):
            wrong.append(line)
    assert wrong == []


def test_wrong_command_lines_are_seen() -> None:
    """The tests above really find a command line in a block and in a sentence."""
    page = (
        "```\npip install . && healthsheet demo demo   # runs\n```\nsee `healthsheet score\nx.csv`"
    )
    assert command_lines(page) == ["healthsheet demo demo", "healthsheet score x.csv"]
    with pytest.raises(SystemExit):
        parser_of("score").parse_args(["x.csv", "--no-such-option"])


def test_the_readme_names_what_there_is() -> None:
    """The two commands stand there exactly, every preset has a row, and the pictures are small."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "\npip install -c requirements.lock . && healthsheet demo demo\n" in text
    assert "\n./check\n" in text
    assert all(f"| `{name}`" in text for name in preset_names())
    for name in ("scorecard", "portfolio"):
        picture = ROOT / "docs" / "images" / f"{name}.png"
        assert f"docs/images/{name}.png" in text
        assert picture.stat().st_size < _LARGEST_PICTURE
        assert picture.read_bytes().startswith(b"\x89PNG")
