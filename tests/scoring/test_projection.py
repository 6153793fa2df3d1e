"""Where a score is heading, and only where it is sure."""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.projection import project, project_accounts
from scoring.student import t_critical
from tests.scoring.portfolios import scored
from tests.scoring.rows import AS_OF, day

DAYS = [day(150), day(120), day(90), day(60), day(30), day(0)]


@pytest.mark.parametrize(
    ("freedom", "expected"),
    [(1, 12.7062), (2, 4.3027), (3, 3.1824), (5, 2.5706), (10, 2.2281), (30, 2.0423),
     (120, 1.9799), (1000, 1.9623)],
)  # fmt: skip
def test_critical_values(freedom: int, expected: float) -> None:
    """The 95 % values are those of printed tables."""
    assert t_critical(np.array([freedom]), 0.95)[0] == pytest.approx(expected, abs=5e-5)


def test_critical_values_of_other_levels() -> None:
    """Levels other than 95 % as well, and a smooth passage to the expansion."""
    assert t_critical(np.array([4]), 0.99)[0] == pytest.approx(4.6041, abs=5e-5)
    near, far = t_critical(np.array([200, 201]), 0.95)
    assert 0 < near - far < 1e-4


def test_by_hand() -> None:
    """Noise around half a point a month, with the interval of the textbook formula."""
    scores = [70, 66, 64, 59, 57, 52]
    found = project(DAYS, scores, as_of=AS_OF)
    assert found is not None
    x, y = np.array([-150.0, -120, -90, -60, -30, 0]), np.array(scores, float)
    slope, start = np.polyfit(x, y, 1)
    spread = math.sqrt(((y - start - slope * x) ** 2).sum() / 4)
    sxx = ((x - x.mean()) ** 2).sum()
    reach = 2.7764 * spread * math.sqrt(1 + 1 / 6 + (30 - x.mean()) ** 2 / sxx)
    assert found.slope == pytest.approx(slope)
    assert found.score == pytest.approx(start + 30 * slope)
    assert (found.high - found.low) / 2 == pytest.approx(reach, rel=1e-4)
    assert (found.points, found.ahead) == (6, 30)
    assert found.low < found.score < found.high


def test_chance_is_no_trend() -> None:
    """Up and down, level, and a score that jumped once give no projection."""
    assert project(DAYS, [60, 70, 58, 71, 59, 70], as_of=AS_OF) is None
    assert project(DAYS, [70.0] * 6, as_of=AS_OF) is None
    assert project(DAYS, [70, 70, 70, 70, 70, 40], as_of=AS_OF) is None


def test_too_little_to_tell() -> None:
    """Four snapshots are no line; what is missing, old or of the future does not count."""
    fall = [70.0, 65, 60, 55, 50, 45]
    assert project(DAYS[:4], fall[:4], as_of=AS_OF) is None
    assert project(DAYS, [70, 65, 60, 55, math.nan, math.nan], as_of=AS_OF) is None
    assert project(DAYS, fall, as_of=day(60)) is None
    old = [d - timedelta(days=70) for d in DAYS]
    assert project(old, fall, as_of=AS_OF) is None
    assert project([], [], as_of=AS_OF) is None
    assert project([AS_OF] * 6, fall, as_of=AS_OF) is None


def test_five_snapshots_are_enough() -> None:
    """Five of the last 185 days, the first day of the window included, make a line."""
    fall = [70.0, 65, 60, 55, 50]
    found = project(DAYS[-5:], fall, as_of=AS_OF)
    assert found is not None
    assert found.points == 5
    edge = [day(185), *DAYS[-4:]]
    assert project(edge, fall, as_of=AS_OF) is not None
    assert project([day(186), *DAYS[-4:]], fall, as_of=AS_OF) is None


def test_a_projection_stays_on_the_scale() -> None:
    """A steep fall ends at 0, a steep rise at 100."""
    down = project(DAYS, [99, 80, 60, 40, 20, 2], as_of=AS_OF)
    up = project(DAYS, [1, 20, 40, 60, 80, 98], as_of=AS_OF)
    assert down is not None
    assert up is not None
    assert (down.score, down.low, up.score, up.high) == (0, 0, 100, 100)


def test_every_account_as_by_itself() -> None:
    """Accounts of a portfolio have the projection that each has alone; others have none."""
    values: dict[str, list[float]] = {
        "A": [70, 66, 64, 59, 57, 52], "B": [60, 70, 58, 71, 59, 70], "C": [50],
    }  # fmt: skip
    rows = [
        {"account_id": name, "date": d, **dict.fromkeys("abcd", float(v))}
        for name, series in values.items()
        for d, v in zip(DAYS[-len(series):], series, strict=True)
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    today = frame[frame["date"] == AS_OF].drop(columns="date")
    _, line = scored(today, frame[frame["date"] != AS_OF])
    found = project_accounts(line)
    alone = project(DAYS, values["A"], as_of=AS_OF)
    assert alone is not None
    first = [found[key][0] for key in ("slope", "score", "low", "high")]
    assert first == pytest.approx([alone.slope, alone.score, alone.low, alone.high])
    assert found["slope"].isna().tolist() == [False, True, True]
    assert found["points"].tolist() == [6, 6, 1]
    lost = today.assign(**dict.fromkeys("abcd", math.nan))
    _, line = scored(lost, frame[frame["date"] != AS_OF])
    assert project_accounts(line)["score"].isna().all()
    assert len(project_accounts(scored(today.iloc[:0])[1])) == 0


@given(st.lists(st.floats(0, 100), min_size=5, max_size=8), st.integers(0, 99))
@settings(max_examples=40)
def test_the_order_of_snapshots_is_no_matter(scores: list[float], seed: int) -> None:
    """Shuffled snapshots give the same projection, and its interval holds it."""
    days = [day(20 * i) for i in range(len(scores))]
    pairs = list(zip(days, scores, strict=True))
    found = project(days, scores, as_of=AS_OF)
    mixed = [pairs[i] for i in np.random.default_rng(seed).permutation(len(pairs))]
    again = project([d for d, _ in mixed], [s for _, s in mixed], as_of=AS_OF)
    assert (found is None) == (again is None)
    if found and again:
        assert again.score == pytest.approx(found.score, abs=1e-6)
        assert 0 <= found.low <= found.score <= found.high <= 100
