"""The portfolio in sentences: how it stands, what changed, what threatens, what to do this week.

Each sentence carries its numbers with the place of the workbook that shows them, so that a mail
or a program can tell them again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import pandas as pd

from scoring.amounts import main_currency, own_amounts
from scoring.capacity import CsmLoad
from scoring.groups import BELOW_GREEN
from scoring.judgement.phrases import (
    counted,
    day_words,
    in_sentence,
    listed,
    plainly,
    sentence,
    tenths,
)
from scoring.judgement.portfolio_pattern import first_to_fall
from scoring.look_alikes import LookAlikes
from scoring.metric_phrase import short_name
from scoring.model import ScoreModel
from scoring.movers import compared_with, newly_red, recovered, tier_moves
from scoring.portfolio import sum_known, thousandths
from scoring.rollup import round_half_up
from scoring.timeline import Timeline
from scoring.trends import ALL, Trend
from scoring.units import format_money
from scoring.weaknesses import dimension_losses

__all__ = ["KINDS", "Figure", "Findings", "Said", "portfolio_summary"]

Kind = Literal["standing", "change", "renewals", "warning", "pattern", "weakness", "capacity",
               "positive", "week"]  # fmt: skip
KINDS: tuple[Kind, ...] = ("standing", "change", "renewals", "warning", "pattern", "weakness",
                           "capacity", "positive", "week")  # fmt: skip
"""What a sentence is about, in the order in which they are told."""
SOON = 90
"""Days within which a renewal threatens (001 and 003)."""
_NAME = 30
"""Letters of a name inside a sentence."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, day or name of a sentence.

    Attributes:
        key: what it is, ``red_arr``.
        text: as it stands in the sentence.
        value: the exact value: a number, a day or the whole name.
        source: named place, or column of a Table, of the portfolio workbook that shows it.
    """

    key: str
    text: str
    value: float | str | date
    source: str


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence on a portfolio."""

    kind: Kind
    text: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Findings:
    """What analyses found, the most pressing first: trends, loads of CSMs, look-alikes."""

    trends: Sequence[Trend] = ()
    loads: Sequence[CsmLoad] = ()
    alike: Sequence[LookAlikes] = ()


@dataclass
class _Teller:
    """Facts of the portfolio, and the figures of the sentence that is being made."""

    frame: pd.DataFrame
    timeline: Timeline
    model: ScoreModel
    money_text: Callable[[float], str]
    arr: pd.Series[float]
    figures: list[Figure] = field(default_factory=list)

    def tell(self, key: str, text: str, value: float | str | date, source: str) -> str:
        """Note a figure; gives its text."""
        self.figures.append(Figure(key, text, value, source))
        return text

    def count(self, key: str, n: int, what: str, source: str, plural: str = "") -> str:
        """``3 accounts``, with the number noted; "no accounts" holds none."""
        text = counted(n, what, plural)
        if n:
            self.tell(key, text.split(" ")[0], float(n), source)
        return text

    def money(self, key: str, amount: float, source: str) -> str:
        """An amount; "" where it is not known or nothing."""
        if not amount > 0:
            return ""
        return self.tell(key, self.money_text(amount), amount, source)

    def name(self, key: str, name: str, source: str = "Accounts[Account]") -> str:
        """A name as long as a sentence can hold."""
        return self.tell(key, plainly(name, _NAME), name, source)

    def day(self, key: str, day: date, source: str) -> str:
        """A day in words."""
        return self.tell(key, day_words(day), day, source)

    def label(self, tier: str) -> str:
        """The word of a tier."""
        return self.model.tier_label(tier)

    def sum_of(self, rows: pd.DataFrame) -> float:
        """ARR of some accounts in the main currency; NaN where none of it is known."""
        return sum_known(self.arr[rows.index].tolist())


def portfolio_summary(
    frame: pd.DataFrame,
    timeline: Timeline,
    found: Findings,
    *,
    money: Callable[[float], str] | None = None,
) -> tuple[Said, ...]:
    """Sentences in the order of `KINDS`; a kind without anything to tell is left out.

    Args:
        frame: a portfolio frame.
        timeline: today's scores and the snapshots before, row by row those of the frame.
        found: what analyses of the same frame found.
        money: amount in the main currency → text; in short form when not given.
    """
    code = main_currency(frame)
    told = money or (lambda amount: format_money(amount, code))
    out = []
    for kind, make in zip(KINDS, _MAKERS, strict=True):
        teller = _Teller(frame, timeline, timeline.now.model, told, own_amounts(frame))
        text = make(teller, found)
        if text:
            out.append(Said(kind, sentence(text), tuple(teller.figures)))
    return tuple(out)


def _joined(*parts: str, by: str = ", ") -> str:
    return by.join(part for part in parts if part)


def _standing(t: _Teller, found: Findings) -> str:
    frame = t.frame
    if frame.empty:
        return ""
    where = "summary_tier_table"
    arr = t.money("arr", sum_known(t.arr.tolist()), "summary_arr")
    start = _joined(t.count("accounts", len(frame), "account", where), f"{arr} ARR" if arr else "")
    counts = {key: int((frame["tier"] == key).sum()) for key in ("green", "amber", "red", "")}
    parts = [f"{t.tell(key, f'{n:,}', float(n), where)} {t.label(key)}"
             for key, n in counts.items() if key and n]  # fmt: skip
    if counts[""]:
        n = counts[""]
        parts.append(f"{t.tell('no_tier', f'{n:,}', float(n), where)} without a tier")
    last = parts.pop()
    tiers = f"{', '.join(parts)} and {last}" if parts else last
    red = t.money("red_arr", t.sum_of(frame[frame["tier"] == "red"]), where)
    share = ""
    if red:
        sums = [math.fsum(t.arr[frame["tier"] == key].dropna()) for key in counts]
        part = dict(zip(counts, thousandths(sums), strict=True))["red"]
        share = t.tell("red_share", f"{part / 10:.1f}%", part / 1000, where)
    weight = f"; {t.label('red')} holds {red}, {share} of ARR" if red else ""
    return f"{start}: {tiers}{weight}"


def _change(t: _Teller, found: Findings) -> str:
    before = compared_with(t.frame)
    if before is None:
        return "First snapshot, so there is no change to tell" if len(t.frame) else ""
    since = f"Since {t.day('since', before, 'summary_note')},"
    red, back, moves = newly_red(t.frame), recovered(t.frame), tier_moves(t.frame)
    if not moves.worse and not moves.better:
        return f"{since} no account changed its tier"
    parts = []
    if len(red):
        arr = t.money("newly_red_arr", t.sum_of(red), "Movers")
        turned = f"{t.count('newly_red', len(red), 'account', 'Movers')} turned {t.label('red')}"
        first = t.name("newly_red_first", str(red["account_name"].iloc[0]))
        which = first if len(red) == 1 else f"largest {first}"
        parts.append(f"{turned} ({_joined(arr and f'{arr} ARR', which)})")
    else:
        parts.append(f"no account turned {t.label('red')}")
    if len(back):
        arr = t.money("recovered_arr", t.sum_of(back), "Movers")
        text = t.count("recovered", len(back), "account", "Movers")
        parts.append(f"{text} left {t.label('red')}{f' ({arr} ARR)' if arr else ''}")
    worse = t.tell("worse", f"{moves.worse:,}", float(moves.worse), "summary_worse")
    better = t.tell("better", f"{moves.better:,}", float(moves.better), "summary_better")
    return f"{since} {', '.join(parts)}; a tier worse: {worse}, a tier better: {better}"


def _renewals(t: _Teller, found: Findings) -> str:
    soon = t.frame[t.frame["days_left"].between(0, SOON)]
    within = t.tell("days", f"{SOON}", float(SOON), "summary_soon")
    below = soon[soon["tier"].isin(BELOW_GREEN)]
    green = t.label("green")
    if below.empty:
        if soon.empty:
            return f"No renewal within {within} days" if len(t.frame) else ""
        arr = t.money("renewing_arr", t.sum_of(soon), "Renewals")
        count = t.count("renewing", len(soon), "account", "Renewals")
        verb = "renews" if len(soon) == 1 else "renew"
        return (f"{count} {verb} within {within} days{f', {arr} ARR' if arr else ''}, "
                f"none below {green}")  # fmt: skip
    arr = t.money("soon_arr", t.sum_of(below), "summary_soon")
    count = t.count("soon", len(below), "account", "summary_soon_note")
    verb = "renews" if len(below) == 1 else "renew"
    size = t.arr[below.index].fillna(-1.0)
    order = below.assign(size=size).sort_values(["size", "account_id"], ascending=[False, True])
    top = order.iloc[0]
    money = t.money("first_arr", float(t.arr[order.index[0]]), "Accounts[ARR]")
    days = int(top["days_left"])
    left = t.tell("first_days", f"{days}", float(days), "Accounts[Days left]")
    first = _joined(money, t.label(str(top["tier"])), f"in {left} day{'' if days == 1 else 's'}")
    which = "it is" if len(below) == 1 else "largest"
    return (f"{count} below {green} {verb} within {within} days{f', {arr} ARR' if arr else ''}; "
            f"{which} {t.name('first', str(top['account_name']))} ({first})")  # fmt: skip


def _metric(name: str) -> str:
    """A metric's name in the middle of a sentence, without its period."""
    return in_sentence(short_name(name))


def _trend(t: _Teller, x: Trend) -> str:
    """``Enterprise: usage worse in 18 of 45 accounts since 9 Oct 2026, $2.1m ARR``."""
    where = "Warnings"
    label = "All segments" if x.segment == ALL else x.label
    way = "better" if x.better else "worse"
    moved = t.tell("moved", f"{x.moved:,}", float(x.moved), f"{where}[Accounts]")
    known = t.count("known", x.known, "account", f"{where}[Of]")
    since = ", first seen today" if x.since == t.timeline.now.as_of else ""
    if x.since and not since:
        since = f" since {t.day('trend_since', x.since, f'{where}[Since]')}"
    arr = t.money("trend_arr", x.arr, f"{where}[ARR touched]")
    name = t.name("metric", _metric(x.name), f"{where}[What moved]")
    return f"{label}: {name} {way} in {moved} of {known}{since}{f', {arr} ARR' if arr else ''}"


def _warning(t: _Teller, found: Findings) -> str:
    worst = next((x for x in found.trends if not x.better), None)
    if worst is None:
        return ""
    text = _trend(t, worst)
    if worst.along:
        where = "Warnings[Fell with it]"
        names = [t.name("along", _metric(name), where) for name in worst.along[:2]]
        text += f"; also worse there: {listed(names)}"
    churn = worst.churn
    if churn is not None and churn.arr_high > 0 and churn.arr_low >= 0:
        low = t.money("loss_low", churn.arr_low, "Warnings[Churn could take]")
        high = t.money("loss_high", churn.arr_high, "Warnings[Churn could take]")
        span = f"{low} to {high}" if low and low != high else high
        text += f"; churn could take {span} ({churn.label})"
    return text


def _pattern(t: _Teller, found: Findings) -> str:
    first = first_to_fall(t.timeline)
    if first is None:
        return ""
    n = t.tell("fell_first", f"{first.accounts:,}", float(first.accounts), "Movers")
    of = t.count("fallen", first.fallen, "account", "Movers")
    points = t.tell("fall", f"{first.points:g}", first.points, "Movers")
    since = t.day("fall_since", first.since, "Movers")
    name = t.name("metric", short_name(first.name), "Dimensions")
    return (f"{name} fell first, alone or with others, in {n} of {of} that lost {points} points "
            f"since {since}")  # fmt: skip


def _weakness(t: _Teller, found: Findings) -> str:
    losses = [x for x in dimension_losses(t.frame, t.model) if x.lost == x.lost and x.lost >= 0.05]
    if not losses:
        return ""
    top = losses[0]
    name = t.name("dimension", top.name, "Dimensions")
    lost = t.tell("lost", tenths(top.lost), top.lost, "Dimensions")
    of = t.count("lost_accounts", top.accounts, "account", "Dimensions")
    text = f"{name} costs most: {lost} points on average over {of}"
    if top.worst_for:
        worst = t.tell("worst_for", f"{top.worst_for:,}", float(top.worst_for), "Dimensions")
        text += f", most of all in {worst} of them"
    return text


def _capacity(t: _Teller, found: Findings) -> str:
    over = [x for x in found.loads if x.overloaded]
    named = [x for x in found.loads if x.csm]
    if not named:
        return ""
    where = "CSMLoad"
    if not over:
        return f"All of {t.count('csms', len(named), 'CSM', where)} are within capacity" if (
            len(named) > 1) else ""  # fmt: skip
    top = max(over, key=lambda x: (x.load, x.csm))
    if len(over) == len(named) > 1:
        who = f"All {t.count('csms', len(named), 'CSM', where)} are"
    else:
        count = t.tell("over", f"{len(over):,}", float(len(over)), where)
        of = t.count("csms", len(named), "CSM", where)
        who = f"{count} of {of} {'is' if len(over) == 1 else 'are'}"
    red = t.count("csm_red", top.red, f"{t.label('red')} account", where)
    load = t.tell("csm_load", f"{top.against_mean:.0%}", top.against_mean, where)
    name = t.name("csm", top.label, where)
    return f"{who} over capacity, {name} most: {red}, {load} of the mean load"


def _positive(t: _Teller, found: Findings) -> str:
    alike = next((x for x in found.alike if x.accounts), None)
    better = next((x for x in found.trends if x.better), None)
    if alike is not None:
        arr = t.money("alike_arr", alike.arr, "Warnings[ARR touched]")
        count = t.count("alike", alike.accounts, f"{alike.label} account", "Warnings[Accounts]")
        verb = "matches" if alike.accounts == 1 else "match"
        like = t.tell("flagged", f"{alike.flagged:,}", float(alike.flagged), "Warnings")
        return (f"{count} {verb} the profile of {like} that show expansion signals"
                f"{f', {arr} ARR' if arr else ''}")  # fmt: skip
    return _trend(t, better) if better is not None else ""


def _week(t: _Teller, found: Findings) -> str:
    rows = t.frame[t.frame["tier"].isin(BELOW_GREEN) & t.frame["score"].notna()]
    if rows.empty:
        return ""
    lost = (t.arr.reindex(rows.index) * (100 - rows["score"])).fillna(-1.0)
    order = rows.assign(lost=lost).sort_values(["lost", "score", "account_id"],
                                               ascending=[False, True, True])  # fmt: skip
    top = order.iloc[0]
    shown = round_half_up(float(top["score"]))
    score = t.tell("week_score", f"{shown:.0f}", shown, "Accounts[Score]")
    arr = t.money("week_arr", float(t.arr[order.index[0]]), "Accounts[ARR]")
    name = t.name("week_first", str(top["account_name"]))
    text = f"This week start with {name} ({_joined(score, t.label(str(top['tier'])), arr)})"
    if top["next_action"]:
        action = t.tell("week_action", plainly(str(top["next_action"]), 70),
                        str(top["next_action"]), "Actions[Action]")  # fmt: skip
        who = t.name("week_owner", str(top["owner"]), "Actions[Owner]")
        if pd.notna(top["next_due"]):
            day = pd.Timestamp(top["next_due"]).date()
            who += f", by {t.day('week_due', day, 'Actions[Due]')}"
        text += f": {in_sentence(action)} ({who})"
    due = pd.to_datetime(rows["next_due"])
    late = int((due < pd.Timestamp(t.timeline.now.as_of)).sum())
    if late:
        overdue = t.count("overdue", late, f"account below {t.label('green')}", "Actions[Due]",
                          f"accounts below {t.label('green')}")  # fmt: skip
        text += f"; {overdue} {'has' if late == 1 else 'have'} an overdue action"
    return text


def _makers() -> Iterator[Callable[[_Teller, Findings], str]]:
    yield from (_standing, _change, _renewals, _warning, _pattern, _weakness, _capacity)
    yield from (_positive, _week)


_MAKERS = tuple(_makers())
"""In the order of `KINDS`."""
