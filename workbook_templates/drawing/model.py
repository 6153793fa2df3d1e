"""The *Model* sheet: weights, thresholds and policy where people edit them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from scoring.model import Metric, ScoreModel
from scoring.model_blocks import BLOCKS, PROPERTIES, Block, Field
from scoring.model_sheet import SHEET, BlockRows, Layout, model_to_rows, sheet_layout
from workbook_templates.drawing.theme import ACCENT, NUMBER, UNIT_FORMAT, Book

__all__ = ["draw_model"]

_PLAIN = {"number": "0.##", "weight": "General", "points": "General", "whole": NUMBER["whole"]}
_KEYS, _NARROWEST, _PIXELS_A_LETTER, _LINE = 2, 44, 6, 15
_PAPER = 960
"""Pixels between the margins of Letter, the narrower paper, at full size."""
# Long texts: in the metrics they wrap at this many letters, elsewhere they run over empty cells.
_WRAPPED: Mapping[str, int] = {"aliases": 40, "source": 76}
_RUNS_OVER = frozenset({"source", "value"})
_LEFT = frozenset({"text", "aliases", "word", "yes_no"})


def draw_model(book: Book, model: ScoreModel, *, name: str = SHEET) -> Worksheet:
    """Draw the *Model* sheet; cells stand where `sheet_layout` says.

    Cells to edit are blue; weights, points, days and words are validated; each header tells in
    an input message what its column wants.

    Returns:
        The new worksheet, last in the workbook.
    """
    ws = book.sheet(name)
    rows, layout = model_to_rows(model), sheet_layout(model)
    metrics = {m.key: m for m in model.metrics}
    for key, block in BLOCKS.items():
        place = layout.blocks[key]
        _headings(book, ws, block, place)
        for part, row in place.rows.items():
            metric = metrics.get(part) if key == "metrics" else None
            for column, field in enumerate(_fields(block, part)):
                look = _look(book, field, rows[row][column], metric, block)
                _write(ws, row, column, rows[row][column], look)
                _validate(ws, row, column, field, metric, layout)
    _pages(ws, layout, _sizes(ws, rows, layout))
    ws.freeze_panes(0, _KEYS)
    ws.repeat_columns(0, _KEYS - 1)
    return ws


def _fields(block: Block, part: str) -> Sequence[Field]:
    """Fields of a row; the value of a property is read as that property says."""
    if block.key != "properties":
        return block.fields
    return (block.fields[0], next(f for f in PROPERTIES if f.key == part))


def _headings(book: Book, ws: Worksheet, block: Block, place: BlockRows) -> None:
    ws.write_string(place.heading, 0, block.heading, book.format(bold=True, font_size=12))
    for column, field in enumerate(block.fields):
        ws.write_string(place.header, column, field.header, book.head(align=_align(field)))
        if field.help:
            note = {"input_title": field.header, "input_message": field.help}
            at = (place.header, column)
            ws.data_validation(*at, *at, {"validate": "any", **note})


def _align(field: Field) -> str:
    return "left" if field.kind in _LEFT else "center"


def _look(book: Book, field: Field, value: object, metric: Metric | None, block: Block) -> Format:
    look: dict[str, Any] = {"num_format": _number_format(field, value, metric)}
    look["align"] = "left" if block.key == "properties" else _align(field)
    if metric is not None and field.key in _WRAPPED:
        look["text_wrap"] = True
    if field.key in ("property", "key"):
        return book.row(**look)
    return book.row(font_color=ACCENT, **look)


def _number_format(field: Field, value: object, metric: Metric | None) -> str:
    if isinstance(value, str) or field.kind in ("text", "aliases", "word", "yes_no"):
        return NUMBER["text"]
    if field.kind == "fraction":
        return NUMBER["percent"]
    if metric is None or field.kind not in ("raw", "end"):
        return _PLAIN.get(field.kind, "General")
    if metric.unit not in ("fraction", "change"):
        return "General"
    # A threshold of 2.5 % must not be shown as 3 %.
    whole = not isinstance(value, float) or (value * 100).is_integer()
    return UNIT_FORMAT[metric.unit] if whole else NUMBER["percent1"]


def _write(ws: Worksheet, row: int, column: int, value: object, look: Format) -> None:
    if value is None:
        ws.write_blank(row, column, None, look)
    elif isinstance(value, int | float):
        ws.write_number(row, column, value, look)
    else:
        ws.write_string(row, column, str(value), look)


def _validate(
    ws: Worksheet, row: int, column: int, field: Field, metric: Metric | None, layout: Layout
) -> None:
    rule = _rule(field, metric, layout)
    if rule:
        error = {"error_title": field.header, "error_message": field.help}
        ws.data_validation(row, column, row, column, {**rule, **error})


def _rule(field: Field, metric: Metric | None, layout: Layout) -> Mapping[str, Any] | None:
    if field.words:
        return {"validate": "list", "source": list(field.words)}
    if field.key == "dimension":
        rows = layout.blocks["dimensions"].rows.values()
        return {"validate": "list", "source": f"={xl_range_abs(min(rows), 0, max(rows), 0)}"}
    match field.kind:
        case "weight":
            return {"validate": "decimal", "criteria": ">=", "value": 0}
        case "whole":
            return {"validate": "integer", "criteria": ">=", "value": 0}
        case "points":
            return _between(0, 100)
        case "fraction":
            return _between(0, 1)
        case "raw" if metric is not None and metric.unit != "state":
            return _between(-1e9, 1e9)
        case _:
            return None


def _between(low: float, high: float) -> Mapping[str, Any]:
    return {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}


def _pages(ws: Worksheet, layout: Layout, widths: Sequence[int]) -> None:
    """Print what a metric is, then its curve, then its aliases and source, each a page wide.

    On one page all of it would be too small to read; the keys stand on every page.
    """
    keys = [f.key for f in BLOCKS["metrics"].fields]
    cuts = [keys.index("x1"), keys.index("aliases")]
    spans = zip([_KEYS, *cuts], [*cuts, len(widths)], strict=True)
    widest = sum(widths[:_KEYS]) + max(sum(widths[start:end]) for start, end in spans)
    ws.set_print_scale(max(10, min(100, int(100 * _PAPER / widest))))
    ws.set_v_pagebreaks(cuts)
    ws.print_area(0, 0, layout.height - 1, layout.width - 1)


def _sizes(ws: Worksheet, rows: Sequence[Sequence[object]], layout: Layout) -> list[int]:
    """Make every column as wide and every wrapped row as high as its texts need.

    Returns:
        Widths of the columns in pixels.
    """
    longest = [0] * layout.width
    lines = dict.fromkeys(range(layout.height), 1)
    for row, column, limit in _counted(layout):
        letters = len(str(rows[row][column] or ""))
        longest[column] = max(longest[column], min(letters, limit))
        lines[row] = max(lines[row], ceil(letters / (limit - 6)))
    widths = [max(_NARROWEST, 14 + letters * _PIXELS_A_LETTER) for letters in longest]
    for column, pixels in enumerate(widths):
        ws.set_column_pixels(column, column, pixels)
    for row, count in lines.items():
        if count > 1:
            ws.set_row_pixels(row, 6 + count * _LINE)
    return widths


def _counted(layout: Layout) -> Iterator[tuple[int, int, int]]:
    """Row and column of each cell that sets a size, with the letters at which it wraps."""
    for key, place in layout.blocks.items():
        for column, field in enumerate(BLOCKS[key].fields):
            wraps = key == "metrics" and field.key in _WRAPPED
            yield place.header, column, 99
            if wraps or field.key not in _RUNS_OVER:
                limit = _WRAPPED[field.key] if wraps else 99
                yield from ((row, column, limit) for row in place.rows.values())
