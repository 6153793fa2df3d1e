"""What was known at the end of a day: types, time zones, and nothing of the future."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.project.cut import Cut, Vault
from pipeline.project.declared import TableSource
from pipeline.project.load import load_table
from scoring.errors import DataError

DAY = date(2026, 1, 31)
MOMENT = datetime(2026, 1, 31, 10, tzinfo=UTC).replace(tzinfo=None)


def cut(folder: Path, text: str, *, as_of: date = DAY, zone: str = "UTC", **declared: Any) -> Cut:
    """A text table, cut at a day."""
    (folder / "t.csv").write_text(text, encoding="utf-8")
    return cut_file(folder, "t.csv", as_of=as_of, zone=zone, **declared)


def cut_file(folder: Path, file: str, *, as_of: date, zone: str, **declared: Any) -> Cut:
    source = TableSource.model_validate({"file": file, **declared})
    vault = Vault(60)
    headers = {"id", "day"}
    vault.put(
        "t", load_table("t", source, folder, headers=headers, as_of=as_of, zone=ZoneInfo(zone),
                        patience=60)
    )  # fmt: skip
    return vault.cut("t", source, as_of)


def test_later_rows_and_values_are_not_there(tmp_path: Path) -> None:
    """A row of tomorrow is absent; a ticket closed tomorrow is open, and not rated."""
    rows = "1,2026-01-30,2026-01-31,4\n2,2026-01-31,2026-02-01,5\n3,2026-02-01,,\n"
    text = f"id,day,closed,rating\n{rows}"
    found = cut(tmp_path, text, known_at="day", known_later={"closed": ["rating"]}).typed
    assert found.to_pylist() == [
        {"id": "1", "day": date(2026, 1, 30), "closed": date(2026, 1, 31), "rating": 4},
        {"id": "2", "day": date(2026, 1, 31), "closed": None, "rating": None},
    ]


@pytest.mark.parametrize(
    ("cells", "kind", "first"),
    [
        (["1", "2"], "int64", 1),
        (["1.5", "-2", "1e3"], "double", 1.5),
        (["true", "FALSE"], "bool", True),
        (["007", "008"], "string", "007"),
        (["2026-01-31", "2026-02-01"], "date32[day]", date(2026, 1, 31)),
        (["31-01-2026", "01-02-2026"], "date32[day]", date(2026, 1, 31)),
        (["01/31/2026", "02/01/2026"], "date32[day]", date(2026, 1, 31)),
        (["01/02/2026", "02/01/2026"], "string", "01/02/2026"),
        (["2026-01-31 10:00", "2026-02-01 11:30"], "timestamp[us]", MOMENT),
        (["48%", "50%"], "string", "48%"),
        (["1", "n/a"], "string", "1"),
    ],
)
def test_types_of_text_columns(tmp_path: Path, cells: list[str], kind: str, first: object) -> None:
    """Numbers, truths and dates where all cells are; ambiguous ones stay texts."""
    text = "id,x\n" + "".join(f"A,{c}\n" for c in cells)
    found = cut(tmp_path, text, known_at="always").typed
    assert str(found["x"].type) == kind
    assert found["x"][0].as_py() == first


def test_types_come_from_what_was_known(tmp_path: Path) -> None:
    """A word in a row of tomorrow does not make today's numbers texts; nothing known, all tells."""
    text = "id,day,x\n1,2026-01-30,4\n2,2026-02-05,many\n"
    assert str(cut(tmp_path, text, known_at="day").typed["x"].type) == "int64"
    later = cut(tmp_path, text, known_at="day", as_of=date(2026, 2, 28)).typed
    assert str(later["x"].type) == "string"
    none = cut(tmp_path, "id,day,x\n1,2026-02-05,4\n", known_at="day").typed
    assert (none.num_rows, str(none["x"].type)) == (0, "int64")


def test_ids_are_texts(tmp_path: Path) -> None:
    """So that those of two tables compare, whatever they look like."""
    text = "id,ticket_id,accountId,kunde\n1,2,3,4\n"
    kinds = cut(tmp_path, text, known_at="always", account="kunde").typed.schema.types
    assert [str(k) for k in kinds] == ["string"] * 4


def test_declared_day_order_and_decimal_mark(tmp_path: Path) -> None:
    """What the column does not show, the settings say."""
    text = 'id,day,x\n1,02/01/2026,"1.234,5"\n2,03/02/2026,"2,0"\n'
    found = cut(tmp_path, text, known_at="day", day_first=True, decimal=",").typed
    assert found.to_pylist() == [{"id": "1", "day": date(2026, 1, 2), "x": 1234.5}]
    with pytest.raises(DataError, match=r"day and month in the column day .*day_first"):
        cut(tmp_path, text, known_at="day")


def test_rows_without_a_date(tmp_path: Path) -> None:
    """They are not used, and told with the first of them; a month is known when it is over."""
    text = "id,day\n1,2026-01-02\n2,\n3,soon\n"
    found = cut(tmp_path, text, known_at="day")
    assert found.typed.num_rows == 1
    (problem,) = found.problems
    assert (problem.sheet, problem.row, problem.column) == ("t.csv", 3, "day")
    assert "2 rows have no date" in problem.message
    months = "id,day\n1,2025-12\n2,2026-01\n3,2026-02\n"
    assert cut(tmp_path, months, known_at="day", as_of=date(2026, 1, 30)).typed.num_rows == 1
    assert cut(tmp_path, months, known_at="day").typed.num_rows == 2


@pytest.mark.parametrize(("zone", "count"), [("UTC", 0), ("America/New_York", 1)])
def test_time_zones(tmp_path: Path, zone: str, count: int) -> None:
    """A moment belongs to the day it is in the project's zone, in texts as in Parquet."""
    text = "id,day\n1,2026-02-01T03:00:00Z\n"
    assert cut(tmp_path, text, known_at="day", zone=zone).typed.num_rows == count
    moments = pa.array([datetime(2026, 2, 1, 3, tzinfo=UTC)], pa.timestamp("us", tz="UTC"))
    pq.write_table(pa.table({"id": ["1"], "day": moments}), tmp_path / "t.parquet")
    found = cut_file(tmp_path, "t.parquet", as_of=DAY, zone=zone, known_at="day")
    assert found.typed.num_rows == count


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    """Decimals become numbers; texts that look like numbers stay texts."""
    frame = pd.DataFrame({"id": ["1"], "day": [date(2026, 1, 1)], "x": ["12"]})
    table = pa.Table.from_pandas(frame).append_column(
        "d", pa.array([1.5]).cast(pa.decimal128(5, 2))
    )
    pq.write_table(table, tmp_path / "t.parquet")
    (row,) = cut_file(
        tmp_path, "t.parquet", as_of=DAY, zone="UTC", known_at="day"
    ).typed.to_pylist()
    assert row == {"id": "1", "day": date(2026, 1, 1), "x": "12", "d": 1.5}


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"known_at": "dya"}, r'has no column dya. Did you mean "day"'),
        ({"known_later": {"closed": ["x"]}}, "has no column closed"),
        ({"known_later": {"day": ["nope"]}}, "has no column nope"),
    ],
)
def test_columns_that_are_not_there(tmp_path: Path, declared: dict[str, Any], said: str) -> None:
    """The message names the table's key, the file and what it has."""
    (tmp_path / "t.csv").write_text("id,day,x\n1,2026-01-01,2\n", encoding="utf-8")
    with pytest.raises(DataError, match=said):
        cut_file(tmp_path, "t.csv", as_of=DAY, zone="UTC", **declared)
