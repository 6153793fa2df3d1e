"""A database and one query as a source: its result is one table."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from sqlalchemy import TextClause, text

from pipeline.settings import settings_file
from pipeline.sources.database import fetch, open_database
from pipeline.sources.grid import Book, Grid
from scoring.errors import DataError

__all__ = ["AS_OF", "escaped", "open_query", "read_query"]

AS_OF = re.compile(r"(?<![:\w\\]):as_of\b")
"""Stands for the day in a query; not a part of ``::as_of`` or of another word."""
_OTHER = re.compile(r"(?<![:\w\\]):([a-zA-Z_]\w*)")
_READS = ("select", "with", "values", "table", "from")
_COMMENTS = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", re.DOTALL)


def open_query(address: str, query: str | None, *, as_of: date) -> Book:
    """The rows of ``--query`` as one table.

    Args:
        address: URL of the database; see `open_database`.
        query: SQL, or the name of a file that ends in .sql. ``:as_of`` in it is the day.
        as_of: that day.

    Time zone and time limit are those of the settings in the working directory, section source.

    Raises:
        DataError: no query, an unreadable file, or what the database refuses.
    """
    if not query or not query.strip():
        raise DataError(
            'A database needs a query. Add --query "select … from …", or --query FILE.sql.'
        )
    from pipeline.project.declared import read_limits

    zone, patience = read_limits(settings_file(address))
    database = open_database(address, patience=patience)
    sql, label = read_query(query)
    bind = bool(AS_OF.search(sql))
    rows = fetch(database, escaped(sql), label, as_of=as_of, zone=zone, bind=bind)
    grid = Grid(f"{database.shown}, {label}", [list(rows.names)], rows.columns, addressed=False)
    return Book(database.shown, (label,), lambda _: grid, single=True, day=as_of)


def read_query(query: str, *, folder: Path | None = None) -> tuple[str, str]:
    """The SQL of ``--query`` or of a setting, and what to call it in messages.

    Raises:
        DataError: a file that cannot be read, a statement that does not read, or a parameter
            other than ``:as_of``.
    """
    name = query.strip()
    if name.casefold().endswith(".sql") and "\n" not in name:
        path = Path(name) if folder is None else folder / name
        try:
            sql, label = path.read_text(encoding="utf-8-sig"), path.name
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(f"{path} cannot be read as a query. Check name and folder.") from error
    else:
        sql, label = query, "the query"
    sql = sql.strip().rstrip(";")
    bare = _COMMENTS.sub(" ", sql)
    first = re.search(r"\w+", bare)
    if first is None or first[0].casefold() not in _READS:
        raise DataError(f"{label} would not only read. Write one that begins with SELECT or WITH.")
    others = {n for n in _OTHER.findall(bare) if n != "as_of"}
    if others:
        listed = ", ".join(f":{n}" for n in sorted(others))
        raise DataError(f"{label} has the parameter {listed}. Only :as_of is filled in.")
    return sql, label


def escaped(sql: str) -> TextClause:
    """The SQL for SQLAlchemy: ``:as_of`` as parameter, every other colon as it stands."""
    # In parentheses, because SQLAlchemy sees no parameter in ``:as_of::date``.
    return text(AS_OF.sub("\0", sql).replace(":", "\\:").replace("\0", "(:as_of)"))
