"""Where a portfolio workbook's accounts come from, and what it remembers of that."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.settings import SETTINGS, is_url, read_settings, settings_file
from scoring.errors import DataError

__all__ = ["Origin", "backtest_of", "origin_of", "source_spec"]

_MOST = 32_000
"""Letters of a query that a cell can hold."""
_SECRET = re.compile(
    r"\b(pass(word|wd|code|phrase)?|pwd|secret|token|api_?key)\b\s*(=|:)", re.IGNORECASE
)


@dataclass(frozen=True)
class Origin:
    """Where the accounts are.

    Attributes:
        source: a path or URL, to be read from the working directory.
        query: of a database, likewise; None where nobody said.
        spec, query_spec: both as the workbook remembers them: relative to it where possible,
            never with a secret; "" for what it must not.
        note: why the query is not remembered.
    """

    source: str
    query: str | None = None
    spec: str = ""
    query_spec: str = ""
    note: str = ""


def origin_of(workbook: Path, named: str | None, query: str | None) -> Origin:
    """The source that is named, else that of healthsheet.toml or of the workbook itself.

    The query of a database is remembered with it, and counts for that source alone.

    Args:
        workbook: the portfolio workbook, which need not be there.
        named: ``--from``, as a person in the working directory means it.
        query: ``--query``, likewise.

    Raises:
        DataError: nobody says where the accounts are.
    """
    folder, named = workbook.resolve().parent, named or None
    told, told_query = (named, "") if named is not None else _settings(folder / SETTINGS)
    if not told or (is_url(told) and not query and not told_query):
        known, known_query = _remembered(workbook)
        told = told or known
        here = source_spec(told, workbook) if named else _spec(told, folder)
        if here == known:
            told_query = told_query or known_query
    if not told:
        raise DataError(
            f"Nothing says where the accounts of {workbook} are. Add --from accounts.xlsx."
        )
    source = told if named is not None else _beside(told, folder)
    asked = query or _query_beside(told_query, folder) or None
    made = Origin(source, asked, source_spec(source, workbook))
    return _with_query(made, folder) if asked and is_url(source) else made


def source_spec(source: str, workbook: Path) -> str:
    """How a workbook remembers its source: relative to it where possible, never with secrets."""
    folder = workbook.resolve().parent
    if is_url(source):
        return _spec(_beside(source, Path.cwd()), folder)
    return _relative(Path(source), folder)


def backtest_of(workbook: Path, named: str | None, source: str) -> tuple[str | None, str]:
    """The backtest that is named, else that of healthsheet.toml, else the workbook's own.

    Args:
        workbook: the portfolio workbook, which need not be there.
        named: ``--backtest``; "" for none, which the workbook then forgets.
        source: what is scored.

    Returns:
        What `backtest_file.with_backtest` is told; and what the workbook remembers: a path
        relative to it where possible, "" where settings say it or there is none.

    Raises:
        DataError: the settings file cannot be read.
    """
    from pipeline.backtest_file import choose_backtest

    folder = workbook.resolve().parent
    if named is not None:
        path = choose_backtest(named, source)
        return named, "" if path is None else _relative(path, folder)
    if "backtest" in read_settings(settings_file(source)):
        return None, ""
    (known,) = _texts(workbook, "hs_backtest_file")
    return (str(folder / known), known) if known else (None, "")


def _settings(file: Path) -> tuple[str, str]:
    section = read_settings(file).get("refresh", {})
    section = section if isinstance(section, dict) else {}
    examples = {"from": "accounts.xlsx", "query": "accounts.sql"}
    return _text(section, "from", file, examples), _text(section, "query", file, examples)


def _text(section: dict[str, Any], key: str, file: Path, examples: dict[str, str]) -> str:
    told = section.get(key, "")
    if not isinstance(told, str):
        raise DataError(f'{file}, refresh.{key}: {told!r}. Write {key} = "{examples[key]}".')
    return told


def _remembered(workbook: Path) -> tuple[str, str]:
    """Source and query as the workbook has them; "" for what it does not know."""
    source, query = _texts(workbook, "hs_source", "hs_source_query")
    return source, query


def _texts(workbook: Path, *names: str) -> list[str]:
    """What stands in named cells of a workbook; "" for one that is not there or holds no text."""
    if not workbook.is_file():
        return [""] * len(names)
    from workbook_templates.ooxml.book import Book
    from workbook_templates.ooxml.places import find_places
    from workbook_templates.ooxml.reading import cell_value
    from workbook_templates.package import Package

    book = Book(Package(workbook.read_bytes(), str(workbook)))
    places = find_places(book)

    def text(name: str) -> str:
        place = places.get(name)
        if place is None:
            return ""
        value = cell_value(book, book.sheet(place.part).cell(place.area.r1, place.area.c1))
        return value if isinstance(value, str) else ""

    return [text(name) for name in names]


def _beside(source: str, folder: Path) -> str:
    """A source told in a folder, as it is read from anywhere."""
    if not is_url(source):
        return str(folder / source)
    file = _sqlite_file(source)
    return source if file is None else f"sqlite:///{(folder / file).as_posix()}"


def _spec(url: str, folder: Path) -> str:
    if not is_url(url):
        return _relative(folder / url, folder)
    file = _sqlite_file(url)
    if file is not None:
        return f"sqlite:///{_relative(folder / file, folder)}"
    return url if _harmless(url) else ""


def _relative(path: Path, folder: Path) -> str:
    path = path.resolve()
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)


def _sqlite_file(url: str) -> str | None:
    """The file that a plain SQLite address names."""
    plain = url.strip().startswith("sqlite:///") and "?" not in url and "${" not in url
    file = url.strip().removeprefix("sqlite:///")
    return file if plain and file and not file.startswith((":memory:", "~")) else None


def _harmless(url: str) -> bool:
    """Whether it holds no secret: ``${NAME}`` only says where one is."""
    from pipeline.urls import UrlReader, named_variable

    reader = UrlReader("The source's address", DataError)
    try:
        if named_variable(url) is None:
            reader.refuse_plain_secrets(reader.parse(url.strip()))
    except DataError:
        return False
    return True


def _is_file(query: str) -> bool:
    return query.strip().casefold().endswith(".sql") and "\n" not in query.strip()


def _query_beside(query: str, folder: Path) -> str:
    return str(folder / query.strip()) if query and _is_file(query) else query


def _with_query(origin: Origin, folder: Path) -> Origin:
    query = (origin.query or "").strip()
    if not origin.spec:
        return origin
    if _is_file(query):
        return replace(origin, query_spec=_relative(Path(query), folder))
    if _SECRET.search(query):
        why = "seems to hold a secret"
    elif len(query) > _MOST:
        why = "is too long for a cell"
    else:
        return replace(origin, query_spec=query)
    told = f"The query {why} and is not remembered. Save it as a .sql file and name that."
    return replace(origin, note=told)
