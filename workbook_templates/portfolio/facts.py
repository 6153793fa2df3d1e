"""Everything the portfolio workbook says, gathered once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from scoring.amounts import main_currency
from scoring.capacity import csm_loads
from scoring.inputs import Problem
from scoring.judgement.library import Library, load_library
from scoring.judgement.portfolio_goal import PortfolioGoals
from scoring.judgement.portfolio_summary import Findings, Said, portfolio_summary
from scoring.judgement.review import ReviewLine
from scoring.judgement.risks_many import PortfolioRisks, no_risks
from scoring.look_alikes import expansion_look_alikes
from scoring.model import ScoreModel
from scoring.renewal import ILLUSTRATION, Chances
from scoring.timeline import Timeline
from scoring.trends import Trend, trends
from workbook_templates.portfolio import basis
from workbook_templates.portfolio.spoken import money_words

if TYPE_CHECKING:
    from scoring.validation.records import Backtest

__all__ = ["Portfolio"]


@dataclass(frozen=True)
class Portfolio:
    """Many accounts on one day.

    Attributes:
        model, as_of: what scored them, and for which day.
        frame: one row an account, as `scoring.portfolio_frame.portfolio_frame` makes it; in the
            order of the source.
        timeline: today's `Scores` and the snapshots before, row by row as in ``frame``.
        tables: optional sheets of the source (*Actions*, *Risks*, …) by name.
        risks: of all accounts, listed and counted. library: by whose definitions.
        alerts: lines of the *Alerts* sheet, columns as in `tables.ALERTS`; may be empty.
        actions: what to do, columns as in `actions_many.COLUMNS`; may be empty.
        overrides: rows of *Overrides* as people left them, keys of `columns.OVERRIDES`.
        review: what a manager must look at, the most pressing first.
        goals: what can be reached in 30 days; None where nobody worked it out.
        problems: what was wrong in the source.
        source: what was read.
        chances: renewal probabilities by score: the illustration, or a calibration.
        backtest: the backtest that is named, used or not; None without one.
    """

    model: ScoreModel
    as_of: date
    frame: pd.DataFrame
    timeline: Timeline
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    risks: PortfolioRisks = field(default_factory=no_risks)
    library: Library = field(default_factory=load_library)
    alerts: pd.DataFrame = field(default_factory=pd.DataFrame)
    actions: pd.DataFrame = field(default_factory=pd.DataFrame)
    overrides: Sequence[Mapping[str, Any]] = ()
    review: Sequence[ReviewLine] = ()
    goals: PortfolioGoals | None = None
    problems: tuple[Problem, ...] = ()
    source: str = ""
    chances: Chances = ILLUSTRATION
    backtest: Backtest | None = None

    @cached_property
    def trends(self) -> tuple[Trend, ...]:
        """What gets worse or better in many accounts of a segment; several sheets tell it."""
        return trends(self.frame, self.timeline, chances=self.chances)

    @cached_property
    def sentences(self) -> tuple[Said, ...]:
        """The portfolio in sentences, amounts as the workbook writes them."""
        sign = basis.currency_sign(main_currency(self.frame))
        alike = expansion_look_alikes(self.frame, self.model)
        found = Findings(self.trends, csm_loads(self.frame), alike)
        return portfolio_summary(
            self.frame, self.timeline, found, money=lambda amount: money_words(amount, sign)
        )
