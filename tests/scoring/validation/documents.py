"""Documents of backtests, made by hand, for what shows them.

Counts add up and intervals hold their estimates, but nothing was fitted: the figures are only
there to be drawn and found again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

from scoring.model import ScoreModel
from scoring.presets import load_preset
from scoring.validation import records as r

__all__ = ["evidence", "no_evidence", "nothing", "windows"]

MADE = date(2026, 11, 2)
_CURVE = tuple(round(0.62 / (1 + math.exp((s - 58) / 9)) + 0.01, 4) for s in range(101))
_SMALLER = tuple(round(0.16 / (1 + math.exp((s - 66) / 10)) + 0.02, 4) for s in range(101))


def between(value: float, half: float) -> r.Interval:
    """An estimate with an interval of that half width, cut to 0–1."""
    low, high = max(value - half, 0.0), min(value + half, 1.0)
    return r.Interval(value=round(value, 4), low=round(low, 4), high=round(high, 4))


def share(count: int, of: int) -> r.Interval:
    """A share with its Wilson interval; unknown of nothing."""
    if not of:
        return r.Interval()
    p, z = count / of, 1.96
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    low, high = max(middle - half, 0.0), min(middle + half, 1.0)
    return r.Interval(value=round(p, 4), low=round(low, 4), high=round(high, 4))


def evidence(model: ScoreModel | None = None, *, surprises: int = 12) -> r.Backtest:
    """A company whose score foretells churn: 412 renewals, 71 churned, all parts filled.

    Args:
        model: whose dimensions, metrics and tiers are told of; ``scorecard`` when not given.
        surprises: green accounts that churned, and as many red ones that stayed.
    """
    model = model or load_preset("scorecard")
    verdict = r.Verdict(
        key="evidence", p_value=0.0002, needed_churned=0,
        headline="Low scores came before churn: AUC 0.74 at 60 days",
        detail="412 outcomes, 71 of them churn; chance alone gives as much in 0.02% of trials.",
    )  # fmt: skip
    return r.Backtest(
        made=MADE, model=model.label, digest=model.digest,
        history="history.sqlite", outcomes="outcomes.csv",
        since=date(2025, 2, 3), until=date(2026, 10, 28), snapshots=9_120, accounts=398,
        design="renewals", days=60,
        kinds={"renewed": 283, "expanded": 27, "contracted": 31, "churned": 71},
        left_out=(r.LeftOut(reason="No snapshot old enough", count=23),
                  r.LeftOut(reason="Account not in the history", count=4)),
        currency="GBP", verdict=verdict,
        horizons=tuple(_horizon(model, d, a) for d, a in ((30, 0.78), (60, 0.74), (90, 0.69))),
        powers=_powers(model), green_churned=_surprises(model, surprises, churned=True),
        red_stayed=_surprises(model, surprises, churned=False), reviews=_reviews(),
        overrides=_overrides(), alerts=_alerts(),
        recommendations=(_weights(model), _tiers(model), _drops()),
        calibration=_calibration(model), calibration_reason="",
        drift=("8% of accounts score below 50 today; 19% did when it was fitted.",),
        notes=("14 revisions were written after their case's day and do not count.",),
    )  # fmt: skip


def no_evidence(model: ScoreModel | None = None) -> r.Backtest:
    """A company whose score foretold nothing that could be seen."""
    full = evidence(model, surprises=3)
    flat = tuple(h.model_copy(update={"auc": between(0.53, 0.09), "p_value": 0.41,
                                      "brier_skill": None, "curve": ()})
                 for h in full.horizons)  # fmt: skip
    powers = tuple(p.model_copy(update={"verdict": "no evidence", "timing": "", "leads_days": None,
                                        "auc": between(0.52, 0.1), "q_value": 0.7,
                                        "suspicious": False})
                   for p in full.powers)  # fmt: skip
    verdict = r.Verdict(
        key="no evidence", p_value=0.41, needed_churned=24,
        headline="No evidence that the score foretells churn: AUC 0.53 at 60 days",
        detail="71 churned cases are too few to see an AUC of 0.65; 24 more are needed.",
    )  # fmt: skip
    refused = tuple(
        x.model_copy(update={"verdict": "not enough evidence", "changes": (),
                             "headline": "Not enough evidence: 24 churned cases more are needed",
                             "gain": r.Interval(), "needed_churned": 24})
        for x in full.recommendations
    )  # fmt: skip
    return full.model_copy(update={
        "verdict": verdict, "horizons": flat, "powers": powers, "recommendations": refused,
        "calibration": None, "drift": (),
        "calibration_reason": "The score told churned accounts apart no better than chance.",
    })  # fmt: skip


def windows(model: ScoreModel | None = None) -> r.Backtest:
    """Only churn was listed, so time is cut into windows; no overrides, no alerts, no amounts."""
    full = evidence(model)
    bare = tuple(h.model_copy(update={"tiers": tuple(_bare(g) for g in h.tiers),
                                      "brackets": tuple(_bare(g) for g in h.brackets)})
                 for h in full.horizons)  # fmt: skip
    return full.model_copy(update={
        "design": "windows", "kinds": {"stayed": 341, "churned": 71}, "currency": "",
        "overrides": None, "alerts": None, "horizons": bare,
        "notes": ("The outcomes name only churn: each account and 90 days is a case.",),
    })  # fmt: skip


def nothing(model: ScoreModel | None = None) -> r.Backtest:
    """No outcome could be joined to the history: every part is empty or says so."""
    full, none = no_evidence(model), r.Interval()
    empty = tuple(
        r.Horizon(days=d, cases=0, churned=0, accounts=0, auc=none, p_value=None, tiers=(),
                  brackets=(), lift=(), precision=())
        for d in r.HORIZONS
    )  # fmt: skip
    verdict = r.Verdict(
        key="no evidence", p_value=None, needed_churned=30,
        headline="No evidence: no outcome could be compared",
        detail="0 of 27 outcomes have a snapshot 30 days before.",
    )  # fmt: skip
    return full.model_copy(update={
        "since": None, "until": None, "kinds": {}, "verdict": verdict, "horizons": empty,
        "powers": (), "green_churned": (), "red_stayed": (), "reviews": (), "overrides": None,
        "alerts": None, "recommendations": (), "calibration_reason": "There are no cases.",
        "notes": (),
    })  # fmt: skip


def _bare(group: r.Group) -> r.Group:
    return group.model_copy(update={"contracted": 0, "arr": None, "arr_lost": None})


def _group(key: str, label: str, ends: tuple[int, int], counts: tuple[int, int, int]) -> r.Group:
    cases, churned, smaller = counts
    return r.Group(
        key=key, label=label, starts_at=ends[0], ends_at=ends[1], cases=cases, churned=churned,
        contracted=smaller, share=share(churned, cases), arr=cases * 41_000.0,
        arr_lost=churned * 38_000.0 + smaller * 9_000.0,
    )  # fmt: skip


def _horizon(model: ScoreModel, days: int, auc: float) -> r.Horizon:
    counts = {"red": (64, 31, 9), "amber": (151, 28, 14), "green": (197, 12, 8)}
    edges = sorted(((t.key, t.label, int(t.starts_at)) for t in model.tiers), key=lambda t: t[2])
    ends = [start - 1 for _, _, start in edges[1:]] + [100]
    tiers = tuple(_group(key, label, (start, end), counts[key])
                  for (key, label, start), end in zip(edges, ends, strict=True))  # fmt: skip
    by_ten = [(4, 3, 0), (6, 4, 1), (9, 6, 1), (12, 6, 2), (14, 6, 2), (19, 6, 3), (63, 16, 7),
              (88, 12, 7), (121, 9, 6), (71, 3, 2), (5, 0, 0)]  # fmt: skip
    brackets = tuple(
        _group(str(10 * i), f"{10 * i}–{10 * i + 9}" if i < 10 else "100",
               (10 * i, min(10 * i + 9, 100)), n)
        for i, n in enumerate(by_ten)
    )  # fmt: skip
    lift = tuple(
        r.LiftPoint(share=s, cases=round(412 * s), churned=n,
                    lift=round(n / round(412 * s) * 412 / 71, 2))
        for s, n in ((0.05, 12), (0.1, 21), (0.2, 36), (0.3, 46), (0.5, 58), (1.0, 71))
    )  # fmt: skip
    precision = tuple(
        r.PrecisionPoint(k=k, churned=n, precision=share(n, k), recall=round(n / 71, 4))
        for k, n in ((10, 7), (25, 14), (50, 25), (100, 43))
    )
    return r.Horizon(
        days=days, cases=412, churned=71, accounts=377, auc=between(auc, 0.06), p_value=0.0002,
        tiers=tiers, brackets=brackets, lift=lift, precision=precision, brier=0.118,
        brier_base=0.143, brier_skill=0.175, brier_illustration=0.161,
        curve=_curve(((0.03, 120, 4), (0.09, 120, 11), (0.2, 90, 17), (0.45, 82, 39))),
        illustration=_curve(((0.03, 192, 12), (0.12, 88, 12), (0.34, 63, 16), (0.78, 69, 31))),
    )  # fmt: skip


def _curve(points: Sequence[tuple[float, int, int]]) -> tuple[r.CalibrationPoint, ...]:
    return tuple(r.CalibrationPoint(predicted=p, cases=n, churned=k, observed=share(k, n))
                 for p, n, k in points)  # fmt: skip


def _powers(model: ScoreModel) -> tuple[r.Power, ...]:
    out: list[r.Power] = []
    for i, d in enumerate(model.dimensions):
        out.append(_power("dimension", d.key, d.name, d.key, d.weight / 100, 0.72 - 0.05 * i, i))
        total = sum(m.weight for m in d.metrics) or 1
        for j, m in enumerate(d.metrics):
            weight, auc = d.weight / 100 * m.weight / total, 0.74 - 0.045 * i - 0.05 * j
            out.append(_power("metric", m.key, m.name, d.key, weight, auc, i + 2 * j))
    return tuple(out)


def _power(kind: str, key: str, name: str, dimension: str, weight: float, auc: float,
           rank: int) -> r.Power:  # fmt: skip
    auc = max(auc, 0.42)
    verdict = ("predicts" if auc > 0.6 else "wrong way" if auc < 0.43 else
               "too few values" if rank % 7 == 6 else "no evidence")  # fmt: skip
    timing = "" if verdict != "predicts" else "leading" if rank % 3 < 2 else "lagging"
    lead = tuple(r.LeadPoint(days=d, cases=412 - d, churned=71 - d // 6,
                             auc=between(max(auc - d / 900, 0.4), 0.07))
                 for d in (0, 15, 30, 60, 90, 120, 180))  # fmt: skip
    return r.Power.model_validate({
        "kind": kind, "key": key, "name": name, "dimension": dimension, "weight": weight,
        "observed": 0.97 - 0.04 * rank, "cases": 400 - 10 * rank, "churned": 70 - 2 * rank,
        "auc": between(auc, 0.06), "p_value": 0.001 * (rank + 1), "q_value": 0.003 * (rank + 1),
        "churned_mean": 48.0 + rank, "stayed_mean": 48.0 + rank + 60 * (auc - 0.5),
        "correlation": round(1.1 * (auc - 0.5), 3), "verdict": verdict, "timing": timing,
        "leads_days": {"leading": 90, "lagging": 30}.get(timing), "by_lead": lead,
        "suspicious": kind == "metric" and rank == 0,
        "note": "AUC 0.95 on the last day: it may be written after notice is given."
                if kind == "metric" and rank == 0 else "",
    })  # fmt: skip


def _surprises(model: ScoreModel, count: int, *, churned: bool) -> tuple[r.Surprise, ...]:
    names = [m.name for m in model.metrics] or [d.name for d in model.dimensions]
    return tuple(
        r.Surprise(
            account_id=f"S-{i:03d}" if churned else f"R-{i:03d}",
            account=f"Former Sample {i}" if churned else f"Sample Account {i}",
            outcome="churned" if churned else "renewed", day=date(2026, 9, 30) - timedelta(11 * i),
            arr=None if i == 2 else 310_000.0 - 23_000 * i, currency="GBP",
            seen=date(2026, 7, 30) - timedelta(11 * i), days=62,
            score=88.4 - 0.6 * i if churned else 41.2 + i,
            tier="green" if churned else "red",
            drivers=(f"{names[i % len(names)]} at 41%, 6.2 points lost",
                     f"{names[(i + 3) % len(names)]} unknown"),
            later="64 Amber on 23 Sep 2026" if churned and i % 2 else "",
        )
        for i in range(1, count + 1)
    )  # fmt: skip


def _reviews() -> tuple[r.Review, ...]:
    return tuple(
        r.Review(
            account_id=f"S-{i:03d}", account=f"Former Sample {i}",
            day=date(2026, 9, 30) - timedelta(11 * i), arr=310_000.0 - 23_000 * i, currency="GBP",
            reason="Price" if i % 3 else "",
            scores=tuple(r.ReviewScore(days=d, seen=date(2026, 9, 30) - timedelta(11 * i + d + 3),
                                       score=70.0 - 9 * i % 30 + d / 10, tier="amber")
                         for d in (180, 90, 60, 30, 0)),
            fell=("Seats in use from 81 to 34 points",) if i % 2 else (),
            alerts=(r.ReviewAlert(day=date(2026, 6, 2), days_before=118 - 11 * i,
                                  name="Score falls 10 points in 7 days",
                                  evidence="71 to 58 in 7 days"),) if i % 2 else (),
            actions=("Executive call, CSM Sample A, done 11 Jun 2026",) if i == 1 else (),
            missed=("Two metrics were never given.",) if i > 1 else (),
            summary=f"{60 + i} points 60 days before, {'one alert' if i % 2 else 'no alert'}.",
        )
        for i in range(1, 8)
    )  # fmt: skip


def _overrides() -> r.OverrideRecord:
    def of(count: int, total: int) -> r.ShareAt:
        return r.ShareAt(count=count, of=total, share=share(count, total))

    return r.OverrideRecord(better=of(9, 14), worse=of(6, 8), right=of(15, 22),
                            model_right=of(11, 22),
                            better_base=0.81, worse_base=0.18)  # fmt: skip


def _alerts() -> r.AlertRecord:
    def one(key: str, name: str, fired: int, churned: int) -> r.TriggerRecord:
        return r.TriggerRecord(key=key, name=name, fired=fired, churned=churned,
                               precision=share(churned, fired), base=0.06, flagged=3,
                               lead_days=64.0 if churned else None)  # fmt: skip

    triggers = (one("drop_week", "Score falls 10 points in 7 days", 88, 29),
                one("below_60", "Score below 60", 61, 24),
                one("login_gap", "No login for 14 days", 40, 5),
                one("sponsor_left", "Stakeholder left", 3, 0))  # fmt: skip
    return r.AlertRecord(
        window=90, total=one("", "All alerts", 192, 58),
        caught=r.ShareAt(count=44, of=71, share=share(44, 71)), triggers=triggers,
        caught_base=0.38,
    )  # fmt: skip


def _weights(model: ScoreModel) -> r.Recommendation:
    moved = [0.05, -0.05, *[0.0] * (len(model.dimensions) - 2)]
    changes = tuple(
        r.Change(key=d.key, name=d.name, current=d.weight / 100, proposed=d.weight / 100 + more)
        for d, more in zip(model.dimensions, moved, strict=True)
    )
    first, second = model.dimensions[0], model.dimensions[1]
    return r.Recommendation(
        kind="weights", verdict="recommended", measure="AUC",
        headline=f"+0.02 AUC: {first.name} up 5 points, {second.name} down 5",
        reason="Fitted near today's weights, on five sixths of the accounts at a time.",
        gain=r.Interval(value=0.021, low=0.006, high=0.038), changes=changes,
    )  # fmt: skip


def _tiers(model: ScoreModel) -> r.Recommendation:
    changes = tuple(
        r.Change(key=t.key, name=t.label, current=t.starts_at, proposed=t.starts_at)
        for t in model.tiers
    )
    return r.Recommendation(
        kind="tiers", verdict="no gain", measure="Share of churn found in red",
        headline="Tiers stay: no other cut did better on held-out accounts",
        reason="The best cut on fitted accounts gained nothing on the others.",
        gain=r.Interval(value=0.0, low=-0.02, high=0.02), changes=changes,
    )  # fmt: skip


def _drops() -> r.Recommendation:
    return r.Recommendation(
        kind="metrics", verdict="not enough evidence", measure="AUC",
        headline="Not enough evidence to drop a metric: 40 churned cases more are needed",
        reason="No metric did worse than chance beyond its interval.", gain=r.Interval(),
        needed_churned=40,
    )  # fmt: skip


def _calibration(model: ScoreModel) -> r.Calibration:
    return r.Calibration(
        fitted=MADE, expires=r.Calibration.last_day(MADE), since=date(2025, 2, 3),
        until=date(2026, 10, 28), days=60, meaning="churn at a renewal, 60 days ahead",
        model=model.label, digest=model.digest, cases=412, churned=71, contracted=31,
        accounts=377, churn=_CURVE, contraction=_SMALLER, auc=between(0.73, 0.06), brier=0.118,
        brier_base=0.143, slope=0.94, intercept=-0.03,
        scores=(0.01, 0.01, 0.02, 0.03, 0.03, 0.05, 0.15, 0.22, 0.29, 0.17, 0.02),
        method="logistic regression on the score, never rising",
    )  # fmt: skip
