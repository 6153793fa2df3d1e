"""What fills *Dimensions*."""

from __future__ import annotations

from scoring.groups import SEGMENT_LABELS
from scoring.model import ScoreModel
from scoring.weaknesses import DimensionLoss, GroupMeans, dimension_losses, dimension_means
from workbook_templates.fill import ChartChange, Rows, Value
from workbook_templates.portfolio import texts as t
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.names import DIMENSIONS
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = ["CHART", "NONE", "ROOM", "TABLE"]

TABLE, CHART = "Dimensions", "Points lost by dimension"
ROOM = 1 + len(SEGMENT_LABELS) + 1
"""Rows of the block of segments: all accounts, each segment, and those without one."""
NONE = "–"


def tables(model: ScoreModel) -> tuple[TableSpec, ...]:
    """A row a CSM: mean of each dimension, the lowest mean score first."""
    taken = {"csm", "accounts", "score", "weakest"}
    columns = (
        TableColumn("csm", "CSM", width=190),
        TableColumn("accounts", "Accounts", "whole", 76, "right"),
        TableColumn("score", "Score", "points", 76, "right"),
        *(
            TableColumn(f"dim_{d.key}", _free(d.name, taken), "points", 104, "right", wrap=False)
            for d in model.dimensions
        ),
        TableColumn("weakest", "Weakest", width=170, align="left1"),
    )
    return (TableSpec(TABLE, DIMENSIONS, ("csm",), columns),)


def _free(name: str, taken: set[str]) -> str:
    """A header that the Table has not yet."""
    while name.casefold() in taken:
        name += " mean"
    taken.add(name.casefold())
    return name


def fill(p: Portfolio) -> Filling:
    """Title, means by segment, what each dimension costs, means by CSM."""
    losses = dimension_losses(p.frame, p.model)
    *segments, every = dimension_means(p.frame, p.model, "segment")
    csms = dimension_means(p.frame, p.model, "csm")
    names = {d.key: d.name for d in p.model.dimensions}
    rows = [_means(row, names) for row in (every, *segments)]
    values: dict[str, Value | Rows] = {
        "dimensions_title": _title(losses),
        "dimensions_note": t.context(p, t.currency_words(p)),
        "dimensions_labels": [[row.label] for row in segments],
        "dimensions_groups": rows + [[""] * len(rows[0])] * (ROOM - len(rows)),
        "dimensions_losses": [_loss(loss) for loss in sorted(losses, key=_by_points)],
        "dimensions_below": _below(losses, p),
    }
    ranked = sorted(csms[:-1], key=lambda g: (g.key == "", g.average != g.average, g.average))
    keys = ("csm", "accounts", "score", *(f"dim_{key}" for key in names), "weakest")
    table = [dict(zip(keys, (row.label, *_means(row, names)), strict=True)) for row in ranked]
    change = ChartChange(alt_text=_alt(losses))
    return Filling(values, {TABLE: table}, {CHART: change})


def _title(losses: tuple[DimensionLoss, ...]) -> str:
    known = [x for x in losses if x.lost == x.lost]
    if not known:
        return "No dimension is known yet"
    worst = max(known, key=lambda x: x.lost)
    if worst.lost < 0.05:
        return "No dimension loses points"
    return f"{worst.lost:.1f} points an account are lost in {worst.name}, the most of all"


def _means(row: GroupMeans, names: dict[str, str]) -> list[Value]:
    """Accounts, score, dimensions, weakest; dashes where nothing is known."""
    figures: list[Value] = [NONE if x != x else x for x in (row.average, *row.means)]
    return [row.accounts, *figures, names.get(row.weakest, NONE)]


def _by_points(loss: DimensionLoss) -> float:
    return -loss.lost if loss.lost == loss.lost else 0.0


def _loss(loss: DimensionLoss) -> list[Value]:
    return [
        loss.name,
        loss.accounts,
        t.plain_number(loss.average),
        t.plain_number(loss.lost),
        loss.worst_for,
        t.plain_number(loss.arr_points),
    ]


def _below(losses: tuple[DimensionLoss, ...], p: Portfolio) -> str:
    first = next((x for x in losses if x.arr_points == x.arr_points), None)
    if first is None or not first.arr_points:
        return "Ranked by mean points lost, as no ARR is known."
    amount = t.money(p, first.arr_points)
    return f"ARR × points lost: {amount} in {first.name} is what its losses weigh in money."


def _alt(losses: tuple[DimensionLoss, ...]) -> str:
    known = [x for x in losses if x.lost == x.lost]
    if not known:
        return "Bars: nothing is known of any dimension."
    parts = ", ".join(f"{x.name} {x.lost:.1f}" for x in known)
    return f"Bars: mean points an account loses in each dimension. {parts}."
