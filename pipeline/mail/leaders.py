"""A leader's own accounts: the portfolio without anything of another team."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

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

    It is scored and judged anew, so that peers, trends and totals are the leader's own too. What
    the source says of single cells is told to whoever gets every account: a cell's row does not
    say whose it is.

    Args:
        scored: all accounts.
        wanted: ids of the leader's.
        typed: what people typed into the portfolio workbook.
        rates: as for `portfolio_of`.
        triggers: likewise.
    """
    ids = frozenset(wanted)
    if ids >= set(scored.inputs.accounts["account_id"]):
        return portfolio_of(scored, rates=rates, triggers=triggers, typed=typed)
    inputs = scored.inputs.of_accounts(ids)
    inputs = replace(inputs, problems=tuple(p for p in inputs.problems if _of_all(p)))
    mine = score_inputs(inputs, scored.scores.model, as_of=scored.scores.as_of)
    # What an expired override or a contradiction says is of these accounts alone.
    own = replace(typed, **_own(typed, scored.inputs.accounts, ids), notes=())
    return portfolio_of(mine, rates=rates, triggers=triggers, typed=own)


def _of_all(problem: Problem) -> bool:
    """Whether it is of a whole column or sheet, and so names nobody."""
    return problem.row is None and not problem.address and not problem.value


def _own(typed: Typed, accounts: Any, ids: Collection[str]) -> dict[str, Any]:
    """What was typed about these accounts.

    Args:
        typed: about all.
        accounts: of the whole source: a name that two accounts share is neither's.
        ids: whose is wanted.
    """
    known = set(accounts["account_id"])
    names = accounts.drop_duplicates("account_name", keep=False)
    called = {
        plain_text(name).casefold(): account
        for name, account in zip(names["account_name"], names["account_id"], strict=True)
    }

    def mine(row: Mapping[str, Any]) -> bool:
        told = [plain_text(row.get(key)) for key in ("account_id", "account")]
        account = next((t for t in told if t in known), "")
        return (account or next((called.get(t.casefold(), "") for t in told if t), "")) in ids

    return {
        "actions": [row for row in typed.actions if mine(row)],
        "overrides": [row for row in typed.overrides if mine(row)],
        "flags": tuple(flag for flag in typed.flags if flag.account_id in ids),
    }
