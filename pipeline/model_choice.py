"""Which score model a command uses when nobody names one on the command line."""

from __future__ import annotations

import zipfile
from pathlib import Path

from pipeline.model_files import load_model
from pipeline.settings import settings_file, text_setting
from scoring.model import ScoreModel
from scoring.presets import DEFAULT

__all__ = ["choose_model", "has_model_sheet"]


def choose_model(named: str | None, source: str | Path) -> ScoreModel:
    """The named model, else the source's own *Model* sheet, else that of healthsheet.toml.

    The settings file is looked for beside the source. Without any of these, the default preset.

    Raises:
        ModelError: the model cannot be read. DataError: nor can the settings file.
    """
    if named:
        return load_model(named)
    path = Path(source)
    if has_model_sheet(path):
        return load_model(path)
    settings = settings_file(source)
    wanted = text_setting(settings, "model", DEFAULT, DEFAULT)
    beside = settings.parent / wanted
    return load_model(beside if beside.is_file() else wanted)


def has_model_sheet(path: Path) -> bool:
    """Whether an .xlsx package has a sheet named Model; other formats keep theirs apart."""
    try:
        with zipfile.ZipFile(path) as package:
            info = package.getinfo("xl/workbook.xml")
            if info.file_size > 5_000_000:
                return False
            return b'name="Model"' in package.read(info)
    except (OSError, KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return False
