"""What charts remember of the cells they show."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.workbook_templates.books import CHART, cells, changed, draw, part, rewrite
from workbook_templates.fill import CellError, Template, Value


def _build(book: Any) -> None:
    sheet, other = book.add_worksheet("Data"), book.add_worksheet("Other")
    sheet.write_column("A1", ["x", "y", "z"])
    sheet.write_column("B1", [1.5, 2, 3])
    sheet.write_column("D1", ["g", "g", "h"])
    sheet.write_column("E1", ["a", "b", "c"])
    sheet.write("G1", "Series")
    sheet.write_formula("H1", "=B1*2", None, 3)
    sheet.write_formula("H2", "=B2*2", None, 4)
    book.define_name("values", "=Data!$B$1:$B$3")
    book.define_name("labels", "=Data!$A$1:$A$3")
    book.define_name("title", "=Data!$G$1")
    book.define_name("groups", "=Data!$D$1:$E$3")
    book.define_name("later", "=Data!$K$1:$L$2")
    book.define_name("unread", "=Other!$A$1")
    chart = book.add_chart({"type": "column"})
    chart.add_series(
        {"name": "=Data!$G$1", "categories": "=Data!$A$1:$A$3", "values": "=Data!$B$1:$B$3"}
    )
    chart.add_series({"categories": "=Data!$D$1:$E$3", "values": "=Data!$H$1:$H$2"})
    chart.add_series({"categories": "=Data!$K$1:$K$2", "values": "=Data!$L$1:$L$2"})
    other.insert_chart("A3", chart)


BOOK = draw(_build)
TEMPLATE = Template(BOOK)


def _caches(data: bytes, reference: str) -> list[list[str]]:
    """For each cache of *reference*, its points as "index=text"."""
    out = []
    for body in re.findall(
        rf"<c:f>{re.escape(reference)}</c:f>(.*?)</c:\w+Ref>", part(data, CHART)
    ):
        points = re.findall(r'<c:pt idx="(\d+)"><c:v>(.*?)</c:v>', body)
        out.append([f"{k}={v}" for k, v in points])
    return out


@pytest.mark.parametrize(
    ("values", "points"),
    [
        ([4, 5.25, 6], ["0=4", "1=5.25", "2=6"]),
        ([None, True, "text"], ["1=1", "2=0"]),
        ([CellError("#N/A"), float("nan"), 7], ["0=#N/A", "1=#N/A", "2=7"]),
    ],
)
def test_number_caches_say_what_the_cells_say(values: list[Value], points: list[str]) -> None:
    """Number caches say what the cells say."""
    after = TEMPLATE.fill({"values": [[v] for v in values]})
    assert _caches(after, "Data!$B$1:$B$3") == [points]
    assert '<c:formatCode>General</c:formatCode><c:ptCount val="3"/>' in part(after, CHART)


def test_text_caches_and_series_names_follow_and_are_escaped() -> None:
    """Text caches and series names follow and are escaped."""
    after = TEMPLATE.fill({"labels": [["a & b"], [None], [7]], "title": "<T>"})
    assert _caches(after, "Data!$A$1:$A$3") == [["0=a &amp; b", "2=7"]]
    assert _caches(after, "Data!$G$1") == [["0=&lt;T&gt;"]]
    assert _caches(after, "Data!$B$1:$B$3") == _caches(BOOK, "Data!$B$1:$B$3")


def test_levels_of_categories_are_rebuilt() -> None:
    """Levels of categories are rebuilt."""

    def levels_of(text: str) -> str:
        f = "<c:f>Data!$D$1:$E$3</c:f>"
        cache = '<c:multiLvlStrCache><c:ptCount val="3"/></c:multiLvlStrCache>'
        new = f"<c:multiLvlStrRef>{f}{cache}</c:multiLvlStrRef>"
        return text.replace(f"<c:numRef>{f}</c:numRef>", new)

    template = Template(rewrite(BOOK, {CHART: levels_of}))
    text = part(template.fill({"groups": [["G", "1"], ["G", "2"], ["H", "3"]]}), CHART)
    cache = text[text.index("<c:multiLvlStrCache>") : text.index("</c:multiLvlStrCache>")]
    levels = re.findall(r"<c:lvl>(.*?)</c:lvl>", cache)
    assert [re.findall(r"<c:v>(.*?)</c:v>", level) for level in levels] == [
        ["1", "2", "3"],
        ["G", "G", "H"],
    ]


def test_points_of_stale_formulas_are_left_out_unless_their_value_is_given() -> None:
    """Points of stale formulas are left out unless their value is given."""
    after = TEMPLATE.fill({"values": [[9], [2], [3]]})
    assert _caches(after, "Data!$H$1:$H$2") == [[]]
    assert "H1" not in cells(after, "Data")


def test_caches_that_were_never_written_are_made_and_become_texts_where_needed() -> None:
    """Caches that were never written are made and become texts where needed."""
    after = TEMPLATE.fill({"later": [["Jan", 1.5], ["Feb", 2.5]]})
    assert _caches(after, "Data!$K$1:$K$2") == [["0=Jan", "1=Feb"]]
    assert _caches(after, "Data!$L$1:$L$2") == [["0=1.5", "1=2.5"]]
    assert "<c:cat><c:strRef><c:f>Data!$K$1:$K$2</c:f><c:strCache>" in part(after, CHART)
    numbers = TEMPLATE.fill({"later": [[1, 1.5], [2, 2.5]]})
    assert "<c:cat><c:numRef><c:f>Data!$K$1:$K$2</c:f><c:numCache>" in part(numbers, CHART)


def test_a_chart_that_reads_no_changed_cell_keeps_its_bytes() -> None:
    """A chart that reads no changed cell keeps its bytes."""
    after = TEMPLATE.fill({"unread": 1})
    assert changed(BOOK, after) == {"xl/worksheets/sheet2.xml"}


def test_series_through_a_defined_name_are_followed() -> None:
    """Series through a defined name are followed."""
    named = rewrite(BOOK, {CHART: lambda t: t.replace("Data!$B$1:$B$3", "Data!values")})
    after = Template(named).fill({"values": [[7], [8], [9]]})
    assert _caches(after, "Data!values") == [["0=7", "1=8", "2=9"]]


def test_points_of_newer_chart_kinds_follow() -> None:
    """Points of newer chart kinds follow."""
    newer = (
        '<cx:strDim type="cat"><cx:f>Data!$A$1:$A$3</cx:f><cx:lvl ptCount="3">'
        '<cx:pt idx="0">x</cx:pt><cx:pt idx="1">y</cx:pt><cx:pt idx="2">z</cx:pt></cx:lvl>'
    )
    book = rewrite(BOOK, {CHART: lambda t: t.replace("<c:lang", newer + "<c:lang")})
    text = part(Template(book).fill({"labels": [["p"], [None], ["q"]]}), CHART)
    wanted = '<cx:lvl ptCount="3"><cx:pt idx="0">p</cx:pt><cx:pt idx="2">q</cx:pt></cx:lvl>'
    assert wanted in text
