"""What the server answers the task pane: explanations, models, functions, examples, a sample."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from addin.functions.accounts import read_model
from addin.functions.earlier import Earlier
from addin.functions.explanation import Question, explain
from addin.functions.recognition import Place
from addin.hosts.officejs.examples import Names, examples
from addin.hosts.officejs.sample import sample_table
from addin.registry import FUNCTIONS
from scoring.model_sheet import model_to_rows
from scoring.presets import load_preset, preset_names
from tests.addin.officejs.pane_page import TODAY, accounts_sheet
from tests.addin.officejs.wire_calls import client

DAY = date(2026, 11, 23)
SHEET: Any = accounts_sheet(TODAY)["rows"]
HEADERS, ROWS = SHEET[0], SHEET[1:]
ASKED: dict[str, Any] = {
    "today": TODAY.isoformat(), "headers": HEADERS, "row": ROWS[12], "at": "A14", "headerRow": 1,
    "model": None, "earlier": {"headers": HEADERS, "rows": [ROWS[13]], "at": [15]},
}  # fmt: skip


@pytest.fixture(scope="module")
def server() -> TestClient:
    """A server on loopback."""
    return client()


def posted(server: TestClient, path: str, body: object, status: int = 200) -> Any:
    """The answer to a body."""
    answer = server.post(path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_explanation_has_figures_and_words(server: TestClient) -> None:
    """Scores and points are numbers; what people read stands beside them in words."""
    found = posted(server, "/v1/explain", ASKED)
    assert found["verdict"]["total"] == pytest.approx(57.8, abs=0.1)
    assert found["words"]["shown"] == "58"
    assert found["words"]["coverage"] == "88%, 14 of 16 metrics"
    assert found["tiers"][0] == {"key": "green", "label": "Green", "from": 80, "to": 100}
    assert found["text"].startswith("Sample Account 12: 58, Red\n")
    assert {len(row) for row in found["rows"]} == {3}


def test_model_is_chosen_by_the_headers_unless_a_person_did(server: TestClient) -> None:
    """Who chose the model is told; a preset, or the rows of a sheet, are the person's choice."""
    assert posted(server, "/v1/explain", ASKED)["modelName"] == "four-dimension"
    assert posted(server, "/v1/explain", ASKED)["chosen"] == "headers"
    other = posted(server, "/v1/explain", ASKED | {"model": "four-dimension-2"})
    assert (other["modelName"], other["chosen"]) == ("four-dimension-2", "person")
    rows = [list(row) for row in model_to_rows(load_preset("support"))]
    sheet = posted(server, "/v1/explain", ASKED | {"model": {"rows": rows, "range": "Model!A1"}})
    assert sheet["modelName"] == "support"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"row": [1]}, 400),
        ({"row": None}, 400),
        ({"headers": []}, 400),
        ({"headers": "CSAT"}, 400),
        ({"at": "14A"}, 400),
        ({"at": None}, 400),
        ({"headerRow": "one"}, 400),
        ({"earlier": {"headers": ["Date"], "rows": [[1, 2]]}}, 400),
        ({"earlier": {"headers": ["Date"], "rows": "x"}}, 400),
        ({"earlier": {"headers": ["Date"], "rows": [[1]] * 201}}, 413),
        ({"model": {"rows": []}}, 400),
        ({"model": "suport"}, 422),
        ({"model": {"rows": [["x", "y"]]}}, 422),
        ({"segment": "giant"}, 422),
        ({"headers": ["CSAT"] * 16_385, "row": [3] * 16_385}, 413),
        ({"model": "support" * 20}, 400),
    ],
)
def test_other_forms_are_refused(server: TestClient, change: dict[str, Any], status: int) -> None:
    """A body of another form is refused with a sentence, never with a failure of the server."""
    found = posted(server, "/v1/explain", ASKED | change, status)
    assert found["error"]["message"].endswith(".")


def test_mistyped_preset_is_guessed(server: TestClient) -> None:
    """The refusal names the closest preset."""
    found = posted(server, "/v1/explain", ASKED | {"model": "suport"}, 422)
    assert 'Did you mean "support"?' in found["error"]["message"]


def test_answers_can_be_drawn_whatever_the_row_holds(server: TestClient) -> None:
    """Blanks, errors, words and numbers anywhere give an explanation."""
    for cell in (None, "", "x", -1, 1e300, True, {"error": "#N/A"}, "#REF!"):
        found = posted(server, "/v1/explain", ASKED | {"row": [cell] * len(HEADERS)})
        assert found["columns"]["count"] == len(HEADERS)
        assert found["verdict"] or found["problems"]


def test_presets_are_listed_with_the_names_of_accounts(server: TestClient) -> None:
    """The pane finds rows of an account by the header texts that the server knows."""
    found = server.get("/v1/models").json()
    assert [m["name"] for m in found["models"]] == list(preset_names())
    assert [m["name"] for m in found["models"] if m["isDefault"]] == ["scorecard"]
    assert {"account", "customername"} <= set(found["headers"]["name"])
    assert {"accountid", "crmid", "account"} <= set(found["headers"]["account"])
    assert "snapshotdate" in found["headers"]["date"]


@pytest.mark.parametrize("name", preset_names())
def test_model_is_described(server: TestClient, name: str) -> None:
    """Weights sum to one for each segment, tiers meet, and the rows are those of a sheet."""
    found = server.get(f"/v1/models/{name}").json()
    for key in ("", *(s["key"] for s in found["segments"])):
        assert sum(d["weights"][key] for d in found["dimensions"]) == pytest.approx(1)
    ends = [(t["from"], t["to"]) for t in found["tiers"]]
    assert [low - 1 for low, _ in ends[:-1]] == [high for _, high in ends[1:]]
    assert read_model(tuple(map(tuple, found["rows"]))) == load_preset(name)
    sheet = posted(server, "/v1/models", {"model": {"rows": found["rows"]}})
    assert sheet == found


def test_unknown_model_is_not_found(server: TestClient) -> None:
    """A name that is no preset says which there are."""
    answer = server.get("/v1/models/suport")
    assert answer.status_code == 404
    assert "Known presets" in answer.json()["error"]["message"]


def test_functions_are_those_of_the_registry(server: TestClient) -> None:
    """Every function with its arguments and an example."""
    found = server.get("/v1/functions").json()["functions"]
    assert [f["name"] for f in found] == [f.name for f in FUNCTIONS]
    for one, function in zip(found, FUNCTIONS, strict=True):
        assert [a["name"] for a in one["arguments"]] == [a.name for a in function.arguments]
        assert one["example"] in function.examples


def test_examples_give_what_they_say(server: TestClient) -> None:
    """Adapted formulas name the row's cells and the model, and results are the functions'."""
    found = posted(server, "/v1/examples", ASKED)["examples"]
    told = {e["name"]: (e["formula"], e["result"]) for e in found}
    row, headers = "D14:T14", "D$1:T$1"
    model = '"four-dimension"'
    score = f"HEALTH_SCORE({row}, {headers}, {model})"
    assert told["HEALTH_SCORE"][0] == f"={score}"
    assert told["HEALTH_TIER"] == (f"=HEALTH_TIER({score}, {model})", "Red")
    assert told["HEALTH_CHANGE"][0] == f"=HEALTH_CHANGE({row}, D15:T15, {headers}, {model})"
    assert told["NPS_POINTS"] == ("=NPS_POINTS(L14)", "60")
    assert told["HEALTH_GOAL"][0] == f"=HEALTH_GOAL({row}, {headers}, 60, {model})"
    assert not [e for e in found if e["result"].startswith("#")]


def test_examples_on_another_sheet_and_with_a_model_sheet(server: TestClient) -> None:
    """References carry the row's sheet; a Model sheet is named by its range."""
    rows = [list(row) for row in model_to_rows(load_preset("four-dimension"))]
    asked = {"prefix": "'My sheet'!", "model": {"rows": rows, "range": "Model!$A$1:$X$60"}}
    found = posted(server, "/v1/examples", ASKED | asked)["examples"]
    assert found[0]["formula"] == (
        "=HEALTH_SCORE('My sheet'!D14:T14, 'My sheet'!D$1:T$1, Model!$A$1:$X$60)"
    )
    assert found[0]["adapted"] is True


@pytest.mark.parametrize("changes", [{"prefix": "x" * 101}, {"model": {"range": "x" * 101}}])
def test_long_names_are_refused(server: TestClient, changes: dict[str, Any]) -> None:
    """A name stands in every formula, so none may be longer than a sheet's can be."""
    rows = [list(row) for row in model_to_rows(load_preset("four-dimension"))]
    model = {"rows": rows} | changes.get("model", {})
    posted(server, "/v1/examples", ASKED | changes | {"model": model}, 400)


def test_every_function_can_speak_of_a_full_row() -> None:
    """With every column there is, only functions over many accounts stay examples."""
    model = load_preset("four-dimension")
    headers = ("Account", "Date", *(m.name for m in model.metrics), "ARR", "Renewal date")
    table = sample_table(model, DAY)
    rows = [(*row, 120_000.0, DAY + timedelta(days=80)) for row in table.rows]
    question = Question(
        headers, rows[0], model, place=Place(0, 2, 1), earlier=Earlier(headers, (rows[1],))
    )
    names = Names("", '"four-dimension"', "four-dimension", (3,))
    found = examples(question, explain(question), names)
    assert [e.name for e in found if not e.adapted] == ["PORTFOLIO_SUMMARY", "HEALTH_ALERTS"]
    play = next(e for e in found if e.name == "RENEWAL_PLAY")
    assert play.formula.endswith(", DAYS_TO_RENEWAL(T2))")
    assert play.result in ("Expand", "Hold", "Save", "Manage out")


def test_examples_without_a_score_stay_examples() -> None:
    """A row that cannot be scored still has formulas that can be put into a cell."""
    model = load_preset("four-dimension")
    question = Question(("Colour",), ("red",), model)
    found = examples(question, explain(question), Names("", '"x"', "four-dimension"))
    assert {e.formula for e in found} >= {"=HEALTH_SCORE(B2:F2)"}
    full = replace(question, headers=("Colour", "CSAT"), row=("red", "great"))
    told = examples(full, explain(full), Names("", '"four-dimension"', "four-dimension"))
    assert told[0].result.startswith("#VALUE! CSAT (1–5): great.")


@pytest.mark.parametrize("name", preset_names())
def test_sample_table_tells_a_story(server: TestClient, name: str) -> None:
    """Under every model one sample account is Green and one fell, and no value is wrong."""
    table = posted(server, "/v1/sample", {"model": name, "today": TODAY.isoformat()})
    headers, rows = table["headers"], table["rows"]
    assert len(table["formats"]) == len(headers)
    first, last = (
        posted(server, "/v1/explain", {
            "headers": headers, "row": rows[at], "at": "A2", "model": name,
            "earlier": {"headers": headers, "rows": [rows[at + 1]]},
        })
        for at in (0, 4)
    )  # fmt: skip
    assert first["verdict"]["tier"] == "green"
    assert last["verdict"]["change"]["points"] < -10
    assert last["verdict"]["missing"]
    assert first["problems"] == last["problems"] == []
