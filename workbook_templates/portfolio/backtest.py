"""What fills *Backtest*: whether the score foretold churn, and the probabilities in use."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scoring.model import ScoreModel
from scoring.renewal import Chances
from scoring.rollup import TIERS
from scoring.validation.records import Backtest, Group, Horizon, Power, Surprise
from workbook_templates.fill import ChartChange, Rows, Value
from workbook_templates.portfolio import basis
from workbook_templates.portfolio import texts as t
from workbook_templates.portfolio.backtest_lines import (
    NONE,
    Said,
    metrics_note,
    said_of,
    within,
)
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.names import BACKTEST
from workbook_templates.portfolio.spoken import money_words
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = ["BRACKETS", "CHART", "LINES", "LISTED", "METRICS", "POINTS", "TABLE", "WEAKEST"]

TABLE, CHART = "Probabilities", "Churn by tier"
BRACKETS = 11
"""Lines of churn by score: brackets of few cases are one."""
POINTS: tuple[int, ...] = tuple(range(0, 101, 10))
"""Scores whose probability is shown."""
METRICS, WEAKEST = 11, 4
"""Metrics that are listed, and how many of them are the weakest where there are more."""
LISTED = 10
"""Green accounts that churned."""
LINES = {"recommendations": 4, "record": 2, "data": 3}
"""Block of sentences → its lines."""


def tables(model: ScoreModel) -> tuple[TableSpec, ...]:
    """Probabilities by score, as `RENEWAL_FORECAST` takes them."""
    columns = (
        TableColumn("score_from", "Score from", "score", width=176, align="left"),
        TableColumn("churn", "Churn", "percent1", width=72, align="right"),
        TableColumn("contraction", "Contraction", "percent1", width=72, align="right"),
        TableColumn("expires", "Expires", "date", width=72, align="right"),
        TableColumn("basis", "Basis", width=96, align="left1", muted=True),
    )
    return (TableSpec(TABLE, BACKTEST, ("score_from",), columns),)


def fill(p: Portfolio) -> Filling:
    """The page of the backtest that is named, or what it would show; the probabilities in use."""
    found, said = p.backtest, said_of(p)
    at = _shown(found) if found else None
    values: dict[str, Value | Rows] = {
        "backtest_title": said.title,
        "backtest_note": said.note,
        "backtest_text": said.text,
        "backtest_use": said.use,
        "backtest_tiers_title": said.tiers,
        "backtest_scores_title": f"Churn by score, and the {_kind(p.chances)} probability",
        "backtest_tier_labels": [[basis.tier_word(p.model, key)] for key in _ORDER],
        "backtest_tiers": _tiers(at),
        "backtest_chart": _chart(p.model, at),
        "backtest_scores": _scores(at),
        "backtest_probabilities": _at_points(p.chances),
        "backtest_metrics": _metrics(found),
        "backtest_metrics_note": metrics_note(found, METRICS - WEAKEST, WEAKEST),
        "backtest_green": _green(found),
        "backtest_legend": said.legend,
        "backtest_more": said.more,
        **_cards(found, said),
        **{f"backtest_{key}": _lines(said.lines[key], n) for key, n in LINES.items()},
    }
    change = ChartChange(axis_max=_top(at), alt_text=_alt(p.model, at))
    return Filling(values, {TABLE: _probabilities(p.chances)}, {CHART: change})


_ORDER = tuple(reversed(TIERS)) if TIERS[0] == "red" else TIERS
"""Tiers as they are listed: the best first."""


def _shown(backtest: Backtest) -> Horizon | None:
    """The horizon at which metrics and probabilities are looked at; None without cases."""
    found = next((h for h in backtest.horizons if h.days == backtest.days), None)
    return found if found is not None and found.cases else None


def _cards(found: Backtest | None, said: Said) -> dict[str, Value]:
    out: dict[str, Value] = {}
    horizons = found.horizons if found else ()
    for days in (30, 60, 90):
        at = next((h for h in horizons if h.days == days), None)
        key = f"backtest_auc_{days}"
        out[key] = at.auc.value if at is not None and at.auc.value is not None else NONE
        out[f"{key}_note"] = "" if at is None else within(at.auc, "0.00")
    cards = (("churned", said.churned), ("surprises", said.surprises), ("until", said.until))
    for name, (number, note) in cards:
        out |= {f"backtest_{name}": number, f"backtest_{name}_note": note}
    return out


def _kind(chances: Chances) -> str:
    return "illustrative" if chances.fitted is None else "calibrated"


def _tiers(at: Horizon | None) -> Rows:
    """Cases, churned, share and interval of each tier."""
    groups = {g.key: g for g in at.tiers} if at is not None else {}
    return [_counts(groups.get(key)) for key in _ORDER]


def _counts(group: Group | None) -> list[Value]:
    if group is None:
        return [None] * 4
    share = group.share
    return [group.cases, group.churned, share.value, within(share, "0%")]


def _chart(model: ScoreModel, at: Horizon | None) -> Rows:
    """Label, share, and how far its interval reaches up and down, for each tier."""
    groups = {g.key: g for g in at.tiers} if at is not None else {}
    rows: list[list[Value]] = []
    for key in _ORDER:
        word, group = basis.tier_word(model, key), groups.get(key)
        share = group.share if group is not None else None
        if share is None or share.value is None or share.low is None or share.high is None:
            rows.append([word, None, None, None])
            continue
        up, down = share.high - share.value, share.value - share.low
        rows.append([f"{word}\n{_percent(share.value)}", share.value, up, down])
    return rows


def _top(at: Horizon | None) -> float:
    """End of the chart's axis: LibreOffice leaves no room for intervals."""
    highest = max((g.share.high or 0.0 for g in at.tiers), default=0.0) if at is not None else 0.0
    return min(max(math.ceil(highest * 10), 1), 10) / 10


def _percent(share: float) -> str:
    """What the label's formula shows: whole per cents, half up."""
    return f"{int(share * 100 + 0.5 + 1e-9)}%"


def _scores(at: Horizon | None) -> Rows:
    """Scores, churned of cases, and their share, the lowest scores first."""
    groups = sorted(at.brackets, key=lambda g: g.starts_at) if at is not None else []
    rows: list[list[Value]] = [
        [g.label, f"{g.churned:,} of {g.cases:,}", g.share.value] for g in groups[:BRACKETS]
    ]
    if not rows:
        rows.append(["Not known yet", None, None])
    return [*rows, *[[None] * 3] * (BRACKETS - len(rows))]


def _at_points(chances: Chances) -> Rows:
    """Probability of churn at scores, as LOOKUP finds it."""
    return [[[b.churn for b in chances.brackets if b.starts_at <= s][-1]] for s in POINTS]


def _probabilities(chances: Chances) -> list[dict[str, Value]]:
    return [
        {"score_from": float(b.starts_at), "churn": b.churn, "contraction": b.contraction,
         "expires": chances.expires, "basis": chances.label}
        for b in chances.brackets
    ]  # fmt: skip


def listed_metrics(powers: Sequence[Power]) -> list[Power]:
    """Metrics by AUC, best first: all, or the best and the weakest."""
    known = [x for x in powers if x.kind == "metric" and x.auc.value is not None]
    ranked = sorted(known, key=lambda x: -(x.auc.value or 0.0))
    if len(ranked) <= METRICS:
        return ranked
    return [*ranked[: METRICS - WEAKEST], *ranked[-WEAKEST:]]


def _metrics(found: Backtest | None) -> Rows:
    rows: list[list[Value]] = [
        [x.name, x.auc.value, within(x.auc, "0.00"), _timing(x),
         "too good: check" if x.suspicious else x.verdict]
        for x in listed_metrics(found.powers if found else ())
    ]  # fmt: skip
    if not rows:
        told = (
            "No metric could be tested." if found else "Metrics would stand here, the best first."
        )
        rows.append([told, *[None] * 4])
    return [*rows, *[[None] * 5] * (METRICS - len(rows))]


def _timing(power: Power) -> str:
    days = f" {power.leads_days} d" if power.leads_days else ""
    return f"{power.timing}{days}" if power.timing else ""


def _green(found: Backtest | None) -> Rows:
    """Account, ARR, score, days of snapshot and churn, a gap, and what cost most then."""
    if found is None:
        rows: list[list[Value]] = [["Green accounts that churned would stand here."]]
    elif not found.green_churned:
        rows = [["No green account churned." if found.kinds else "Nothing could be compared."]]
    else:
        rows = [_surprise(x) for x in found.green_churned[:LISTED]]
    return [[*row, *[None] * (7 - len(row))] for row in [*rows, *[[]] * (LISTED - len(rows))]]


def _surprise(x: Surprise) -> list[Value]:
    arr = "" if x.arr is None else money_words(x.arr, basis.currency_sign(x.currency))
    told = "; ".join(x.drivers[:2])
    more = f"{told}. Then {x.later}" if x.later else told
    return [x.account, arr, x.score, x.seen, x.day, None, more]


def _lines(lines: Sequence[str], count: int) -> Rows:
    return [[line or None] for line in [*lines, *[""] * count][:count]]


def _alt(model: ScoreModel, at: Horizon | None) -> str:
    if at is None:
        return "No churn by tier is known."
    told = []
    for key in _ORDER:
        group = next((g for g in at.tiers if g.key == key), None)
        if group is not None and group.share.value is not None:
            reach = f"95% interval {within(group.share, '0%')}"
            told.append(f"{t.tier_text(model, key)} {_percent(group.share.value)}, {reach}")
    return f"Columns: share that churned by tier, {at.days} days before. {'; '.join(told)}."
