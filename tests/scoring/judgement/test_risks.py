"""Risks found in data: document 002's account by hand, gaps, specifics, and every preset."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import pytest

from pipeline.sample import sample_inputs
from scoring.account_facts import Facts, gather
from scoring.inputs import Inputs
from scoring.judgement.library import Library, load_library
from scoring.judgement.records import SEVERITIES, Risk
from scoring.presets import load_preset, preset_names
from tests.scoring.judgement.acme import AS_OF, FACTS, METRICS, MODEL

LATER, EARLIER = date(2026, 10, 23), date(2026, 8, 23)
BEFORE: Mapping[str, Any] = {
    "seats_active_share": 0.68, "seats_active": 17.0, "nps_response": 8.0, "csat": 3.9,
    "tickets_vs_average": 0.0, "usage_trend_quarter": 0.0,
}  # fmt: skip
VP = {"account_id": FACTS["account_id"], "name": "Sample VP", "relation": "Executive sponsor",
      "strength": "Active", "last_contact": date(2026, 11, 10)}  # fmt: skip


def account(
    tables: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    library: Library | None = None,
    past: bool = True,
    **changes: Any,
) -> Facts:
    """The account of 002 with its previous quarter: 68 % of seats, NPS 8, 3 tickets."""
    row = {**FACTS, **METRICS, **changes}
    history = [{**row, **BEFORE, "date": EARLIER}, {**row, "date": LATER}] if past else []
    frames = {name: pd.DataFrame(rows) for name, rows in (tables or {}).items()}
    for frame in frames.values():
        for key in ("date", "last_contact"):
            if key in frame:
                frame[key] = pd.to_datetime(frame[key])
    inputs = Inputs(pd.DataFrame([row]), frames, pd.DataFrame(history), library=library)
    return next(gather(inputs, MODEL, as_of=AS_OF))


def found(facts: Facts) -> dict[str, Risk]:
    """Key → risk."""
    return {r.key: r for r in facts.risks}


def test_the_account_of_002_has_its_four_risks() -> None:
    """Usage decline high; satisfaction, champion dependency and stalled adoption, with numbers."""
    risks = found(account({"Stakeholders": [VP]}))
    usage = risks["usage_decline_tickets"]
    assert usage.text == (
        "Usage fell 18% since 23 Oct 2026 while tickets rose 167%; seat utilisation 48%, 75% or "
        "more is healthy, down from 68% on 23 Aug 2026"
    )
    assert (usage.severity, usage.dimension, usage.since) == ("High", "usage", LATER)
    assert (usage.arr, usage.play) == (45_000.0, "usage_recovery")
    assert risks["stalled_adoption"].text == (
        "Feature adoption 33% (4 of 12 features), no rise in 92 days; 70% or more is healthy"
    )
    assert risks["csat_low"].text == (
        "CSAT 3.2 of 5, 4 or more is healthy, down from 3.9 of 5 on 23 Aug 2026"
    )
    assert "6 of 10" in risks["nps_falling"].text
    assert "down from 8 of 10 on 23 Aug 2026" in risks["nps_falling"].text
    assert risks["single_champion"].severity == "Medium"
    assert risks["escalations"].evidence[0].value == 1.0
    assert risks["training_low"].severity == "Medium"


def test_the_account_of_002_has_its_four_positives() -> None:
    """Sponsor, payments, no renewal threat, regular contact."""
    positives = {p.key: p.text for p in account({"Stakeholders": [VP]}).positives}
    assert positives["sponsor_active"] == "Executive sponsor active"
    assert positives["pays_on_time"] == "Payment history on time"
    assert positives["renewal_far"] == "127 days to the renewal on 30 Mar 2027"
    assert positives["regular_contact"].startswith("CSM touches 6 in 90 days")


def test_evidence_holds_value_benchmark_and_before() -> None:
    """What the sentence says stands beside it as data."""
    (evidence, *_) = found(account())["csat_low"].evidence
    assert (evidence.key, evidence.value, evidence.before) == ("csat_share", 3.2, 3.9)
    assert (evidence.benchmark, evidence.since) == ("4 or more", LATER)


def test_what_a_specific_risk_says_is_not_said_twice() -> None:
    """Usage with tickets covers usage alone, and that covers the seats."""
    risks = found(account())
    assert not {"usage_decline", "low_seats", "ticket_spike"} & set(risks)
    calm = found(account(tickets_vs_average=0.1))
    assert "usage_decline" in calm
    assert not {"usage_decline_tickets", "low_seats"} & set(calm)


def test_missing_is_no_risk() -> None:
    """An account of which nothing is known has none but that."""
    nothing = dict.fromkeys([*METRICS, "seats_active", "features_used", "start_date"])
    risks = found(account(past=False, renewal_date=None, **nothing))
    assert set(risks) == {"blind_spots"}


def test_no_champion_recorded_is_a_gap_and_no_departure() -> None:
    """It is told as missing data, where the source has a place for it."""
    risks = found(account({"Stakeholders": [VP]}))
    assert "not a departure" in risks["no_champion_recorded"].text
    assert "champion_left" not in risks
    assert "no_champion_recorded" not in found(account())


def test_a_departure_tells_its_day_and_source() -> None:
    """From *Events*; a champion who left covers the dependency on one."""
    event = {"account_id": FACTS["account_id"], "date": date(2026, 11, 3),
             "event": "Champion left the company", "source": "CRM"}  # fmt: skip
    risk = found(account({"Events": [event], "Stakeholders": [VP]}))["champion_left"]
    assert risk.text.startswith("Champion left the company (CRM) on 3 Nov 2026")
    assert (risk.since, risk.severity) == (date(2026, 11, 3), "High")
    later = {**event, "date": date(2026, 12, 3)}
    assert "champion_left" not in found(account({"Events": [later]}))
    assert "champion_left" not in found(account({"Events": [{**event, "date": date(2026, 3, 1)}]}))


@pytest.mark.parametrize(
    ("event", "key"),
    [
        ("Merger with a competitor of ours announced", "merger"),
        ("Budget cut by a third", "budget_cut"),
        ("RFP with two vendors", "competitor"),
        ("Outage of four hours", "incident"),
        ("Direct debit failed", "payment_failed"),
    ],
)
def test_outside_facts_become_risks_with_their_day(event: str, key: str) -> None:
    """003: external factors are facts with a date and a source."""
    row = {"account_id": FACTS["account_id"], "date": date(2026, 11, 12), "event": event,
           "source": "News"}  # fmt: skip
    risk = found(account({"Events": [row]}))[key]
    assert risk.since == date(2026, 11, 12)


def test_severity_follows_its_rule() -> None:
    """A renewal within 90 days makes a usage decline high; else it is medium."""
    calm: dict[str, Any] = {
        "tickets_vs_average": 0.0,
        "seats_active_share": 0.7,
        "seats_active": None,
    }
    assert found(account(**calm))["usage_decline"].severity == "Medium"
    soon = date(2027, 2, 1)
    assert found(account(**calm, renewal_date=soon))["usage_decline"].severity == "High"
    worse = found(account(**calm, usage_trend_quarter=-0.3))
    assert worse["usage_decline"].severity == "High"


def test_points_and_ranks() -> None:
    """The most severe first, of these the costliest; points are those that the metrics lose."""
    risks = account({"Stakeholders": [VP]}).risks
    order = [(SEVERITIES.index(r.severity), -r.points) for r in risks]
    assert order == sorted(order)
    assert found(account())["csat_low"].points == pytest.approx(20 / 4 * (1 - (3.2 - 1) / 4) * 0.8,
                                                               abs=1.5)  # fmt: skip


def test_a_library_of_ones_own_decides() -> None:
    """Condition, wording and severity are data."""
    risk = load_library().risk("csat_low")
    assert risk is not None
    own = risk.model_copy(update={"condition": "csat < 3.5", "text": "Only {csat}", "high": ""})
    facts = account(library=Library(risks=(own,), plays=load_library().plays))
    (only,) = facts.risks
    assert (only.text, only.severity) == ("Only 3.2 of 5", "Medium")
    assert facts.positives == ()


def test_points_may_decide_the_severity() -> None:
    """``points`` is what the metrics behind the evidence lose."""
    risk = load_library().risk("csat_low")
    assert risk is not None
    for limit, severity in ((0.5, "High"), (50.0, "Medium")):
        own = risk.model_copy(update={"high": f"points >= {limit}"})
        library = Library(risks=(own,), plays=load_library().plays)
        assert account(library=library).risks[0].severity == severity


@pytest.mark.parametrize("preset", preset_names())
def test_every_preset_finds_specific_risks(preset: str) -> None:
    """In the sample: no gap in a sentence, evidence for each found one, dimensions of the model."""
    model = load_preset(preset)
    keys = {d.key for d in model.dimensions} | {""}
    kinds: set[str] = set()
    for facts in gather(sample_inputs(model, as_of=AS_OF, accounts=40), model, as_of=AS_OF):
        assert len({r.key for r in facts.risks if r.key}) == sum(1 for r in facts.risks if r.key)
        for risk in facts.risks:
            kinds.add(risk.key)
            assert risk.dimension in keys
            if not risk.typed:
                assert risk.evidence, (facts.account_id, risk.key)
                assert any(c.isdigit() for c in risk.text) or risk.key in (
                    "escalation_open", "cancellation", "payment_late", "sponsor_passive",
                    "sponsor_left", "unresponsive", "champion_weak", "value_unproven",
                    "goals_off_track", "arr_shrinking", "qbr_skipped", "no_champion_recorded",
                ), risk.text  # fmt: skip
            for text in (risk.text, risk.mitigation):
                assert text
                assert not any(mark in text for mark in "{}[]"), text
                assert "not known" not in text, (risk.key, text)
                assert "nan" not in text.split(), text
            assert risk.since is None or risk.since <= AS_OF
        for positive in facts.positives:
            assert "not known" not in positive.text, (positive.key, positive.text)
    assert len(kinds) >= 8, kinds


def test_one_account_is_found_as_many_are() -> None:
    """Rows do not lean on each other."""
    model = load_preset("scorecard")
    inputs = sample_inputs(model, as_of=AS_OF, accounts=12)
    many = {f.account_id: f.risks for f in gather(inputs, model, as_of=AS_OF)}
    for account_id in list(many)[::4]:
        (one,) = gather(inputs.of_accounts([account_id]), model, as_of=AS_OF)
        assert _plain(one.risks) == _plain(many[account_id])


def _plain(risks: Sequence[Risk]) -> list[tuple[Any, ...]]:
    """Without NaN, which equals nothing."""
    return [(r.key, r.text, r.severity, r.since, round(r.points, 9),
             None if math.isnan(r.arr) else r.arr) for r in risks]  # fmt: skip
