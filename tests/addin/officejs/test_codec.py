"""Excel's values on their way to the server and back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from addin.hosts.officejs.metadata import functions_json
from addin.hosts.officejs.script import functions_script
from addin.registry import FUNCTIONS
from scoring.parse_text import ERROR_CODES
from tests.addin.officejs.excel import Excel

pytestmark = pytest.mark.browser

ENTITY = {"type": "Entity", "text": "Sample Account 12", "basicValue": "#VALUE!"}
ENCODED = [
    (None, None),
    (3, 3),
    (0.1, 0.1),
    (46348.5, 46348.5),
    (True, True),
    ("48%", "48%"),
    ("", ""),
    ("Zoë “😀” \\ \n", "Zoë “😀” \\ \n"),
    ({"type": "CustomFunctionError", "code": "#N/A"}, {"error": "#N/A"}),
    ({"type": "Error", "basicValue": "#DIV/0!", "basicType": "Error"}, {"error": "#DIV/0!"}),
    ({"type": "Error", "errorType": "NotAvailable"}, {"error": "#N/A"}),
    ({"type": "Error", "errorType": "Spill"}, {"error": "#SPILL!"}),
    ({"type": "Error", "errorType": "Of next year"}, {"error": "#VALUE!"}),
    ({"type": "Empty", "basicValue": "", "basicType": "Empty"}, None),
    ({"type": "FormattedNumber", "basicValue": 0.48, "numberFormat": "0%"}, 0.48),
    ({"type": "Boolean", "basicValue": False, "basicType": "Boolean"}, False),
    ({**ENTITY, "basicType": "Error"}, "Sample Account 12"),
    (
        {"type": "WebImage", "basicValue": "#VALUE!", "basicType": "Error"},
        {"error": "#VALUE!"},
    ),
]
THROWN = ["#DIV/0!", "#N/A", "#NULL!", "#NUM!", "#VALUE!"]
VALUES = ["#NAME?", "#REF!"]
NEAREST = {"#BUSY!": "#N/A", "#CONNECT!": "#N/A", "#GETTING_DATA": "#N/A", "#UNKNOWN!": "#N/A"}


def run(excel: Excel, body: str, given: object) -> Any:
    """What code with the codec's functions gives."""
    url = f"{excel.server.url}/static/functions/codec.js"
    code = f"async (given) => {{ const codec = await import('{url}'); {body} }}"
    return excel.page.evaluate(code, given)


def test_arguments(excel: Excel) -> None:
    """Every kind of value keeps its meaning, alone and in a range."""
    given = [value for value, _ in ENCODED]
    wanted = [value for _, value in ENCODED]
    alone = run(excel, "return given.map((x) => codec.encodeArgument(x).json);", given)
    assert [json.loads(text) for text in alone] == wanted
    rows = run(excel, "return codec.encodeArgument([given, given]);", given)
    assert rows["isRange"]
    assert json.loads(rows["json"]) == [wanted, wanted]


def test_left_out_and_own_errors(excel: Excel) -> None:
    """Undefined is left out, and an error object of the runtime is its code."""
    body = """return [undefined, new CustomFunctions.Error("#NUM!", "x"), [[undefined]]]
        .map((x) => codec.encodeArgument(x).json);"""
    assert run(excel, body, None) == ["null", '{"error":"#NUM!"}', "[[null]]"]


def test_results(excel: Excel) -> None:
    """A value is a range of one cell; null shows as nothing and not as 0."""
    given = [1.5, "Green", True, None, {"rows": [[1, None], ["", "→"]]}]
    shown = run(excel, "return given.map(codec.decodeResult);", given)
    assert shown == [[[1.5]], [["Green"]], [[True]], [[""]], [[1, ""], ["", "→"]]]


def test_errors(excel: Excel) -> None:
    """Every error code becomes one that Excel shows, alone and among other cells."""
    codes = [*ERROR_CODES, "#BUSY!"]
    wanted = [NEAREST.get(c, c if c in THROWN + VALUES else "#VALUE!") for c in codes]
    alone = run(
        excel,
        """return given.map((code) => {
            try { return ["shown", codec.decodeResult({ error: code })[0][0].basicValue]; }
            catch (error) { return ["thrown", error.code]; }
        });""",
        codes,
    )
    assert alone == [["shown" if code in VALUES else "thrown", code] for code in wanted]
    # As the runtime hands it to Excel.
    body = "return given.map((c) => JSON.stringify(codec.decodeResult({ rows: [[1, c]] })));"
    among = run(excel, body, [{"error": code, "message": "A sentence."} for code in codes])
    found = [json.loads(rows)[0][1] for rows in among]
    assert [(cell["type"], cell["basicValue"]) for cell in found] == [("Error", c) for c in wanted]
    kept = {cell["basicValue"] for cell in found if cell.get("message") == "A sentence."}
    assert kept == {"#VALUE!", "#N/A"}


def test_every_function_is_known_to_excel(excel: Excel) -> None:
    """The script names the functions of the registry, and no other."""
    names = {f.name for f in FUNCTIONS}
    known = excel.page.evaluate("() => Object.keys(CustomFunctions._association.mappings)")
    assert set(known) == names
    assert all(f'"{name}"' in functions_script() for name in names)


def test_excel_is_told_what_the_client_gives() -> None:
    """The client hands back rows and asks where arguments stand: the metadata say so."""
    described = functions_json("https://localhost:3000")["functions"]
    assert isinstance(described, list)
    assert {f["result"]["dimensionality"] for f in described} == {"matrix"}
    assert all(f["options"]["requiresParameterAddresses"] for f in described)
