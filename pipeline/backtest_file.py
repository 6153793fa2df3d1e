"""The backtest as a file: written, read, chosen, and put to use where it may be."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.settings import settings_file, text_setting
from scoring.errors import DataError
from scoring.inputs import Problem

if TYPE_CHECKING:
    from pipeline.scored import Scored
    from scoring.inputs import Inputs
    from scoring.score import Scores
    from scoring.validation.records import Backtest

__all__ = ["backtest_json", "choose_backtest", "read_backtest", "save_backtest", "with_backtest"]

_NONE = "none"
"""What people write where they want no backtest; a file called so is ``./none``."""
_AGAIN = "Make it anew: healthsheet validate HISTORY OUTCOMES -o backtest.json"
_FORMAT = 1
"""The newest format of the document that is read here."""


def backtest_json(backtest: Backtest) -> str:
    """The document as it stands in a file, and as ``--json`` prints it."""
    return backtest.model_dump_json(indent=1) + "\n"


def save_backtest(path: Path, backtest: Backtest) -> None:
    """Write a backtest as JSON, atomically: what was there stays until the new one is whole.

    Raises:
        DataError: the folder or the file cannot be written to.
    """
    from workbook_templates.ooxml.saving import replace_file

    try:
        replace_file(path, backtest_json(backtest).encode(), json.loads)
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror or error}. Choose another folder."
        raise DataError(message) from error


def read_backtest(path: Path) -> Backtest:
    """The backtest in a file.

    Raises:
        DataError: there is no such file, it is no backtest, or a newer HealthSheet wrote it.
    """
    from pydantic import ValidationError

    from scoring.validation.records import Backtest

    content = _content(path)
    written = content.get("format")
    if isinstance(written, int) and written > _FORMAT:
        raise DataError(
            f"{path} has format {written}, written by a newer HealthSheet; this one reads "
            f"{_FORMAT}. Update HealthSheet, or make it anew with this one."
        )
    if written != _FORMAT or "verdict" not in content:
        raise DataError(f"{path} is no backtest. {_AGAIN}")
    try:
        return Backtest.model_validate_json(json.dumps(content))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise DataError(f"{path} is broken at {where}: {first['msg']}. {_AGAIN}") from error


def _content(path: Path) -> dict[str, Any]:
    """The file as plain data."""
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise DataError(
            f"{path} does not exist. healthsheet validate HISTORY OUTCOMES -o {path.name} makes "
            "it; --no-backtest goes without."
        ) from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, RecursionError):
        raise DataError(f"{path} is no backtest: it is not JSON. {_AGAIN}") from None
    if not isinstance(content, dict):
        raise DataError(f"{path} is no backtest. {_AGAIN}")
    return content


def choose_backtest(named: str | None, source: str | Path) -> Path | None:
    """The named backtest, else that of healthsheet.toml beside the source, else none.

    Args:
        named: ``--backtest``; an empty text, or ``none``, means none, whatever the settings say.
        source: what is scored.

    Returns:
        The file, which need not be there; one of the settings lies relative to them.

    Raises:
        DataError: the settings file cannot be read.
    """
    if named is not None:
        return Path(named) if _meant(named) else None
    settings = settings_file(source)
    given = text_setting(settings, "backtest", "", "backtest.json")
    return settings.parent / given if _meant(given) else None


def _meant(name: str) -> bool:
    """Whether a text names a file, as people write it."""
    return name.strip().casefold() not in ("", _NONE)


def with_backtest(scored: Scored, named: str | None, source: str | Path) -> Scored:
    """The scored source with the probabilities of its backtest, where they may be used.

    One note, the first of the problems, says why they are not, or that scores moved since.

    Args:
        scored: for a day, by a model.
        named: ``--backtest``, as for `choose_backtest`.
        source: what was scored.

    Returns:
        The same with ``inputs.chances`` and ``inputs.backtest``.

    Raises:
        DataError: the backtest cannot be read.
    """
    path = choose_backtest(named, source)
    if path is None:
        return scored
    from scoring.validation.chances import chances_for
    from scoring.validation.drift import score_drift

    backtest = read_backtest(path)
    scores = scored.scores
    model = scores.model
    chances, why = chances_for(
        backtest, digest=model.digest, as_of=scores.as_of, model=model.label
    )  # fmt: skip
    inputs: Inputs = replace(scored.inputs, chances=chances, backtest=backtest)
    notes: tuple[Problem, ...] = ()
    if why:
        fix = f"Renewals show the illustration. {_next_step(backtest, scores)}".strip()
        notes = (_note(path, why, fix),)
    elif backtest.calibration and (
        moved := score_drift(backtest.calibration, scores.total).sentence
    ):
        notes = (_note(path, moved, "Run healthsheet validate again."),)
    return replace(scored, inputs=inputs, problems=(*notes, *scored.problems))


def _next_step(backtest: Backtest, scores: Scores) -> str:
    """What gives a day a calibration, where something can."""
    if backtest.digest != scores.model.digest:
        return "Run healthsheet validate with today's model (-m)."
    if backtest.calibration is None:
        return ""  # the message says what is missing
    if scores.as_of < backtest.calibration.fitted:
        return f"For a calibration of that day: healthsheet validate --as-of {scores.as_of}."
    return "Run healthsheet validate again."


def _note(path: Path, message: str, fix: str) -> Problem:
    return Problem(path.name, None, "", "", "", message, fix, "note")
