"""Which score model a command uses when nobody names one on the command line."""

from __future__ import annotations

import tomllib
import zipfile
from pathlib import Path

from pipeline.model_files import load_model
from scoring.errors import ModelError
from scoring.model import ScoreModel
from scoring.presets import DEFAULT, load_preset

__all__ = ["SETTINGS", "choose_model", "setting", "settings_file"]

SETTINGS = "healthsheet.toml"


def choose_model(named: str | None, source: str | Path) -> ScoreModel:
    """The named model, else the source's own *Model* sheet, else that of healthsheet.toml.

    The settings file is looked for beside the source. Without any of these, the default preset.

    Raises:
        ModelError: the model, or the settings file, cannot be read.
    """
    if named:
        return load_model(named)
    path = Path(source)
    if _has_model_sheet(path):
        return load_model(path)
    settings = settings_file(path)
    if settings is None:
        return load_preset(DEFAULT)
    wanted = setting(settings, "model", DEFAULT)
    beside = settings.parent / wanted
    return load_model(beside if beside.is_file() else wanted)


def settings_file(source: Path) -> Path | None:
    """healthsheet.toml beside the source, or inside it where the source is a folder."""
    settings = (source if source.is_dir() else source.parent) / SETTINGS
    return settings if settings.is_file() else None


def setting(settings: Path, name: str, default: str, example: str = DEFAULT) -> str:
    """One text of a settings file, with an example of it for the message.

    Raises:
        ModelError: the file is no TOML, or the setting no text.
    """
    try:
        data = tomllib.loads(settings.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ModelError(f"{settings} is no valid TOML: {error}. Correct that line.") from error
    wanted = data.get(name, default)
    if not isinstance(wanted, str):
        raise ModelError(f'{settings}: {name} is {wanted!r}. Write {name} = "{example}".')
    return wanted


def _has_model_sheet(path: Path) -> bool:
    """Whether an .xlsx package has a sheet named Model; other formats keep theirs apart."""
    try:
        with zipfile.ZipFile(path) as package:
            info = package.getinfo("xl/workbook.xml")
            if info.file_size > 5_000_000:
                return False
            return b'name="Model"' in package.read(info)
    except (OSError, KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return False
