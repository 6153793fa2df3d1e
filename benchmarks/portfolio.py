"""A portfolio workbook of many accounts: written, and refreshed where people work in it."""

from __future__ import annotations

import io
from collections.abc import Iterator
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
from workbook_templates.fill import Template
from workbook_templates.ooxml.columns import Columns
from workbook_templates.package import Package, save_bytes

_FORMATS = {
    8: "yyyy-mm-dd", 9: "yyyy-mm-dd", 10: "yyyy-mm-dd hh:mm", 11: "#,##0", 12: "#,##0",
    15: "#,##0", 18: "$#,##0.00", 19: "0.0", 20: "0.0", 21: "0.0", 22: "0.0", 23: "0.00",
    24: "0.00", 25: "+0.00;-0.00;0.00", 26: "0.0%", 27: "0.00", 28: "0.0%", 29: "$#,##0.00",
}  # fmt: skip
_WIDTH = 30
_PEER = 5_000
"""Rows that peers write; their time is scaled to all."""
_SHEET = "xl/worksheets/sheet1.xml"
_FLOOR = "floor: format, deflate (one thread)"


def accounts(count: int) -> pd.DataFrame:
    """Eight columns of text, three of dates, 19 of numbers."""
    rng, at = np.random.default_rng(1), np.arange(count)
    day = pd.Timestamp("2026-01-31")
    columns: dict[str, Any] = {}
    for k in range(8):
        many = count if k < 2 else 3 * 4**k % 97 + 3
        columns[f"Text {k}"] = [f"Sample {k} {i % many}" for i in range(count)]
    columns["Start"] = day - pd.to_timedelta(at % 900, unit="D")
    columns["Renewal"] = day + pd.to_timedelta(at % 365, unit="D")
    columns["Seen"] = day + pd.to_timedelta(at % 86_000, unit="s")
    for k in range(11, _WIDTH):
        whole = k in (11, 12, 13, 14, 15, 16)
        values = rng.integers(0, 90_000, count) if whole else rng.uniform(0, 1000, count).round(2)
        columns[f"Number {k}"] = values
    return pd.DataFrame(columns)


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
    for k in range(_WIDTH):
        sheet.set_column(k, k, 14, looks.get(k))
        for row in (1, 2) if blank else ():
            sheet.write_blank(row, k, None, looks.get(k))
    columns = [{"header": text, "header_format": head} for text in heads]
    sheet.add_table(0, 0, rows, _WIDTH - 1, {"name": "Accounts", "columns": columns})
    sheet.conditional_format(1, 23, rows, 23, {"type": "3_color_scale"})
    lights = {"type": "icon_set", "icon_style": "3_traffic_lights"}
    sheet.conditional_format(1, 19, rows, 19, lights)
    sheet.conditional_format(1, 28, rows, 28, {"type": "data_bar"})
    other.write_formula("A1", f"=SUM(Accounts!$S$2:$S${rows + 1})", None, 0)
    other.write("B1", 1)
    book.define_name("known", "=Summary!$B$1")
    book.define_name("first", "=Accounts!$A$2")
    return sheet


def fill(data: bytes, frame: pd.DataFrame, known: float = 1.0) -> bytes:
    """The workbook with the Table's rows."""
    columns = Columns({str(name): frame[name] for name in frame.columns}, len(frame))
    return Template(data).fill({"known": known}, {"Accounts": columns})


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
            job=f"portfolio written, {count:,} × {_WIDTH}, Table and 3 conditional formats",
            case=case,
            seconds=taken,
            shown=f"{count * _WIDTH / taken / 1e6:,.2f} M cells/s",
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


def _one_place(data: bytes, place: str) -> None:
    Template(data).fill({place: "7" if place == "first" else 7.0})


def refresh_portfolio(folder: Path, count: int, *, memory: bool) -> Iterator[Row]:
    """Rows for changing a workbook of ``count`` accounts: one cell, and all of our columns."""
    data, frame = _worked_in(count), accounts(count).sample(frac=1, random_state=2)
    path, copied = folder / "portfolio.xlsx", folder / "copied.xlsx"
    save_bytes(path, data)
    both = "floor: inflate, deflate"
    found = rounds(
        {
            "copying the file": partial(_copy, path, copied),
            both: partial(_inflate_deflate, data),
            "floor: inflate, format, deflate": partial(_inflate_format, data, frame),
            "one cell of a small sheet": partial(_one_place, data, "known"),
            "one cell of the long sheet": partial(_one_place, data, "first"),
            "all columns, 2 % more rows": partial(fill, data, _more(frame)),
        }
    )
    jobs = {
        "one cell of a small sheet": (both, 2.0, 1.3, _place_fresh),
        "one cell of the long sheet": (both, 2.0, 1.3, _place_fresh),
        "all columns, 2 % more rows": ("floor: inflate, format, deflate", 2.0, 1.3, _all_fresh),
    }
    for case, seconds in found.items():
        base, target, wanted, job = jobs.get(case, (case, None, None, None))
        yield Row(
            job=f"portfolio of {count:,} × {_WIDTH} refreshed",
            case=case,
            seconds=seconds,
            shown=f"{seconds:.3f} s",
            ratio=seconds / found[base],
            target=target,
            wanted=wanted,
            peak=peak_megabytes(job, path) if memory and job else None,
        )


def _more(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([frame, frame[: len(frame) // 50]])


def _place_fresh(path: Path) -> None:
    _one_place(path.read_bytes(), "first")


def _all_fresh(path: Path) -> None:
    fill(path.read_bytes(), _more(accounts(50_000)))
