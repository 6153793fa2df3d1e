"""The one table of column names, types and aliases of the input.

Metrics and typed dimensions bring their own columns through the score model; this table holds
what is the same under every model: who the account is, its contract, and the sheets beside
*Accounts*. Keys are what frames carry inside; names are what a sheet's header row says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from scoring.model import ScoreModel, StateCurve, Unit

Kind = Literal["id", "text", "segment", "money", "currency", "date", "number", "count", "yes_no"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an input sheet.

    Attributes:
        key: the name inside frames.
        name: the header the product writes.
        kind: how a cell is read; metric columns have their ``unit`` instead.
        aliases: further headers that mean the same, any case and punctuation.
        unit: unit of a metric or typed dimension column, else None.
        words: allowed words of a state column.
        scale: lowest and highest valid raw value, None where open.
        required: a sheet without this column cannot be used.
        help: one sentence for the header's input message.
    """

    key: str
    name: str
    kind: Kind = "text"
    aliases: tuple[str, ...] = ()
    unit: Unit | None = None
    words: tuple[str, ...] = ()
    scale: tuple[float | None, float | None] = (None, None)
    required: bool = False
    help: str = ""


def _c(key: str, name: str, kind: Kind = "text", *aliases: str, **more: object) -> Column:
    return Column(key, name, kind, aliases, **more)  # type: ignore[arg-type]


ACCOUNT: tuple[Column, ...] = (
    _c("account_id", "Account ID", "id", "id", "account", "customer id", "crm id", required=True),
    _c("account_name", "Account", "text", "account name", "customer", "customer name", "company"),
    _c("csm", "CSM", "text", "owner", "account owner", "customer success manager", "csm name"),
    _c("segment", "Segment", "segment", "tier", "account tier", "customer tier", "size"),
    _c("region", "Region", "text", "territory", "country"),
    _c("arr", "ARR", "money", "annual recurring revenue", "contract value", "acv", "arr amount"),
    _c("currency", "Currency", "currency", "arr currency", "ccy"),
    _c("start_date", "Start date", "date", "contract start", "signup date", "customer since"),
    _c("renewal_date", "Renewal date", "date", "renewal", "renews", "contract end", "end date"),
    _c("data_as_of", "Data as of", "date", "as of", "last updated", "snapshot date"),
    _c("last_qbr_date", "Last QBR", "date", "last qbr date", "qbr date"),
    _c("qbr_outcome", "QBR outcome", "text", "last qbr outcome", "qbr summary"),
    _c("next_qbr_date", "Next QBR", "date", "next qbr date"),
    _c("last_activity_date", "Last activity", "date", "last activity date", "last login"),
    _c("executive_sponsor_name", "Executive sponsor name", "text", "sponsor name"),
    _c("champion_name", "Champion", "text", "champion name"),
    _c("champion_role", "Champion role", "text", "champion title"),
    _c("features_used_list", "Features in use", "text", "features adopted", "key features adopted"),
    _c("features_unused_list", "Features not adopted", "text", "unused features"),
    _c("evidence_of_value", "Evidence of value", "text", "roi evidence", "value evidence"),
    _c("features_used", "Features used", "count", "features used count"),
    _c("features_available", "Features available", "count", "features total"),
    _c("seats_licensed", "Seats licensed", "count", "licensed seats", "seats", "total seats"),
    _c("seats_active", "Seats active", "count", "active seats", "seats used", "active users"),
    _c("dau", "Daily active users", "number", "dau"),
    _c("mau", "Monthly active users", "number", "mau"),
    _c("open_tickets", "Open tickets", "count", "tickets open"),
    _c("open_p1", "Open P1", "count", "p1", "p1 tickets", "open p1 tickets"),
    _c("open_p2", "Open P2", "count", "p2", "p2 tickets", "open p2 tickets"),
    _c("open_p3", "Open P3", "count", "p3", "p3 tickets", "open p3 tickets"),
    _c("frustrated_tickets_30d", "Frustrated tickets, 30 days", "count", "frustrated tickets"),
    _c("escalation_details", "Escalation details", "text", "escalations detail"),
    _c("payment_details", "Payment details", "text", "payment history details"),
    _c("expansion_details", "Expansion details", "text", "expansion signals details"),
    _c("downgrade_details", "Downgrade details", "text", "cancellation signals details"),
)

GOALS: tuple[Column, ...] = (
    _c("account_id", "Account ID", "id", "id", "account", required=True),
    _c("goal", "Goal", "text", "objective", "stated goal", required=True),
    _c("progress", "Progress", "text", "status", "goal progress"),
    _c("evidence", "Evidence", "text", "evidence of value", "metric"),
)
FEATURES: tuple[Column, ...] = (
    _c("account_id", "Account ID", "id", "id", "account", required=True),
    _c("feature", "Feature", "text", "feature name", required=True),
    _c("used", "Used", "yes_no", "in use", "adopted", required=True),
    _c("high_value", "High value", "yes_no", "key", "key feature"),
)
STAKEHOLDERS: tuple[Column, ...] = (
    _c("account_id", "Account ID", "id", "id", "account", required=True),
    _c("name", "Name", "text", "contact", "stakeholder", required=True),
    _c("role", "Role", "text", "title", "job title"),
    _c("relation", "Relation", "text", "type", "kind"),
    _c("strength", "Strength", "text", "champion strength"),
    _c("last_contact", "Last contact", "date", "last contacted"),
    _c("sentiment", "Sentiment", "text", "mood"),
)
RISKS: tuple[Column, ...] = (
    _c("account_id", "Account ID", "id", "id", "account", required=True),
    _c("risk", "Risk", "text", "risk description", "description", required=True),
    _c("severity", "Severity", "text", "level"),
    _c("mitigation", "Mitigation", "text", "plan", "action to mitigate"),
    _c("dimension", "Dimension", "text", "area"),
)
ACTIONS: tuple[Column, ...] = (
    _c("account_id", "Account ID", "id", "id", "account", required=True),
    _c("action", "Action", "text", "task", "next step", required=True),
    _c("horizon", "Horizon", "text", "when", "timeframe"),
    _c("owner", "Owner", "text", "assigned to", "responsible"),
    _c("deadline", "Deadline", "date", "due", "due date", "by"),
    _c("status", "Status", "text", "state", "done"),
    _c("attempts", "Attempts", "count", "tries", "times tried", "attempts without response"),
    _c("last_channel", "Last channel", "text", "channel", "tried by", "contacted by"),
    _c("response", "Response", "text", "answer", "reply", "responded", "customer response"),
)
OVERRIDES: tuple[Column, ...] = (
    _c("account_id", "Account ID", "id", "id", "account", required=True),
    _c("tier", "Tier", "text", "override tier", "rag"),
    _c("score", "Score", "number", "override score", scale=(0.0, 100.0)),
    _c("reason", "Reason", "text", "why", "justification"),
    _c("author", "Author", "text", "by", "set by"),
    _c("expires", "Expires", "date", "expiry", "until", "valid until"),
    _c("set_on", "Set on", "date", "set", "since", "valid from", "date"),
)
EVENTS: tuple[Column, ...] = (
    _c("account_id", "Account ID", "id", "id", "account", required=True),
    _c("date", "Date", "date", "event date", required=True),
    _c("event", "Event", "text", "what", "description", required=True),
    _c("source", "Source", "text", "where from"),
)
HISTORY: tuple[Column, ...] = (
    _c("account_id", "Account ID", "id", "id", "account", required=True),
    _c("date", "Date", "date", "snapshot date", "as of", "month", required=True),
    _c("score", "Score", "number", "health score", "total", scale=(0.0, 100.0)),
)

ALERTS: tuple[Column, ...] = (
    _c("account_id", "Account ID", "id", "id", "account", "customer id", "crm id"),
    _c("account_name", "Account", "text", "account name", "customer", "customer name", "company"),
    _c("date", "Date", "date", "snapshot date", "as of", "month", required=True),
    _c("score", "Score", "number", "health score", "total", required=True, scale=(0.0, 100.0)),
    _c("tier", "Tier", "text", "health tier", "rag", words=("Green", "Amber", "Yellow", "Red")),
    _c("renewal_date", "Renewal date", "date", "renewal", "renews", "contract end", "end date"),
    _c("usage", "Usage", "number", "usage score", "product usage", unit="points",
       scale=(0.0, 100.0)),
    _c("csat", "CSAT", "number", "csat 1 5", "csat score", "customer satisfaction", unit="csat",
       scale=(1.0, 5.0)),
    _c("days_since_activity", "Days since login", "number", "login gap", "days since last login",
       "days since activity", "days since last activity", unit="days", scale=(0.0, None)),
    _c("last_activity_date", "Last activity", "date", "last activity date", "last login"),
    _c("tickets", "Tickets", "count", "ticket count", "ticket volume", "support tickets"),
    _c("ticket_change", "Ticket change", "number", "ticket trend", "ticket trend 90 days",
       unit="change", scale=(-1.0, None)),
    _c("payment_failed", "Payment failed", "yes_no", "payment failure", "failed payment"),
    _c("stakeholder_left", "Stakeholder left", "yes_no", "stakeholder departure", "champion left",
       "sponsor left"),
)  # fmt: skip
"""What triggers look at, in a range of dated rows; an account by its id, its name or both."""

OUTCOMES: tuple[Column, ...] = (
    _c("account_id", "Account ID", "id", "id", "account", "customer id", "crm id", required=True),
    _c("account_name", "Account", "text", "account name", "customer", "customer name", "company",
       "company name", "associated company"),
    _c("outcome", "Outcome", "text", "result", "decision", "renewal outcome", "renewal status",
       "status", "event", "event type", "stage", "stage name", "deal stage", "opportunity stage"),
    _c("churned", "Churned", "yes_no", "churn", "churn flag", "is churned", "lost", "cancelled"),
    _c("date", "Date", "date", "outcome date", "renewal date", "decision date", "closed date",
       "close date", "event date", "effective date", "end date", "contract end date"),
    _c("churn_date", "Churn date", "date", "churned on", "churned at", "date of churn",
       "cancellation date", "cancel date", "cancelled at", "lost date", "lost on"),
    _c("arr", "ARR before", "money", "arr", "previous arr", "old arr", "annual recurring revenue",
       "contract value", "acv", "arr amount", scale=(0.0, None)),
    _c("arr_after", "ARR after", "money", "new arr", "renewed arr", "arr now",
       scale=(0.0, None)),
    _c("currency", "Currency", "currency", "arr currency", "ccy"),
    _c("reason", "Reason", "text", "churn reason", "reason code", "loss reason",
       "cancellation reason", "why"),
)  # fmt: skip
"""One row an outcome: who decided what, when, about how much; see `healthsheet validate`."""

OUTCOME_SHEET = "Outcomes"
"""The sheet of a workbook that holds them."""

SCORE_HISTORY = "Score history"
"""The sheet of earlier scores. Excel keeps the name History for itself and refuses such a sheet."""

SHEETS: Mapping[str, tuple[Column, ...]] = {
    "Goals": GOALS,
    "Features": FEATURES,
    "Stakeholders": STAKEHOLDERS,
    "Risks": RISKS,
    "Actions": ACTIONS,
    "Overrides": OVERRIDES,
    "Events": EVENTS,
}
"""Optional sheets beside *Accounts* and *Score history*, by sheet name."""

RATIOS: Mapping[str, tuple[str, str]] = {
    "dau_mau": ("dau", "mau"),
    "seats_active_share": ("seats_active", "seats_licensed"),
    "feature_breadth": ("features_used", "features_available"),
}
"""Metric → (numerator, denominator) columns from which it is derived when not given itself."""

AGES: Mapping[str, str] = {
    "days_since_qbr": "last_qbr_date",
    "days_since_activity": "last_activity_date",
}
"""Metric → date column; the metric is the days from that date to the as-of date."""

REMAINING: Mapping[str, str] = {"days_to_renewal": "renewal_date"}
"""Metric → date column; the metric is the days from the as-of date to that date."""


def normalise(header: str) -> str:
    """Header text reduced for matching: case, spaces, punctuation and accents do not count."""
    text = unicodedata.normalize("NFKD", str(header)).casefold().replace("%", " pct ")
    return re.sub(r"[^0-9a-z]+", "", text)


def metric_columns(model: ScoreModel) -> tuple[Column, ...]:
    """Columns the model adds to *Accounts*: each metric, its as-of date, each typed dimension."""
    out: list[Column] = []
    for metric in model.metrics:
        words = metric.curve.words if isinstance(metric.curve, StateCurve) else ()
        aliases = (metric.key, *metric.aliases)
        out.append(
            Column(metric.key, metric.name, "text" if words else "number", aliases, metric.unit,
                   words, metric.scale)
        )  # fmt: skip
        dated = f"{metric.name} as of"
        out.append(Column(f"{metric.key}_as_of", dated, "date", (f"{metric.key} date",)))
    for dimension in model.dimensions:
        unit: Unit = "rating" if model.typed == "rating" else "points"
        scale = (1.0, 5.0) if unit == "rating" else (0.0, 100.0)
        name = f"{dimension.name} {'rating' if unit == 'rating' else 'score'}"
        aliases = (dimension.key, dimension.name, *dimension.aliases)
        out.append(Column(dimension.key, name, "number", aliases, unit, (), scale))
    out += [Column(g.key, g.name, "yes_no") for g in model.gates]
    return tuple(out)


def account_columns(model: ScoreModel) -> tuple[Column, ...]:
    """All columns of the *Accounts* sheet under a model: the fixed ones, then the model's."""
    return _without_repeats((*ACCOUNT, *metric_columns(model)))


def history_columns(model: ScoreModel) -> tuple[Column, ...]:
    """All columns of *Score history*: account, date, score, then raw inputs as in Accounts."""
    return _without_repeats((*HISTORY, *account_columns(model)))


def fact_columns(model: ScoreModel) -> tuple[Column, ...]:
    """What triggers look at and *Accounts* and *Score history* do not hold under a model.

    A header that means something there keeps that meaning: under a model that takes CSAT from 0
    to 10 no column CSAT from 1 to 5 is looked for. A recorded tier is left out, as *Tier* is the
    segment there.
    """
    known = history_columns(model)
    keys = {c.key for c in known}
    taken = {normalise(text) for c in known for text in (c.name, c.key, *c.aliases)}
    free = [c for c in ALERTS if c.key not in keys and normalise(c.name) not in taken]
    return tuple(
        replace(c, aliases=tuple(a for a in c.aliases if normalise(a) not in taken)) for c in free
    )


RECORDED_TIER = next(c for c in ALERTS if c.key == "tier")
"""The tier that a row of history was given, where its words are tiers and not segments."""


def _without_repeats(columns: Iterable[Column]) -> tuple[Column, ...]:
    """A model's metric replaces the fixed column of the same key (open_p1 as metric and fact)."""
    kept: dict[str, Column] = {}
    for column in columns:
        first = kept.get(column.key)
        kept[column.key] = column if first is None or column.unit else first
    return tuple(kept.values())


def match_headers(
    headers: Iterable[object], columns: Iterable[Column]
) -> tuple[dict[int, Column], list[int], dict[int, int]]:
    """Match a header row to columns by name, key or alias, without case and punctuation.

    Returns:
        matched: position → column, each column once (its first header wins);
        unknown: positions of non-empty headers that match nothing;
        repeated: position → the earlier position that already holds the same column.
    """
    meanings = _meanings(list(columns))
    texts = [normalise("" if h is None else str(h)) for h in headers]
    found = {at: meanings[text] for at, text in enumerate(texts) if text in meanings}
    matched: dict[int, Column] = {}
    repeated: dict[int, int] = {}
    seen: dict[str, int] = {}
    # A header that can mean one thing only goes first: beside "Account name" an "Account" is the
    # id, alone it is the name.
    for at in sorted(found, key=lambda at: (len(found[at]) > 1, at)):
        free = [c for c in found[at] if c.key not in seen]
        twin = next((a for a in matched if texts[a] == texts[at]), None)
        if free and twin is None:
            matched[at] = free[0]
            seen[free[0].key] = at
        else:
            repeated[at] = seen[found[at][0].key] if twin is None else twin
    unknown = [at for at, text in enumerate(texts) if text and text not in meanings]
    return dict(sorted(matched.items())), unknown, dict(sorted(repeated.items()))


def _meanings(columns: list[Column]) -> dict[str, list[Column]]:
    """Header text → the columns it can mean; a column's own name before another's alias."""
    out: dict[str, list[Column]] = {}
    for pick in (lambda c: (c.name, c.key), lambda c: c.aliases):
        for column in columns:
            for text in map(normalise, pick(column)):
                known = out.setdefault(text, [])
                if column not in known:
                    known.append(column)
    return out
