"""Which score model a command uses when nobody names one on the command line."""

from __future__ import annotations

import zipfile
from pathlib import Path

from pipeline.model_files import load_model
from pipeline.settings import settings_file, text_setting
from scoring.model import ScoreModel
from scoring.presets import DEFAULT

__all__ = ["choose_model", "has_model_sheet", "workbook_part"]

_LARGEST = 5_000_000


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
    return b'name="Model"' in workbook_part(path)


def workbook_part(path: Path) -> bytes:
    """The part of an .xlsx package that lists its sheets and names; empty for another file.

    It answers what a workbook is without opening it whole. One above 5 MB counts as none.
    """
    try:
        with zipfile.ZipFile(path) as package:
            info = package.getinfo("xl/workbook.xml")
            return b"" if info.file_size > _LARGEST else package.read(info)
    except (OSError, KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return b""
