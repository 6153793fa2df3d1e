"""`healthsheet.toml`: what a folder's sources have in common."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from scoring.errors import DataError

__all__ = [
    "SETTINGS",
    "declared_source",
    "is_url",
    "rates",
    "read_settings",
    "settings_file",
    "text_setting",
]

SETTINGS = "healthsheet.toml"


def settings_file(source: str | Path) -> Path:
    """Where the settings of a source are, if there are any: beside it, or in its folder.

    A URL has those of the working directory; a source that is such a file is its own.
    """
    if is_url(source):
        return Path(SETTINGS)
    path = Path(source)
    if path.suffix.casefold() == ".toml":
        return path
    return (path if path.is_dir() else path.parent) / SETTINGS


def is_url(source: str | Path) -> bool:
    """Whether a source is the address of a database, or ``${NAME}`` that holds one."""
    text = str(source).strip()
    return "://" in text or (text.startswith("${") and text.endswith("}"))


def declared_source(source: str | Path) -> Path | None:
    """The settings that a source means, where it is such a file or the folder of one.

    A folder's settings are meant where they have a section ``source``.
    """
    if is_url(source):
        return None
    path = Path(source)
    if path.suffix.casefold() == ".toml":
        return path
    settings = path / SETTINGS
    return settings if path.is_dir() and "source" in read_settings(settings) else None


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


def rates(path: Path) -> tuple[str, dict[str, float]] | None:
    """Section ``rates``: the base currency, and each currency in units of it.

    Returns:
        ISO code of the base, and ISO code → units of the base, the base itself as 1; None
        without such a section.

    Raises:
        DataError: no base, a code that is no currency, or a rate that is no positive number.
    """
    section = read_settings(path).get("rates")
    if section is None:
        return None
    example = 'Write base = "EUR" and values = { USD = 0.92 }.'
    if not isinstance(section, dict) or set(section) != {"base", "values"}:
        raise DataError(f"{path}: rates needs base and values, and nothing else. {example}")
    base, values = section["base"], section["values"]
    if not isinstance(values, dict):
        raise DataError(f"{path}, rates.values: {values!r}. {example}")
    found = {}
    for code, rate in {**values, base: values.get(base, 1.0)}.items():
        if not (isinstance(code, str) and len(code) == 3 and code.isalpha() and code.isupper()):
            raise DataError(f"{path}, rates: {code!r} is no currency. {example}")
        if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 < rate < 1e9:
            raise DataError(f"{path}, rates.values.{code}: {rate!r} is no rate. {example}")
        found[code] = float(rate)
    if found[base] != 1.0:
        raise DataError(f"{path}, rates.values.{base}: the base itself is 1. Leave it out.")
    return base, found
