"""What fills *Backtest*: the answer, on one page."""

from __future__ import annotations

from typing import Any

from scoring.validation.backtest import Found
from scoring.validation.records import Backtest, Group, Interval, LiftPoint, Recommendation, Verdict
from workbook_templates.account.words import day_words
from workbook_templates.backtest import texts as t
from workbook_templates.backtest.alerts import caught_words
from workbook_templates.backtest.calibration import curve_change
from workbook_templates.backtest.ends import axis_end
from workbook_templates.backtest.metrics import auc_start, ranked
from workbook_templates.backtest.next_steps import next_steps
from workbook_templates.backtest.recommendations import KINDS, VERDICTS, gain_words, recommended
from workbook_templates.backtest.shape import Shape
from workbook_templates.fill import ChartChange, Value
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.tables import TableSpec

__all__ = [
    "AUC_CHART",
    "BRACKET_CHART",
    "CURVE_CHART",
    "DIMENSION_CHART",
    "FACTS",
    "LEFT_ROOM",
    "NEXT_ROOM",
    "TIER_CHART",
    "WHY_ROOM",
    "fill",
    "tables",
]

TIER_CHART, BRACKET_CHART = "Churn share by tier", "Churn share by score"
AUC_CHART, CURVE_CHART = "AUC by horizon", "Calibration"
DIMENSION_CHART = "What the dimensions told"
"""Stands where the curve would."""
FACTS = ("Model", "History", "Outcomes listed in", "Outcomes from", "Design", "Snapshots",
         "Cases", "Left out", "Probability")  # fmt: skip
"""What was tested: labels, three a column."""
NEXT_ROOM, WHY_ROOM, LEFT_ROOM = 5, 4, 9
"""Lines for what to do next, for why there is no calibration, and no case."""
_DETAIL, _NEXT, _WHY = 185, 128, 68
"""Letters of a line."""
_VERDICT = {"evidence": "Evidence", "no evidence": "No evidence", "wrong way": "Wrong way"}
_DESIGN = {"renewals": "each renewal or loss listed is a case",
           "windows": "each account and 90 days is a case"}  # fmt: skip
_FACT = 64
"""Letters of a fact that are still legible where the cell makes them smaller."""
_LOW = 0.1
"""Share of lowest-scored cases whose lift is shown."""


def tables(shape: Shape) -> tuple[TableSpec, ...]:
    """The sheet has no Tables."""
    return ()


def fill(found: Found, shape: Shape) -> Filling:
    """Headline, figures, charts, recommendations, what to do next, what was tested."""
    b = found.backtest
    detail = t.lines([b.verdict.detail], _DETAIL, 2)
    values: dict[str, Any] = {
        "front_title": b.verdict.headline,
        "front_detail": [[line] for line in detail],
        **_cards(b),
        **_recommendations(found),
        "front_next": [[line] for line in t.lines(next_steps(b), _NEXT, NEXT_ROOM)],
        **{f"front_fact_{n}": text for n, text in enumerate(_facts(b))},
    }
    if not shape.curve:
        reason = b.calibration_reason or "No case has a held-out probability."
        told = [reason, "Renewals keep the illustration, and say so."]
        values["front_why"] = [[line] for line in t.lines(told, _WHY, WHY_ROOM)]
    if not shape.compared:
        values["front_left"] = [[line] for line in t.lines(_missing(b), _DETAIL, LEFT_ROOM)]
    return Filling(values, {}, _charts(found, shape))


def _cards(b: Backtest) -> dict[str, Value]:
    at, record = t.horizon(b), b.alerts
    auc = at.auc if at else None
    cases, churned = (at.cases, at.churned) if at else (0, 0)
    lift = next((p for p in at.lift if p.share >= _LOW - 1e-9), None) if at else None
    known = lift is not None and lift.lift is not None
    caught = record.caught if record else None
    lost, seen = _lost(at.tiers if at else ())
    return {
        "front_verdict": _VERDICT[b.verdict.key],
        "front_verdict_note": _p_words(b.verdict),
        **_auc(b, auc, churned),
        "front_churn": churned / cases if cases else t.DASH,
        "front_churn_note": f"{churned:,} of {cases:,} cases",
        "front_lift": lift.lift if lift and known else t.DASH,
        "front_lift_note": _lift_note(b, lift) if lift and known else "",
        "front_caught": _or_dash(caught.share.value if caught else None),
        "front_caught_note": caught_words(record) if record and record.caught.of
        else "no alert to follow up",
        "front_below": seen / lost if lost else t.DASH,
        "front_below_note": f"of {t.amount(b, lost)} lost" if lost else "no amounts known",
    }  # fmt: skip


def _missing(b: Backtest) -> list[str]:
    """Why nothing was compared, the most frequent reason first."""
    reasons = sorted(b.left_out, key=lambda x: -x.count)
    told = [f"{x.count:,} left out: {x.reason[:1].lower()}{x.reason[1:]}" for x in reasons]
    return [
        "No case could be compared, so there is nothing to draw.",
        *(told or ["The list names no outcome."]),
        "A case is an outcome of an account in the history, scored 30 days before or earlier.",
    ]


def _auc(b: Backtest, auc: Interval | None, churned: int) -> dict[str, Value]:
    """The AUC; of cases too few for a test it would look like an answer."""
    if auc is None or auc.value is None:
        return {"front_auc": t.DASH, "front_auc_note": "nothing to compare"}
    if b.verdict.p_value is None:
        return {"front_auc": t.DASH, "front_auc_note": f"{churned:,} churned are too few"}
    return {"front_auc": auc.value, "front_auc_note": t.between(auc)}


def _lift_note(b: Backtest, lift: LiftPoint) -> str:
    told = f"{lift.churned:,} of {lift.cases:,} churned"
    return f"{told}: may be chance" if b.verdict.key == "no evidence" else told


def _p_words(verdict: Verdict) -> str:
    """P 0.012 over all horizons; or that no test was made."""
    if verdict.p_value is None:
        return "no test was possible"
    p = verdict.p_value
    return f"p {p:.3f}, all horizons" if p >= 0.001 else "p below 0.001, all horizons"


def _or_dash(value: float | None) -> Value:
    return t.DASH if value is None else value


def _lost(groups: tuple[Group, ...]) -> tuple[float, float]:
    """ARR that churn and contraction took, and how much of it scored below green."""
    known = [(g.key, g.arr_lost) for g in groups if g.arr_lost is not None]
    return sum(x for _, x in known), sum(x for key, x in known if key != "green")


def _recommendations(found: Found) -> dict[str, Any]:
    """Kind, headline, and gain or verdict of each."""
    told = list(recommended(found).values())
    out: dict[str, Any] = {"front_recommendations_kind": [[KINDS[r.kind]] for r in told]}
    for n in range(len(KINDS)):
        r = told[n] if n < len(told) else None
        out[f"front_recommendation_{n}"] = r.headline if r else None
        said = (
            gain_words(r)
            if r and r.verdict == "recommended"
            else VERDICTS[r.verdict]
            if r
            else None
        )
        out[f"front_gain_{n}"] = said
    if not told:
        out["front_recommendation_0"] = "Nothing could be tried without cases."
    return out


def _gain(r: Recommendation) -> str:
    return gain_words(r) if r.verdict == "recommended" else VERDICTS[r.verdict]


def _facts(b: Backtest) -> list[str]:
    kinds = [f"{n:,} {k}" for k, n in sorted(b.kinds.items(), key=lambda x: -x[1])]
    fitted = b.calibration
    return [
        b.model,
        f"{b.history or t.DASH}",
        f"{b.outcomes or t.DASH}",
        t.span(b.since, b.until),
        _DESIGN[b.design],
        f"{b.snapshots:,} of {t.counted(b.accounts, 'account')}",
        ", ".join(kinds) or "none",
        _left_out(b),
        f"fitted {day_words(fitted.fitted)}, used until {day_words(fitted.expires)}"
        if fitted else "not fitted; the illustration stays",
    ]  # fmt: skip


def _left_out(b: Backtest) -> str:
    """How many, with the reasons where they fit: *Method* has them all."""
    reasons = sorted(b.left_out, key=lambda x: -x.count)
    told = ", ".join(f"{x.count:,} {x.reason[:1].lower()}{x.reason[1:]}" for x in reasons)
    if len(told) <= _FACT:
        return told or "none"
    return f"{sum(x.count for x in reasons):,} outcomes; Method says why"


def _top(groups: tuple[Group, ...]) -> float:
    """End of an axis of shares: LibreOffice leaves no room for intervals."""
    return axis_end(g.share.high for g in groups)


def _charts(found: Found, shape: Shape) -> dict[str, ChartChange]:
    """What a screen reader says, and the ends of the axes."""
    if not shape.compared:
        return {}
    b, at = found.backtest, t.horizon(found.backtest)
    tiers = ", ".join(f"{g.label} {t.percent(g.share.value)}" for g in (at.tiers if at else ()))
    aucs = ", ".join(f"{t.figure(h.auc.value)} at {h.days} days" for h in b.horizons)
    lows = [h.auc.low for h in b.horizons if h.auc.low is not None]
    out = {
        TIER_CHART: ChartChange(
            axis_max=_top(at.tiers if at else ()),
            alt_text=f"Columns with 95% intervals: churn share by tier, {tiers}.",
        ),
        BRACKET_CHART: ChartChange(
            axis_max=_top(at.brackets if at else ()),
            alt_text=f"Columns with 95% intervals: churn share by score {b.days} days before.",
        ),
        AUC_CHART: ChartChange(
            axis_min=0.0 if min(lows, default=1.0) < 0.3 else 0.3,
            alt_text=f"Points with 95% intervals: AUC {aucs}; 0.50 is chance.",
        ),
    }
    if shape.stands_in:
        known = ranked(b.powers, "dimension")
        told = ", ".join(f"{p.name} {t.figure(p.auc.value)}" for p in known)
        out[DIMENSION_CHART] = ChartChange(
            axis_min=auc_start(b.powers), alt_text=f"Bars from 0.50: AUC by dimension. {told}."
        )
    if shape.curve:
        out[CURVE_CHART] = curve_change(found)
    return out
