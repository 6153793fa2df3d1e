"""What fills *Alerts*: whether alerts and overrides were right."""

from __future__ import annotations

from typing import Any

from scoring.validation.backtest import Found
from scoring.validation.records import AlertRecord, ShareAt, TriggerRecord
from workbook_templates.backtest import texts as t
from workbook_templates.backtest.names import ALERTS
from workbook_templates.backtest.shape import Shape
from workbook_templates.fill import ChartChange, Value
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = ["CHART", "OVERRIDES", "TABLE", "caught_words", "fill", "tables"]

TABLE = "Triggers"
CHART = "Precision by trigger"
OVERRIDES = {
    "better": "Better tier, and the account stayed",
    "worse": "Worse tier, and the account churned",
    "right": "Overrides that were right",
    "model_right": "The model's own tier, right there",
}
OVERRIDES_NOTE = (
    "Judged by the tier that stood then: a better one is right where the account stayed."
)


def tables(shape: Shape) -> tuple[TableSpec, ...]:
    """A row a trigger."""
    columns = (
        TableColumn("name", "Trigger", width=250, bold=True, wrap=True),
        TableColumn("fired", "Alerts", "whole", 92, "right"),
        TableColumn("churned", "Churned", "whole", 70, "right"),
        TableColumn("precision", "Precision", "percent1", 76, "right", bold=True),
        TableColumn("low", "95% from", "percent", 64, "right", muted=True),
        TableColumn("high", "95% to", "percent", 64, "right", muted=True),
        TableColumn("base", "Any account", "percent1", 92, "right"),
        TableColumn("times", "Times as often", "times", 76, "right"),
        TableColumn("lead", "Median days before", "whole", 82, "right"),
        TableColumn("flagged", "Called false", "matrix", 76, "right"),
    )
    return (TableSpec(TABLE, ALERTS, ("name",), columns),)


def fill(found: Found, shape: Shape) -> Filling:
    """Title, figures, overrides and a row a trigger."""
    record = found.backtest.alerts
    triggers = sorted(record.triggers, key=lambda x: -x.fired) if record else []
    rows = [_row(x) for x in triggers]
    empty: list[dict[str, Value]] = [{"name": "No alert could be followed up."}]
    note = (
        f"an alert is right when the account churns within {record.window} days" if record else ""
    )
    values: dict[str, Any] = {
        "backtest_alerts_title": _title(found),
        "backtest_alerts_note": t.joined([
            note, "" if shape.overridden else "no override stood at a case", found.backtest.model,
        ]),
        **_cards(found),
    }  # fmt: skip
    if shape.overridden:
        values["backtest_overrides"] = _overrides(found)
        values["backtest_overrides_note"] = OVERRIDES_NOTE
    told = ", ".join(f"{x.name} {t.percent(x.precision.value)}" for x in triggers[:12])
    change = ChartChange(alt_text=f"Bars: precision by trigger. {told}.")
    return Filling(values, {TABLE: rows or empty}, {CHART: change} if shape.alerted else {})


def _row(x: TriggerRecord) -> dict[str, Value]:
    known = x.precision.value is not None and x.base
    return {
        "name": x.name,
        "fired": x.fired,
        "churned": x.churned,
        "precision": x.precision.value,
        "low": x.precision.low,
        "high": x.precision.high,
        "base": x.base,
        "times": x.precision.value / x.base if known and x.precision.value and x.base else None,
        "lead": x.lead_days,
        "flagged": x.flagged,
    }


def _title(found: Found) -> str:
    record = found.backtest.alerts
    if record is None or not (record.total.fired or record.caught.of):
        return "No alert could be followed up"
    if not record.caught.of:
        return f"{t.counted(record.total.fired, 'alert')}, no account lost"
    count, of = record.caught.count, record.caught.of
    told = f"{count:,} of {of:,} lost accounts had an alert in the {record.window} days before"
    if record.caught_base is None:
        return told
    return f"{told}; {t.percent(record.caught_base)} of any accounts"


def _cards(found: Found) -> dict[str, Value]:
    r = found.backtest.alerts
    if r is None:
        keys = ("fired", "precision", "caught", "lead")
        out: dict[str, Value] = {f"backtest_{key}": t.DASH for key in keys}
        return out | {"backtest_fired_note": "no alert recorded"} | {
            f"backtest_{key}_note": "" for key in keys[1:]}  # fmt: skip
    total, lead = r.total, r.total.lead_days
    return {
        "backtest_fired": total.fired,
        "backtest_fired_note": f"{total.churned:,} before a churn",
        "backtest_precision": _or_dash(total.precision.value),
        "backtest_precision_note": t.joined([t.between(total.precision, share=True),
                                    f"any account {t.percent(total.base)}"]),
        "backtest_caught": _or_dash(r.caught.share.value),
        "backtest_caught_note": caught_words(r),
        "backtest_lead": _or_dash(lead),
        "backtest_lead_note": "days from first alert to churn" if lead is not None else "",
    }  # fmt: skip


def caught_words(r: AlertRecord) -> str:
    """How many of the lost accounts, beside any account on any day where that is known."""
    if r.caught_base is None:
        return f"{r.caught.count:,} of {r.caught.of:,} lost accounts"
    any_day = f"any account {t.percent(r.caught_base)}"
    return t.joined([f"{r.caught.count:,} of {r.caught.of:,}", any_day])


def _or_dash(value: float | None) -> Value:
    return t.DASH if value is None else value


def _overrides(found: Found) -> list[list[Value]]:
    record = found.backtest.overrides
    if record is None:
        return []
    bases = {"better": record.better_base, "worse": record.worse_base}
    return [_share(label, getattr(record, key), bases.get(key)) for key, label in OVERRIDES.items()]


def _share(label: str, x: ShareAt, base: float | None) -> list[Value]:
    return [label, x.count, x.of, x.share.value, x.share.low, x.share.high, base]
