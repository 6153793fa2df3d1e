"""A portfolio for its workbook, from a scored source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.portfolio_alerts import alert_lines
from pipeline.scored import Scored
from scoring.portfolio_frame import portfolio_frame
from scoring.timeline import score_over_time
from scoring.triggers import TRIGGERS, Trigger
from workbook_templates.portfolio.facts import Portfolio

__all__ = ["portfolio_of"]


def portfolio_of(
    scored: Scored,
    *,
    rates: Mapping[str, float] | None = None,
    triggers: Sequence[Trigger] = TRIGGERS,
) -> Portfolio:
    """All accounts of a scored source as the portfolio workbook shows them.

    Args:
        scored: n accounts, with the history that was read or remembered.
        rates: currency → units of the base currency; without, amounts stay in their own.
        triggers: what *Alerts* lists when it fires.
    """
    model, as_of = scored.scores.model, scored.scores.as_of
    inputs = scored.inputs
    timeline = score_over_time(inputs.accounts, inputs.history, model, as_of=as_of)
    frame = portfolio_frame(scored.accounts, timeline, inputs.tables, as_of=as_of, rates=rates)
    return Portfolio(
        model=model,
        as_of=as_of,
        frame=frame,
        timeline=timeline,
        tables=inputs.tables,
        alerts=alert_lines(inputs, model, as_of=as_of, triggers=triggers),
        problems=scored.problems,
        source=inputs.source,
    )
