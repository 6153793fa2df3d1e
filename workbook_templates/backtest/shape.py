"""What a backtest workbook has room for: it decides how the template is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.validation.records import Backtest

__all__ = ["Shape", "shape_of"]


@dataclass(frozen=True, slots=True)
class Shape:
    """What differs between the templates of two backtests.

    Attributes:
        days: the horizon at which metrics, weights and probabilities are looked at.
        leads: days before the outcome at which metrics were looked at, latest first.
        compared: whether any case was compared; without, there is nothing to draw.
        curve: whether a churn probability was fitted, and stands beside what happened.
        calibrated: whether one was fitted.
        measured: whether the AUC of any dimension is known.
        alerted: whether any trigger's alerts could be followed up.
        changed: what the weights with a proposal beside them are shares of: "score" or
            "dimension"; "" where no weight is to change.
        overridden: whether people's overrides stood at any case.
    """

    days: int = 60
    leads: tuple[int, ...] = ()
    compared: bool = True
    curve: bool = True
    calibrated: bool = True
    changed: str = "score"
    overridden: bool = True
    measured: bool = True
    alerted: bool = True

    @property
    def stands_in(self) -> bool:
        """Whether the page shows dimensions where the curve would stand."""
        return self.compared and self.measured and not self.curve


def shape_of(backtest: Backtest) -> Shape:
    """The shape that a backtest needs."""
    days = sorted({point.days for power in backtest.powers for point in power.by_lead})
    fitted = backtest.calibration is not None
    return Shape(
        days=backtest.days,
        leads=tuple(days),
        compared=any(h.cases for h in backtest.horizons),
        curve=fitted and any(h.curve for h in backtest.horizons if h.days == backtest.days),
        calibrated=fitted,
        measured=any(p.auc.value is not None for p in backtest.powers if p.kind == "dimension"),
        alerted=backtest.alerts is not None
        and any(x.precision.value is not None for x in backtest.alerts.triggers),
        changed=_changed(backtest),
        overridden=backtest.overrides is not None,
    )


def _changed(backtest: Backtest) -> str:
    changed = [c for r in backtest.recommendations if r.kind != "tiers" for c in r.changes]
    if any(not c.of for c in changed):
        return "score"
    return "dimension" if changed else ""
