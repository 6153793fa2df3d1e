"""Tables of what `healthsheet validate` prints, each as lines that fit the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.results import SHAPES
from pipeline.score_view import spoken_date
from pipeline.terminal import WIDE, Line, fit
from scoring.units import format_money
from scoring.validation.records import (
    Backtest,
    Group,
    Horizon,
    Interval,
    Power,
    Surprise,
)

__all__ = [
    "horizon_lines",
    "power_lines",
    "shown_horizon",
    "spread",
    "surprise_lines",
    "tier_lines",
]

_NONE = "–"
_NAME = 28
"""Columns for the name of a metric on a narrow terminal."""
_LIFT = 0.1
"""Share of the lowest scores whose lift is told: the tenth that a team can call."""


def shown_horizon(backtest: Backtest) -> Horizon | None:
    """The horizon that tiers and metrics are told of; None where it has no case."""
    return next((h for h in backtest.horizons if h.days == backtest.days and h.cases), None)


def spread(found: Interval, *, percent: bool = False) -> str:
    """The 95 % interval as text: ``0.68–0.80``, ``12–20%``; a dash for none."""
    if found.low is None or found.high is None:
        return _NONE
    if percent:
        return f"{found.low * 100:.0f}–{found.high:.0%}"
    return f"{found.low:.2f}–{found.high:.2f}"


def number(value: float | None, form: str = ".2f") -> str:
    """A number as text, a dash for none."""
    return _NONE if value is None else f"{value:{form}}"


def horizon_lines(backtest: Backtest) -> list[Line]:
    """A row a horizon: cases, AUC with its interval, lift of the lowest tenth, Brier skill."""
    if not any(h.cases for h in backtest.horizons):
        return []
    head = f"{'Before':<8}{'Cases':>7}{'Churned':>9}{'AUC':>7}  {'95% interval':<13}"
    head += f"{'p':>7}{'Lift of lowest 10%':>20}"
    lines: list[Line] = [[(head, "bold")], _rule(len(head))]
    for h in backtest.horizons:
        lift = next((x.lift for x in h.lift if abs(x.share - _LIFT) < 1e-9), None)
        row = f"{f'{h.days} days':<8}{h.cases:>7,}{h.churned:>9,}{number(h.auc.value):>7}"
        row += f"  {spread(h.auc):<13}{_p(h.p_value):>7}"
        row += f"{_NONE if lift is None else f'{lift:.1f} ×':>20}"
        lines.append([(row, "")])
    return lines


def _p(value: float | None) -> str:
    if value is None:
        return _NONE
    return "<0.001" if value < 0.001 else f"{value:.3f}" if value < 0.1 else f"{value:.2f}"


def tier_lines(horizon: Horizon, currency: str, *, brackets: bool = False) -> list[Line]:
    """Churn by tier, worst first, and by score bracket where asked for."""
    groups = [g for g in horizon.tiers if g.cases]
    if brackets:
        groups += [g for g in horizon.brackets if g.cases]
    if not groups:
        return []
    money = any(g.arr is not None for g in groups)
    title = f"{horizon.days} days before"
    head = f"{title:<16}{'Cases':>7}{'Churned':>9}{'Share':>7}  {'95% interval':<13}"
    head += f"{'ARR':>9}{'Lost':>9}" if money else ""
    lines: list[Line] = [[(head, "bold")], _rule(len(head))]
    lines += [_group(g, currency, money=money) for g in groups]
    return lines


def _group(group: Group, currency: str, *, money: bool) -> Line:
    shape, tier = (SHAPES[group.key], group.key) if group.key in SHAPES else (" ", "")
    share = _NONE if group.share.value is None else f"{group.share.value:.0%}"
    text = f" {fit(group.label, 14)}{group.cases:>7,}{group.churned:>9,}{share:>7}"
    text += f"  {spread(group.share, percent=True):<13}"
    if money:
        amounts = (_NONE if a is None else format_money(a, currency)
                   for a in (group.arr, group.arr_lost))  # fmt: skip
        text += "".join(f"{a:>9}" for a in amounts)
    return [(shape, tier), (text, "")]


def power_lines(
    powers: Sequence[Power], title: str, days: int, *, width: int, ends: tuple[int, int] | None
) -> list[Line]:
    """A row a dimension or metric, best first: weight, AUC, whether and how early it tells.

    Args:
        powers: of one kind, as the backtest has them.
        title: head of the first column.
        days: before the outcome.
        width: columns of the terminal.
        ends: how many of the best and of the worst; None for all.
    """
    if not powers:
        return []
    shown: list[Power | None] = list(powers)
    if ends is not None and len(powers) > sum(ends) + 1:
        shown = [*powers[: ends[0]], None, *powers[-ends[1] :]]
    name = min(max(len(title), *(len(p.name) for p in powers)), 48 if width >= WIDE else _NAME)
    head = f"{title:<{name}}{'Weight':>8}{f'AUC {days} d':>10}  {'95%':<11}{'Foretells churn':<16}"
    lines: list[Line] = [[(head, "bold")], _rule(len(head))]
    for power in shown:
        if power is None:
            left = len(powers) - sum(ends or ())
            lines.append([(f"… {left} between: --all", "muted")])
        else:
            lines.append(_power(power, name))
    return lines


def _power(power: Power, name: int) -> Line:
    text = f"{fit(power.name, name)}{power.weight:>8.0%}{number(power.auc.value):>10}"
    told = {"predicts": "yes", "no evidence": "no evidence"}.get(power.verdict, power.verdict)
    if power.timing:
        told = f"{power.timing}, {power.leads_days} days" if power.leads_days else power.timing
    line: Line = [(f"{text}  {spread(power.auc):<11}", ""), (told, "" if power.timing else "muted")]
    if power.suspicious:
        line.append(("  ! look", "warn"))
    return line


def surprise_lines(
    found: Sequence[Surprise], title: str, *, width: int, top: int | None
) -> list[Line]:
    """Accounts that did what their tier did not say, under a title that counts them."""
    if not found:
        return []
    shown = found[:top]
    account = min(max(len(title) - 2, *(len(s.account) for s in shown)), 28)
    head = f"{title:<{account + 2}} {'ARR':>8} {'Score':>5}  {'Outcome':>11}  Lost most points"
    lines: list[Line] = [[(head, "bold")], _rule(width)]
    for s in shown:
        amount = _NONE if s.arr is None else format_money(s.arr, s.currency)
        lead = f" {fit(s.account, account)} {amount:>8} {s.score:>5.0f}  {spoken_date(s.day):>11}  "
        told = "; ".join(s.drivers) or "no driver"
        room = max(width - len(lead) - 1, 12)
        lines.append([(SHAPES.get(s.tier, " "), s.tier), (lead, ""), (fit(told, room), "muted")])
    if len(found) > len(shown):
        lines.append([(f"  and {len(found) - len(shown):,} more: --all", "muted")])
    return lines


def _rule(width: int) -> Line:
    return [("─" * width, "muted")]
