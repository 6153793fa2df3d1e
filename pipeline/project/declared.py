"""Sections ``source`` and ``metrics`` of healthsheet.toml: the tables, and what they are for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic import ValidationError as Invalid

from pipeline.metrics.rules import Rule, RuleAdapter
from pipeline.settings import read_settings, settings_file
from pipeline.sources.database import PATIENCE
from scoring.closest import did_you_mean
from scoring.columns import SCORE_HISTORY, SHEETS, normalise
from scoring.errors import DataError

__all__ = ["ALWAYS", "Project", "SheetInput", "TableSource", "read_limits", "read_project"]

ALWAYS = "always"
"""``known_at`` of a table whose rows never change and were known from the beginning."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SHEETS = {normalise(name): name for name in ("Accounts", *SHEETS, SCORE_HISTORY)}
_ORIGINS = ("file", "url", "sql")


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str | Mapping) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_as_list)]


class TableSource(_Declared):
    """Where a table comes from, and when its rows became known.

    Attributes:
        file, sheet, day_first, decimal: a file beside the settings, and how to read it.
        url, table, query: a database, and one of its tables or a query (SQL or a .sql file).
        sql: a SELECT over tables that are declared above.
        account: the column that holds the account's id.
        known_at: the date column from which on a row is known, or "always".
        known_later: date column → columns (itself always) that are known only from that date on.
    """

    file: str | None = None
    sheet: str | None = None
    day_first: bool | None = None
    decimal: str | None = None
    url: str | None = None
    table: str | None = None
    query: str | None = None
    sql: str | None = None
    account: str = "account_id"
    known_at: str | None = None
    known_later: dict[str, Texts] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        given = [name for name in _ORIGINS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError('needs one of file, url and sql, such as file = "accounts.csv"')
        if self.url is not None and (self.table is None) == (self.query is None):
            raise ValueError('a url needs table = "…" or query = "select …"')
        if self.url is None and (self.table or self.query):
            raise ValueError('table and query belong to a url; a file needs only file = "…"')
        if self.sql is not None and (self.known_at or self.known_later):
            raise ValueError("sql sees only what was known; leave out known_at and known_later")
        if self.decimal not in (None, ".", ","):
            raise ValueError('decimal is "." or ","')
        return self


class SheetInput(_Declared):
    """What of a table goes into a sheet.

    Attributes:
        table: its name under source.tables.
        columns: header of the sheet → column of the table; all columns under their own names
            where nothing is said.
        constants: header of the sheet → the value of every row.
        latest: only the latest known row of each account.
    """

    table: str
    columns: dict[str, str] = Field(default_factory=dict)
    constants: dict[str, str | bool | int | float | date] = Field(default_factory=dict)
    latest: bool = False


class _Limits(_Declared):
    timezone: str = "UTC"
    timeout_seconds: Annotated[int, Field(gt=0, le=86_400)] = PATIENCE


class _Source(_Limits):
    tables: dict[str, TableSource]
    sheets: dict[str, Annotated[tuple[SheetInput, ...], BeforeValidator(_as_list)]]


@dataclass(frozen=True)
class Project:
    """A declared source.

    Attributes:
        path: of the settings.
        tables: by name, in the order of the file.
        sheets: *Accounts*, *Goals*, … → what goes in, in the order of the file.
        rules: metric key → how it is counted.
        zone: where moments become days.
        patience: seconds that a query may take.
    """

    path: Path
    tables: Mapping[str, TableSource]
    sheets: Mapping[str, tuple[SheetInput, ...]]
    rules: Mapping[str, Rule]
    zone: ZoneInfo
    patience: int

    def timeless(self) -> list[str]:
        """Tables that do not say when their rows became known."""
        return [n for n, t in self.tables.items() if t.sql is None and t.known_at is None]


def read_project(path: Path) -> Project:
    """Read and check the declarations of a settings file.

    Raises:
        DataError: names the key that is wrong, what is wrong with it and what to write.
    """
    if not path.is_file():
        raise DataError(f"{path} does not exist. Check the name and the folder.")
    settings = read_settings(settings_file(path))
    if "source" not in settings:
        raise DataError(
            f"{path} declares no source. Add a section [source.tables.NAME] with file = … and "
            "[source.sheets.accounts]."
        )
    found = _checked(path, "source", _Source.model_validate, settings["source"])
    sheets = {_sheet_name(path, name): inputs for name, inputs in found.sheets.items()}
    if "Accounts" not in sheets:
        raise DataError(
            f"{path}, source.sheets: accounts is missing. Add [source.sheets.accounts]."
        )
    _check_names(path, found, sheets)
    return Project(
        path, found.tables, sheets, _rules(path, settings.get("metrics", {}), found.tables),
        _zone(path, found.timezone), found.timeout_seconds,
    )  # fmt: skip


def read_limits(path: Path) -> tuple[ZoneInfo, int]:
    """Time zone and time limit for a database that is no part of a project.

    Raises:
        DataError: one of them cannot be.
    """
    section = read_settings(path).get("source", {})
    given = section if isinstance(section, Mapping) else {}
    limits = {key: given[key] for key in _Limits.model_fields if key in given}
    found = _checked(path, "source", _Limits.model_validate, limits)
    return _zone(path, found.timezone), found.timeout_seconds


def _rules(path: Path, section: Any, tables: Mapping[str, TableSource]) -> dict[str, Rule]:
    if not isinstance(section, Mapping):
        raise DataError(f"{path}: metrics is no section. Write [metrics.csat] on a line.")
    rules: dict[str, Rule] = {}
    for key, given in section.items():
        place = f"metrics.{key}"
        rule = _checked(path, place, RuleAdapter.validate_python, given)
        if rule.kind != "sql":
            _known(path, f"{place}.table", rule.table, tables)
        rules[key] = rule
    return rules


def _checked(path: Path, place: str, validate: Any, given: object) -> Any:
    try:
        return validate(given)
    except Invalid as error:
        first = error.errors()[0]
        steps = [str(step) for step in first["loc"]]
        if place.startswith("metrics"):
            # The validator's own word for the two forms of a rule; nobody wrote it.
            steps = steps[1:]
        if steps[:1] in (["where"], ["matching"]):
            raise DataError(
                f"{path}, {'.'.join([place, *steps[:2]])}: is no condition. Write a value, a list "
                "of values, or limits such as { at_least = 3 }."
            ) from error
        where = ".".join([place, *steps])
        if first["type"] in ("model_type", "dict_type", "model_attributes_type"):
            raise DataError(
                f"{path}: {where} is no section. Write [{where}] on a line of its own."
            ) from error
        raise DataError(f"{path}, {where}: {_told(first)}") from error


def _told(error: Any) -> str:
    kind, message = error["type"], str(error["msg"])
    if kind == "missing":
        return "is missing. Add it."
    if kind == "extra_forbidden":
        return "is not known here. Check its spelling, or take it out."
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return f"the kind is not known. {message}."
    text = message.removeprefix("Value error, ")
    return f"{text[0].lower()}{text[1:]}."


def _sheet_name(path: Path, name: str) -> str:
    known = _SHEETS.get(normalise(name))
    if known is None:
        hint = did_you_mean(name, list(_SHEETS.values()))
        listed = hint or f"Known are {', '.join(_SHEETS.values())}."
        raise DataError(f"{path}, source.sheets.{name}: no such sheet. {listed}")
    return known


def _check_names(path: Path, found: _Source, sheets: Mapping[str, Any]) -> None:
    for name in found.tables:
        if not _NAME.fullmatch(name):
            raise DataError(
                f"{path}, source.tables.{name}: a table's name has letters, digits and _ only."
            )
    for sheet, inputs in sheets.items():
        for given in inputs:
            _known(path, f"source.sheets.{sheet.lower()}.table", given.table, found.tables)


def _known(path: Path, place: str, name: str, tables: Mapping[str, Any]) -> None:
    if name not in tables:
        hint = did_you_mean(name, list(tables)) or f"Declared are {', '.join(tables)}."
        raise DataError(f"{path}, {place}: {name} is no table. {hint}")


def _zone(path: Path, name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise DataError(
            f'{path}, source.timezone: {name} is no time zone. Write it as "Europe/Berlin".'
        ) from error
