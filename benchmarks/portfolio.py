"""A portfolio workbook of many accounts: written, and refreshed where people work in it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter
from isal import isal_zlib

from benchmarks.measure import Row, peak_megabytes, rounds
from benchmarks.moved_rows import rows_moved
from benchmarks.one_place import fill_place, place_fresh
from benchmarks.rows import WIDTH, accounts, fill, fill_fresh, more
from workbook_templates.package import Package, save_bytes

_FORMATS = {
    8: "yyyy-mm-dd", 9: "yyyy-mm-dd", 10: "yyyy-mm-dd hh:mm", 11: "#,##0", 12: "#,##0",
    15: "#,##0", 18: "$#,##0.00", 19: "0.0", 20: "0.0", 21: "0.0", 22: "0.0", 23: "0.00",
    24: "0.00", 25: "+0.00;-0.00;0.00", 26: "0.0%", 27: "0.00", 28: "0.0%", 29: "$#,##0.00",
}  # fmt: skip
_PEER = 5_000
"""Rows that peers write; their time is scaled to all."""
_SHEET = "xl/worksheets/sheet1.xml"
_FLOOR = "floor: format, deflate (one thread)"


def template() -> bytes:
    """A workbook with a Table of two blank rows, number formats and three conditional formats."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    _draw(book, 2, _heads(accounts(1)), blank=True)
    book.close()
    return out.getvalue()


def _heads(frame: pd.DataFrame) -> list[str]:
    return [str(name) for name in frame.columns]


def _draw(book: Any, rows: int, heads: list[str], *, blank: bool) -> Any:
    sheet, other = book.add_worksheet("Accounts"), book.add_worksheet("Summary")
    looks = {k: book.add_format({"num_format": text}) for k, text in _FORMATS.items()}
    head = book.add_format({"bold": True, "bg_color": "#1F3864", "font_color": "#FFFFFF"})
    sheet.freeze_panes(1, 2)
    for k in range(WIDTH):
        sheet.set_column(k, k, 14, looks.get(k))
        for row in (1, 2) if blank else ():
            sheet.write_blank(row, k, None, looks.get(k))
    columns = [{"header": text, "header_format": head} for text in heads]
    sheet.add_table(0, 0, rows, WIDTH - 1, {"name": "Accounts", "columns": columns})
    sheet.conditional_format(1, 23, rows, 23, {"type": "3_color_scale"})
    lights = {"type": "icon_set", "icon_style": "3_traffic_lights"}
    sheet.conditional_format(1, 19, rows, 19, lights)
    sheet.conditional_format(1, 28, rows, 28, {"type": "data_bar"})
    other.write_formula("A1", f"=SUM(Accounts!$S$2:$S${rows + 1})", None, 0)
    other.write("B1", 1)
    book.define_name("known", "=Summary!$B$1")
    book.define_name("first", "=Accounts!$A$2")
    return sheet


def floor(frame: pd.DataFrame) -> None:
    """The least a writer must do: numbers to text, texts side by side with tags, deflate."""
    numbers = pa.array(np.arange(2, len(frame) + 2)).cast(pa.string())
    made = (pa.array(frame[name], from_pandas=True) for name in frame.columns)
    arrays = [a.combine_chunks() if isinstance(a, pa.ChunkedArray) else a for a in made]
    engine = isal_zlib.compressobj(1, isal_zlib.DEFLATED, -15)
    for start in range(0, len(frame), 4_000):
        stop = min(start + 4_000, len(frame))
        at, pieces = numbers[start:stop], list[Any]()
        for k, array in enumerate(arrays):
            text = array[start:stop]
            if pa.types.is_timestamp(text.type):
                days = text.cast(pa.timestamp("s"), safe=False).cast(pa.int64()).cast(pa.float64())
                text = pc.add(pc.divide(days, 86_400.0), 25_569.0)
            text = text.cast(pa.string())
            pieces += [f'<c r="{chr(65 + k)}', at, '" s="1"><v>', text, "</v></c>"]
        rows = pc.binary_join_element_wise(*pieces, "")
        _, _, data = rows.buffers()
        engine.compress(data)
        isal_zlib.crc32(data)
    engine.flush()


def write_portfolio(count: int, *, memory: bool) -> Iterator[Row]:
    """Rows for writing ``count`` accounts with a Table; peers write fewer and are scaled."""
    data, frame, few = template(), accounts(count), accounts(min(count, _PEER))
    found = rounds(
        {
            _FLOOR: partial(floor, frame),
            "HealthSheet": partial(fill, data, frame),
            "XlsxWriter": partial(_xlsxwriter, few),
            "openpyxl, write-only": partial(_openpyxl, few),
            "pandas with XlsxWriter": partial(_pandas, few),
        }
    )
    for case, seconds in found.items():
        ours = case == "HealthSheet"
        peer = not ours and case != _FLOOR
        taken = seconds * (count / len(few) if peer else 1)
        yield Row(
            job=f"portfolio written, {count:,} × {WIDTH}, Table and 3 conditional formats",
            case=case,
            seconds=taken,
            shown=f"{count * WIDTH / taken / 1e6:,.2f} M cells/s",
            ratio=taken / found[_FLOOR],
            target=2.0 if ours else None,
            wanted=1.2 if ours else None,
            peak=peak_megabytes(_write_fresh, count) if ours and memory else None,
        )


def _write_fresh(count: int) -> None:
    fill(template(), accounts(count))


def _xlsxwriter(frame: pd.DataFrame) -> None:
    book = xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True})
    sheet = _draw(book, len(frame), _heads(frame), blank=False)
    writers = [sheet.write_string] * 8 + [sheet.write_datetime] * 3 + [sheet.write_number] * 19
    looks = {k: book.add_format({"num_format": text}) for k, text in _FORMATS.items()}
    for k, name in enumerate(frame.columns):
        write, look = writers[k], looks.get(k)
        for row, value in enumerate(frame[name].tolist(), 1):
            write(row, k, value, look)
    book.close()


def _openpyxl(frame: pd.DataFrame) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Accounts")
    sheet.append(list(frame))
    for row in frame.itertuples(index=False):
        sheet.append([v.to_pydatetime() if isinstance(v, pd.Timestamp) else v for v in row])
    book.save(io.BytesIO())


def _pandas(frame: pd.DataFrame) -> None:
    with pd.ExcelWriter(io.BytesIO(), engine="xlsxwriter") as writer:
        frame.to_excel(writer, sheet_name="Accounts", index=False)


def _worked_in(count: int) -> bytes:
    """A workbook of ``count`` accounts in which people wrote and coloured."""
    return _coloured(fill(template(), accounts(count)))


def _coloured(data: bytes) -> bytes:
    package = Package(data)
    raw = package.read(_SHEET)
    rows = raw.split(b"</row>")
    for k in range(3, len(rows) - 1, 7):
        number = b"%d" % (k + 1)
        note = b'<c r="AF%b" t="inlineStr"><is><t>called %b</t></is></c>' % (number, number)
        rows[k] = rows[k].replace(b'<c r="S%b" s="5"' % number, b'<c r="S%b" s="2"' % number) + note
    package.replace(_SHEET, b"</row>".join(rows))
    return package.to_bytes()


def _inflate_deflate(data: bytes) -> None:
    raw = Package(data).read(_SHEET)
    engine = isal_zlib.compressobj(1, isal_zlib.DEFLATED, -15)
    engine.compress(raw)
    engine.flush()
    isal_zlib.crc32(raw)


def _inflate_format(data: bytes, frame: pd.DataFrame) -> None:
    Package(data).read(_SHEET)
    floor(frame)


def _copy(source: Path, target: Path) -> None:
    target.write_bytes(source.read_bytes())


def refresh_portfolio(folder: Path, count: int, *, memory: bool) -> Iterator[Row]:
    """Rows for changing a workbook of ``count`` accounts: a cell, our columns, its rows."""
    data, frame = _worked_in(count), accounts(count).sample(frac=1, random_state=2)
    path, copied = folder / "portfolio.xlsx", folder / "copied.xlsx"
    save_bytes(path, data)
    both = "floor: inflate, deflate"
    found = rounds(
        {
            "copying the file": partial(_copy, path, copied),
            both: partial(_inflate_deflate, data),
            "floor: inflate, format, deflate": partial(_inflate_format, data, frame),
            "one cell of a small sheet": partial(fill_place, data, "known"),
            "one cell of the long sheet": partial(fill_place, data, "first"),
            "all columns, 2 % more rows": partial(fill, data, more(frame)),
        }
    )
    every = "floor: inflate, format, deflate"
    targets: dict[str, tuple[str, float, float]] = {
        "one cell of a small sheet": ("copying the file", 5.0, 2.5),
        "one cell of the long sheet": (both, 2.0, 1.3),
        "all columns, 2 % more rows": (every, 2.0, 1.3),
    }
    alone: dict[str, tuple[Callable[..., object], object]] = {
        "one cell of a small sheet": (place_fresh, "known"),
        "one cell of the long sheet": (place_fresh, "first"),
        "all columns, 2 % more rows": (fill_fresh, count),
    }
    for case, seconds in found.items():
        base, target, wanted = targets.get(case, (case, None, None))
        job = alone.get(case)
        yield Row(
            job=f"portfolio of {count:,} × {WIDTH} refreshed",
            case=case,
            seconds=seconds,
            shown=f"{seconds:.3f} s",
            ratio=seconds / found[base],
            target=target,
            wanted=wanted,
            peak=peak_megabytes(job[0], path, job[1]) if memory and job else None,
        )
    yield from rows_moved(data, folder / "moved.xlsx", count, _inflate_deflate, memory=memory)
