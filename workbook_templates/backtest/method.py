"""What fills *Method*: how everything was counted, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.validation.backtest import Found
from scoring.validation.cases import WINDOW_DAYS
from scoring.validation.records import LIFE_DAYS, Backtest
from workbook_templates.backtest import texts as t
from workbook_templates.backtest.names import METHOD
from workbook_templates.backtest.shape import Shape
from workbook_templates.fill import Value
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = ["TABLE", "fill", "tables"]

TABLE = "Method"
Step = tuple[str, str, str]
"""Topic, how it was counted, source."""


def tables(shape: Shape) -> tuple[TableSpec, ...]:
    """A row a step."""
    columns = (
        TableColumn("topic", "What", width=190, bold=True, wrap=True),
        TableColumn("how", "How it was counted", width=640, wrap=True),
        TableColumn("source", "Source", width=330, align="left1", wrap=True, muted=True),
    )
    return (TableSpec(TABLE, METHOD, ("topic",), columns),)


def fill(found: Found, shape: Shape) -> Filling:
    """Title, and a row a step; what this backtest alone has comes first."""
    b = found.backtest
    steps = [*_left(b), *_notes(b), _cases(b), *_STEPS]
    rows: list[dict[str, Value]] = [
        {"topic": topic, "how": how.format(days=b.days, life=LIFE_DAYS), "source": source}
        for topic, how, source in steps
    ]
    used, left = sum(b.kinds.values()), sum(x.count for x in b.left_out)
    values: dict[str, Value] = {
        "method_title": f"{t.counted(used, 'case')}, {left or 'none'} left out",
        "method_note": t.joined([f"{b.history} against {b.outcomes}", b.model]),
    }
    return Filling(values, {TABLE: rows})


def _left(b: Backtest) -> Iterator[Step]:
    for x in sorted(b.left_out, key=lambda x: -x.count):
        yield f"{x.count:,} left out", _plain(x.reason), ""


def _notes(b: Backtest) -> Iterator[Step]:
    yield from (("About this data", _plain(note), "") for note in b.notes)


def _plain(text: str) -> str:
    """A text that holds no place for a number."""
    return text.replace("{", "{{").replace("}", "}}")


def _cases(b: Backtest) -> Step:
    if b.design == "renewals":
        how = "Each outcome listed is a case: renewed, expanded, contracted or churned."
    else:
        how = (
            "The outcomes name only what went wrong, so time is cut into windows of "
            f"{WINDOW_DAYS} days. An account seen at a window's first day and still seen at its "
            "last stayed; one that churned inside it is a churned case."
        )
    return "Cases", how, "Ours"


_STEPS: tuple[Step, ...] = (
    (
        "No leakage",
        (
            "A score counts only if its snapshot stood on or before the outcome less the horizon "
            "and is not too old: 45 days, or what the history's own rhythm needs. A correction "
            "written after that day does not count."
        ),
        "Ours",
    ),
    ("Score", "Every snapshot was scored anew with the model named above.", ""),
    (
        "AUC",
        (
            "The chance that a churned case had a lower score than one that stayed; ties count "
            "half. Its interval holds the values whose standard error, by drawing whole accounts, "
            "reaches the AUC found."
        ),
        "Hanley and McNeil 1982, Radiology 143; Newcombe 2006, Stat. Med. 25",
    ),
    (
        "Verdict",
        (
            "One test over all horizons together: outcomes are dealt out anew among accounts, and "
            "the horizon that stands out most counts. Two-sided, 5%. Evidence the wrong way round "
            "is said."
        ),
        "Westfall and Young 1993, Resampling-based multiple testing",
    ),
    (
        "Churn shares",
        (
            "Churned over all cases of a tier, or of a bracket of the displayed whole score. "
            "Intervals are Wilson's, wider where an account has several cases."
        ),
        "Wilson 1927, J. Am. Stat. Assoc. 22; Korn and Graubard 1998",
    ),
    (
        "Lift and precision",
        (
            "Cases from the lowest score up: churn among the first share over churn of all (lift), "
            "churned of the first k (precision), and the share of all churn that they hold."
        ),
        "",
    ),
    (
        "Brier score",
        (
            "Mean squared difference of probability and outcome; lower is better. Skill compares "
            "it with giving every case the plain churn share."
        ),
        "Brier 1950, Mon. Weather Rev. 78",
    ),
    (
        "Metrics",
        (
            "AUC of each metric's points {days} days before the outcome, over cases where it is "
            "known. The q value corrects for looking at many metrics. A metric leads where it "
            "tells churn apart 60 days before or earlier, without a gap down to the latest day."
        ),
        "Benjamini and Hochberg 1995, J. R. Stat. Soc. B 57",
    ),
    (
        "Calibration",
        (
            "A logistic curve of the score, or falling steps where they are clearly better; it "
            "never rises with the score and is judged on accounts that were held out. It "
            "is used for {life} days, while the model is the same."
        ),
        "Cox 1958, Biometrika 45 (slope and intercept)",
    ),
    (
        "Drift",
        "Today's scores are compared with those of the fit over eleven ranges of scores.",
        "Population stability index, Siddiqi 2006",
    ),
    (
        "Recommendations",
        (
            "Weights stay non-negative and near today's. Each change is fitted on some accounts "
            "and its gain measured on others; without a gain beyond chance none is recommended."
        ),
        "Ours",
    ),
    (
        "Alerts",
        (
            "Precision: alerts followed by churn within the window, over those that could be "
            "followed up; repeats within 30 days are one. Beside it: churn within as many days of "
            "any account."
        ),
        "Ours",
    ),
    (
        "Overrides",
        (
            "An override that made the tier better is right where the account stayed, one that "
            "made it worse where it churned."
        ),
        "Ours",
    ),
    (
        "Illustration",
        (
            "Churn shares by score that come with the product, drawn beside the fitted ones. They "
            "are no forecast."
        ),
        "Benchmark thresholds: 78, 34, 12 and 3%",
    ),
    (
        "What it cannot say",
        "That a low score comes before churn does not say that raising it keeps an account.",
        "",
    ),
)
