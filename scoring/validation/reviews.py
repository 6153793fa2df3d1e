"""What is to be learned of each lost account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from scoring.alerts import Alert
from scoring.validation.cases import Cases
from scoring.validation.records import Review

__all__ = ["reviews_of"]


def reviews_of(
    cases: Cases, alerts: Sequence[Alert], tables: Mapping[str, pd.DataFrame]
) -> tuple[Review, ...]:
    """A review of every lost account, newest loss first."""
    return ()
