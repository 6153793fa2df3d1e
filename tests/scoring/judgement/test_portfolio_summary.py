"""The portfolio's sentences: each number is a figure of theirs, and follows from the accounts."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Any

import pandas as pd
import pytest

from scoring.amounts import main_currency
from scoring.inputs import Inputs
from scoring.judgement.phrases import day_words
from scoring.judgement.portfolio_summary import KINDS, Figure, Said
from scoring.look_alikes import expansion_look_alikes
from scoring.presets import load_preset
from scoring.rollup import round_half_up
from tests.scoring.judgement.test_assessment import flaws
from tests.workbook_templates.portfolio import samples
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.summary import GIVE_WAY, LINES, SIDES, fill

CODE = {"green": 2, "amber": 1, "red": 0}


NAMES = ("x" * 300, "Line\nbreak", "=1+1", "  ", "Straße 5 & Söhne", "日本", "O'Hara; Ltd.")
CASES = ("demo scorecard", "demo support", "hard four-dimension", "hard signals", "few", "one",
         "names")  # fmt: skip
"""Demo and hard accounts under the presets, few, one, and names that hurt."""


@cache
def portfolio(case: str) -> Portfolio:
    """The portfolio of a case."""
    kind, _, preset = case.partition(" ")
    if kind == "names":
        return samples.with_names(list(NAMES))
    if kind == "one":
        return samples.with_names(["One"])
    if kind == "few":
        return samples.demo(count=3)
    return samples.demo(preset) if kind == "demo" else samples.hard(load_preset(preset))


def texts(p: Portfolio) -> dict[str, Said]:
    """Kind → sentence."""
    return {s.kind: s for s in p.sentences}


def unexplained(s: Said) -> str:
    """What is left of a sentence without its figures."""
    rest = s.text
    for figure in sorted(s.figures, key=lambda x: -len(x.text)):
        rest = re.sub(re.escape(figure.text), "", rest, count=1, flags=re.IGNORECASE)
    return rest


def amount(text: str) -> tuple[float, float]:
    """A number as told, and half of its last digit."""
    found = re.search(r"(\d[\d,]*(?:\.\d+)?)(%|[kmKMB])?", text)
    assert found, text
    scale = {"%": 0.01, "k": 1e3, "K": 1e3, "m": 1e6, "M": 1e6, "B": 1e9, None: 1.0}[found[2]]
    places = len(found[1].partition(".")[2])
    return float(found[1].replace(",", "")) * scale, 0.5 * 10.0**-places * scale


def tells(figure: Figure) -> bool:
    """Whether a figure's text is its value."""
    if isinstance(figure.value, str):
        start = figure.text.rstrip("…").casefold()
        return " ".join(figure.value.split()).casefold().startswith(start[:20]) or start == ""
    if isinstance(figure.value, date):
        return figure.text == day_words(figure.value)
    shown, half = amount(figure.text)
    return abs(shown - figure.value) <= half * (1 + 1e-6) + 1e-9


@pytest.mark.parametrize("case", CASES)
def test_every_digit_is_a_figure_that_tells_its_value(case: str) -> None:
    """No number stands in a sentence but those that carry their value and source."""
    p = portfolio(case)
    for s in p.sentences:
        assert not re.search(r"\d", unexplained(s)), (s.text, unexplained(s))
        assert all(map(tells, s.figures)), s
        assert all(f.source for f in s.figures)
        assert flaws(re.sub(r"[xX]{9,}", "x", s.text)) == [], s.text
        assert len(s.text) < 330
    assert [s.kind for s in p.sentences] == [k for k in KINDS if k in texts(p)]


def expected(p: Portfolio) -> dict[str, Any]:
    """Key of a figure → its value, worked out from the frame in other words."""
    f = p.frame
    own = f["arr"].where(f["currency"] == main_currency(f))
    code, was = f["tier"].map(CODE), f["previous_tier"].map(CODE)
    newly, back = f[(code == 0) & (was > 0)], f[(code > 0) & (was == 0)]
    below = f[f["tier"].isin(["amber", "red"])]
    soon = below[(below["days_left"] >= 0) & (below["days_left"] <= 90)]
    renewing = f[(f["days_left"] >= 0) & (f["days_left"] <= 90)]
    out: dict[str, Any] = {k: (f["tier"] == k).sum() for k in CODE}
    out |= {"accounts": len(f), "no_tier": (f["tier"] == "").sum(), "arr": own.sum(), "days": 90}
    out |= {"red_arr": own[f["tier"] == "red"].sum(), "newly_red": len(newly)}
    out |= {"newly_red_arr": own[newly.index].sum(), "recovered": len(back)}
    out |= {"recovered_arr": own[back.index].sum(), "worse": (code < was).sum()}
    out |= {"better": (code > was).sum(), "soon": len(soon), "soon_arr": own[soon.index].sum()}
    out |= {"renewing": len(renewing), "renewing_arr": own[renewing.index].sum()}
    if len(soon) and own[soon.index].notna().any():
        top: Any = own[soon.index].idxmax()
        out |= {"first": f["account_name"][top], "first_arr": own[top]}
        out |= {"first_days": f["days_left"][top]}
    out |= _of_csms(p) | _of_week(p, below, own) | _of_lists(p, own)
    return out


def _of_csms(p: Portfolio) -> dict[str, Any]:
    f = p.frame[p.frame["csm"] != ""]
    if f.empty:
        return {}
    load = f["tier"].map({"red": 3.0, "amber": 2.0}).fillna(1.0).groupby(f["csm"]).sum()
    red = (f["tier"] == "red").groupby(f["csm"]).sum()
    over = load[(red > 3) | (load > 1.25 * load.mean() + 1e-9)]
    if over.empty:
        return {"csms": len(load)}
    top = max(over.index, key=lambda csm: (over[csm], csm))
    return {"csms": len(load), "over": len(over), "csm": top, "csm_red": red[top],
            "csm_load": load[top] / load.mean()}  # fmt: skip


def _of_week(p: Portfolio, below: pd.DataFrame, own: pd.Series[float]) -> dict[str, Any]:
    lost = (own[below.index] * (100 - below["score"])).dropna()
    late = (pd.to_datetime(below["next_due"]) < pd.Timestamp(p.as_of)) & below["score"].notna()
    if lost.empty:
        return {"overdue": late.sum()}
    place: Any = lost.idxmax()
    top = p.frame.loc[place]
    due = None if pd.isna(top["next_due"]) else pd.Timestamp(top["next_due"]).date()
    return {"week_first": top["account_name"], "week_score": round_half_up(top["score"]),
            "week_arr": own[place], "week_action": top["next_action"],
            "week_owner": top["owner"], "week_due": due, "overdue": late.sum()}  # fmt: skip


def _of_lists(p: Portfolio, own: pd.Series[float]) -> dict[str, Any]:
    alike = next((x for x in expansion_look_alikes(p.frame, p.model) if x.accounts), None)
    worst = next((x for x in p.trends if not x.better), None)
    out: dict[str, Any] = {}
    if alike is not None:
        out |= {"alike": len(alike.rows), "alike_arr": own.iloc[list(alike.rows)].sum()}
    if worst is not None:
        out |= {"moved": len(worst.rows), "trend_arr": own.iloc[list(worst.rows)].sum()}
        out |= {"known": worst.known, "trend_since": worst.since}
    return out


@pytest.mark.parametrize("case", CASES)
def test_each_figure_follows_from_the_accounts(case: str) -> None:
    """Counts, amounts, days and names are worked out again from the frame."""
    p = portfolio(case)
    want, seen = expected(p), 0
    for s in p.sentences:
        for figure in s.figures:
            if figure.key not in want or (s.kind == "positive" and figure.key in ("moved", "known",
                                          "trend_arr", "trend_since")):  # fmt: skip
                continue
            seen += 1
            value = want[figure.key]
            if isinstance(figure.value, str | date):
                assert figure.value == value, (s.text, figure.key)
            else:
                assert figure.value == pytest.approx(value), (s.text, figure.key)
    assert seen >= min(len(p.frame), 5)


def test_the_loss_of_a_dimension_is_its_weight_times_what_is_missing() -> None:
    """The weakness is the dimension with the most ARR × points; its mean loss is worked out."""
    p = portfolio("demo support")
    figures = {x.key: x.value for x in texts(p)["weakness"].figures}
    scored = p.frame[p.frame["tier"] != ""]
    lost = {}
    for d in p.model.dimensions:
        known = scored[[f"dim_{e.key}" for e in p.model.dimensions]].notna().to_numpy()
        weights = scored[[f"weight_{e.key}" for e in p.model.dimensions]].to_numpy() * known
        share = scored[f"weight_{d.key}"] / weights.sum(axis=1)
        lost[d.name] = (share * (100 - scored[f"dim_{d.key}"])).dropna()
    name = figures["dimension"]
    assert figures["lost"] == pytest.approx(lost[str(name)].mean())
    assert figures["lost_accounts"] == len(lost[str(name)])


def test_direction_words_follow_the_sign() -> None:
    """What got worse is called worse; a first snapshot has no direction at all."""
    p = portfolio("demo scorecard")
    for s in p.sentences:
        if s.kind == "warning":
            assert " worse in " in s.text
            assert " better in " not in s.text
    first = samples.with_names(["One", "Two"])
    told = texts(first)
    assert told["change"].text == "First snapshot, so there is no change to tell."
    assert "warning" not in told
    assert "pattern" not in told


def test_tiers_are_called_as_the_model_calls_them() -> None:
    """Yellow where the model says Yellow."""
    told = " ".join(s.text for s in portfolio("demo support").sentences)
    assert "Amber" not in told
    assert "Yellow" in told


def test_nothing_to_tell_is_nothing_told() -> None:
    """A portfolio without accounts has no sentence."""
    empty = pd.DataFrame({"account_id": pd.Series(dtype=object)})
    model = load_preset("scorecard")
    p = samples.of_inputs(Inputs(accounts=empty, source="test"), model)
    assert p.sentences == ()


@pytest.mark.parametrize("case", ["demo scorecard", "demo support", "few"])
def test_the_sheet_shows_what_fits(case: str) -> None:
    """Two columns of whole sentences in order; what other parts of the sheet tell gives way."""
    p = portfolio(case)
    values, told = fill(p).values, texts(p)
    for number, kinds in enumerate(SIDES, start=1):
        shown = str(values[f"summary_text_{number}"]).split("\n")
        whole = [told[k].text for k in kinds if k in told]
        assert [text for text in whole if text in shown] == shown
        assert sum(-(-len(text) // 100) for text in shown) <= LINES + 1
        gone = [k for k in kinds if k in told and told[k].text not in shown]
        assert set(gone) <= set(GIVE_WAY)
    assert {k for side in SIDES for k in side} == set(KINDS)
