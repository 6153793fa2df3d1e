"""What fills *Renewals*: the next 180 days as a chart, by days left, and one by one."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from scoring.amounts import main_currency, own_amounts
from scoring.groups import BELOW_GREEN
from scoring.model import ScoreModel
from scoring.renewal_calendar import BUCKET_ENDS, RenewalBucket, due, renewal_buckets
from scoring.rollup import round_half_up
from scoring.score import MANY
from workbook_templates.fill import Rows, Value
from workbook_templates.ooxml.columns import Columns
from workbook_templates.portfolio import texts as t
from workbook_templates.portfolio.basis import (
    NO_SCORE,
    PROVISIONAL,
    currency_sign,
    tier_words,
)
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.figures import SOON
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.names import RENEWALS
from workbook_templates.portfolio.renewal_forecast import (
    FORECAST_CHART,
    forecast_change,
    forecast_of,
    forecast_values,
)
from workbook_templates.portfolio.renewal_points import renewal_points, size_words
from workbook_templates.portfolio.spoken import money_words
from workbook_templates.portfolio.summary_lists import top_at_risk
from workbook_templates.portfolio.tables import TableColumn, TableSpec

TABLE, CHART = "Renewals", "Renewals by score and days left"
BELOW, GREEN = 120, 60
"""Most accounts in the chart: below Green, and Green."""
LARGEST = (1, 5, 10)
"""Numbers of accounts whose share of the ARR below Green is told."""


def tables(model: ScoreModel) -> tuple[TableSpec, ...]:
    """A row a renewal, the soonest first."""
    columns = (
        TableColumn("account", "Account", width=210),
        TableColumn("arr", "ARR", "money", 96, "right"),
        TableColumn("score", "Score", "score", 66, "right", bold=True),
        TableColumn("tier", "Tier", width=96, align="left1", bold=True),
        TableColumn("days_left", "Days left", "whole", 76, "right"),
        TableColumn("renewal_date", "Renewal date", "date", 100, "right"),
        TableColumn("change", "Change", "arrow", 92, "right"),
        TableColumn("csm", "CSM", width=110, align="left1"),
        TableColumn("next_due", "Next due", "date", 100, "right"),
        TableColumn("driver", "Leading driver", width=210, align="left1"),
        TableColumn("next_action", "Next action", width=230),
        TableColumn("account_id", "Account ID", width=84, muted=True),
        TableColumn("currency", "Currency", width=84),
    )
    return (TableSpec(TABLE, RENEWALS, ("account_id",), columns),)


def fill(p: Portfolio) -> Filling:
    """Title, chart, buckets, concentration and rows."""
    found = renewal_points(p, BELOW, GREEN, list(top_at_risk(p)["account_id"]))
    buckets, forecast = renewal_buckets(p.frame), forecast_of(p)
    counted = found.counted() or "No renewal within 180 days."
    ranked = " Number: rank on Summary." if found.ranks else ""
    values: dict[str, Value | Rows] = {
        "renewals_title": _title(p, buckets),
        "renewals_note": t.context(p, t.currency_words(p)),
        "renewals_chart_note": counted + size_words(p, found.limits) + ranked,
        "renewals_points": found.points,
        "renewals_ranks": found.ranks,
        "renewals_buckets": [*map(_bucket, buckets), _sum(buckets), _passed(p)],
        **_concentration(p),
        **forecast_values(p, forecast),
    }
    charts = {CHART: found.change, FORECAST_CHART: forecast_change(p, forecast)}
    return Filling(values, {TABLE: _rows(p)}, charts)


def _title(p: Portfolio, buckets: tuple[RenewalBucket, ...]) -> str:
    soon = [b for b in buckets if b.last <= SOON]
    count = sum(b.below_green for b in soon)
    arr = math.fsum(t.zero_if_unknown(b.below_green_arr) for b in soon)
    green = p.model.tier_label("green")
    if not count:
        return f"Nothing below {green} renews within 90 days"
    accounts = "1 account below" if count == 1 else f"{count} accounts below"
    verb = "renews" if count == 1 else "renew"
    money = money_words(arr, currency_sign(main_currency(p.frame)))
    worth = f": {money} of ARR" if arr > 0 else ""
    return f"{accounts} {green} {verb} within 90 days{worth}"


def _bucket(b: RenewalBucket) -> list[Value]:
    arr, below = t.zero_if_unknown(b.total_arr), t.zero_if_unknown(b.below_green_arr)
    return [b.total, arr, below, below / arr if arr > 0 else None]


def _sum(buckets: tuple[RenewalBucket, ...]) -> list[Value]:
    arr = math.fsum(t.zero_if_unknown(b.total_arr) for b in buckets)
    below = math.fsum(t.zero_if_unknown(b.below_green_arr) for b in buckets)
    return [sum(b.total for b in buckets), arr, below, below / arr if arr > 0 else None]


def _passed(p: Portfolio) -> list[Value]:
    """Accounts whose renewal date has passed."""
    late = p.frame["days_left"] < 0
    own = own_amounts(p.frame).fillna(0.0)
    below = late & p.frame["tier"].isin(list(BELOW_GREEN))
    arr, risk = math.fsum(own[late]), math.fsum(own[below])
    return [int(late.sum()), arr, risk, risk / arr if arr > 0 else None]


def _concentration(p: Portfolio) -> Mapping[str, Value | Rows]:
    """The largest amounts below Green, and what the few largest hold of all of them."""
    below = p.frame["tier"].isin(list(BELOW_GREEN))
    amounts = sorted(own_amounts(p.frame)[below].dropna().tolist(), reverse=True)
    most = [amounts[k] if k < len(amounts) else 0.0 for k in range(max(LARGEST))]
    whole = math.fsum(amounts)
    held = [math.fsum(most[:n]) for n in LARGEST]
    rows: list[list[Value]] = [[x, x / whole if whole > 0 else None] for x in held]
    return {"renewals_largest": [[x] for x in most], "renewals_held": rows}


def _rows(p: Portfolio) -> Columns:
    """A row a renewal, the soonest first."""
    rows = due(p.frame, BUCKET_ENDS[-1])
    then = round_half_up(rows["previous_score"].to_numpy(float), MANY)
    same = ("days_left", "renewal_date", "arr", "csm", "next_due", "driver", "next_action",
            "account_id", "currency")  # fmt: skip
    without = np.where(rows["status"] == "Provisional", PROVISIONAL, NO_SCORE)
    words = tier_words(p.model, rows["tier"])
    return Columns(
        {
            "account": rows["account_name"].to_numpy(object),
            "score": rows["shown"].to_numpy(float),
            "tier": np.where(words == "", without, words),
            "change": rows["shown"].to_numpy(float) - then,
            **{key: rows[key].to_numpy() for key in same},
        },
        len(rows),
    )
