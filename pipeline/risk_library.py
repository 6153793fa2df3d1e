"""Which risk library counts: the workbook's own sheets, the source's, a file, else the shipped."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from pipeline.settings import read_settings, settings_file, text_setting
from pipeline.sources.files import open_file
from pipeline.sources.grid import Book
from scoring.columns import normalise
from scoring.errors import ModelError
from scoring.judgement.facts import known_facts
from scoring.judgement.library import Library
from scoring.judgement.library_sheet import PLAYS, RISKS, library_from_sheets
from scoring.judgement.library_text import library_from_toml
from scoring.model import ScoreModel

__all__ = ["SETTING", "library_of_book", "library_of_workbook", "load_risks", "source_library"]

SETTING = "risks"
"""Setting of healthsheet.toml that names a .toml file or a workbook."""
_WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".ods")


def source_library(book: Book, source: str | Path, model: ScoreModel) -> Library | None:
    """The library of a source's own sheets, else of its settings; None for the shipped one.

    Args:
        book: the open source.
        source: where it is; the settings stand beside it.
        model: brings facts of its own that conditions may name.

    Raises:
        ModelError: a sheet or file has faults. DataError: the settings cannot be read.
    """
    own = library_of_book(book, Path(str(source)).name, model)
    if own is not None:
        return own
    settings = settings_file(source)
    if SETTING not in read_settings(settings):
        return None
    named = text_setting(settings, SETTING, "", "risks.toml")
    return load_risks(settings.parent / named, model)


def load_risks(path: Path, model: ScoreModel) -> Library:
    """A library in a .toml file, or on the sheets of a workbook.

    Raises:
        ModelError: it cannot be read, has faults, or has no such sheets.
    """
    ending = path.suffix.casefold()
    if ending == ".toml":
        try:
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError as error:
            raise ModelError(f"{path} does not exist. Check the setting {SETTING}.") from error
        except (OSError, UnicodeDecodeError) as error:
            raise ModelError(f"{path} cannot be read: {error}. Save it as UTF-8 text.") from error
        return library_from_toml(text, path.name, known_facts(model))
    if ending not in _WORKBOOKS:
        raise ModelError(
            f"{path} is no risk library. Give a .toml file or a workbook with a sheet {RISKS}."
        )
    found = library_of_book(_open(path), path.name, model)
    if found is None:
        raise ModelError(
            f"{path.name} has no sheet {RISKS}. Name the sheet that holds the risks so, or take "
            f"the setting {SETTING} out."
        )
    return found


def library_of_book(book: Book, where: str, model: ScoreModel) -> Library | None:
    """The library on the sheets of an open workbook; None where it has none.

    Raises:
        ModelError: all faults at once, each with its sheet and cell.
    """
    if book.single:
        return None
    sheets = {name: found for name in (RISKS, PLAYS) if (found := _rows(book, name)) is not None}
    if not sheets:
        return None
    return library_from_sheets(sheets, where, known_facts(model))


def library_of_workbook(data: bytes, where: str, model: ScoreModel) -> Library | None:
    """The same for the bytes of a portfolio workbook."""
    with tempfile.TemporaryDirectory(prefix="healthsheet-") as folder:
        path = Path(folder, "workbook.xlsx")
        path.write_bytes(data)
        return library_of_book(_open(path), where, model)


def _open(path: Path) -> Book:
    return open_file(path, lambda _: 0)


def _rows(book: Book, name: str) -> Sequence[Sequence[object]] | None:
    found = next((n for n in book.names if normalise(n) == normalise(name)), None)
    return None if found is None else book.grid(found).rows
