"""Which events tell that a payment failed or a stakeholder left."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from scoring.happenings import happenings, kinds_of, what_happened

LEFT, PAYMENT = ["stakeholder_left"], ["payment_failed"]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("Champion Sample Contact 3 left", LEFT),
        ("CHAMPION\nleft the company", LEFT),
        ("Departure of the executive sponsor", LEFT),
        ("Key contact resigned", LEFT),
        ("Sponsor moved on to another company", LEFT),
        ("Champion is no longer with them", LEFT),
        ("Our champion has not left", []),
        ("Champion left a message", []),
        ("Champion left us good feedback", []),
        ("New sponsor named. An old contract is gone", []),
        ("Payment failed", PAYMENT),
        ("Card was declined twice", PAYMENT),
        ("The direct debit bounced", PAYMENT),
        ("Chargeback of September", PAYMENT),
        ("No payment failed this year", []),
        ("Payment failure resolved", []),
        ("Failed login; payment on time", []),
        ("Sponsor left; invoice bounced", ["stakeholder_left", "payment_failed"]),
        ("Incident of two days, root cause shared", []),
        ("", []),
    ],
)
def test_words(text: str, facts: list[str]) -> None:
    """What happened is told by its words together; what did not, or was put right, is not."""
    assert what_happened(text) == facts


def test_days() -> None:
    """Events of later days and without a day or a text are left out, the others in order."""
    events = pd.DataFrame(
        {
            "account_id": ["A", "B", "C", "D", "E"],
            "date": pd.to_datetime(["2026-11-20", "2026-11-01", "2026-11-24", "NaT", "2026-11-02"]),
            "event": ["Payment failed", "Champion left", "Champion left", "Champion left", None],
        }
    )
    found = happenings({"Events": events}, date(2026, 11, 23))
    assert [(h.account, h.day.day, h.fact) for h in found] == [
        ("B", 1, "stakeholder_left"), ("A", 20, "payment_failed"),
    ]  # fmt: skip
    assert found[0].text == "Champion left"
    assert happenings({}, date(2026, 11, 23)) == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Champion left", ["champion_left"]),
        ("Executive sponsor resigned", ["sponsor_left"]),
        ("Main contact has left", ["stakeholder_left"]),
        ("Champion did not leave", []),
        ("Acquired by a larger group", ["merger"]),
        ("New funding announced", ["funding"]),
        ("Series B raised", ["funding"]),
        ("Budget cut by 10%", ["budget"]),
        ("Hiring freeze", ["budget"]),
        ("RFP sent to two vendors", ["competitor"]),
        ("Incident of two days, root cause shared", ["incident"]),
        ("Direct debit failed", ["payment_failed"]),
        ("Direct debit failed, solved since", []),
        ("Quarterly review held", []),
    ],
)
def test_kinds_of_events(text: str, kinds: list[str]) -> None:
    """Who left is told once, by role; what was put right is told no more."""
    assert kinds_of(text) == kinds
