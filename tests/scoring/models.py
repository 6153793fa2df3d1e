"""Random valid score models for hypothesis, and one small model to change in tests."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from scoring.model import SEGMENTS, ScoreModel

PRINTABLE = st.characters(categories=("L", "N", "P", "S"), exclude_characters=";_")
# No text may look blank, and Excel keeps no spaces at the ends of what people type.
TEXT = st.text(PRINTABLE, min_size=1, max_size=12).map(lambda text: f"T{text}")
NUMBERS = ("fraction", "change", "count", "days", "per_week", "csat", "nps_index", "points")
# Excel files carry 16 digits; the shortest text of six decimals survives them exactly.
RAW = st.integers(-10_000_000, 10_000_000).map(lambda n: n / 1000)
WEIGHT = st.integers(1, 100_000).map(lambda n: n / 1000)
POINTS = st.integers(0, 1000).map(lambda n: n / 10)


def small_data(**more: Any) -> dict[str, Any]:
    """A valid model as plain data: one dimension with a numeric and a state metric."""
    metrics = [
        {
            "key": "logins", "name": "Logins", "weight": 60, "unit": "count", "scale": [0, None],
            "curve": {"kind": "linear", "points": [[0, 0], [5, 100]]},
            "max_age_days": 35, "leading": True, "source": "a test",
        },
        {
            "key": "sponsor", "name": "Sponsor", "weight": 40, "unit": "state",
            "curve": {"kind": "states", "points": [["Active", 100], ["Vacant", 0]]},
            "max_age_days": 35, "leading": True, "source": "a test",
        },
    ]  # fmt: skip
    dimension = {
        "key": "usage", "name": "Usage", "weight": 100, "source": "a test", "metrics": metrics,
        "segment_weights": dict.fromkeys(SEGMENTS, 100),
    }  # fmt: skip
    tiers = [
        {"key": key, "label": key.title(), "starts_at": start}
        for key, start in (("green", 80), ("amber", 60), ("red", 0))
    ]
    model = {
        "name": "small", "version": "1.0", "title": "Small", "source": "a test",
        "typed": "points", "dimensions": [dimension], "tiers": tiers,
    }  # fmt: skip
    return {**model, **more}


@st.composite
def ranges(draw: st.DrawFn) -> tuple[float | None, float | None]:
    """A rising range, either end maybe open."""
    low, high = sorted(draw(st.lists(RAW, min_size=2, max_size=2, unique=True)))
    return draw(st.sampled_from([(low, high), (low, None), (None, high), (None, None)]))


@st.composite
def metrics(draw: st.DrawFn, key: str) -> dict[str, Any]:
    """Plain data of one metric."""
    unit = draw(st.sampled_from([*NUMBERS, "state"]))
    if unit == "state":
        xs: list[Any] = draw(st.lists(TEXT, min_size=2, max_size=8, unique_by=str.casefold))
    else:
        xs = sorted(draw(st.lists(RAW, min_size=2, max_size=8, unique=True)))
    points = [(x, draw(POINTS)) for x in xs]
    data: dict[str, Any] = {
        "key": key,
        "name": draw(TEXT),
        "weight": draw(WEIGHT),
        "unit": unit,
        "curve": {"kind": "states" if unit == "state" else "linear", "points": points},
        "leading": draw(st.booleans()),
        "source": draw(TEXT),
        "aliases": draw(st.lists(TEXT, max_size=3)),
        "scale": draw(ranges()),
    }
    if draw(st.booleans()):
        data["healthy"] = draw(ranges())
    if draw(st.booleans()):
        data["max_age_days"] = draw(st.integers(1, 999))
    return data


@st.composite
def dimensions(draw: st.DrawFn, index: int) -> dict[str, Any]:
    """Plain data of one dimension with up to three metrics."""
    keys = [f"m{index}_{k}" for k in range(draw(st.integers(0, 3)))]
    data: dict[str, Any] = {
        "key": f"d{index}",
        "name": draw(TEXT),
        "weight": draw(WEIGHT),
        "source": draw(TEXT),
        "aliases": draw(st.lists(TEXT, max_size=2)),
        "metrics": [draw(metrics(key)) for key in keys],
        "segment_weights": draw(st.dictionaries(st.sampled_from(SEGMENTS), WEIGHT)),
    }
    if draw(st.booleans()):
        data["onboarding_weight"] = draw(WEIGHT)
    if draw(st.booleans()):
        data["weight_range"] = tuple(sorted(draw(st.tuples(WEIGHT, WEIGHT))))
    return data


@st.composite
def score_models(draw: st.DrawFn) -> ScoreModel:
    """Any valid score model of up to three dimensions."""
    green = draw(st.integers(2, 100))
    amber = draw(st.integers(1, green - 1))
    starts = (("green", green), ("amber", amber), ("red", 0))
    gates = [
        {
            "key": f"g{k}",
            "name": draw(TEXT),
            "cap": draw(st.sampled_from(["amber", "red"])),
            "source": draw(st.just("") | TEXT),
        }
        for k in range(draw(st.integers(0, 2)))
    ]
    return ScoreModel.model_validate(
        {
            "name": "random",
            "version": draw(st.sampled_from(["1", "1.10", "2.0.3"])),
            "title": draw(TEXT),
            "source": draw(st.just("") | TEXT),
            "typed": draw(st.sampled_from(["rating", "points"])),
            "missing": draw(st.sampled_from(["reweight", "zero", "neutral"])),
            "min_coverage": draw(st.integers(0, 100)) / 100,
            "smoothing_days": draw(st.integers(0, 90)),
            "lifecycle": {"neutral_days": draw(st.integers(0, 30)), "source": draw(TEXT)},
            "tiers": [{"key": k, "label": draw(TEXT), "starts_at": s} for k, s in starts],
            "dimensions": [draw(dimensions(k)) for k in range(draw(st.integers(1, 3)))],
            "gates": gates,
        }
    )
