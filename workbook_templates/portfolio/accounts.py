"""*Accounts*: one row an account, and what fills it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from scoring.amounts import main_currency, own_amounts
from scoring.groups import BELOW_GREEN
from scoring.judgement.forecast import account_losses
from scoring.model import Dimension, ScoreModel
from scoring.rollup import STATUSES, TIERS, round_half_up, tier_code
from scoring.score import MANY
from workbook_templates.ooxml.columns import Columns
from workbook_templates.portfolio import basis, written
from workbook_templates.portfolio.account_formulas import account_formulas
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.names import ACCOUNTS
from workbook_templates.portfolio.tables import TableColumn, TableSpec

TABLE = "Accounts"
PRINTED = 12
"""Columns on the printed page; the rest is for filters, formulas and other sheets."""


def tables(model: ScoreModel) -> tuple[TableSpec, ...]:
    """Tables of the sheet."""
    formulas = account_formulas(model)
    columns = tuple(
        TableColumn(**{**spec, "formula": formulas.get(spec["key"], "")})
        for spec in [*_FIRST, *_dimensions(model), *_rest(model)]
    )
    return (TableSpec(TABLE, ACCOUNTS, ("account_id",), columns, keeps_order=True),)


def _spec(
    key: str, header: str, form: str = "text", width: int = 90, align: str = "left", **more: bool
) -> dict[str, Any]:
    return {"key": key, "header": header, "format": form, "width": width, "align": align, **more}


_FIRST = (
    _spec("account_id", "Account ID", width=78, muted=True),
    _spec("account_name", "Account", width=250),
    _spec("csm", "CSM", width=104, told=True),
    _spec("segment", "Segment", width=84, told=True),
    _spec("arr", "ARR", "money", 88, "right1", told=True),
    _spec("score", "Score", "score", 96, "right1", bold=True, told=True),
    _spec("tier", "Tier", width=96, align="left1", bold=True, told=True),
    _spec("change", "Change", "arrow", 70, "right"),
    _spec("coverage", "Coverage", "percent", 72, "right", told=True),
    _spec("renewal_date", "Renewal date", "date", 92, "right", told=True),
    _spec("days_left", "Days left", "whole", 70, "right"),
    _spec("driver", "Leading driver", width=220, align="left1", told=True),
    _spec("owner", "Owner", width=104, told=True),
    _spec("last_action", "Last action", width=220, told=True),
    _spec("last_action_date", "Last action on", "date", 92, "right", told=True),
    _spec("next_action", "Next action", width=220, align="left1", told=True),
    _spec("next_due", "Next due", "date", 92, "right", told=True),
    _spec("status", "Status", width=110, align="left1", told=True),
    _spec("could_be", "Could be", width=96, told=True),
)


def _dimensions(model: ScoreModel) -> list[dict[str, Any]]:
    taken = {spec["header"].casefold() for spec in (*_FIRST, *_rest(model))}
    return [_spec(f"dim_{d.key}", _free(d, taken), "score", 96, "right") for d in model.dimensions]


def _free(dimension: Dimension, taken: set[str]) -> str:
    """A dimension's name as header; a Table holds each header once."""
    name = dimension.name
    while name.casefold() in taken:
        name += " score"
    taken.add(name.casefold())
    return name


def _rest(model: ScoreModel) -> list[dict[str, Any]]:
    smoothed = [_spec("smoothed", "Smoothed score", "points", 84, "right")]
    return [
        _spec("previous_score", "Previous score", "score", 84, "right"),
        _spec("previous_tier", "Previous tier", width=96, align="left1"),
        _spec("previous_day", "Previous date", "date", 92, "right"),
        _spec("velocity", "Points a day", "change2", 84, "right"),
        _spec("movement", "Movement", width=110, align="left1"),
        _spec("moved", "Moved most by", width=220),
        _spec("expansion", "Expansion", width=84),
        _spec("missing", "Metrics missing", "whole", 78, "right"),
        _spec("stale", "Metrics stale", "whole", 78, "right"),
        _spec("override", "Override", width=220, align="left1", told=True),
        _spec("gate", "Gate", width=150, told=True),
        _spec("start_date", "Start date", "date", 92, "right"),
        _spec("currency", "Currency", width=84, align="left1", told=True),
        _spec("arr_total", "ARR in totals", "money", 96, "right"),
        _spec("arr_risk", "ARR at risk", "money", 96, "right"),
        _spec("renewal_loss", "Expected loss", "money", 96, "right"),
        _spec("loss_variance", "Variance of loss", "whole", 96, "right", muted=True),
        *(smoothed if model.smoothing_days else []),
        _spec("score_set", "Score set", "score", 78, "right"),
        _spec("tier_set", "Tier set", width=90, align="left1"),
        _spec("weights", "Weights used", width=96),
        _spec("engine_score", "Engine's score", "score", 84, "right", muted=True),
        _spec("engine_tier", "Engine's tier", width=96, align="left1", muted=True),
        _spec(written.KEY, "As written", width=96, muted=True, hidden=True),
    ]


def fill(p: Portfolio) -> Filling:
    """Values of the sheet, the worst score first."""
    data, main = account_columns(p), main_currency(p.frame)
    values = {
        "as_of": p.as_of,
        "main_currency": main,
        "currency_sign": basis.currency_sign(main),
        "previous_day": basis.previous_day(p.frame) or "",
        "accounts_note": _note(p),
    }
    return Filling(values, {TABLE: Columns(data, len(p.frame))})


def _note(p: Portfolio) -> str:
    n = len(p.frame)
    counted = f"{n:,} account{'' if n == 1 else 's'}"
    day = f"{p.as_of.day} {p.as_of:%b %Y}"
    return f"{counted} · as of {day} · sort as you like · add your own columns to the right"


def worst_first(p: Portfolio) -> Any:
    """Positions of the rows: lowest score first, of equal scores the larger ARR; no tier last."""
    frame = p.frame
    # The placeholder score of a new account is no measurement that others could be worse than.
    score = frame["score"].where(frame["tier"] != "", np.nan).to_numpy(float)
    arr = np.nan_to_num(frame["arr"].to_numpy(float), nan=-1.0)
    return np.lexsort((np.arange(len(frame)), -arr, np.where(np.isnan(score), np.inf, score)))


def account_columns(p: Portfolio) -> dict[str, Any]:
    """Column key → n values, the worst score first."""
    order = worst_first(p)
    # The same order for the accounts and for what the engine kept of them.
    frame = p.frame.iloc[order]
    plain = {key: frame[key].to_numpy() for key in frame.columns if key in _PLAIN}
    dims = {f"dim_{d.key}": frame[f"dim_{d.key}"].to_numpy(float) for d in p.model.dimensions}
    data = {**plain, **dims, **_worked(p, frame, order)}
    (spec,) = tables(p.model)
    return data | {written.KEY: written.record(spec, data, len(frame))}


_PLAIN = frozenset(
    "account_id account_name csm arr score coverage renewal_date days_left driver owner "
    "last_action last_action_date next_action next_due status previous_score previous_day "
    "velocity moved missing stale override gate start_date currency".split()
)


def _worked(p: Portfolio, frame: pd.DataFrame, order: Any) -> dict[str, Any]:
    """Columns that the frame does not have as they are shown."""
    model, now = p.model, p.timeline.now
    score, before = frame["score"].to_numpy(float), frame["previous_score"].to_numpy(float)
    segment = frame["segment"].map({**basis.SEGMENT_WORDS, "": ""}).to_numpy(object)
    weights = _weights_used(p, frame, segment)
    smoothed = now.smoothed[order]
    score_set = _score_set(frame)
    own = own_amounts(frame).to_numpy(float)
    loss, variance = account_losses(frame, p.chances)
    natural = _natural(model, score, smoothed, weights, score_set)
    tiers = basis.tier_words(model, frame["tier"])
    shown = _shown_tier(tiers, weights, score_set)
    out = {
        "segment": segment,
        "tier": shown,
        "change": round_half_up(score, MANY) - round_half_up(before, MANY),
        "could_be": _could_be(model, frame),
        "previous_tier": basis.tier_words(model, frame["previous_tier"]),
        "movement": frame["velocity_label"].to_numpy(object),
        "expansion": np.where(frame["expansion"].to_numpy(bool), "Yes", ""),
        "arr_total": own,
        "arr_risk": np.where(frame["tier"].isin(list(BELOW_GREEN)), own, np.nan),
        "renewal_loss": loss,
        "loss_variance": variance,
        "score_set": score_set,
        # Where an override or a gate made the tier another one than the score's own.
        "tier_set": np.where(frame["tier"].to_numpy(object) == natural, "", tiers),
        "weights": weights,
        "engine_score": score,
        "engine_tier": shown,
    }
    return out | ({"smoothed": smoothed} if model.smoothing_days else {})


def _weights_used(p: Portfolio, frame: pd.DataFrame, segment: Any) -> Any:
    """Name of the set of weights of each account, as the formula finds it."""
    life = p.model.lifecycle
    start = pd.to_datetime(frame["start_date"])
    age = (pd.Timestamp(p.as_of) - start.dt.normalize()).dt.days.to_numpy(float)
    own = np.where(segment == "", basis.BASE, segment)
    old = np.where(age <= life.onboarding_days, basis.ONBOARDING, own)
    return np.where(age <= life.neutral_days, basis.NEUTRAL, old).astype(object)


def _score_set(frame: pd.DataFrame) -> Any:
    """The score a person set; NaN where the score is the model's own."""
    score, own = frame["score"].to_numpy(float), frame["model_score"].to_numpy(float)
    same = (score == own) | (np.isnan(score) & np.isnan(own))
    by_hand = (frame["status"] == STATUSES[5]).to_numpy(bool)
    return np.where(by_hand & ~same, score, np.nan)


def _natural(model: ScoreModel, score: Any, smoothed: Any, weights: Any, score_set: Any) -> Any:
    """Tier keys that the scores give by themselves."""
    use = ~np.isnan(smoothed) & ~np.isnan(score) & np.isnan(score_set)
    followed = np.where(use, smoothed, score)
    followed = np.where((weights == basis.NEUTRAL) & np.isnan(score_set), np.nan, followed)
    return np.array([*TIERS, ""], dtype=object)[tier_code(model, followed, MANY).astype(int)]


def _shown_tier(tiers: Any, weights: Any, score_set: Any) -> Any:
    """The engine's tier, or why there is none."""
    new = (weights == basis.NEUTRAL) & np.isnan(score_set)
    return np.where(tiers == "", np.where(new, basis.PROVISIONAL, basis.NO_SCORE), tiers)


def _could_be(model: ScoreModel, frame: pd.DataFrame) -> Any:
    """The tier that missing data could still make of it, the better one first; "" for none."""
    code = np.array([TIERS.index(t) if t else -1 for t in frame["tier"]])
    words = np.array([*(basis.tier_word(model, t) for t in TIERS), ""], dtype=object)
    out = np.full(len(frame), "", dtype=object)
    for edge in ("low", "high"):
        other = tier_code(model, frame[edge].to_numpy(float), MANY).astype(int)
        differs = (code >= 0) & (other >= 0) & (other != code)
        out = np.where(differs, words[other], out)
    held = (frame["status"] == STATUSES[5]).to_numpy(bool)
    return np.where(held, "", out)
