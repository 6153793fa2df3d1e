"""Formula texts: what they say, and that old spreadsheets know every function in them."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from scoring.model_sheet import sheet_layout
from scoring.presets import load_preset, preset_names
from workbook_templates import formulas as f
from workbook_templates.drawing.account.template import draw_account_template

# In Excel 2010 and LibreOffice 7; a newer one would show #NAME? to some customers.
ALLOWED = set(
    """ABS AND CHAR CHOOSE COUNT COUNTIF COUNTIFS IF IFERROR INDEX INT ISNUMBER ISTEXT LARGE LEFT
    LEN MATCH MAX MIN NA NOT OR ROUND ROUNDUP ROW SUM SUMIFS SUMPRODUCT TRUE DATE""".split()
)
_TEXT = re.compile(r'"(?:[^"]|"")*"')
_FUNCTION = re.compile(r"([A-Z_][A-Z0-9_.]*)\(")


@pytest.mark.parametrize("name", preset_names())
def test_no_function_is_newer_than_excel_2010(name: str) -> None:
    """Cells, conditional formats, validations and names use allowed functions only."""
    data = draw_account_template(load_preset(name))
    used: set[str] = set()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for part in package.namelist():
            text = package.read(part).decode("utf-8", "replace")
            pattern = r"<(f|formula|formula1|formula2|definedName)[^>]*>([^<]*)<"
            for _, formula in re.findall(pattern, text):
                plain = formula.replace("&quot;", '"').replace("&amp;", "&")
                assert "_xlfn" not in plain
                assert "#REF" not in plain
                assert len(plain) < 8192
                used |= set(_FUNCTION.findall(_TEXT.sub("", plain)))
    assert used - ALLOWED == set()
    assert {"SUMPRODUCT", "IFERROR"} <= used


@pytest.mark.parametrize("name", preset_names())
def test_no_metric_is_typed_into_a_formula(name: str) -> None:
    """Weights and thresholds are read from the Model sheet, where people edit them."""
    model = load_preset(name)
    cells = f.ModelCells(sheet_layout(model))
    for metric in model.metrics:
        text = f.points(metric, "D5", cells)
        # Between references only 0-free arithmetic stands: no number of the curve.
        bare = re.sub(r"Model!\$[A-Z]+\$\d+|D5", "", text)
        assert re.findall(r"\d", bare) == [], metric.key


def test_known_joins_several_cells() -> None:
    """One cell needs no AND."""
    assert f.known("A1") == "ISNUMBER(A1)"
    assert f.known("A1", "B1") == "AND(ISNUMBER(A1),ISNUMBER(B1))"
    assert f.number_or("A1", '"–"') == 'IF(ISNUMBER(A1),A1,"–")'


@pytest.mark.parametrize(
    ("missing", "text"),
    [
        ("reweight", 'IF(P1>0,Q1/P1,"")'),
        ("zero", "Q1+(1-P1)*0"),
        ("neutral", "Q1+(1-P1)*50"),
    ],
)
def test_missing_metrics_follow_the_policy(missing: str, text: str) -> None:
    """Left out, worth nothing, or worth 50."""
    model = load_preset("scorecard").model_copy(update={"missing": missing})
    assert f.mean_points(model, "P1", "Q1") == text


def test_a_rating_is_rounded_half_up_to_whole_steps() -> None:
    """Points models keep the mean as it is."""
    assert f.rated(load_preset("scorecard"), "R1") == "20*ROUND(ROUND(1+0.04*R1,9),0)"
    assert f.rated(load_preset("four-dimension"), "R1") == "R1"


def test_a_cut_text_keeps_short_ones_as_they_are() -> None:
    """The ellipsis is within the limit."""
    assert f.cut("A1", 10) == 'IF(LEN(A1)>10,LEFT(A1,9)&"…",A1&"")'
