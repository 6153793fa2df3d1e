"""Score models in files: presets, .toml files and *Model* sheets of workbooks."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from scoring.errors import ModelError
from scoring.presets import load_preset, model_from_toml, model_to_toml, preset_names

# Reading and drawing workbooks imports much that a preset does not need; see the functions.
if TYPE_CHECKING:
    from scoring.model import ScoreModel

__all__ = ["load_model", "write_model"]

_WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".ods")


def load_model(spec: str | Path) -> ScoreModel:
    """Load a score model.

    Args:
        spec: a preset's name, or the path of a .toml file or of a workbook (.xlsx, .xlsm, .xlsb,
            .ods) with a *Model* sheet. A preset's name wins over a file of that name.

    Raises:
        ModelError: nothing there, another kind of file, no *Model* sheet, or a faulty model.
        DataError: the workbook itself cannot be opened (damaged, password-protected).
    """
    text = str(spec)
    path = Path(text)
    ending = path.suffix.casefold()
    if text.strip().casefold() in preset_names():
        return load_preset(text)
    if ending == ".toml":
        return model_from_toml(_read(path), path.name)
    if ending in _WORKBOOKS:
        return _from_workbook(path)
    if ending or path.exists():
        raise ModelError(
            f"{text} is no score model. Give a .toml file, a workbook ({', '.join(_WORKBOOKS)}) "
            f"with a Model sheet, or one of the presets: {', '.join(preset_names())}."
        )
    return load_preset(text)


def write_model(model: ScoreModel, path: Path) -> None:
    """Write a model to a .toml file or to the *Model* sheet of a new .xlsx workbook.

    The file appears whole or not at all; one of that name is replaced.

    Raises:
        ModelError: another ending, no such folder, or a folder that cannot be written to.
        WorkbookLocked: the file is open in a spreadsheet program.
    """
    from workbook_templates.ooxml.saving import replace_file

    ending = path.suffix.casefold()
    if ending not in (".toml", ".xlsx"):
        raise ModelError(
            f"A model cannot be written to {path.name}. Choose a name that ends in .toml or .xlsx."
        )
    data = model_to_toml(model).encode() if ending == ".toml" else _workbook(model)
    try:
        replace_file(path, data, lambda written: written)
    except OSError as error:
        raise ModelError(
            f"{path} cannot be written: {error.strerror or error}. Check the folder."
        ) from error


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ModelError(f"{path} does not exist. Check the name and the folder.") from error
    except UnicodeDecodeError as error:
        raise ModelError(f"{path.name} is not UTF-8 text. Save it as UTF-8.") from error
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror or error}.") from error


def _from_workbook(path: Path) -> ScoreModel:
    from pipeline.sources.files import open_file
    from scoring.columns import normalise
    from scoring.model_sheet import SHEET, model_from_rows

    # A text file under a workbook's name has one table and no sheets; nothing scores its rows.
    book = open_file(path, lambda _: 0)
    found = [name for name in book.names if normalise(name) == normalise(SHEET)]
    if book.single or not found:
        sheets = "no sheets" if book.single else f"the sheets {', '.join(book.names)}"
        raise ModelError(
            f'{path.name} has {sheets}, but none named "{SHEET}". Rename the sheet that holds the '
            f"model, or make one: healthsheet model export {preset_names()[0]} -o model.xlsx"
        )
    return model_from_rows(book.grid(found[0]).rows, f"{path.name}, sheet {found[0]}")


def _workbook(model: ScoreModel) -> bytes:
    from workbook_templates.drawing.model import draw_model
    from workbook_templates.drawing.theme import Book

    stream = BytesIO()
    book = Book(stream, title=f"Score model {model.label}")
    draw_model(book, model).activate()
    book.close()
    return stream.getvalue()
