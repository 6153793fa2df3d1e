"""Named cells and charts of ours in a workbook: which are there, and which change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from workbook_templates.fill import ChartChange, Rows, Template, Value
from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.charts import find_slots
from workbook_templates.ooxml.places import Place
from workbook_templates.ooxml.reading import area_formulas, area_values
from workbook_templates.own_template import same_charts
from workbook_templates.refresh.cells import as_read, same
from workbook_templates.refresh.earlier import Known

__all__ = ["changed_places", "chart_changes"]

_OURS_ALONE = ("changes_", "archive_")
"""Places that tell of the refresh itself."""


def changed_places(
    template: Template, book: Book, values: Mapping[str, Value | Rows]
) -> tuple[dict[str, Value | Rows], list[str], list[str]]:
    """What can be filled of the values, which of it changes, and notes on what is not there.

    Args:
        template: the workbook, to be filled.
        book: the same.
        values: key → value, for the place ``hs_<key>``.

    Returns:
        Place → value, where cells change or a formula must keep its value; keys of places whose
        cells change; sentences.
    """
    known = {name.casefold(): place for name, place in template.places.items()}
    names = Known.of(book)
    out: dict[str, Value | Rows] = {}
    changed: list[str] = []
    gone: list[str] = []
    cut: list[str] = []
    for key, value in values.items():
        place = known.get(f"hs_{key}".casefold())
        if place is None:
            gone += [] if names.never(key) else [f"hs_{key}"]
            continue
        fitting = _fitting(place, value)
        if fitting is not value:
            cut.append(place.name)
        differs, computed = _compared(book, place, fitting)
        if differs or computed:
            out[place.name] = fitting
        if differs and not key.startswith(_OURS_ALONE):
            changed.append(key)
    notes = _notes(gone, len(values), ("is gone", "are gone"))
    return out, changed, notes + _notes(cut, 0, ("became too small",) * 2)


def _notes(names: list[str], all_of: int, what: tuple[str, str]) -> list[str]:
    """A sentence on some places, unless it is all of them; *what* of one and of several."""
    if not names or len(names) == all_of:
        return []
    listed = ", ".join(names[:5]) + (f" and {len(names) - 5:,} more" if len(names) > 5 else "")
    one = len(names) == 1
    count = f"{len(names):,} named cell{'' if one else 's'}"
    return [f"{count} {what[0] if one else what[1]}: {listed}."]


def _fitting(place: Place, value: Value | Rows) -> Value | Rows:
    """As much of a value as the place has room for."""
    if not isinstance(value, (list, tuple)):
        return value if place.rows * place.cols == 1 else [[value]]  # type: ignore[list-item]
    fits = len(value) <= place.rows and all(len(row) <= place.cols for row in value)
    return value if fits else [list(row[: place.cols]) for row in value[: place.rows]]


def _compared(book: Book, place: Place, value: Value | Rows) -> tuple[bool, bool]:
    """Whether a cell of the place changes, and whether one holds a formula."""
    old = area_values(book, place.part, place.area)
    formulas = area_formulas(book, place.part, place.area)
    cells = [(t.row, t.col) for t in place.targets()]
    differs = any(
        at not in formulas and not same(old.get(at), as_read(new, date1904=book.date1904))
        for at, new in zip(cells, place.flatten(value), strict=True)
    )
    return differs, not formulas.isdisjoint(cells)


def chart_changes(
    filled: Template, book: Book, standard: Template | None, changes: Mapping[str, ChartChange]
) -> tuple[dict[str, ChartChange], list[str]]:
    """Changes of the charts that are there, whatever they are called, and a note on the others.

    A title that is linked to a cell, or was taken away, is left so; nor has every chart an axis.

    Args:
        filled: the workbook, to be filled.
        book: the same.
        standard: our own workbook, by whose charts theirs are found.
        changes: by the names of our charts.
    """
    known = {name: name for name in filled.charts}
    if standard is not None and changes.keys() - known.keys():
        known |= same_charts(filled, standard)
    out = {}
    odd = []
    for name, change in changes.items():
        if name not in known:
            continue
        slots = find_slots(book, filled.charts[known[name]])
        if change.title is not None and not slots.title:
            odd.append(f"{name} on {slots.place.sheet}")
            change = replace(change, title=None)
        if slots.scaling is None:
            change = replace(change, axis_min=None, axis_max=None, major_unit=None)
        out[known[name]] = change
    word = "Charts" if len(odd) > 1 else "A chart"
    told = [f"{word} without a typed title got none: {'; '.join(odd)}."] if odd else []
    return out, told
