"""A portfolio for its workbook, from a scored source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.portfolio_alerts import alert_lines
from pipeline.portfolio_typed import Typed
from pipeline.scored import Scored
from scoring.judgement.actions_many import all_actions, plan_portfolio
from scoring.judgement.flags import loud_alerts, loud_risks, unflagged
from scoring.judgement.library import load_library
from scoring.judgement.portfolio_goal import portfolio_goals
from scoring.judgement.review import review_lines
from scoring.judgement.risks import find_risks
from scoring.judgement.risks_many import portfolio_risks
from scoring.portfolio_frame import action_columns, portfolio_frame
from scoring.timeline import score_over_time
from scoring.triggers import TRIGGERS, Trigger
from workbook_templates.portfolio.facts import Portfolio

__all__ = ["portfolio_of"]

_NOTHING = Typed()


def portfolio_of(
    scored: Scored,
    *,
    rates: Mapping[str, float] | None = None,
    triggers: Sequence[Trigger] = TRIGGERS,
    typed: Typed = _NOTHING,
) -> Portfolio:
    """All accounts of a scored source as the portfolio workbook shows them.

    Args:
        scored: n accounts, with the history that was read or remembered.
        rates: currency → units of the base currency; without, amounts stay in their own.
        triggers: what *Alerts* lists when it fires.
        typed: what people typed into the workbook; overrides that count are in the scores already.
    """
    model, as_of = scored.scores.model, scored.scores.as_of
    inputs = scored.inputs
    timeline = score_over_time(inputs.accounts, inputs.history, model, as_of=as_of)
    tables = inputs.tables
    frame = portfolio_frame(scored.accounts, timeline, tables, as_of=as_of, rates=rates)
    library = inputs.library or load_library()
    found = find_risks(scored.accounts, timeline, tables, as_of=as_of, library=library)
    alerts = alert_lines(inputs, model, as_of=as_of, triggers=triggers)
    alerts = loud_alerts(alerts, typed.flags, as_of=as_of)
    ids, tiers = frame["account_id"].tolist(), frame["tier"].tolist()
    loud = loud_risks(found, ids, tiers, typed.flags, as_of=as_of)
    actions = plan_portfolio(
        scored.accounts, frame, timeline, tables, loud, library,
        as_of=as_of, kept=typed.actions, alerts=unflagged(alerts, typed.flags),
    )  # fmt: skip
    review = review_lines(
        frame, scored.accounts, actions, loud, model, as_of=as_of, flags=typed.flags,
        names={risk.key: risk.name for risk in library.risks},
    )  # fmt: skip
    told = action_columns(all_actions(tables.get("Actions"), actions), scored.accounts)
    return Portfolio(
        model=model,
        as_of=as_of,
        frame=_with(frame, told),
        timeline=timeline,
        tables=tables,
        risks=portfolio_risks(found, frame, as_of=as_of),
        library=library,
        alerts=alerts,
        actions=actions,
        overrides=typed.overrides,
        review=review,
        goals=portfolio_goals(scored.accounts, frame, model, as_of=as_of, efforts=inputs.efforts),
        problems=scored.problems,
        source=inputs.source,
        chances=inputs.chances,
        backtest=inputs.backtest,
    )


def _with(frame: pd.DataFrame, columns: Mapping[str, Any]) -> pd.DataFrame:
    """The frame with other values in some columns; its notes stay."""
    out = frame.assign(**columns)
    out.attrs.update(frame.attrs)
    return out
