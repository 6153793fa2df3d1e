"""Which table of efforts counts: the source's own sheet, the file its settings name, or ours."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pipeline.settings import read_settings, settings_file, text_setting
from pipeline.sources.grid import Book
from scoring.columns import normalise
from scoring.errors import DataError
from scoring.judgement.effort import Efforts, efforts_from_toml, load_efforts
from scoring.judgement.effort_sheet import SHEET, efforts_from_rows
from scoring.model import ScoreModel

__all__ = ["SETTING", "source_efforts"]

SETTING = "efforts"
"""Setting of healthsheet.toml that names a .toml file like ours; what it lacks is ours."""


def source_efforts(book: Book, source: str | Path, model: ScoreModel) -> Efforts | None:
    """The table of a source; None for the shipped one.

    Args:
        book: the open source.
        source: where it is; the settings stand beside it.
        model: whose metrics the sheet names.

    Raises:
        DataError: the sheet or the file holds no efforts.
    """
    sheet = next((name for name in book.names if normalise(name) == normalise(SHEET)), None)
    if sheet is not None and not book.single:
        label = f"{Path(str(source)).name}, sheet {sheet}"
        return efforts_from_rows(book.grid(sheet).rows, model, label)
    settings = settings_file(source)
    if SETTING not in read_settings(settings):
        return None
    path = settings.parent / text_setting(settings, SETTING, "", "efforts.toml")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = f"{path} cannot be read: {error}."
        raise DataError(f"{why} Check the setting {SETTING} of {settings.name}.") from error
    own, ours = efforts_from_toml(text), load_efforts()
    return replace(own, metrics={**ours.metrics, **own.metrics}, units={**ours.units, **own.units})
