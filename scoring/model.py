"""A score model: dimensions, metrics, curves, tiers and policy, as frozen data.

RevOps changes a model in TOML or on a *Model* sheet; the engine, the cell functions and the
workbooks all read this one object and nothing else.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]
Source = Annotated[str, StringConstraints(strip_whitespace=True)]
# One header text; a Model sheet keeps several in one cell, with semicolons between.
Alias = Annotated[
    str, StringConstraints(pattern=r"^[^;\n]+$", max_length=80, strip_whitespace=True)
]
TierKey = Literal["green", "amber", "red"]
Segment = Literal["enterprise", "mid_market", "smb"]
Unit = Literal[
    "fraction",  # 0.48 inside, 48% on a sheet
    "change",  # signed fraction against an earlier period, +0.18 is +18%
    "count",
    "days",
    "per_week",
    "per_month",
    "rating",  # 1 to 5 given by a person
    "csat",  # survey mean; the metric's scale says 1 to 5 or 0 to 10
    "nps_index",  # -100 to 100, many people
    "nps_response",  # 0 to 10, one person
    "points",  # 0 to 100
    "state",  # one word of a list
]

SEGMENTS: tuple[Segment, ...] = ("enterprise", "mid_market", "smb")


class Frozen(BaseModel):
    """Base of all parts of a model: immutable, no unknown fields, no NaN."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class LinearCurve(Frozen):
    """Raw value → points by straight lines between breakpoints, level outside them.

    ``points`` holds 2 to 8 pairs (raw value in the metric's unit, points 0–100); raw values rise.
    """

    kind: Literal["linear"] = "linear"
    points: Annotated[tuple[tuple[float, float], ...], Field(min_length=2, max_length=8)]

    @field_validator("points")
    @classmethod
    def _rising(cls, points: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        xs = [x for x, _ in points]
        if any(b <= a for a, b in pairwise(xs)):
            raise ValueError(f"raw values must rise from left to right, got {xs}")
        # Beyond this the slope between two of them is no number any more.
        if any(not 1e-100 < b - a < 1e100 for a, b in pairwise(xs)):
            raise ValueError(f"raw values lie too close together or too far apart, got {xs}")
        if any(not 0 <= y <= 100 for _, y in points):
            raise ValueError(f"points must lie in 0 to 100, got {[y for _, y in points]}")
        return points


class StateCurve(Frozen):
    """A word → points; words match without case. ``points`` holds 2 to 8 pairs, best first."""

    kind: Literal["states"] = "states"
    points: Annotated[tuple[tuple[Name, float], ...], Field(min_length=2, max_length=8)]

    @field_validator("points")
    @classmethod
    def _distinct(cls, points: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
        words = [word.casefold() for word, _ in points]
        if len(set(words)) != len(words):
            raise ValueError(f"each word may stand once, got {words}")
        if any(not 0 <= y <= 100 for _, y in points):
            raise ValueError(f"points must lie in 0 to 100, got {[y for _, y in points]}")
        return points

    @property
    def words(self) -> tuple[str, ...]:
        """The allowed words, best first."""
        return tuple(word for word, _ in self.points)


Curve = Annotated[LinearCurve | StateCurve, Field(discriminator="kind")]


class Metric(Frozen):
    """One measured thing of an account.

    ``weight`` is its share of the dimension (any positive scale; normalised when scoring).
    ``scale`` bounds valid raw values; a value outside is an error, never clipped.
    ``healthy`` is the raw range called healthy, ``(0.25, None)`` meaning from 0.25 up; without it
    the range with the most points of the curve counts. ``source`` says where the threshold
    stands, or ``ours: …`` where no document gives it.
    """

    key: Key
    name: Name
    weight: Annotated[float, Field(gt=0)]
    unit: Unit
    curve: Curve
    scale: tuple[float | None, float | None] = (None, None)
    healthy: tuple[float | None, float | None] | None = None
    max_age_days: Annotated[int, Field(gt=0)] | None = None
    leading: bool = False
    source: Annotated[Source, StringConstraints(min_length=1)]
    aliases: tuple[Alias, ...] = ()

    @model_validator(mode="after")
    def _curve_fits_unit(self) -> Self:
        if (self.unit == "state") != (self.curve.kind == "states"):
            raise ValueError(f"metric {self.key}: unit 'state' and a states curve go together")
        low, high = self.scale
        if low is not None and high is not None and low >= high:
            raise ValueError(f"metric {self.key}: scale {self.scale} must rise")
        return self

    @property
    def healthy_range(self) -> tuple[float | None, float | None]:
        """Raw range called healthy, open ends as None; (None, None) for a state metric."""
        if self.healthy is not None or isinstance(self.curve, StateCurve):
            return self.healthy or (None, None)
        pairs = self.curve.points
        best = max(y for _, y in pairs)
        xs = [x for x, y in pairs if y == best]
        low = None if xs[0] == pairs[0][0] else xs[0]
        high = None if xs[-1] == pairs[-1][0] else xs[-1]
        return (low, high)


class Dimension(Frozen):
    """A group of metrics with a weight in the total.

    ``weight`` and the segment and onboarding weights share one scale over the model's dimensions.
    ``weight_range`` is the range a document calls typical; outside it is a lint, not an error.
    """

    key: Key
    name: Name
    weight: Annotated[float, Field(gt=0)]
    # More would be no reason that anybody could follow; and what explains a score takes time.
    metrics: Annotated[tuple[Metric, ...], Field(max_length=30)] = ()
    segment_weights: dict[Segment, Annotated[float, Field(ge=0)]] = {}
    onboarding_weight: Annotated[float, Field(ge=0)] | None = None
    weight_range: tuple[float, float] | None = None
    source: Annotated[Source, StringConstraints(min_length=1)]
    aliases: tuple[Alias, ...] = ()

    @field_validator("segment_weights")
    @classmethod
    def _in_order(cls, weights: dict[Segment, float]) -> dict[Segment, float]:
        # The digest reads the content in order; equal models must not differ by it.
        return {segment: weights[segment] for segment in SEGMENTS if segment in weights}


class Tier(Frozen):
    """A tier and the whole-number score at which it starts. ``label`` is the word people read."""

    key: TierKey
    label: Name
    starts_at: Annotated[float, Field(ge=0, le=100)]


class Gate(Frozen):
    """A fatal condition (a yes/no column) that caps the tier whatever the score says."""

    key: Key
    name: Name
    cap: TierKey
    source: Source = ""


class Lifecycle(Frozen):
    """How young accounts are scored; days count from the start date, each bound inclusive.

    To ``partial_days`` a score stands on fewer data than ``min_coverage`` asks for, but not on
    less than ``partial_coverage`` (ours: one metric of twenty is no score).
    """

    neutral_days: int = 14
    neutral_score: Annotated[float, Field(ge=0, le=100)] = 50.0
    partial_days: int = 30
    partial_coverage: Annotated[float, Field(ge=0, le=1)] = 0.2
    onboarding_days: int = 90
    source: Source = "003 Edge cases, new accounts lack history"


class ScoreModel(Frozen):
    """A named, versioned score model. Equal models have equal ``digest``.

    ``typed`` says what a dimension's own column holds when a person types it: a ``rating`` 1–5 or
    ``points`` 0–100. A typed dimension wins over the one computed from metrics; with ``rating``
    the computed one is rounded half-up to a whole rating too.
    """

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)]
    version: Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+)*$")]
    title: Name
    source: Source
    typed: Literal["rating", "points"]
    dimensions: Annotated[tuple[Dimension, ...], Field(min_length=1, max_length=12)]
    tiers: tuple[Tier, Tier, Tier]
    missing: Literal["reweight", "zero", "neutral"] = "reweight"
    min_coverage: Annotated[float, Field(ge=0, le=1)] = 0.5
    smoothing_days: Annotated[int, Field(ge=0)] = 0
    lifecycle: Lifecycle = Lifecycle()
    gates: tuple[Gate, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        keys = [d.key for d in self.dimensions] + [m.key for m in self.metrics]
        keys += [g.key for g in self.gates]
        twice = sorted({k for k in keys if keys.count(k) > 1})
        if twice:
            raise ValueError(f"each key may stand once in a model; repeated: {', '.join(twice)}")
        for segment in (None, *SEGMENTS):
            if not 0 < sum(_weight(d, segment, False) for d in self.dimensions) < math.inf:
                raise ValueError(f"weights of {segment or 'dimensions'} must sum to more than 0")
        if not 0 < sum(_weight(d, None, True) for d in self.dimensions) < math.inf:
            raise ValueError("onboarding weights must sum to more than 0")
        if [t.key for t in self.tiers] != ["green", "amber", "red"]:
            raise ValueError("tiers must be green, amber, red, in this order")
        if not self.tiers[0].starts_at > self.tiers[1].starts_at > self.tiers[2].starts_at == 0:
            raise ValueError("tiers must start at falling scores, red at 0")
        return self

    @cached_property
    def metrics(self) -> tuple[Metric, ...]:
        """All metrics in dimension order."""
        return tuple(m for d in self.dimensions for m in d.metrics)

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """Keys of everything that can carry a contribution: metrics, then typed dimensions."""
        return tuple(m.key for m in self.metrics) + tuple(d.key for d in self.dimensions)

    @cached_property
    def digest(self) -> str:
        """Hash of the whole content: two models with one digest score alike."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    @property
    def label(self) -> str:
        """Name and version as printed beside every score, ``scorecard 1.0``."""
        return f"{self.name} {self.version}"

    def __hash__(self) -> int:
        return hash(self.digest)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with some fields replaced; the new values are not validated."""
        copy = super().model_copy(update=update, deep=deep)
        # Pydantic copies cached properties along, so a changed model would keep its old digest.
        for name in ("metrics", "inputs", "digest"):
            copy.__dict__.pop(name, None)
        return copy

    def weights(self, segment: Segment | None = None, *, onboarding: bool = False) -> list[float]:
        """Dimension weights as shares that sum to 1, for a segment or for onboarding."""
        raw = [_weight(d, segment, onboarding) for d in self.dimensions]
        total = sum(raw)
        return [w / total for w in raw]

    def tier_label(self, key: str) -> str:
        """The word people read for a tier key; empty for no tier."""
        return next((t.label for t in self.tiers if t.key == key), "")


def _weight(dimension: Dimension, segment: Segment | None, onboarding: bool) -> float:
    if onboarding and dimension.onboarding_weight is not None:
        return dimension.onboarding_weight
    if segment is None:
        return dimension.weight
    return dimension.segment_weights.get(segment, dimension.weight)
