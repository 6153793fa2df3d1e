"""What fills *Recommendations*: what to change in the model, with what it gains."""

from __future__ import annotations

from typing import Any

from scoring.validation.backtest import Found
from scoring.validation.records import Change, Recommendation
from workbook_templates.backtest import texts as t
from workbook_templates.backtest.heights import text_height
from workbook_templates.backtest.names import RECOMMENDATIONS
from workbook_templates.backtest.shape import Shape
from workbook_templates.fill import ChartChange, Value
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = [
    "KINDS",
    "TABLE",
    "VERDICTS",
    "WEIGHT_CHART",
    "fill",
    "gain_words",
    "recommended",
    "tables",
    "told_heights",
    "weights",
]

TABLE = "Changes"
WEIGHT_CHART = "Weights now and proposed"
_TOLD, _LEAST = 738, 34
"""Pixels: width of what is told of a recommendation, least height."""
KINDS = {"weights": "Weights", "tiers": "Tier cuts", "metrics": "Metrics"}
VERDICTS = {
    "recommended": "Recommended",
    "no gain": "No gain",
    "not enough evidence": "Not enough evidence",
}


def tables(shape: Shape) -> tuple[TableSpec, ...]:
    """A row a number of the model: as it is, as proposed, and the difference."""
    columns = (
        TableColumn("kind", "What", width=110),
        TableColumn("name", "Name", width=230, bold=True),
        TableColumn("current", "Now", "points", 84, "right"),
        TableColumn("proposed", "Proposed", "points", 84, "right"),
        TableColumn("difference", "Difference", "change1", 90, "right",
                    'IF(AND(ISNUMBER({current}{row}),ISNUMBER({proposed}{row})),'
                    '{proposed}{row}-{current}{row},"")'),
        TableColumn("unit", "Unit", width=120, align="left1", muted=True),
    )  # fmt: skip
    return (TableSpec(TABLE, RECOMMENDATIONS, ("kind", "name"), columns),)


def recommended(found: Found) -> dict[str, Recommendation]:
    """Kind → its recommendation, in the order of `KINDS`."""
    known = {r.kind: r for r in found.backtest.recommendations}
    return {key: known[key] for key in KINDS if key in known}


def gain_words(r: Recommendation) -> str:
    """+0.021 AUC (+0.006 to +0.038); how many cases it lacks; "" where nothing is known.

    "to", not a dash, which would stand beside a minus.
    """
    if r.gain.value is not None:
        low, high = r.gain.low, r.gain.high
        within = (
            f" ({_signed(low)} to {_signed(high)})" if low is not None and high is not None else ""
        )
        return f"{_signed(r.gain.value)} {r.measure}{within}"
    if r.needed_churned:
        return f"{r.needed_churned:,} churned more needed"
    return ""


def _signed(x: float) -> str:
    return f"{x:+.3f}".replace("-", "−") if round(x, 3) else "0.000"


def weights(found: Found) -> tuple[Change, ...]:
    """Weights as they are and as proposed: of the score, else shares of a dimension."""
    told = recommended(found)
    changes = [c for kind in ("weights", "metrics") if kind in told for c in told[kind].changes]
    return tuple([c for c in changes if not c.of] or changes)


def fill(found: Found, shape: Shape) -> Filling:
    """Title, a line a recommendation, every number, how to apply them."""
    told = recommended(found)
    yes = sum(r.verdict == "recommended" for r in told.values())
    values: dict[str, Any] = {
        "recommendations_title": _title(found, yes),
        "recommendations_note": t.joined([
            "gains are measured on accounts that were not used to fit", found.backtest.model,
        ]),
        "recommendations_verdicts": [[KINDS[r.kind], VERDICTS[r.verdict]] for r in told.values()],
        "recommendations_gains": [_gain(r) for r in told.values()],
        "recommendations_apply": [[line] for line in t.lines(_apply(yes), 200, 2)],
    }  # fmt: skip
    said = [f"{r.headline}\n{r.reason}".strip() for r in told.values()]
    for n in range(len(KINDS)):
        values[f"recommendations_told_{n}"] = said[n] if n < len(said) else None
    rows = [_row(r, c) for r in told.values() for c in r.changes]
    charts = {WEIGHT_CHART: ChartChange(alt_text=_alt(found))} if shape.changed else {}
    empty: list[dict[str, Value]] = [{"name": "No number of the model is to change."}]
    return Filling(values, {TABLE: rows or empty}, charts)


def _title(found: Found, yes: int) -> str:
    if yes:
        return f"{t.counted(yes, 'change')} of the model recommended"
    return "Leave the model as it is"


def told_heights(found: Found) -> tuple[int, ...]:
    """Pixels of the line of each recommendation."""
    said = {str(r.kind): f"{r.headline}\n{r.reason}" for r in recommended(found).values()}
    return tuple(max(text_height(said.get(kind, ""), _TOLD), _LEAST) for kind in KINDS)


def _gain(r: Recommendation) -> list[Value]:
    measured = r.measure if r.gain.value is not None else None
    return [measured, r.gain.value, r.gain.low, r.gain.high, r.needed_churned or None]


def _apply(yes: int) -> list[str]:
    if not yes:
        return ["Nothing is to be applied. Collect outcomes, then run healthsheet validate again."]
    return [
        "To apply: healthsheet validate HISTORY OUTCOMES --write-model model.toml",
        (
            "It writes a new version of the model; healthsheet score … -m model.toml uses it, and "
            "the change shows as a model step in Why it changed."
        ),
    ]


def _row(r: Recommendation, c: Change) -> dict[str, Value]:
    # Weights are shares: people read them in points of 100, as on Model.
    scale = 1.0 if r.kind == "tiers" else 100.0
    unit = "score" if r.kind == "tiers" else f"% of {c.of or 'the score'}"
    now, then = c.current * scale, c.proposed * scale
    return {"kind": KINDS[r.kind], "name": c.name, "current": now, "proposed": then,
            "difference": then - now, "unit": unit}  # fmt: skip


def _alt(found: Found) -> str:
    told = [f"{c.name} {c.current:.0%} to {c.proposed:.0%}" for c in weights(found)[:20]]
    return f"Bars: weight now and proposed. {', '.join(told) or 'None'}."
