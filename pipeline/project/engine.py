"""An embedded DuckDB that sees the tables it is given, and nothing else of the machine."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pipeline.metrics.sql import quoted
from scoring.errors import DataError

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = ["Engine"]

_LOCKED = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "memory_limit": "4GB",
    "temp_directory": "",
    # One thread adds up in one order, so that a sum is the same to the last bit every time.
    "threads": "1",
}
_SILENT = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)
_CLOCK = re.compile(
    r"\b(current_date|current_timestamp|current_localtimestamp|localtimestamp|current_time|"
    r"(?:now|today|get_current_timestamp|transaction_timestamp|random|uuid|gen_random_uuid)\s*\()",
    re.IGNORECASE,
)


class Engine:
    """Tables in memory, and SELECTs over them.

    Files, network, extensions and further settings are locked from the beginning.

    Args:
        patience: seconds that a SELECT may take.
        sentiment: give SQL the function ``sentiment(text)``, −1 to 1.
    """

    def __init__(self, patience: int, *, sentiment: bool = False) -> None:
        import duckdb

        self._patience = patience
        self._connection = duckdb.connect(":memory:", config=dict(_LOCKED))
        if sentiment:
            from pipeline.metrics.sentiment import make_sentiment

            self._connection.create_function(
                "sentiment",
                make_sentiment(),
                ["VARCHAR"],
                "DOUBLE",
            )
        self._connection.execute("SET lock_configuration = true")

    def add(self, name: str, table: pa.Table) -> None:
        """Make a table of that name."""
        self._connection.register("_given", table)
        self._connection.execute(f"CREATE TABLE {quoted(name)} AS SELECT * FROM _given")  # noqa: S608
        self._connection.unregister("_given")

    def drop(self, name: str) -> None:
        """Forget a table, if it is there."""
        self._connection.execute(f"DROP TABLE IF EXISTS {quoted(name)}")

    def add_view(self, name: str, sql: str, label: str) -> None:
        """Give a SELECT of people's own a name.

        Raises:
            DataError: it is no single SELECT, or wrong; the message has the engine's words.
        """
        self._check(sql, label)
        with self._plainly(label):
            self._connection.execute(f"CREATE VIEW {quoted(name)} AS {sql}")

    def select(self, sql: str, label: str) -> pa.Table:
        """The rows of a SELECT of people's own; see `add_view` for what is refused."""
        self._check(sql, label)
        return self.run(sql, label)

    def run(self, sql: str, label: str) -> pa.Table:
        """The rows of a SELECT of ours."""
        with self._plainly(label), self._in_time():
            return self._connection.execute(sql).to_arrow_table()

    def columns(self, name: str) -> list[str]:
        """Names of the columns of a table or view."""
        found = self._connection.execute(f"DESCRIBE {quoted(name)}").fetchall()
        return [str(row[0]) for row in found]

    def close(self) -> None:
        """Free the memory."""
        self._connection.close()

    def _check(self, sql: str, label: str) -> None:
        with self._plainly(label):
            kinds = [s.type.name for s in self._connection.extract_statements(sql)]
        if kinds != ["SELECT"]:
            raise DataError(f"{label} is not one SELECT. Write one that reads, and nothing else.")
        clock = _CLOCK.search(_SILENT.sub(" ", sql))
        if clock:
            raise DataError(
                f"{label} asks for {clock[1].rstrip('( ')}, which differs from run to run. Write "
                ":as_of for the day of the scores."
            )

    @contextmanager
    def _plainly(self, label: str) -> Iterator[None]:
        import duckdb

        try:
            yield
        except duckdb.InterruptException:
            raise DataError(
                f"{label} took longer than {self._patience} s and was stopped. Make it simpler, or "
                "raise source.timeout_seconds."
            ) from None
        except duckdb.OutOfMemoryException as error:
            raise DataError(f"{label} needs more than 4 GB of memory. Ask for less.") from error
        except duckdb.Error as error:
            raise DataError(f"{label}: {_first_words(error)}") from error

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        timer = threading.Timer(self._patience, self._connection.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _first_words(error: duckdb.Error | Any) -> str:
    """What the engine says, without its picture of the line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    told = [line for line in lines if not line.startswith(("LINE ", "^"))]
    return f"{' '.join(told[:2]).rstrip('.')}. Correct the SQL."
