"""`healthsheet.toml`: what a folder's sources have in common."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from scoring.errors import DataError

__all__ = ["SETTINGS", "read_settings", "settings_file", "text_setting"]

SETTINGS = "healthsheet.toml"


def settings_file(source: str | Path) -> Path:
    """Where the settings of a source are, if there are any: beside it, or in its folder.

    A URL has those of the working directory.
    """
    if "://" in str(source):
        return Path(SETTINGS)
    path = Path(source)
    return (path if path.is_dir() else path.parent) / SETTINGS


def read_settings(path: Path) -> dict[str, Any]:
    """The settings of a file; none where it does not exist.

    Raises:
        DataError: it is no TOML.
    """
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise DataError(f"{path} is no valid TOML: {error}. Correct that line.") from error


def text_setting(path: Path, name: str, default: str, example: str) -> str:
    """One text of a settings file; the default where it is not set.

    Args:
        path: as for `read_settings`.
        name: of the setting.
        default: what counts without it.
        example: shown where it is no text.

    Raises:
        DataError: the file is no TOML, or the setting no text.
    """
    given = read_settings(path).get(name, default)
    if not isinstance(given, str):
        raise DataError(f'{path}: {name} is {given!r}. Write {name} = "{example}".')
    return given
