"""Every number of a review must follow from the rows of the history, by other code."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scoring.alerts import Alert
from scoring.derive import derive_metrics
from scoring.model import LinearCurve, Metric, ScoreModel
from scoring.one import Score, score_one
from scoring.presets import load_preset
from scoring.triggers import TRIGGERS
from scoring.validation.cases import Cases, join_cases
from scoring.validation.records import Review
from scoring.validation.reviews import reviews_of
from scoring.validation.snapshots import take_snapshots
from tests.scoring.judgement.crowd import AS_OF, random_inputs
from tests.scoring.judgement.tracing import (
    DAY,
    NUMBER,
    Claim,
    day,
    near,
    number,
    points,
    unexplained,
)

PRESETS = ("four-dimension", "support", "scorecard")
LOSS = AS_OF - timedelta(days=3)
BEFORE = r"(\d+) days? before"


class Story:
    """One lost account: its rows, oldest first, each scored alone, and its alerts."""

    def __init__(self, cases: Cases, rows: pd.DataFrame, alerts: Sequence[Alert], arr: float):
        self.model, self.oldest, self.arr = cases.snapshots.model, cases.oldest, arr
        ordered = rows.sort_values("date")
        self.days = [pd.Timestamp(d).date() for d in ordered["date"]]
        self.rows = [_known(r) for r in ordered.to_dict("records")]
        pairs = zip(self.rows, self.days, strict=True)
        self.scores: list[Score] = [score_one(r, self.model, as_of=d) for r, d in pairs]
        late = [a for a in alerts if 0 < (LOSS - a.day).days <= 180]
        self.alerts = sorted(a.day for a in late)
        self.episodes = _episodes(late)

    def total(self, row: int | None) -> float:
        """Score of a row, NaN for none; a new account's placeholder is none."""
        if row is None or self.scores[row].status == "Provisional":
            return math.nan
        return float(self.scores[row].total)

    def at(self, back: int) -> int | None:
        """The row that stood so many days before."""
        fits = [i for i, d in enumerate(self.days) if back <= (LOSS - d).days <= back + self.oldest]
        return max(fits, default=None)

    def level(self, row: int, metric: Metric) -> float:
        """Points of a metric on a row, NaN where it is not known."""
        raw = self.rows[row].get(metric.key)
        return math.nan if raw is None else points(metric, raw)

    def levels(self) -> tuple[list[float], list[float]] | None:
        """Points of each metric 90 (else 60) days before, and last."""
        then = self.at(90) if self.at(90) is not None else self.at(60)
        last = len(self.rows) - 1
        if then is None or then == last:
            return None
        return tuple([self.level(i, m) for m in self.model.metrics] for i in (then, last))  # type: ignore[return-value]


def _known(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(k): v for k, v in row.items() if not (v is None or v is pd.NaT or v != v)}


def _alerts(ids: Sequence[str], dice: np.random.Generator) -> list[Alert]:
    rules = [t for t in TRIGGERS if t.key in ("enters_red", "drop_10")]
    out = []
    for account in ids:
        for _ in range(int(dice.integers(0, 4))):
            rule, back = rules[int(dice.integers(0, 2))], int(dice.integers(0, 220))
            when = LOSS - timedelta(days=back)
            out.append(Alert(account, when, rule.key, rule.title("Red"), "a → b", rule.severity,
                             rule.owner, rule.action, when, "", ""))  # fmt: skip
    return out


@pytest.fixture(scope="module", params=PRESETS)
def told(request: pytest.FixtureRequest) -> list[tuple[Review, Story]]:
    """Random accounts of a preset, all lost on one day, with their rows."""
    model: ScoreModel = load_preset(request.param)
    inputs = random_inputs(model, 80)
    history = derive_metrics(inputs.history, model, AS_OF)
    ids = sorted(set(history["account_id"]))
    dice = np.random.default_rng(5)
    amounts = {a: float(x) for a, x in zip(ids, dice.choice([950, 45_320, 1_250_000], len(ids)),
                                           strict=True)}  # fmt: skip
    outcomes = pd.DataFrame({
        "account_id": ids, "outcome": "churned", "date": pd.Timestamp(LOSS),
        "arr": [amounts[a] for a in ids], "currency": "USD",
    })  # fmt: skip
    alerts = _alerts(ids, dice)
    cases = join_cases(outcomes, take_snapshots(inputs.history, model), days=60)
    rows = dict(list(history.groupby("account_id")))
    return [
        (r, Story(cases, rows[r.account_id], [a for a in alerts if a.account == r.account_id],
                  amounts[r.account_id]))
        for r in reviews_of(cases, alerts, {})
    ]  # fmt: skip


def _shown(x: float) -> float:
    return math.floor(x + 0.5 + 1e-9) if x == x else math.nan


def _episodes(alerts: Sequence[Alert]) -> int:
    """Alerts that are no repeat of their trigger within 30 days of an episode's first."""
    count = 0
    for key in {a.trigger for a in alerts}:
        first = date.min
        for when in sorted(a.day for a in alerts if a.trigger == key):
            if first == date.min or (when - first).days > 30:
                count, first = count + 1, when
    return count


def _summary_claims(review: Review, s: Story) -> Iterator[Claim]:
    yield rf"lost on {DAY}", lambda t: day(t[1]) == LOSS == review.day

    def amount(t: re.Match[str]) -> bool:
        size = {"": 1.0, "K": 1e3, "M": 1e6}[t[2]]
        return near(t[1], s.arr / size)

    yield r"^\$([\d.]+)([KM]?) lost", amount

    def score(t: re.Match[str]) -> bool:
        at = [i for i, d in enumerate(s.days) if (LOSS - d).days == int(t[3])]
        return any(
            _shown(s.total(i)) == int(t[1]) and s.model.tier_label(s.scores[i].tier) == t[2]
            for i in at
        )

    yield rf"(\d+) ([A-Z]\w+) {BEFORE}", score
    yield rf"no score stood {BEFORE}", lambda t: math.isnan(s.total(s.at(int(t[1]))))
    yield (rf"(\d+) alerts? fired, (?:the first )?{BEFORE}",
           lambda t: (int(t[1]), int(t[2])) == (s.episodes, (LOSS - s.alerts[0]).days))  # fmt: skip
    yield r"nothing fell by 5 points or more", lambda t: _most(s)[0] < 5
    yield (rf"fell most, from {NUMBER} to {NUMBER} points",
           lambda t: _most(s)[1:] == (number(t[1]), number(t[2])))  # fmt: skip


def _most(s: Story) -> tuple[float, float, float]:
    """The largest fall of a metric, and its points before and last as shown."""
    found = s.levels()
    assert found is not None
    pairs = [
        (a - b, _shown(a), _shown(b)) for a, b in zip(*found, strict=True) if a == a and b == b
    ]
    return max(pairs, key=lambda p: p[0], default=(0.0, 0.0, 0.0))


def _fell_claims(s: Story) -> Iterator[Claim]:
    found = s.levels()
    assert found is not None
    falls = [(_shown(a), _shown(b), m) for m, a, b in zip(s.model.metrics, *found, strict=True)
             if a - b >= 5]  # fmt: skip
    yield (rf"from {NUMBER} to {NUMBER} points",
           lambda t: (number(t[1]), number(t[2])) in [(a, b) for a, b, _ in falls])  # fmt: skip

    def value(t: re.Match[str]) -> bool:
        numeric = [m for *_, m in falls if isinstance(m.curve, LinearCurve)]
        scales = [100.0 if m.unit in ("fraction", "change") else 1.0 for m in numeric]
        raws = [float(s.rows[-1][m.key]) for m in numeric]
        return any(near(t[1], x, scale=k) for x, k in zip(raws, scales, strict=True))

    yield rf"{NUMBER}(?:%| of \d+| a \w+| days?)?", value


def _missed_claims(s: Story) -> Iterator[Claim]:
    early = s.at(60)
    at = len(s.rows) - 1 if early is None else early
    when = r"(?:60 days before|in the last snapshot)"
    metrics = s.model.metrics
    gone = [m for m in metrics if s.rows[at].get(m.key) is None]
    yield (rf"(\d+) of (\d+) metrics had no value {when}",
           lambda t: (int(t[1]), int(t[2])) == (len(gone), len(metrics)))  # fmt: skip
    yield r"and (\d+) more", lambda t: int(t[1]) == len(gone) - 3
    yield rf"Only a score is known {when}", lambda t: len(gone) == len(metrics)
    coverage = float(s.scores[at].coverage)
    yield rf"(\d+)% of the weight was known(?: {when})?", lambda t: near(t[1], coverage, scale=100)
    yield rf"No score stood {when}:", lambda t: math.isnan(s.total(at))
    yield r"The first snapshot stands (\d+) days", lambda t: int(t[1]) == (LOSS - s.days[0]).days
    yield r"The last snapshot stands (\d+) days", lambda t: int(t[1]) == (LOSS - s.days[-1]).days
    yield (r"No snapshot stands 60 to (\d+) days",
           lambda t: early is None and int(t[1]) == 60 + s.oldest)  # fmt: skip
    yield r"No alert fired in the 180 days before", lambda t: not s.alerts

    def red(t: re.Match[str]) -> bool:
        later = zip(s.scores, s.days, strict=True)
        return {x.tier for x, d in later if d >= day(t[1])} == {"red"}

    yield rf"Red since {DAY}", red
    yield rf"The first alert fired {BEFORE}", lambda t: (LOSS - s.alerts[0]).days == int(t[1])
    yield r"No metric fell by 5 points or more in the last 90 days", lambda t: _most(s)[0] < 5

    def healthy(t: re.Match[str]) -> bool:
        known = [s.level(len(s.rows) - 1, m) for m in metrics]
        return int(t[1]) == sum(x == x for x in known)

    yield r"All (\d+)(?: known)? metrics stayed healthy", healthy


def test_every_number_of_a_summary_is_in_the_data(told: list[tuple[Review, Story]]) -> None:
    """Amount, day, scores, alerts and the largest fall."""
    for review, story in told:
        left = unexplained(review.summary, list(_summary_claims(review, story)))
        assert not left, (review.summary, left)
    texts = " ".join(review.summary for review, _ in told)
    for said in ("fired, the first", "No alert fired", "fell most", "K lost", "M lost"):
        assert said in texts


def test_every_number_of_what_fell_is_in_the_data(told: list[tuple[Review, Story]]) -> None:
    """The value of the last row, and points before and last."""
    some = [(text, s) for review, s in told for text in review.fell]
    assert len(some) > 20
    for text, story in some:
        left = unexplained(text, list(_fell_claims(story)))
        # A metric's own name may have a number in it.
        names = " ".join(m.name for m in story.model.metrics)
        left = [x for x in left if not any(n in x for n in re.findall(r"\d+ \w+", names))]
        assert not left, (text, left)


def test_every_number_of_what_was_missed_is_in_the_data(told: list[tuple[Review, Story]]) -> None:
    """Counts of metrics, coverage, days, and that nothing fell or all was healthy."""
    for review, story in told:
        for text in review.missed:
            names = "|".join(re.escape(re.sub(r"\s*\(.*", "", m.name)) for m in story.model.metrics)
            plain = re.sub(names, "metric", text)
            left = unexplained(plain, list(_missed_claims(story)))
            assert not left, (text, left)


def test_scores_and_alerts_are_those_of_the_rows(told: list[tuple[Review, Story]]) -> None:
    """Each score is that of the row alone, and the alerts are as many as there are episodes."""
    for review, s in told:
        for score in review.scores:
            at = len(s.rows) - 1 if score.days == 0 else s.at(score.days)
            assert (score.seen is None) == (at is None)
            if at is not None:
                assert score.seen == s.days[at]
            known = math.nan if score.score is None else score.score
            assert known == pytest.approx(s.total(at), nan_ok=True)
        assert len(review.alerts) == s.episodes
        assert all(0 < a.days_before <= 180 for a in review.alerts)
