"""Finished scorecards in files and folders, checked one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from scoring.errors import DataError, HealthSheetError
from scoring.judgement.quality import Finding, check_scorecard

__all__ = ["Checked", "check_files", "scorecard_files"]

ENDINGS = (".xlsx", ".xlsm")


@dataclass(frozen=True, slots=True)
class Checked:
    """A scorecard file and what was found in it.

    Attributes:
        path: the workbook.
        account: the account's name; "" where it could not be read.
        findings: in the order people read the scorecard, notes last.
        problem: why it could not be checked; "" when it was.
    """

    path: Path
    account: str = ""
    findings: tuple[Finding, ...] = ()
    problem: str = ""

    @property
    def to_fix(self) -> tuple[Finding, ...]:
        """What asks for a change."""
        return tuple(f for f in self.findings if f.severity == "finding")


def scorecard_files(paths: Sequence[Path]) -> list[Path]:
    """The workbooks named, and those in the folders named, each once, in order.

    Raises:
        DataError: a path is not there, or a folder holds no workbook.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if _is_workbook(p))
            if not inside:
                raise DataError(f"{path} holds no workbook. Name a folder of scorecards.")
            found |= dict.fromkeys(inside)
        elif path.exists():
            found[path] = None
        else:
            raise DataError(f"{path} does not exist. Check the name and the folder.")
    return list(found)


def _is_workbook(path: Path) -> bool:
    # "~$" begins the file that Excel keeps beside an open workbook.
    return path.suffix.casefold() in ENDINGS and not path.name.startswith(("~$", "."))


def check_files(paths: Sequence[Path], *, as_of: date) -> Iterator[Checked]:
    """Check each scorecard; one that cannot be read does not stop the others.

    Args:
        paths: workbooks.
        as_of: the day from which deadlines count.
    """
    for path in paths:
        try:
            yield _check(path, as_of)
        except HealthSheetError as error:
            yield Checked(path, problem=str(error))


def _check(path: Path, as_of: date) -> Checked:
    from pipeline.model_files import load_model
    from workbook_templates.account.finished import read_finished

    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}.") from error
    card = read_finished(data, lambda: load_model(path), str(path))
    found = check_scorecard(replace(card, as_of=max(as_of, card.as_of)))
    return Checked(path, card.account, tuple(found))
