"""Scorecard workbooks a second: filling a template against drawing, and against the floor."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import openpyxl
from isal import isal_zlib

from benchmarks.measure import Row, Run, peak_megabytes, rounds
from pipeline.sample import sample_inputs
from scoring.account_facts import Facts, gather
from scoring.inputs import Inputs
from scoring.model import ScoreModel
from scoring.presets import load_preset
from workbook_templates.drawing.account.template import draw_account_template
from workbook_templates.fill import Template
from workbook_templates.package import save_bytes
from workbook_templates.report import account_template, fill_scorecard

MODEL = "scorecard"
AS_OF = date(2026, 1, 31)
_FEW = 5  # peers that need most of a second a workbook

Parts = list[tuple[bytes, bytes]]
"""Parts of a package: (what is to be deflated, or nothing; what is copied, or nothing)."""


def to_disk(inputs: Inputs, model: ScoreModel, folder: Path) -> None:
    """Score, gather, fill and save every account, as `healthsheet report` does."""
    template = account_template(model)
    for facts in gather(inputs, model, as_of=AS_OF):
        save_bytes(folder / f"{facts.account_id}.xlsx", fill_scorecard(template, facts))


def scorecards(folder: Path, count: int) -> Iterator[Row]:
    """Rows for ``count`` full workbooks; peers make fewer and are scaled."""
    model = load_preset(MODEL)
    inputs = sample_inputs(model, as_of=AS_OF, accounts=count)
    facts = list(gather(inputs, model, as_of=AS_OF))
    template = account_template(model)
    # The product draws a model's template once and keeps it; the peer draws each workbook anew.
    draw = getattr(draw_account_template, "__wrapped__", draw_account_template)
    drawn = draw(model)
    fill_all(template, facts)  # template analysed, Tables of every size laid out
    floor_parts = [parts_of(fill_scorecard(template, f), drawn) for f in facts]
    found = rounds(
        {
            "floor: deflate what changed, copy the rest": partial(floor, floor_parts),
            "HealthSheet fill": partial(fill_all, template, facts),
            "HealthSheet, read to disk": partial(to_disk, inputs, model, folder),
            "XlsxWriter draws each": partial(times, _FEW, partial(draw, model)),
            "openpyxl loads and saves each": partial(times, _FEW, partial(openpyxl_copy, drawn)),
        },
        count=3,
    )
    for case in ("XlsxWriter draws each", "openpyxl loads and saves each"):
        found[case] *= count / _FEW
    base = found["floor: deflate what changed, copy the rest"]
    for case, seconds in found.items():
        ours = case == "HealthSheet fill"
        yield Row(
            job=f"{count} scorecards, 10 sheets",
            case=case,
            seconds=seconds,
            shown=f"{count / seconds:,.0f} files/s",
            ratio=seconds / base,
            target=2.0 if ours else None,
            wanted=2.0 if ours else None,
            peak=peak_megabytes(_fill_fresh, count) if ours else None,
        )
    drawing = found["XlsxWriter draws each"]
    yield Row(
        job="scorecards against XlsxWriter",
        case="HealthSheet fill",
        seconds=found["HealthSheet fill"],
        shown=f"{drawing / found['HealthSheet fill']:.1f} × as many a second",
        ratio=found["HealthSheet fill"] / drawing,
        target=1 / 9,
        wanted=1 / 20,
    )


def parts_of(filled: bytes, drawn: bytes) -> Parts:
    """Parts of a filled workbook: those that differ from the template, and the others as stored."""
    old, new = zipfile.ZipFile(io.BytesIO(drawn)), zipfile.ZipFile(io.BytesIO(filled))
    known = {i.filename: i for i in old.infolist()}
    out: Parts = []
    for info in new.infolist():
        same = known.get(info.filename)
        if same is not None and same.CRC == info.CRC:
            out.append((b"", b"\0" * info.compress_size))
        else:
            out.append((new.read(info), b""))
    return out


def floor(workbooks: Sequence[Parts]) -> None:
    """The least any filling must do: a checksum and a deflate of what changed, and a copy."""
    for parts in workbooks:
        b"".join(_packed(changed) if changed else copied for changed, copied in parts)


def _packed(data: bytes) -> bytes:
    isal_zlib.crc32(data)
    packed: bytes = isal_zlib.compress(data, 1, -15)
    return packed


def fill_all(template: Template, facts: Sequence[Facts]) -> None:
    """Fill a workbook for each account, in memory."""
    for one in facts:
        fill_scorecard(template, one)


def openpyxl_copy(data: bytes) -> None:
    """What openpyxl needs to open and save the same workbook, before any value is set."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells what it drops: sparklines, newer formats
        book = openpyxl.load_workbook(io.BytesIO(data))
    book.save(io.BytesIO())


def times(count: int, run: Run) -> None:
    """Call something several times."""
    for _ in range(count):
        run()


def _fill_fresh(count: int) -> None:
    model = load_preset(MODEL)
    inputs = sample_inputs(model, as_of=AS_OF, accounts=count)
    fill_all(account_template(model), list(gather(inputs, model, as_of=AS_OF)))
