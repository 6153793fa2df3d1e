"""The blocks of a *Model* sheet: their headings, columns and what each cell may hold.

A key stands in column A, a name in B, the weight or value in C; the source is last in its block,
where a long text has room. Readers match headings and headers by text, so people may move them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from scoring.model import TierKey, Unit

__all__ = ["BLOCKS", "BREAKPOINTS", "PROPERTIES", "Block", "Field", "FieldKind"]

FieldKind = Literal[
    "text",
    "aliases",  # texts with semicolons between
    "number",
    "end",  # a number, or "open" where a range has no limit
    "fraction",  # 0.5 or 50%
    "weight",  # 35 or 35%
    "points",  # 0 to 100, or a percentage
    "whole",
    "yes_no",
    "word",  # one of ``words``
    "raw",  # a number in the metric's unit, or a state's word
]

BREAKPOINTS = 8
"""Most breakpoints of a curve, and so the pairs of columns x1, y1 … on the sheet."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a block, or one property.

    Attributes:
        key: name inside the product.
        header: text on the sheet.
        kind: how its cells are read.
        words: allowed words of a ``word`` cell.
        help: one sentence for people who edit the cell.
    """

    key: str
    header: str
    kind: FieldKind
    words: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a header row and one row for each part of the model."""

    key: str
    heading: str
    fields: tuple[Field, ...]
    required: bool = True

    def column(self, field: str) -> int:
        """0-based column at which the product writes a field; KeyError for an unknown one."""
        for index, candidate in enumerate(self.fields):
            if candidate.key == field:
                return index
        raise KeyError(f"{self.heading} has no column {field!r}")


_ALIASES = Field("aliases", "Aliases", "aliases", help="Other headers, with semicolons between.")
_SOURCE = Field("source", "Source", "text", help='Document and place, or "ours:" and the reason.')

PROPERTIES: tuple[Field, ...] = (
    Field("name", "Name", "text", help="Small letters, digits and hyphens."),
    Field("version", "Version", "text", help='Numbers with dots, such as "1.2".'),
    Field("title", "Title", "text", help="One line that says what the model is for."),
    Field("source", "Source", "text", help="Where the model comes from."),
    Field("typed", "Typed dimensions", "word", ("rating", "points"),
          "What a typed dimension holds: a rating 1 to 5 or points 0 to 100."),
    Field("missing", "Missing values", "word", ("reweight", "zero", "neutral"),
          "How a missing value counts."),
    Field("min_coverage", "Minimum coverage", "fraction",
          help="Least share of weight that must be observed, 0 to 1."),
    Field("smoothing_days", "Smoothing days", "whole", help="0 for no smoothing."),
    Field("neutral_days", "Neutral days", "whole",
          help="Up to this day an account has the neutral score."),
    Field("neutral_score", "Neutral score", "points", help="Score of a brand-new account."),
    Field("partial_days", "Partial days", "whole",
          help="Up to this day confidence in the score is lowered."),
    Field("partial_coverage", "Partial coverage", "fraction",
          help="Least share of weight observed up to the partial days, 0 to 1."),
    Field("onboarding_days", "Onboarding days", "whole",
          help="Up to this day the onboarding weights count."),
    Field("lifecycle_source", "Lifecycle source", "text", help=_SOURCE.help),
)  # fmt: skip

_TIERS = (
    Field("key", "Tier", "word", get_args(TierKey), "green, amber or red."),
    Field("label", "Label", "text", help="The word that people read."),
    Field("starts_at", "Starts at", "points", help="Lowest score of the tier, 0 to 100."),
)
_DIMENSIONS = (
    Field("key", "Key", "text", help="Small letters, digits and underscores."),
    Field("name", "Name", "text", help="The name that people read."),
    Field("weight", "Weight", "weight", help="Share of the score; best sums to 100."),
    Field("enterprise", "Enterprise", "weight", help="Weight for enterprise accounts."),
    Field("mid_market", "Mid-market", "weight", help="Weight for mid-market accounts."),
    Field("smb", "SMB", "weight", help="Weight for small accounts."),
    Field("onboarding", "Onboarding", "weight", help="Weight while an account is new."),
    Field("typical_low", "Typical low", "weight", help="Lowest weight called typical."),
    Field("typical_high", "Typical high", "weight", help="Highest weight called typical."),
    _ALIASES,
    _SOURCE,
)
_GATES = (
    Field("key", "Key", "text", help="Small letters, digits and underscores."),
    Field("name", "Name", "text", help="The header of its yes/no column."),
    Field("cap", "Cap", "word", get_args(TierKey), "Best tier while the condition holds."),
    _SOURCE,
)
_METRICS = (
    Field("key", "Key", "text", help="Small letters, digits and underscores."),
    Field("name", "Name", "text", help="The name that people read."),
    Field("weight", "Weight", "weight", help="Share of its dimension; best sums to 100."),
    Field("dimension", "Dimension", "text", help="Key of a dimension above."),
    Field("unit", "Unit", "word", get_args(Unit), "Unit of the raw value."),
    Field("scale_low", "Scale low", "end", help="Lowest valid raw value; blank if open."),
    Field("scale_high", "Scale high", "end", help="Highest valid raw value; blank if open."),
    Field("healthy_low", "Healthy low", "end", help="From here on healthy; blank if open."),
    Field("healthy_high", "Healthy high", "end", help="Up to here healthy; blank if open."),
    Field("max_age_days", "Max age (days)", "whole", help="Older values count as missing."),
    Field("leading", "Leading", "yes_no", ("Yes", "No"), "Yes if it moves before the outcome."),
    Field("curve", "Curve", "word", ("linear", "states"), "linear for numbers, states for words."),
    *(
        field
        for k in range(1, BREAKPOINTS + 1)
        for field in (
            Field(f"x{k}", f"x{k}", "raw", help="Raw value in the metric's unit, or a word."),
            Field(f"y{k}", f"y{k}", "points", help="Points at this raw value, 0 to 100."),
        )
    ),
    _ALIASES,
    _SOURCE,
)

BLOCKS: Mapping[str, Block] = {
    block.key: block
    for block in (
        Block(
            "properties",
            "Properties",
            (Field("property", "Property", "text"), Field("value", "Value", "text")),
        ),
        Block("tiers", "Tiers", _TIERS),
        Block("dimensions", "Dimensions", _DIMENSIONS),
        Block("gates", "Gates", _GATES, required=False),
        Block("metrics", "Metrics", _METRICS, required=False),
    )
}
"""Blocks by key, in the order in which the product writes them."""
