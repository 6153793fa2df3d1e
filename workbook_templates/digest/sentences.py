"""The digest in sentences: subject, headline and three lines; numbers stay figures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from scoring.amounts import main_currency
from scoring.capacity import csm_loads
from scoring.judgement.phrases import plainly
from scoring.judgement.portfolio_summary import Figure as Told
from scoring.judgement.portfolio_summary import Findings, Said, portfolio_summary
from scoring.look_alikes import expansion_look_alikes
from scoring.units import MINUS
from workbook_templates.digest.records import Figure, Row, Value
from workbook_templates.digest.show import figure
from workbook_templates.portfolio.facts import Portfolio

__all__ = ["SUBJECT", "Part", "headline", "lines", "subject"]

SUBJECT = 60
"""Letters of a subject that lists of mails show."""
SLOTS = 12
_WHY = ("warning", "pattern", "weakness", "capacity")
"""Kinds of sentences that say why, the first that there is."""
Part = str | Figure
Parts = tuple[Part, ...]
Totals = Mapping[str, Figure]
Lists = Mapping[str, Sequence[Row]]


def _number(totals: Totals, key: str) -> float:
    """0 where it is not known: nothing to tell of it."""
    value = totals[key].value if key in totals else 0.0
    assert isinstance(value, int | float)
    return float(value)


def _plural(totals: Totals, key: str, one: str, many: str) -> str:
    return one if _number(totals, key) == 1 else many


def subject(p: Portfolio, totals: Totals, lists: Lists, since: date | None) -> str:
    """What changed, in at most 60 letters: ``3 newly Red, $324K; 2 recovered``."""
    return plainly(_subject(p, totals, lists, since), SUBJECT)


def _subject(p: Portfolio, totals: Totals, lists: Lists, since: date | None) -> str:
    red = p.model.tier_label("red")
    text = {key: x.text for key, x in totals.items()}
    new, back = (int(_number(totals, f"{k}_count")) for k in ("newly_red", "recovered"))
    arr = ", " + text["red_arr"] if "red_arr" in text else ""
    if not len(p.frame):
        return "No accounts yet"
    if since is None:
        count = _plural(totals, "total_accounts", "account", "accounts")
        return f"{text['total_accounts']} {count}: {text['red_accounts']} {red}{arr}"
    rest = f"; {back:,} recovered" if back else ""
    if new:
        worth = f", {text['newly_red_arr']}" if _number(totals, "newly_red_arr") > 0 else ""
        if new > 1:
            return f"{new:,} newly {red}{worth}{rest}"
        room = SUBJECT - len(f"1 newly {red}: {worth}{rest}")
        return f"1 newly {red}: {_name(lists['newly_red'][0], room)}{worth}{rest}"
    if back:
        worth = f", {text['recovered_arr']}" if _number(totals, "recovered_arr") > 0 else ""
        return f"{back:,} recovered{worth}; none newly {red}"
    worse, better = (int(_number(totals, f"{k}_count")) for k in ("worse", "better"))
    if worse or better:
        return f"{worse:,} a tier worse, {better:,} better; none newly {red}"
    late = int(_number(totals, "actions_overdue"))
    todo = f", {late:,} action{'' if late == 1 else 's'} overdue" if late else ""
    worth = f"{text['red_arr']} {red}" if arr else f"{text['red_accounts']} {red}"
    return f"No tier changed; {worth}{todo}"


def _name(row: Row, letters: int) -> str:
    return plainly(row["account"].text if "account" in row else "one account", max(letters, 8))


def headline(p: Portfolio, totals: Totals, *, changed: bool) -> Parts:
    """Where the ARR of the worst tier stands, and which way it went."""
    red = p.model.tier_label("red")
    if not len(p.frame):
        return ("No accounts yet",)
    quiet = "" if changed else "No account changed tier. "
    if not _number(totals, "red_accounts"):
        return (f"{quiet}No account is {red}",)
    if "red_arr" not in totals:
        verb = _plural(totals, "red_accounts", "account is", "accounts are")
        return (*_some(quiet), totals["red_accounts"], f" {verb} {red}")
    change = _number(totals, "red_arr_change")
    if "red_arr_change" not in totals:
        return (f"{red} ARR is ", totals["red_arr"])
    if abs(change) < 0.5:
        return (f"{quiet}{red} ARR stays ", totals["red_arr"])
    way = "up" if change > 0 else "down"
    return (f"{quiet}{red} ARR is ", totals["red_arr"], f", {way} ",
            _bare(totals["red_arr_change"]))  # fmt: skip


def _some(text: str) -> Parts:
    return (text,) if text else ()


def _bare(x: Figure) -> Figure:
    """A change without its sign, where a word says the direction."""
    return replace(x, text=x.text.lstrip(f"+{MINUS}"))


def lines(
    p: Portfolio, totals: Totals, lists: Lists, since: date | None, *, changed: bool
) -> tuple[Parts, ...]:
    """Three lines: what changed, why, and what is to be done."""
    if not len(p.frame):
        return (("Give accounts, and score them again.",),)
    if changed:
        first = _change(p, totals, lists) if since else ("First snapshot: no change to tell yet.",)
        return (first, *_why(p), (*_due(totals), " ", *_renewals(p, totals)))
    return (_moved(totals), (*_due(totals), *_longest(totals)), _week(p, totals))


def _change(p: Portfolio, t: Totals, lists: Lists) -> Parts:
    red = p.model.tier_label("red")
    out: list[Part] = []
    if _number(t, "newly_red_count"):
        out += [t["newly_red_count"], f" turned {red}", *_worth(t, "newly_red_arr")]
    else:
        out.append(f"None turned {red}")
    if _number(t, "recovered_count"):
        out += [", ", t["recovered_count"], " recovered", *_worth(t, "recovered_arr")]
    out.append(". ")
    return (*out, *_peak(p, lists), *_tiers(t))


def _worth(t: Totals, key: str) -> Parts:
    return (" (", t[key], ")") if _number(t, key) > 0 else ()


def _peak(p: Portfolio, lists: Lists) -> Parts:
    """Whether the ARR of the worst tier is the most that the chart shows."""
    points = [row for row in lists["trend"] if "arr" in row]
    amounts = [x for row in points if isinstance(x := row["arr"].value, float)]
    if len(points) < 3 or not amounts[-1] > max(amounts[:-1]) + 0.5:
        return ()
    red = p.model.tier_label("red")
    return (f"{red} ARR is the highest since ", points[0]["day"], ". ")


def _tiers(t: Totals) -> Parts:
    return ("A tier worse: ", t["worse_count"], ", better: ", t["better_count"], ".")


def _why(p: Portfolio) -> tuple[Parts, ...]:
    """The first sentence that says why, its numbers as figures; none where there is none."""
    found = Findings(p.trends, csm_loads(p.frame), expansion_look_alikes(p.frame, p.model))
    told = {said.kind: said for said in portfolio_summary(p.frame, p.timeline, found)}
    said = next((told[kind] for kind in _WHY if kind in told), None)
    return (_split(said, main_currency(p.frame)),) if said else ()


def _split(said: Said, currency: str) -> Parts:
    """The sentence up to its first semicolon, as texts and figures in turn."""
    text = said.text.partition(";")[0].rstrip(".") + "."
    found: list[tuple[int, int, Told]] = []
    for told in sorted(said.figures, key=lambda x: -len(x.text)):
        for hit in re.finditer(rf"(?<![\w.,]){re.escape(told.text)}(?!\w)", text):
            if all(hit.end() <= a or hit.start() >= b for a, b, _ in found):
                found.append((hit.start(), hit.end(), told))
                break
    out: list[Part] = []
    at = 0
    for slot, (a, b, told) in enumerate(sorted(found, key=lambda x: x[0])[:SLOTS], 1):
        out += [text[at:a], _slot(slot, told, currency)]
        at = b
    return tuple(part for part in (*out, text[at:]) if part != "")


def _slot(number: int, told: Told, currency: str) -> Figure:
    value: Value = told.value
    money = isinstance(value, float) and told.key.endswith(("arr", "low", "high"))
    if isinstance(value, str | date):
        kind = "text" if isinstance(value, str) else "date"
    else:
        kind = "money" if money else "share" if told.text.endswith("%") else "count"
    return figure(f"said_{number}", value, kind, f"In the summary: {told.key}",  # type: ignore[arg-type]
                  currency=currency if money else "", text=told.text)  # fmt: skip


def _due(t: Totals) -> Parts:
    """Actions overdue and due this week."""
    late: Parts = ("No action overdue",)
    if _number(t, "actions_overdue"):
        word = _plural(t, "actions_overdue", "action", "actions")
        late = (t["actions_overdue"], f" {word} overdue")
    if not _number(t, "actions_week"):
        return (*late, ", none due this week.")
    return (*late, ", ", t["actions_week"], " due this week.")


def _renewals(p: Portfolio, t: Totals) -> Parts:
    red = p.model.tier_label("red")
    if not _number(t, "renewals_count"):
        return ("No renewal in 90 days.",)
    if _number(t, "renewals_red_arr") > 0:
        return (t["renewals_red_arr"], f" {red} renews in 90 days.")
    verb = _plural(t, "renewals_count", "account renews", "accounts renew")
    return (t["renewals_count"], f" {verb} in 90 days.")


def _moved(t: Totals) -> Parts:
    if "largest_move" not in t:
        return ("No score moved.",)
    points = _plural(t, "largest_move", "point", "points")
    return ("No score moved more than ", t["largest_move"], f" {points}. Largest: ",
            t["largest_account"], ", ", t["largest_before"], " to ", t["largest_now"],
            ".")  # fmt: skip


def _longest(t: Totals) -> Parts:
    if "longest_late" not in t:
        return ()
    days = _plural(t, "longest_late", "day", "days")
    return (" Longest: ", t["longest_account"], ", ", t["longest_late"], f" {days}.")


def _week(p: Portfolio, t: Totals) -> Parts:
    if not _number(t, "week_renewals_count"):
        return ("No renewal this week. ", *_renewals(p, t))
    word = _plural(t, "week_renewals_count", "renewal", "renewals")
    return (t["week_renewals_count"], f" {word} this week. ", *_renewals(p, t))
