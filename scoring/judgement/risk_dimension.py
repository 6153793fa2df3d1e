"""Which dimension of a model a risk or a positive belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from scoring.columns import normalise
from scoring.judgement.facts import FactTable

if TYPE_CHECKING:
    from scoring.judgement.library import PositiveDefinition, RiskDefinition

__all__ = ["DIMENSIONS", "dimension_of"]

DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    "usage": ("usage", "product_adoption", "product_engagement", "adoption", "product"),
    "engagement": ("engagement", "relationship", "relationship_health"),
    "outcomes": ("outcomes", "value", "goals", "engagement", "relationship"),
    "sentiment": ("sentiment", "satisfaction", "support_health", "support"),
    "support": ("support_health", "support", "satisfaction", "sentiment"),
    "commercial": ("commercial", "financial", "business_health", "business", "finance"),
    "data": (),
}
"""Topic → dimension keys in which it may stand, the closest first."""


def dimension_of(definition: RiskDefinition | PositiveDefinition, facts: FactTable) -> str:
    """Key of the dimension of its topic, else of the metric it rests on; "" for none."""
    found = _by_topic(definition.topic, facts)
    column = next((c for k in definition.evidence if (c := facts.column(k))), None)
    if found or definition.topic == "data" or column is None or column.metric is None:
        return found
    metric = column.metric.key
    held = (d.key for d in facts.model.dimensions if any(m.key == metric for m in d.metrics))
    return next(held, "")


def _by_topic(topic: str, facts: FactTable) -> str:
    by_name: dict[str, str] = {}
    by_alias: dict[str, str] = {}
    for dimension in facts.model.dimensions:
        for text in (dimension.key, dimension.name):
            by_name.setdefault(normalise(text), dimension.key)
        for text in dimension.aliases:
            by_alias.setdefault(normalise(text), dimension.key)
    wanted = [normalise(word) for word in DIMENSIONS[topic]]
    # A dimension that is called so comes before one that also answers to the name.
    return next((named[k] for named in (by_name, by_alias) for k in wanted if k in named), "")
