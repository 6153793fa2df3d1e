"""Subjects and sentences: their forms, their length, singular and plural."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workbook_templates.digest.made import WEEK_AGO, account, portfolio, printed
from workbook_templates.digest.facts import digest_of
from workbook_templates.digest.records import Digest
from workbook_templates.digest.sentences import SUBJECT
from workbook_templates.digest.show import text_of

GREEN, AMBER, RED = 5.0, 3.0, 2.0


def told(moves: list[tuple[float, float]], name: str = "", arr: float = 64_000.0) -> Digest:
    """The digest of accounts that went from one rating to another."""
    accounts = [account(f"{n}", now, arr) for n, (_, now) in enumerate(moves)]
    if name:
        accounts[0]["account_name"] = name
    then = {f"{n}": was for n, (was, _) in enumerate(moves)}
    return digest_of(portfolio(accounts, {WEEK_AGO: then}))


@pytest.mark.parametrize(
    ("moves", "subject"),
    [
        ([(AMBER, RED)] * 2, "2 newly Red, $128K"),
        ([(AMBER, RED)] * 2 + [(RED, GREEN)], "2 newly Red, $128K; 1 recovered"),
        ([(AMBER, RED)], "1 newly Red: Sample 0, $64K"),
        ([(GREEN, RED), (RED, AMBER)], "1 newly Red: Sample 0, $64K; 1 recovered"),
        ([(RED, AMBER)], "1 recovered, $64K; none newly Red"),
        ([(GREEN, AMBER), (AMBER, GREEN)], "1 a tier worse, 1 better; none newly Red"),
        ([(RED, RED)], "No tier changed; $64K Red"),
        ([(GREEN, GREEN)], "No tier changed; $0 Red"),
    ],
)
def test_subjects(moves: list[tuple[float, float]], subject: str) -> None:
    """The subject carries the change."""
    assert told(moves).subject == subject


HARD = st.text(st.characters(codec="utf-8"), min_size=1, max_size=90).filter(str.strip)


@settings(max_examples=8, deadline=None)
@given(HARD, st.sampled_from([0.0, 1.0, 999_499.6, 12_345_678.0]))
def test_subject_is_one_short_line(name: str, arr: float) -> None:
    """However long or hostile a name is, the subject is one line of at most 60 letters."""
    subject = told([(GREEN, RED), (RED, GREEN)], name, arr).subject
    assert len(subject) <= SUBJECT
    assert subject.startswith("1 newly Red: ")
    assert subject.endswith("1 recovered")
    assert all(c.isprintable() or c in "\u200c\u200d" for c in subject)


@pytest.mark.parametrize("count", [1, 2])
def test_one_and_many(count: int) -> None:
    """No sentence says 1 accounts or 2 account."""
    moves = [(GREEN, RED)] * count + [(RED, GREEN)] * count + [(GREEN, AMBER)] * count
    for d in (told(moves), told([(now, now) for _, now in moves])):
        text = " ".join([d.subject, printed(d.headline), *map(printed, d.lines)])
        assert not re.search(r"(?<![\d.])1 (accounts|actions|renewals|points|days)\b", text)
        assert not re.search(r"(?<!\d)[2-9] (account|action|renewal|point|day)\b", text)
        assert not re.search(r"nan|None\b(?! turned)|  ", text)


def test_up_and_down() -> None:
    """The headline says which way the ARR of the worst tier went, without a sign beside it."""
    assert printed(told([(GREEN, RED)]).headline) == "Red ARR is $64K, up $64K"
    down = told([(RED, GREEN), (RED, RED)])
    assert printed(down.headline) == "Red ARR is $64K, down $64K"
    assert down.totals["red_arr_change"].text == "−$64K"


def test_peak_is_told() -> None:
    """Where the bars were never higher, the first line says since when."""
    days = {WEEK_AGO.replace(day=d): {"A": GREEN} for d in (2, 9, 16)}
    d = digest_of(portfolio([account("A", RED, 5000.0)], days))
    assert "Red ARR is the highest since 2 Nov." in printed(d.lines[0])


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (2_314_000.0, "money", "$2.31M"), (0.0, "money", "$0"), (999_499.0, "money", "$999K"),
        (214_000.0, "money_change", "+$214K"), (-60_000.0, "money_change", "−$60K"),
        (0.0, "money_change", "$0"), (0.126, "share", "12.6%"), (1_204.0, "count", "1,204"),
        (-13.0, "change", "−13"), (4.0, "change", "+4"), (0.0, "change", "0"),
        (-0.2, "change", "0"), (58.0, "score", "58"),
    ],
)  # fmt: skip
def test_texts(value: float, kind: str, text: str) -> None:
    """Values as people write them, with a true minus."""
    assert text_of(value, kind, currency="USD") == text  # type: ignore[arg-type]
