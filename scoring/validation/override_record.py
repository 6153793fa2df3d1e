"""Whether people who overrode the score were right."""

from __future__ import annotations

from scoring.validation.cases import Cases
from scoring.validation.records import OverrideRecord

__all__ = ["override_record"]


def override_record(cases: Cases, *, days: int) -> OverrideRecord | None:
    """Overrides that stood *days* before an outcome; None where there were none."""
    return None
