"""The one list of cell functions; whatever a host or a page shows about them is made from it.

Adding a function is one entry here and its implementation in `addin.functions`.
"""

from __future__ import annotations

from addin.function import Argument, ArgumentKind, Function, ResultKind
from addin.functions.alerts import health_alerts
from addin.functions.explain import (
    health_change,
    health_drivers,
    health_metrics,
    health_scorecard,
)
from addin.functions.plan import health_goal, health_whatif
from addin.functions.portfolio import portfolio_summary
from addin.functions.renewals import renewal_forecast, renewal_play
from addin.functions.scores import (
    dimension_score,
    health_bounds,
    health_coverage,
    health_score,
    health_tier,
)
from addin.functions.trends import (
    csat_points,
    days_to_renewal,
    health_trend,
    health_velocity,
    nps_points,
    velocity_label,
)

__all__ = [
    "FUNCTIONS",
    "Argument",
    "ArgumentKind",
    "Function",
    "ResultKind",
    "function_table_markdown",
]

_VALUES = Argument(
    "values",
    "rows",
    "One row of cells for each account; empty rows at the end stay empty. Without headers: "
    "dimension ratings in order.",
)
_ACCOUNT = Argument(
    "values",
    "rows",
    "The row of one account. Without headers: the model's dimension ratings in order.",
)
_HEADERS = Argument(
    "headers",
    "headers",
    "Header row over the values. Order, case and spaces do not matter; of equal ones the first "
    "counts, others are ignored.",
    optional=True,
)
_HEADERS_NEEDED = Argument("headers", "headers", _HEADERS.help)
_MODEL = Argument(
    "model",
    "model",
    "Name of a preset, such as support, or the cells of a Model sheet. Without it: scorecard.",
    optional=True,
)
_MODEL_ALONE = Argument(
    "model",
    "model",
    "Name of a preset or the cells of a Model sheet. Without it: scorecard. A Segment column "
    "counts, if there is one.",
    optional=True,
)
_SEGMENT = Argument(
    "segment",
    "text",
    "Enterprise, Mid-Market or SMB. Without it a Segment column decides, if there is one.",
    optional=True,
)
_SCORE = Argument("score", "numbers", "A score from 0 to 100, or a range of them.")
_PREVIOUS = Argument("previous", "numbers", "The earlier score, or a range of them.")

FUNCTIONS: tuple[Function, ...] = (
    Function(
        name="HEALTH_SCORE",
        help="Health score of a customer, 0 to 100, from ratings or metrics; one for each row.",
        category="Score",
        arguments=(_VALUES, _HEADERS, _MODEL, _SEGMENT),
        examples=(
            "=HEALTH_SCORE(B2:F2)",
            "=HEALTH_SCORE(B2:R2, B$1:R$1)",
            '=HEALTH_SCORE(B2:R2, B$1:R$1, "support")',
            '=HEALTH_SCORE(B2:R2, B$1:R$1, "four-dimension", "Enterprise")',
        ),
        result="rows",
        run=health_score,
    ),
    Function(
        name="HEALTH_TIER",
        help="Tier of a score in the model's word: Green, Amber, Red. Gates: see HEALTH_BOUNDS.",
        category="Score",
        arguments=(
            Argument("score", "numbers", "A score from 0 to 100. A blank gives an empty text."),
            _MODEL,
        ),
        examples=("=HEALTH_TIER(S2)", '=HEALTH_TIER(S2, "support")'),
        result="cell",
        run=health_tier,
    ),
    Function(
        name="DIMENSION_SCORE",
        help="Score of one dimension, 0 to 100; one for each row.",
        category="Score",
        arguments=(
            Argument("dimension", "text", "Name of a dimension of the model, such as Usage."),
            _VALUES,
            _HEADERS,
            _MODEL,
            _SEGMENT,
        ),
        examples=(
            '=DIMENSION_SCORE("Engagement", B2:F2)',
            '=DIMENSION_SCORE("Usage", B2:R2, B$1:R$1, "four-dimension")',
        ),
        result="rows",
        run=dimension_score,
    ),
    Function(
        name="HEALTH_COVERAGE",
        help="Share of the model's weight that the values cover, 0 to 1; one for each row.",
        category="Score",
        arguments=(_VALUES, _HEADERS, _MODEL_ALONE),
        examples=("=HEALTH_COVERAGE(B2:R2, B$1:R$1)",),
        result="rows",
        run=health_coverage,
    ),
    Function(
        name="HEALTH_BOUNDS",
        help="Score if all that is missing were worst, were best, and what tier that could be.",
        category="Score",
        arguments=(_VALUES, _HEADERS, _MODEL, _SEGMENT),
        examples=("=HEALTH_BOUNDS(B2:R2, B$1:R$1)",),
        result="rows",
        run=health_bounds,
    ),
    Function(
        name="HEALTH_SCORECARD",
        help="One account's dimensions: score, weight, weighted score, trend; the total last.",
        category="Explain",
        arguments=(
            _ACCOUNT,
            _HEADERS,
            _MODEL,
            _SEGMENT,
            Argument(
                "previous",
                "rows",
                "The account's row at an earlier date, by its Data as of. Without it: no trend.",
                optional=True,
            ),
        ),
        examples=(
            "=HEALTH_SCORECARD(B2:F2)",
            '=HEALTH_SCORECARD(B2:R2, B$1:R$1, "four-dimension", "SMB", \'Last month\'!B2:R2)',
        ),
        result="table",
        run=health_scorecard,
    ),
    Function(
        name="HEALTH_DRIVERS",
        help="One account's metrics ranked by the points of the score that each of them loses.",
        category="Explain",
        arguments=(
            _ACCOUNT,
            _HEADERS,
            _MODEL,
            _SEGMENT,
            Argument("count", "number", "How many to list. Without it: 5.", optional=True),
        ),
        examples=(
            "=HEALTH_DRIVERS(B2:R2, B$1:R$1)",
            '=HEALTH_DRIVERS(B2:R2, B$1:R$1, "support", "SMB", 3)',
        ),
        result="table",
        run=health_drivers,
    ),
    Function(
        name="HEALTH_CHANGE",
        help="Exact steps from an earlier score of an account to this one, each with its cause.",
        category="Explain",
        arguments=(
            _ACCOUNT,
            Argument(
                "previous_values",
                "rows",
                "The account's row at an earlier date, by its Data as of, under the same headers.",
            ),
            _HEADERS,
            _MODEL_ALONE,
        ),
        examples=("=HEALTH_CHANGE(B2:R2, 'Last month'!B2:R2, B$1:R$1)",),
        result="table",
        run=health_change,
    ),
    Function(
        name="HEALTH_METRICS",
        help="What a model wants to know: its metrics with unit, scale, healthy values and weight.",
        category="Explain",
        arguments=(_MODEL,),
        examples=("=HEALTH_METRICS()", '=HEALTH_METRICS("support")'),
        result="table",
        run=health_metrics,
    ),
    Function(
        name="HEALTH_TREND",
        help="Arrow from an earlier score to this one: ↑, → or ↓.",
        category="Change",
        arguments=(
            _SCORE,
            _PREVIOUS,
            Argument(
                "tolerance",
                "numbers",
                "Differences up to this many points count as level. Without it: 0.",
                optional=True,
            ),
        ),
        examples=("=HEALTH_TREND(S2, T2)", "=HEALTH_TREND(S2, T2, 2)"),
        result="cell",
        run=health_trend,
    ),
    Function(
        name="HEALTH_VELOCITY",
        help="Change of a score in points a day.",
        category="Change",
        arguments=(
            _SCORE,
            _PREVIOUS,
            Argument(
                "days", "numbers", "Days between the two, above 0. Without it: 30.", optional=True
            ),
        ),
        examples=("=HEALTH_VELOCITY(S2, T2)", "=HEALTH_VELOCITY(S2, T2, 7)"),
        result="cell",
        run=health_velocity,
    ),
    Function(
        name="VELOCITY_LABEL",
        help="A velocity in words, from Declining fast over Stable to Improving fast.",
        category="Change",
        arguments=(
            Argument("velocity", "numbers", "Points a day, or a range: see HEALTH_VELOCITY."),
        ),
        examples=("=VELOCITY_LABEL(U2)", "=VELOCITY_LABEL(HEALTH_VELOCITY(S2, T2))"),
        result="cell",
        run=velocity_label,
    ),
    Function(
        name="HEALTH_WHATIF",
        help="Score of one account if one metric or dimension had another value.",
        category="Plan",
        arguments=(
            _ACCOUNT,
            _HEADERS_NEEDED,
            Argument("metric", "text", "Metric or dimension; a typed dimension hides its metrics."),
            Argument("new_value", "value", "The value to try, as it would be typed in the cell."),
            _MODEL_ALONE,
        ),
        examples=(
            '=HEALTH_WHATIF(B2:R2, B$1:R$1, "Engagement", 5)',
            '=HEALTH_WHATIF(B2:R2, B$1:R$1, "CSAT", 4.5, "four-dimension")',
        ),
        result="cell",
        run=health_whatif,
    ),
    Function(
        name="HEALTH_GOAL",
        help="The fewest metric moves that bring an account to a score, checked by scoring.",
        category="Plan",
        arguments=(
            _ACCOUNT,
            _HEADERS_NEEDED,
            Argument("target", "number", "The score to reach, 1 to 100; the rounded score counts."),
            _MODEL_ALONE,
        ),
        examples=(
            "=HEALTH_GOAL(B2:R2, B$1:R$1, 80)",
            '=HEALTH_GOAL(B2:R2, B$1:R$1, 80, "four-dimension")',
        ),
        result="table",
        run=health_goal,
    ),
    Function(
        name="RENEWAL_FORECAST",
        help="Renewal scenarios, probabilities and ARR at risk; illustrative until calibrated.",
        category="Renewal",
        arguments=(
            Argument("score", "numbers", "A score from 0 to 100. A blank gives an empty text."),
            Argument("arr", "numbers", "Annual recurring revenue; blank where it is not known."),
            Argument(
                "calibration",
                "table",
                "Your shares: a range headed Score from, Churn, Contraction, from score 0 up; "
                "if you like, Basis and Expires.",
                optional=True,
            ),
        ),
        examples=("=RENEWAL_FORECAST(S2, F2)", "=RENEWAL_FORECAST(S2, F2, Rates!A1:C5)"),
        result="table",
        run=renewal_forecast,
    ),
    Function(
        name="RENEWAL_PLAY",
        help="What to do about a renewal: Expand, Hold or Save; never Manage out, which needs a "
        "notice. Tiers start at 80 and 60.",
        category="Renewal",
        arguments=(
            _SCORE,
            Argument("velocity", "numbers", "Points a day; blank where it is not known."),
            Argument("days_to_renewal", "numbers", "Days left; blank where it is not known."),
            Argument("expansion", "flags", "TRUE where the account wants more.", optional=True),
        ),
        examples=("=RENEWAL_PLAY(S2, U2, V2)", "=RENEWAL_PLAY(S2, U2, V2, TRUE)"),
        result="cell",
        run=renewal_play,
    ),
    Function(
        name="DAYS_TO_RENEWAL",
        help="Days left to a renewal date; below zero when it has passed.",
        category="Renewal",
        arguments=(
            Argument("date", "dates", "The renewal date, or a range of them."),
            Argument("as_of", "dates", "Day to count from. Without it: today.", optional=True),
        ),
        examples=("=DAYS_TO_RENEWAL(G2)", "=DAYS_TO_RENEWAL(G2, TODAY())"),
        result="cell",
        run=days_to_renewal,
    ),
    Function(
        name="NPS_POINTS",
        help="Points 0 to 100 of an NPS index from -100 to 100.",
        category="Survey",
        arguments=(Argument("nps", "numbers", "The index of many answers, or a range of them."),),
        examples=("=NPS_POINTS(H2)",),
        result="cell",
        run=nps_points,
    ),
    Function(
        name="CSAT_POINTS",
        help="Points 0 to 100 of a survey mean that starts at 1.",
        category="Survey",
        arguments=(
            Argument("csat", "numbers", "The mean of the answers, or a range of them."),
            Argument("scale_max", "numbers", "The best answer. Without it: 5.", optional=True),
        ),
        examples=("=CSAT_POINTS(I2)", "=CSAT_POINTS(I2, 7)"),
        result="cell",
        run=csat_points,
    ),
    Function(
        name="PORTFOLIO_SUMMARY",
        help="Accounts and ARR by tier, with shares that sum to 100.0%, and accounts without ARR.",
        category="Portfolio",
        arguments=(
            Argument("scores", "rows", "Scores without a total row; blanks and errors have none."),
            Argument("arr", "rows", "ARR of the same accounts, in one currency.", optional=True),
            _MODEL,
        ),
        examples=("=PORTFOLIO_SUMMARY(S2:S100)", "=PORTFOLIO_SUMMARY(S2:S100, F2:F100)"),
        result="table",
        run=portfolio_summary,
    ),
    Function(
        name="HEALTH_ALERTS",
        help="Alerts that fire over a history: what, why, who acts, by when. Without a Tier column "
        "tiers start at 80 and 60.",
        category="Portfolio",
        arguments=(
            Argument(
                "history",
                "table",
                "Rows headed Account, Date, Score; also Renewal date, Usage, CSAT, Login gap, "
                "Tickets, Payment failed, Champion left.",
            ),
        ),
        # Excel keeps the name History for itself.
        examples=("=HEALTH_ALERTS('Score history'!A1:F500)",),
        result="table",
        run=health_alerts,
    ),
)


def function_table_markdown() -> str:
    """The functions as a Markdown table: call, what it gives, example; one line a function."""
    lines = ["| Function | Gives | Example |", "|---|---|---|"]
    lines += [f"| `{f.signature}` | {f.help} | `{f.examples[-1]}` |" for f in FUNCTIONS]
    return "\n".join(lines) + "\n"
