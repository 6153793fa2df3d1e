"""A leader's own accounts: the portfolio without anything of another team."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from pipeline.portfolio import portfolio_of
from pipeline.portfolio_typed import Typed
from pipeline.scored import Scored, score_inputs
from scoring.inputs import Problem
from scoring.judgement.actions_kept import plain_text
from scoring.triggers import TRIGGERS, Trigger
from workbook_templates.portfolio.facts import Portfolio

__all__ = ["leader_portfolio"]


def leader_portfolio(
    scored: Scored,
    wanted: Collection[str],
    typed: Typed,
    *,
    rates: Mapping[str, float] | None = None,
    triggers: Sequence[Trigger] = TRIGGERS,
) -> Portfolio:
    """The portfolio of some accounts, as if the source held no others.

    It is scored and judged anew, so that peers, trends and totals are the leader's own too.

    Args:
        scored: all accounts.
        wanted: ids of the leader's.
        typed: what people typed into the portfolio workbook.
        rates: as for `portfolio_of`.
        triggers: likewise.
    """
    ids = frozenset(wanted)
    everyone = scored.inputs.accounts
    if ids >= set(everyone["account_id"]):
        return portfolio_of(scored, rates=rates, triggers=triggers, typed=typed)
    whose = _resolver(everyone)
    inputs = scored.inputs.of_accounts(ids)
    problems = tuple(p for p in inputs.problems if _of_column(p) or whose(p.account) in ids)
    # What a contradiction or an expired override says is found anew, of these accounts alone.
    mine = score_inputs(
        replace(inputs, problems=problems), scored.scores.model, as_of=scored.scores.as_of
    )

    def rows(given: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        return [row for row in given if whose(row.get("account_id"), row.get("account")) in ids]

    own = Typed(
        actions=rows(typed.actions),
        overrides=rows(typed.overrides),
        flags=tuple(flag for flag in typed.flags if flag.account_id in ids),
    )
    return portfolio_of(mine, rates=rates, triggers=triggers, typed=own)


def _of_column(problem: Problem) -> bool:
    """Whether it is of a whole column, and so names nobody; one of a whole sheet may."""
    return bool(problem.column) and problem.row is None and not problem.value


def _resolver(accounts: pd.DataFrame) -> Callable[..., str]:
    """Whose something is, as people told it: by id, or by a name that only one account has.

    Args:
        accounts: of the whole source: a name that two teams share is neither's.

    Returns:
        Texts, the first that says it counts → id of the account, "" for nobody's.
    """
    known = set(accounts["account_id"])
    names = accounts.drop_duplicates("account_name", keep=False)
    called = {
        plain_text(name).casefold(): str(account)
        for name, account in zip(names["account_name"], names["account_id"], strict=True)
    }

    def whose(*told: object) -> str:
        texts = [text for t in told if (text := plain_text(t))]
        by_id = next((text for text in texts if text in known), "")
        return by_id or next((called[t.casefold()] for t in texts if t.casefold() in called), "")

    return whose
