"""A model as rows of a sheet: round trips, the cells formulas point at, and every fault."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.errors import ModelError
from scoring.model import SEGMENTS, ScoreModel
from scoring.model_blocks import BLOCKS
from scoring.model_cells import address
from scoring.model_sheet import Layout, model_from_rows, model_to_rows, sheet_layout
from scoring.presets import load_preset, preset_names
from tests.scoring.models import score_models, small_data

Rows = list[list[object]]
NAMES = preset_names()
WHERE = "own.xlsx, sheet Model"


def small(**more: object) -> tuple[Rows, Layout]:
    model = ScoreModel.model_validate(small_data(**more))
    return [list(row) for row in model_to_rows(model)], sheet_layout(model)


def put(rows: Rows, cell: tuple[int, int], value: object) -> str:
    rows[cell[0]][cell[1]] = value
    return address(*cell)


def fault(rows: Rows) -> str:
    with pytest.raises(ModelError) as caught:
        model_from_rows(rows, WHERE)
    message = str(caught.value)
    assert message.startswith(WHERE)
    return message


def blocks(rows: Rows) -> list[Rows]:
    """Rows of each block with its heading, in the order of the sheet."""
    headings = {block.heading for block in BLOCKS.values()}
    starts = [i for i, row in enumerate(rows) if row[0] in headings and row[1] is None]
    return [rows[a:b] for a, b in zip(starts, [*starts[1:], len(rows)], strict=True)]


# Round trips


@pytest.mark.parametrize("preset", NAMES)
def test_round_trip(preset: str) -> None:
    """A preset written as rows reads back as the same model."""
    model = load_preset(preset)
    again = model_from_rows(model_to_rows(model), "test")
    assert again == model
    assert again.digest == model.digest


@given(score_models())
@settings(max_examples=80, deadline=None)
def test_any_model_round_trips(model: ScoreModel) -> None:
    """Any model written as rows reads back as the same model."""
    again = model_from_rows(model_to_rows(model), "test")
    assert again == model
    assert again.digest == model.digest


@given(score_models(), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_order_of_blocks_blank_rows_and_extra_columns_are_free(
    model: ScoreModel, random: object
) -> None:
    """Order of blocks blank rows and extra columns are free."""
    parts = blocks([list(row) for row in model_to_rows(model)])
    random.shuffle(parts)  # type: ignore[attr-defined]
    rows: Rows = [["Our model, edited by RevOps", None, "see the wiki"], []]
    for heading, header, *rest in parts:
        rows += [[None, *heading], [], ["Note", *header, "Owner"]]
        for row in rest:
            rows += [["a note", *row, "Ada"], [None, "  ", float("nan")]]
    assert model_from_rows(rows, "test") == model


def test_rows_of_a_block_may_be_sorted() -> None:
    """Rows of a block may be sorted."""
    model = load_preset("scorecard")
    rows, at = [list(r) for r in model_to_rows(model)], sheet_layout(model).blocks
    for key in ("tiers", "metrics"):
        numbers = list(at[key].rows.values())
        rows[numbers[0] : numbers[-1] + 1] = reversed(rows[numbers[0] : numbers[-1] + 1])
    again = model_from_rows(rows, "test")
    assert again.tiers == model.tiers
    assert [d.metrics for d in again.dimensions] == [d.metrics[::-1] for d in model.dimensions]


def test_headers_match_without_case_and_punctuation() -> None:
    """Headers match without case and punctuation."""
    rows, layout = small()
    for place in layout.blocks.values():
        rows[place.header] = [
            f" {v.upper().replace(' ', '_')}: " if isinstance(v, str) else v
            for v in rows[place.header]
        ]
        rows[place.heading][0] = str(rows[place.heading][0]).lower()
    assert model_from_rows(rows, "test") == ScoreModel.model_validate(small_data())


@pytest.mark.parametrize("preset", NAMES)
def test_whole_numbers_may_come_back_as_integers(preset: str) -> None:
    """Whole numbers may come back as integers."""
    model = load_preset(preset)
    rows: Rows = [
        [int(v) if isinstance(v, float) and v.is_integer() else v for v in row]
        for row in model_to_rows(model)
    ]
    assert model_from_rows(rows, "test") == model


def test_everything_may_come_back_as_text() -> None:
    """Everything may come back as text."""
    model = load_preset("four-dimension")
    rows: Rows = [
        [str(v) if isinstance(v, int | float) else v for v in row] for row in model_to_rows(model)
    ]
    assert model_from_rows(rows, "test") == model


def test_percentages_typed_as_text() -> None:
    """Percentages typed as text."""
    model = load_preset("scorecard")
    rows: Rows = [list(row) for row in model_to_rows(model)]
    layout = sheet_layout(model)
    put(rows, layout.property_cell("min_coverage"), "50 %")
    put(rows, layout.dimension_cell("product_adoption"), "30%")
    put(rows, layout.metric_cell("dau_mau", "x2"), "25%")
    put(rows, layout.metric_cell("dau_mau", "y2"), "80%")
    put(rows, layout.metric_cell("dau_mau", "healthy_low"), "25.0 %")
    put(rows, layout.metric_cell("ticket_trend_90d", "x1"), "-10%")
    assert model_from_rows(rows, "test") == model


def test_numbers_stand_for_texts_where_excel_makes_them_so() -> None:
    """Numbers stand for texts where Excel makes them so."""
    rows, layout = small(version="2", title="2024")
    put(rows, layout.property_cell("version"), 2.0)
    put(rows, layout.property_cell("title"), 2024.0)
    put(rows, layout.metric_cell("logins", "leading"), True)
    model = model_from_rows(rows, "test")
    assert (model.version, model.title, model.metrics[0].leading) == ("2", "2024", True)


@pytest.mark.parametrize(
    ("typed", "unit"), [("Per week", "per_week"), ("PER_MONTH", "per_month"), ("Days", "days")]
)
def test_words_match_loosely(typed: str, unit: str) -> None:
    """Words match loosely."""
    rows, layout = small()
    put(rows, layout.metric_cell("logins", "unit"), typed)
    put(rows, layout.metric_cell("logins", "dimension"), "USAGE")
    assert model_from_rows(rows, "test").metrics[0].unit == unit


def test_blank_optional_cells_take_the_default() -> None:
    """Blank optional cells take the default."""
    rows, layout = small(smoothing_days=30, min_coverage=0.7)
    put(rows, layout.property_cell("smoothing_days"), None)
    put(rows, layout.property_cell("min_coverage"), " ")
    put(rows, layout.metric_cell("logins", "curve"), None)
    put(rows, layout.metric_cell("sponsor", "curve"), None)
    assert model_from_rows(rows, "test") == ScoreModel.model_validate(small_data())


def test_gates_may_be_absent() -> None:
    """Gates may be absent."""
    rows, layout = small()
    place = layout.blocks["gates"]
    del rows[place.heading : place.header + 1]
    assert model_from_rows(rows, "test").gates == ()


def test_weights_edited_on_the_sheet_change_the_model_and_nothing_else() -> None:
    """Weights edited on the sheet change the model and nothing else."""
    model = load_preset("four-dimension")
    rows: Rows = [list(row) for row in model_to_rows(model)]
    put(rows, sheet_layout(model).dimension_cell("usage", "smb"), 45)
    edited = model_from_rows(rows, "test")
    assert edited.dimensions[0].segment_weights == {"enterprise": 30, "smb": 45}
    assert edited.dimensions[1:] == model.dimensions[1:]
    assert edited.digest != model.digest


# Where the numbers stand


@pytest.mark.parametrize("preset", NAMES)
def test_layout_points_at_the_right_cells(preset: str) -> None:
    """Layout points at the right cells."""
    model = load_preset(preset)
    rows, layout = model_to_rows(model), sheet_layout(model)

    def at(cell: tuple[int, int]) -> object:
        return rows[cell[0]][cell[1]]

    assert (layout.height, layout.width) == (len(rows), len(rows[0]))
    assert {len(row) for row in rows} == {layout.width}
    assert at(layout.property_cell("min_coverage")) == model.min_coverage
    assert at(layout.property_cell("smoothing_days")) == model.smoothing_days
    for key in ("neutral_days", "neutral_score", "partial_days", "partial_coverage"):
        assert at(layout.property_cell(key)) == getattr(model.lifecycle, key)
    for tier in model.tiers:
        assert at(layout.tier_cell(tier.key)) == tier.starts_at
        assert at(layout.tier_cell(tier.key, "label")) == tier.label
    for d in model.dimensions:
        assert at(layout.dimension_cell(d.key)) == d.weight
        assert at(layout.dimension_cell(d.key, "onboarding")) == d.onboarding_weight
        for segment in SEGMENTS:
            assert at(layout.dimension_cell(d.key, segment)) == d.segment_weights.get(segment)
    for m in model.metrics:
        assert at(layout.metric_cell(m.key)) == m.weight
        assert at(layout.metric_cell(m.key, "max_age_days")) == m.max_age_days
        for k, (x, y) in enumerate(m.curve.points, start=1):
            assert at(layout.metric_cell(m.key, f"x{k}")) == x
            assert at(layout.metric_cell(m.key, f"y{k}")) == y


def test_layout_of_a_gate() -> None:
    """The layout knows where the cap of a gate stands."""
    gate = {"key": "notice", "name": "Cancellation notice", "cap": "red"}
    rows, layout = small(gates=[gate])
    row, column = layout.gate_cell("notice")
    assert rows[row][column] == "red"


def test_layout_refuses_what_is_not_there() -> None:
    """Layout refuses what is not there."""
    _, layout = small()
    with pytest.raises(KeyError, match="nobody"):
        layout.metric_cell("nobody")
    with pytest.raises(KeyError, match="Metrics has no column 'x9'"):
        layout.metric_cell("logins", "x9")


@pytest.mark.parametrize(
    ("row", "column", "text"), [(0, 0, "A1"), (13, 12, "M14"), (0, 25, "Z1"), (9, 26, "AA10")]
)
def test_addresses(row: int, column: int, text: str) -> None:
    """Row and column become the address people read."""
    assert address(row, column) == text
