"""What fills *Summary*: the lists, and what its formulas show."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from scoring.amounts import by_currency, main_currency
from scoring.model import ScoreModel
from workbook_templates.account.words import cut
from workbook_templates.fill import ChartChange, Rows, Value
from workbook_templates.portfolio import basis
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.figures import FIGURES, PARTS, Totals, tier_label, totals
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.renewal_points import Points, renewal_points, size_words
from workbook_templates.portfolio.spoken import (
    money_words,
    share_words,
    signed_words,
    spoken_day,
)
from workbook_templates.portfolio.summary_lists import (
    CSM_ROWS,
    csm_rows,
    currencies,
    move_rows,
    padded,
    top_at_risk,
    top_rows,
)
from workbook_templates.portfolio.tables import TableSpec
from workbook_templates.portfolio.texts import counted, currency_words

TIER_CHART, RENEWAL_CHART = "Tiers", "Renewals in 180 days"
_SOURCE = 60
"""Letters of a source's name that the note has room for."""
BELOW, GREEN = 25, 12
"""Most accounts in the chart: below Green, and Green."""

LINE, LINES = 106, 7
"""Letters of a line of the summary's columns, and lines."""
SIDES = (("standing", "change", "renewals", "warning"),
         ("pattern", "weakness", "capacity", "positive", "week"))  # fmt: skip
"""Kinds of sentences in the left and in the right column."""
GIVE_WAY = ("standing", "positive", "pattern", "weakness", "capacity")
"""Kinds left out first where the lines do not suffice."""

Places = dict[str, Value | Rows]


def tables(model: ScoreModel) -> tuple[TableSpec, ...]:
    """The sheet has no Tables: its lists have a fixed number of rows."""
    return ()


def fill(p: Portfolio) -> Filling:
    """Values of the sheet."""
    found, top = totals(p), top_at_risk(p)
    points = renewal_points(p, BELOW, GREEN, list(top["account_id"]))
    ranks, left, right = top_rows(p, top)
    values: Places = {
        **_sentences(p, found),
        **_cards(p, found),
        **_tiers(p, found),
        "summary_top_ranks": ranks,
        "summary_top_left": left,
        "summary_top_right": right,
        "summary_top_currency": currencies(top),
        "summary_moves": move_rows(p),
        **_csms(p),
        **_chart(p, points),
    }
    charts = {TIER_CHART: ChartChange(alt_text=_tiers_alt(p, found)), RENEWAL_CHART: points.change}
    return Filling(values, charts=charts)


def _sentences(p: Portfolio, t: Totals) -> Places:
    return {
        "summary_title": _title(p, t),
        **_said(p),
        "summary_note": _note(p),
        "summary_legend": _legend(p.model),
        "summary_others": _others(p),
        "summary_told": _told(p),
        "summary_moves_title": _moves_title(p),
        "summary_moves_head": _moves_head(p),
        "summary_moved": f"↓ {t.figures['worse']:.0f} a tier worse, "
        f"↑ {t.figures['better']:.0f} a tier better",
        "summary_top_title": "Top 10 at risk, by ARR × points below 100"
        if t.known
        else "Top 10 at risk, lowest score first",
    }


def _said(p: Portfolio) -> Places:
    """The sentences in two columns; those that other parts of the sheet tell give way first."""
    told: dict[str, str] = {s.kind: s.text for s in p.sentences}
    return {
        f"summary_text_{n}": "\n".join(_fitting(told, kinds)) for n, kinds in enumerate(SIDES, 1)
    }


def _fitting(told: Mapping[str, str], kinds: Sequence[str]) -> list[str]:
    """Sentences in order, without the last of the gives-way list until their lines fit."""
    kept = [kind for kind in kinds if kind in told]
    for kind in GIVE_WAY:
        if sum(-(-len(told[k]) // LINE) for k in kept) <= LINES:
            break
        kept = [k for k in kept if k != kind]
    return [told[kind] for kind in kept]


def _title(p: Portfolio, t: Totals) -> str:
    if not t.accounts:
        return "No accounts yet"
    sign = basis.currency_sign(main_currency(p.frame))
    red = p.model.tier_label("red").lower()
    green = p.model.tier_label("green")
    money, count = t.arr["red"], t.counts["red"]
    first = f"No account is {red}"
    if count:
        plural = "account is" if count == 1 else "accounts are"
        first = (
            f"{count} {plural} {red}"
            if money <= 0
            else f"{money_words(money, sign)} of ARR is {red}"
        )
    arr, soon = t.figures["soon_arr"], int(t.figures["soon"])
    what = money_words(arr, sign) if arr > 0 else f"{soon}" if soon else "nothing"
    verb = "renew" if arr <= 0 and soon > 1 else "renews"
    return f"{first}; {what} below {green} {verb} within 90 days"


def _note(p: Portfolio) -> str:
    main, before = main_currency(p.frame), basis.previous_day(p.frame)
    against = f", against {spoken_day(before)}" if before else ", the first snapshot"
    converted = bool(p.frame.attrs.get("base"))
    parts = [
        cut(p.source, _SOURCE),
        counted(len(p.frame), "account"),
        f"as of {spoken_day(p.as_of)}{against}",
        f"model {p.model.label}",
        currency_words(p) if converted else f"amounts in {main}" if main else "",
    ]
    return " · ".join(part for part in parts if part)


def _legend(model: ScoreModel) -> str:
    green, amber, red = model.tiers
    mean = f" The tier follows the mean of {model.smoothing_days} days."
    return (
        f"● {green.label} {green.starts_at:g} to 100, ▲ {amber.label} {amber.starts_at:g} to "
        f"{green.starts_at - 1:g}, ■ {red.label} below {amber.starts_at:g}. At risk: ARR below "
        f"{green.label}. Shares are rounded so that their parts sum to 100.0%."
        + (mean if model.smoothing_days else "")
    )


def _others(p: Portfolio) -> str:
    """One line that names what is in no total: amounts in other currencies."""
    known, main = by_currency(p.frame), main_currency(p.frame)
    other = [t for t in known if t.currency != main]
    if not other:
        return ""
    named = [
        f"{t.currency or 'no currency'} {t.arr:,.0f} ({counted(t.accounts, 'account')})"
        for t in other
    ]
    return f"Amounts here are in {main}. Not in these totals: {', '.join(named)}."


def _told(p: Portfolio) -> str:
    """That people were told other scores of the snapshots before, by another model or version."""
    told = p.frame[p.frame["told_by"] != ""]
    if told.empty:
        return ""
    other = int((told["told_tier"] != told["previous_tier"]).sum())
    tiers = f"{counted(other, 'account')} had another tier then" if other else "tiers are the same"
    models = ", ".join(sorted(set(told["told_by"])))
    return (
        f"Changes compare with scores computed anew by {p.model.label}. {models} told those of "
        f"{counted(len(told), 'account')}: {tiers}."
    )


def _moves_title(p: Portfolio) -> str:
    before = basis.previous_day(p.frame)
    return f"Tier moves since {spoken_day(before)}" if before else "Tier moves"


def _moves_head(p: Portfolio) -> str:
    before = basis.previous_day(p.frame)
    return f"{before.day} {before:%b} ↓   now →" if before else "Before ↓   now →"


def _cards(p: Portfolio, t: Totals) -> Places:
    sign = basis.currency_sign(main_currency(p.frame))
    f, tiered = t.figures, t.accounts - t.counts[""]
    risk = t.arr_shares["amber"] + t.arr_shares["red"]
    return {
        "summary_card_labels": [["Score, weighted by ARR" if f["weight"] > 0 else "Average score"]],
        "summary_arr": math.fsum(t.arr.values()) if t.known else "–",
        "summary_arr_note": f"{tiered} with a tier, {t.counts['']} without",
        "summary_mean": "–" if math.isnan(f["mean"]) else f["mean"],
        "summary_mean_note": _since(p, f),
        "summary_risk": f["risk_arr"] if t.known else "–",
        "summary_risk_note": f"{share_words(risk)} of ARR",
        "summary_soon": f["soon_arr"] if t.known else "–",
        "summary_soon_note": f"{f['soon']:.0f} {'account' if f['soon'] == 1 else 'accounts'}",
        "summary_worse": f["worse"],
        "summary_worse_note": f"{money_words(f['worse_arr'], sign)} of ARR",
        "summary_better": f["better"],
        "summary_better_note": f"{money_words(f['better_arr'], sign)} of ARR",
    }


def _since(p: Portfolio, f: Mapping[str, float]) -> str:
    before = basis.previous_day(p.frame)
    if before is None or math.isnan(f["mean_since"]):
        return "No earlier snapshot"
    return f"{signed_words(f['mean_since'] - f['mean_before'])} since {spoken_day(before)}"


def _tiers(p: Portfolio, t: Totals) -> Places:
    counts, sums = list(t.counts.values()), [t.arr[key] for key in PARTS]
    rows: list[list[Value]] = []
    shown: list[list[Value]] = []
    for key in PARTS:
        label, n, arr = tier_label(p, key), t.counts[key], t.arr[key]
        share, arr_share = t.count_shares[key] / 1000, t.arr_shares[key] / 1000
        exact, arr_exact = _exact(n, counts), _exact(arr, sums)
        rows.append([label, n, arr, exact, math.floor(exact), share,
                     arr_exact, math.floor(arr_exact), arr_share])  # fmt: skip
        shown.append([label, n, share, arr, arr_share])
    n, arr = sum(counts), sum(sums)
    shown.append(["Total", n, sum(r[5] for r in rows), arr, sum(r[8] for r in rows)])  # type: ignore[misc]
    matrix: list[list[Value]] = [[t.moves[a, b] for b in PARTS[:3]] for a in PARTS[:3]]
    return {
        "summary_tiers": rows,
        "summary_tier_total": [[n, arr]],
        "summary_tier_table": shown,
        "summary_matrix": matrix,
        "summary_matrix_labels": [[tier_label(p, key)] for key in PARTS[:3]],
        "summary_matrix_heads": [[tier_label(p, key) for key in PARTS[:3]]],
        "summary_figures": [["" if math.isnan(v) else v] for v in (t.figures[k] for k in FIGURES)],
    }


def _exact(part: float, parts: Sequence[float]) -> float:
    whole = sum(parts)
    return part / whole * 1000 if whole > 0 else 0.0


def _csms(p: Portfolio) -> Places:
    kinds, names, loads = csm_rows(p)
    return {
        "summary_csm_kinds": kinds,
        "summary_csm_names": names,
        "summary_csm_load": padded(loads, CSM_ROWS, 4),
    }


def _chart(p: Portfolio, points: Points) -> Places:
    note = "No renewal within 180 days."
    if points.shown:
        ranked = " Number: rank." if points.ranks else ""
        note = f"{points.counted()}{size_words(p, points.limits)}{ranked}"
    return {
        "summary_points": points.points,
        "summary_ranks": points.ranks,
        "summary_chart_note": note,
    }


def _tiers_alt(p: Portfolio, t: Totals) -> str:
    parts = [
        f"{tier_label(p, key)} {share_words(t.count_shares[key])} of accounts, "
        f"{share_words(t.arr_shares[key])} of ARR"
        for key in PARTS
    ]
    return f"Stacked bars, share of accounts and of ARR by tier: {'; '.join(parts)}."
