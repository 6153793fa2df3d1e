"""What the terminal shows of a backtest."""

from __future__ import annotations

import pytest

from pipeline.terminal import paint
from pipeline.validation.view import backtest_lines
from scoring.inputs import Problem
from scoring.validation.records import Backtest
from tests.scoring.validation import documents

PROBLEM = Problem("outcomes.csv", 7, "Date", "", "soon", "Not a date.", "Type it as 2026-01-31.")


def shown(backtest: Backtest, width: int = 80, *, whole: bool = False) -> str:
    """The report as plain text."""
    lines = backtest_lines(backtest, [PROBLEM], width=width, all_of_it=whole)
    return "\n".join(paint(line, colour=False) for line in lines)


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize(
    "make",
    [documents.evidence, documents.no_evidence, documents.windows, documents.nothing],
)
def test_it_fits(make: object, width: int) -> None:
    """No line is wider than the terminal, in brief and in full, whatever was found."""
    assert callable(make)
    for whole in (False, True):
        text = shown(make(), width, whole=whole)
        assert max(map(len, text.splitlines())) <= width
        assert "None" not in text
        assert "nan" not in text.casefold().split()


def test_the_answer_first() -> None:
    """The verdict and what it rests on open the report; figures are those of the document."""
    document = documents.evidence()
    lines = shown(document).splitlines()
    assert lines[0] == document.verdict.headline
    assert lines[1].startswith(document.verdict.detail[:60])
    text = "\n".join(lines)
    assert "412 outcomes: 71 churned, 31 contracted, 283 renewed, 27 expanded." in text
    assert "60 days     412       71   0.74  0.68–0.80     <0.001" in text
    assert "■ Red                64       31    48%  37–60%          £2.62M   £1.26M" in text


def test_every_part_has_its_line() -> None:
    """Records, recommendations, the probability, what was left out and what is to fix."""
    text = " ".join(shown(documents.evidence()).split())
    for part in (
        "12 green, and churned", "12 red, and stayed", "and 7 more: --all",
        "Alerts: 58 of 192 came before churn within 90 days (30%, 24–37%; any account: 6%).",
        "Overrides: right in 15 of 22, the model in 11 of 22", "Weights: +0.02 AUC",
        "Metrics: Not enough evidence", "Churn probability:", "Used until 1 May 2027.",
        "27 outcomes left out: 23 no snapshot old enough;", "Drift: 8% of accounts",
        "! 1 value to fix outcomes.csv, row 7, Date: soon.",
    ):  # fmt: skip
        assert part in text


def test_no_probability_reads_0() -> None:
    """Below 10 % a decimal is shown: a fitted churn probability is never 0."""
    document = documents.evidence()
    assert document.calibration is not None
    shares = (0.38,) * 61 + (0.002,) * 40
    fitted = document.calibration.model_copy(update={"churn": shares})
    text = " ".join(shown(document.model_copy(update={"calibration": fitted})).split())
    assert "Churn probability: 38% at score 60, 0.2% at 80: " in text


def test_changes_are_told_in_the_unit_of_the_model() -> None:
    """A recommended weight stands as share before and after."""
    document = documents.evidence()
    first = document.recommendations[0].changes[0]
    told = f"{first.name} {first.current:.0%} → {first.proposed:.0%}"
    assert told in shown(document, 120)


def test_no_evidence_is_said_without_a_table_of_hopes() -> None:
    """The words stand first, no probability is given, and nothing is recommended."""
    text = shown(documents.no_evidence())
    assert text.startswith("No evidence")
    assert "Churn probability: none fitted." in text
    assert "→" not in text


def test_nothing_joined() -> None:
    """Without a case there are no tables, only why."""
    text = shown(documents.nothing())
    assert "AUC" not in text
    assert "27 outcomes left out" in text


def test_all_of_it() -> None:
    """In full every metric, account and review is there, and nothing is said to be elsewhere."""
    document = documents.evidence()
    text = shown(document, whole=True)
    assert "--all" not in text
    assert all(s.account in text for s in (*document.green_churned, *document.red_stayed))
    assert all(review.summary in text for review in document.reviews)
    brief = shown(document)
    assert sum(p.name[:20] in brief for p in document.powers) < len(document.powers)


def test_texts_cannot_drive_the_terminal() -> None:
    """A control character in a name of the data is not printed."""
    document = documents.evidence()
    bad = document.model_copy(update={"notes": ("a\x1b[2Jb",), "history": "x\x07y"})
    text = shown(bad)
    assert "\x1b" not in text
    assert "\x07" not in text


def test_what_flatters_stands_beside_what_any_account_did() -> None:
    """Most accounts stay, and many have an alert at any time: both are told beside the figures."""
    document = documents.evidence()
    alerts, overrides = document.alerts, document.overrides
    assert alerts is not None
    assert overrides is not None
    more = {
        "alerts": alerts.model_copy(update={"caught_base": 0.41}),
        "overrides": overrides.model_copy(update={"better_base": 0.6, "worse_base": 0.25}),
    }
    text = " ".join(shown(document.model_copy(update=more)).split())
    assert "lost accounts had one in that time (any account: 41%)" in text
    assert "made better 9 of 14 (of accounts left alone 60%), made worse 6 of 8" in text
    assert "(of accounts left alone 25%) right." in text
