"""Dockerfile and the administrator's page: what they say is so."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from addin.hosts.officejs.settings import Settings
from tests.addin.officejs.running import Running
from tests.addin.officejs.serving import free_port
from tests.modules import PACKAGES, ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "admin.md").read_text(encoding="utf-8")


def instructions(name: str) -> list[str]:
    """What follows each instruction of a name, lines joined."""
    joined = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE))
    return re.findall(rf"^{name} (.*)$", joined, re.MULTILINE)


def words(name: str) -> list[str]:
    """The command of an instruction in its list form."""
    found = json.loads(re.sub(r"^.*?(?=\[)", "", instructions(name)[0]))
    assert isinstance(found, list)
    return found


def test_all_that_is_copied_is_there() -> None:
    """Each file that the image takes exists, and none is kept out of its context."""
    sources = [s for line in instructions("COPY") if "--from" not in line
               for s in line.split()[:-1]]  # fmt: skip
    let_in = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE)
    assert set(sources) == set(let_in)
    assert all((ROOT / source).exists() for source in sources)
    assert set(PACKAGES) <= set(sources)


def test_python_is_new_enough() -> None:
    """The image's Python is one that the project takes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    least = tuple(map(int, re.findall(r"\d+", project["requires-python"])))
    images = {line.split()[0] for line in instructions("FROM")}
    assert len(images) == 1
    version = re.fullmatch(r"python:(\d+)\.(\d+)-slim", images.pop())
    assert version
    assert tuple(map(int, version.groups())) >= least
    assert "server" in project["optional-dependencies"]
    assert "'.[server]'" in DOCKERFILE


def test_it_does_not_run_as_root() -> None:
    """The user is a number that is not root's, and the last stage builds nothing."""
    assert instructions("USER") == ["10001:10001"]
    last = DOCKERFILE.rpartition("FROM ")[2]
    assert not re.search(r"\b(apt|pip|gcc|curl|RUN)\b", last)


def test_it_runs(tmp_path: Path) -> None:
    """What the image starts serves others with a token, and its own check finds it healthy."""
    program, action, name, *options = [*words("ENTRYPOINT"), *words("CMD")]
    assert (program, action, name) == ("healthsheet", "addin", "serve")
    tokens = tmp_path / "tokens"
    tokens.write_text("a-token-of-at-least-20-characters\n", encoding="ascii")
    environment = {
        "HEALTHSHEET_URL": "https://scores.example.com",
        "HEALTHSHEET_SIGN_IN": "token",
        "HEALTHSHEET_TOKENS_FILE": str(tokens),
    }
    # A free port instead of the image's, and one worker, which starts sooner.
    inside, outside = instructions("EXPOSE")[0], str(free_port())
    assert inside == options[options.index("--port") + 1]
    options = [outside if option == inside else option for option in options]
    options[options.index("--workers") + 1] = "1"
    server = Running(tmp_path, *options, **environment)
    assert healthy(inside, outside)
    assert server.stop() == 0
    assert not healthy(inside, outside)


def healthy(inside: str, outside: str) -> bool:
    """What the image's own check says, on another port."""
    program, *given = json.loads(instructions("HEALTHCHECK")[0].partition("CMD ")[2])
    assert program == "python"
    command = [sys.executable, *(part.replace(f":{inside}/", f":{outside}/") for part in given)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_page_names_every_setting() -> None:
    """The table of the administrator's page has each variable with its default."""
    rows = dict(re.findall(r"^\| `(HEALTHSHEET_\w+)` \| (?:`(.*?)`)? *\|", PAGE, re.MULTILINE))
    defaults = Settings().to_environment()
    wanted = {f"HEALTHSHEET_{name.upper()}" for name in Settings.model_fields}
    assert set(rows) == wanted | {"HEALTHSHEET_TOKENS_FILE"}
    assert {name: shown for name, shown in rows.items() if shown} == defaults


def test_page_shows_what_is_logged() -> None:
    """The line of the log on the page has the form of a real one."""
    (line,) = re.findall(r"^2026-.*$", PAGE, re.MULTILINE)
    assert re.fullmatch(
        r"[\d-]{10}T[\d:]{8}\+\d{4} INFO POST /v1/calls 200 [\d.]+ms \d+B \d+calls", line
    )


@pytest.mark.parametrize(
    "block", re.findall(r"```\n(docker .*?)```", PAGE, re.DOTALL), ids=["docker"]
)
def test_docker_commands_fit_the_image(block: str) -> None:
    """Ports and variables of the commands are those of the image and of the server."""
    assert f":{instructions('EXPOSE')[0]}" in block
    for name in re.findall(r"-e (HEALTHSHEET_\w+)=", block):
        assert name.removeprefix("HEALTHSHEET_").lower() in Settings.model_fields
