"""Is a restyled template complete? Everything missing or wrong at once, each with its fix."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from scoring.errors import HealthSheetError
from scoring.model import ScoreModel
from workbook_templates.fill import Place, TablePlace, Template
from workbook_templates.ooxml.refs import Area
from workbook_templates.own_template import OwnTemplate, frames

__all__ = ["Finding", "Trial", "check_template", "errors_of"]

Kind = Literal["missing", "size", "overlap", "model", "trial", "moved", "plain", "left", "renamed",
               "chart", "added"]  # fmt: skip
Trial = tuple[str, Callable[[Template], bytes]]
"""What a template is filled with to see whether it can be: its name, and what fills it."""
_NAME_IT = "Select its cell in Excel, and give it that name in Formulas > Name Manager."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing seen in a template.

    Attributes:
        severity: "error" keeps the template from being used; "note" only informs.
        kind: what it is about.
        name: the place, Table, chart or sheet.
        message: what is seen, one sentence.
        fix: what to do about it; empty for a note that needs nothing.
    """

    severity: Literal["error", "note"]
    kind: Kind
    name: str
    message: str
    fix: str = ""

    def __str__(self) -> str:
        return f"{self.message} {self.fix}".strip()


def errors_of(findings: Iterable[Finding]) -> list[Finding]:
    """Those that keep the template from being used."""
    return [f for f in findings if f.severity == "error"]


def check_template(
    template: OwnTemplate,
    model: ScoreModel,
    held: ScoreModel | str,
    trial: Sequence[Trial] = (),
) -> list[Finding]:
    """Hold a restyled template against the standard one of the same model.

    Args:
        template: the template.
        model: what the accounts will be scored with.
        held: the model on the template's own *Model* sheet, or why there is none.
        trial: what to fill it with, where nothing else is wrong.

    Returns:
        Errors first, then notes: what stands elsewhere, and what was added and will be kept.
    """
    found = [*_model(model, held)]
    if not isinstance(held, str) and held.inputs != model.inputs:
        return found  # made for another model: hardly a place is where this one needs it
    found += [*_places(template), *_overlaps(template), *_tables(template)]
    if not errors_of(found):
        found += _trial(template, trial)
    notes = [*_newer(template), *_charts(template), *_added(template)]
    return sorted([*found, *notes], key=lambda f: f.severity == "note")


def _model(model: ScoreModel, held: ScoreModel | str) -> Iterator[Finding]:
    """Formulas read weights and thresholds from the sheet: another model, other numbers."""
    if isinstance(held, str):
        fix = "Copy the sheet Model from a freshly exported template."
        yield Finding("error", "model", "Model", held, fix)
    elif held != model:
        same = held.label == model.label
        told = f"{held.label} with other values" if same else held.label
        message = f"The sheet Model holds {told}, and the accounts are scored with {model.label}."
        fix = "Score with the template's own model (-m with this file), or export it again."
        yield Finding("error", "model", "Model", message, fix)


def _places(template: OwnTemplate) -> Iterator[Finding]:
    tables = template.standard.tables.values()
    for name, ours in template.standard.places.items():
        if any(table.has_header(ours) for table in tables) or name in template.newer_places:
            continue  # it finds a column, which is looked for with its Table
        theirs = template.places.get(name)
        table = _table_of(template.standard, ours)
        if theirs is None:
            size = "one cell" if ours.rows * ours.cols == 1 else f"{ours.rows} × {ours.cols} cells"
            message = f"No place is named {name} ({size}; ours is {ours.sheet}!{ours.ref})."
            yield Finding("error", "missing", name, message, _NAME_IT)
        elif table is not None:
            yield from _in_table(template, table, ours, theirs)
        else:
            yield from _size(ours, theirs)
        if theirs is not None and _start(ours) != _start(theirs):
            yield from _moved(template, ours, theirs)


def _size(ours: Place, theirs: Place) -> Iterator[Finding]:
    one = ours.rows * ours.cols == 1
    enough = theirs.rows >= ours.rows and theirs.cols >= ours.cols
    if (one and theirs.rows * theirs.cols != 1) or not enough:
        message = (
            f"{ours.name} names {theirs.sheet}!{theirs.ref}, {theirs.rows} × {theirs.cols} cells "
            f"that can be filled, and needs {ours.rows} × {ours.cols}."
        )
        fix = f"Give the name to {ours.rows} × {ours.cols} cells in Formulas > Name Manager."
        yield Finding("error", "size", ours.name, message, fix)


def _in_table(
    template: OwnTemplate, table: TablePlace, ours: Place, theirs: Place
) -> Iterator[Finding]:
    """A place that covers a column of a Table grows with it, wherever the Table stands."""
    now = template.tables.get(table.name)
    if now is None:
        return  # the Table itself is reported
    a, rows = theirs.area, now.data
    if (theirs.part, a.r1, a.r2) != (now.part, rows.r1, rows.r2) or theirs.cols != ours.cols:
        message = (
            f"{ours.name} names {theirs.sheet}!{theirs.ref}, and belongs over all rows of one "
            f"column of the Table {table.name}."
        )
        fix = f"Point the name at rows {rows.r1} to {rows.r2} there."
        yield Finding("error", "size", ours.name, message, fix)


def _table_of(template: Template, place: Place) -> TablePlace | None:
    for table in template.tables.values():
        a, rows = place.area, table.data
        inside = rows.c1 <= a.c1 <= a.c2 <= rows.c2
        if place.part == table.part and inside and (a.r1, a.r2) == (rows.r1, rows.r2):
            return table
    return None


def _start(place: Place) -> tuple[str, int, int]:
    return place.sheet, place.area.r1, place.area.c1


def _moved(template: OwnTemplate, ours: Place, theirs: Place) -> Iterator[Finding]:
    where = f"{theirs.sheet}!{theirs.ref} (ours: {ours.sheet}!{ours.ref})"
    yield Finding("note", "moved", ours.name, f"{ours.name} stands at {where}; filled there.")
    if _formula(template.standard, ours) and not _formula(template, theirs):
        message = f"{ours.name} has no formula any more: the number there is right, and stays "
        fix = "Cut and paste the cell of a fresh export to keep its formula."
        yield Finding("note", "plain", ours.name, f"{message}when inputs change.", fix)
    if _left_behind(template, ours):
        message = f"{ours.sheet}!{ours.ref}, where {ours.name} was, still holds the sample's text."
        fix = "Clear it, or every workbook shows it."
        yield Finding("note", "left", ours.name, message, fix)


def _left_behind(template: OwnTemplate, ours: Place) -> bool:
    """Text stands where a name was taken away, on a sheet that did not move as a whole."""
    here = [p for p in template.standard.places.values() if p.sheet == ours.sheet]
    stay = [p for p in here if p.name in template.places
            and _start(template.places[p.name]) == _start(p)]  # fmt: skip
    part = template.book.part_of(ours.sheet)
    if not part or 2 * len(stay) < len(here):
        return False
    corner = Area(ours.area.r1, ours.area.c1, ours.area.r1, ours.area.c1)
    if any(p.part == part and p.area.contains(corner) for p in template.places.values()):
        return False
    sheet = template.book.sheet(part)
    cell = sheet.cell(corner.r1, corner.c1)
    return bool(cell and cell.body and not sheet.formula_in(cell.body))


def _formula(template: Template, place: Place) -> bool:
    book = template._base.book
    sheet = book.sheet(place.part)
    cell = sheet.cell(place.area.r1, place.area.c1)
    return bool(cell and cell.body and sheet.formula_in(cell.body))


def _overlaps(template: OwnTemplate) -> Iterator[Finding]:
    seen: dict[tuple[str, int, int], str] = {}
    told: set[str] = set()
    for name in template.standard.places:
        place = template.places.get(name)
        for target in place.targets() if place else ():
            other = seen.setdefault((target.part, target.row, target.col), name)
            if (
                other == name
                or other not in template.places
                or _share(template.standard, name, other)
            ):
                continue
            if place and name not in told:
                told.add(name)
                message = f"{other} and {name} both name cells of {place.sheet}!{place.ref}."
                fix = f"Only one value can stand there: move {name} to cells of its own."
                yield Finding("error", "overlap", name, message, fix)


def _share(standard: Template, name: str, other: str) -> bool:
    """Two of our own places have cells in common: a part of a block has a name as well."""
    a, b = standard.places[name], standard.places[other]
    rows = a.area.r1 <= b.area.r2 and b.area.r1 <= a.area.r2
    return a.part == b.part and rows and a.area.c1 <= b.area.c2 and b.area.c1 <= a.area.c2


def _tables(template: OwnTemplate) -> Iterator[Finding]:
    for name, ours in template.standard.tables.items():
        if name in template.newer_tables:
            continue
        theirs = template.tables.get(name)
        if theirs is None:
            message = f"There is no Table {name} (ours: {ours.sheet}!{ours.ref})."
            fix = "Copy it from a freshly exported template, or rename yours in Table Design."
            yield Finding("error", "missing", name, message, fix)
            continue
        matched = template.columns_of(name)
        for column, found in zip(ours.columns, matched, strict=True):
            if found is None:
                message = f"The Table {name} ({theirs.sheet}!{theirs.ref}) has no column {column}."
                fix = f"Add the column and give it the header {column}."
                yield Finding("error", "missing", f"{name}[{column}]", message, fix)
            elif found.casefold().strip() != column.casefold():
                message = f"The Table {name} calls its column {column} now {found}; filled there."
                yield Finding("note", "renamed", f"{name}[{column}]", message)
        extra = [c for c in theirs.columns if c not in matched]
        if extra:
            message = f"The Table {name} has columns of yours: {', '.join(extra)}; kept."
            yield Finding("note", "added", name, message)


def _trial(template: OwnTemplate, trial: Sequence[Trial]) -> Iterator[Finding]:
    """What only filling shows: rows that cannot move, a signature, damaged parts."""
    for name, fill in trial:
        try:
            fill(template)
        except HealthSheetError as error:
            yield Finding("error", "trial", name, f"Filling it fails: {error}")
            return


def _newer(template: OwnTemplate) -> Iterator[Finding]:
    """Sheets, and what else there was not when the template was exported."""
    for what in template.lacks:
        message = f"The template was made before there were {what}; it shows the illustration."
        fix = "Export the template again to have them, and put your looks on that."
        yield Finding("note", "left", what, message, fix)
    for sheet in template.newer_sheets:
        message = f"The template was made before there was a sheet {sheet}; all else is filled."
        fix = "Export the template again to have it, and put your looks on that."
        yield Finding("note", "left", sheet, message, fix)


def _charts(template: OwnTemplate) -> Iterator[Finding]:
    for name, chart in template.standard.charts.items():
        if name not in template.chart_names and chart.sheet not in template.newer_sheets:
            message = f"The chart {name} is gone, or plots other cells; the rest is filled."
            fix = f"If yours replaces it, name it {name} in Excel's Selection Pane."
            yield Finding("note", "chart", name, message, fix)


def _added(template: OwnTemplate) -> Iterator[Finding]:
    """Sheets, charts, names and Tables that are not ours: kept as they are."""
    standard = template.standard
    ours = {template.charts[key].part for key in template.chart_names.values()}
    listed = {
        "sheet": [s for s in template.sheets if s not in standard.sheets],
        "chart": [f"{f.name or 'without a name'} on {f.sheet}" for f in frames(template.book)
                  if f.part not in ours],
        "name": [n.name for n in template.book.names
                 if not n.name.startswith("_xlnm.") and n.name not in standard.places],
        "Table": [t for t in template.tables if t not in standard.tables],
        "picture": [p.rpartition("/")[2] for p in _pictures(template)],
    }  # fmt: skip
    for what, names in listed.items():
        for name in dict.fromkeys(names):
            yield Finding("note", "added", name, f"Your {what} {name} is kept.")
    here = {*template.sheets, *template.newer_sheets}
    gone = [s for s in standard.sheets if s not in here]
    for sheet in gone:
        yield Finding("note", "moved", sheet, f"Our sheet {sheet} is gone or has another name.")


def _pictures(template: OwnTemplate) -> Iterator[str]:
    for sheet in template.book.sheets:
        for drawing in template.book.related(sheet.part, "drawing"):
            yield from template.book.related(drawing, "image")
