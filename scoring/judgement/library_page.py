"""The library as tables of the documentation: risks, positives, and facts that they may name."""

from __future__ import annotations

from collections.abc import Mapping

from scoring.judgement.library import Library

__all__ = ["FACTS", "fact_table", "positive_table", "risk_table"]

FACTS: Mapping[str, str] = {
    "score": "displayed score; `before` is the one 30 days ago",
    "score_change": "points since about 30 days ago",
    "velocity": "points a day since then",
    "tier": "green, amber or red",
    "coverage": "share of the weight that is known",
    "stale_count": "metrics too old to count",
    "days_left": "days to the renewal; below 0 it has passed",
    "age_days": "days since the start date",
    "segment": "enterprise, mid_market or smb",
    "usage_score": "score of the usage dimension, 0 to 100",
    "engagement_score": "score of the engagement dimension",
    "sentiment_score": "score of the sentiment dimension",
    "commercial_score": "score of the commercial dimension",
    "usage_change": "change of usage: the model's trend, else people or logins against a quarter",
    "seats_share": "active seats of licensed ones",
    "seats_change": "change of that share in a quarter, −0.2 from 68% to 48%",
    "breadth": "features used of those available",
    "breadth_flat_days": "days without a rise in features, as far as the history goes",
    "logins_ratio": "logins against target, or against what is healthy",
    "power_users_change": "change of the power users in a quarter",
    "training_share": "users trained or certified",
    "days_since_activity": "days since anybody used the product",
    "csat_share": "CSAT on its scale, 0 to 1: 3.0 of 1–5 is 50%; people read the CSAT itself",
    "csat_change": "its change in a quarter",
    "csat_unhealthy": "yes or no: outside the metric's healthy range",
    "nps_share": "NPS on its scale, 0 to 1",
    "nps_change": "its change in a quarter",
    "nps_unhealthy": "yes or no",
    "tickets_change": "tickets against the average, or their trend",
    "escalations": "escalations in 90 days",
    "escalation_open": "yes or no: unresolved escalations",
    "escalation_open_days": "days that this has been so in the history",
    "payment_late": "yes or no, by whichever metric tells of payments",
    "payment_failed": "yes or no: a column, or an event of the last 60 days",
    "plan_used": "use of the plan or contract",
    "expansion": "yes or no: expansion signals",
    "downgrade": "yes or no: downgrade signals",
    "cancellation_notice": "yes or no: a column or gate of that name",
    "value_evidenced": "yes or no",
    "goals_off": "goals off track on the sheet Goals",
    "contacts": "contacts: the metric, else rows of Stakeholders",
    "strong_champions": "champions rated strong",
    "champion": "strong, moderate or weak",
    "champion_recorded": "yes or no, where the source has a place for one",
    "sponsor": "active, passive or vacant",
    "champion_left": "yes or no: a column or gate of that name",
    "stakeholder_left": "likewise",
    "days_since_contact": "days since anybody of Stakeholders was spoken to",
    "contacts_negative": "contacts whose sentiment is negative",
    "days_since_qbr": "days since the last QBR",
    "qbr_overdue_days": "days since the next QBR should have been held",
    "champion_left_days": "days since an event says that a champion left",
    "sponsor_left_days": "likewise an executive sponsor",
    "stakeholder_left_days": "likewise another stakeholder",
    "payment_failed_days": "days since an event tells of a failed payment",
    "merger_days": "days since an event tells of a merger or takeover",
    "funding_days": "likewise of new funding",
    "budget_days": "likewise of budget cuts, layoffs, insolvency",
    "competitor_days": "likewise of competitors, an RFP, a tender",
    "incident_days": "likewise of incidents and outages",
}
"""What each fact means that is neither a metric nor a column of *Accounts*."""


def risk_table(library: Library) -> str:
    """Markdown: a row a risk."""
    lines = ["| Risk | Holds when | High when | Medium when | Source |", "|---|---|---|---|---|"]
    for risk in library.risks:
        cells = (risk.name, _code(risk.condition), _code(risk.high), _code(risk.medium))
        lines.append(f"| {' | '.join(cells)} | {risk.source} |")
    return "\n".join(lines) + "\n"


def positive_table(library: Library) -> str:
    """Markdown: a row a positive."""
    lines = ["| Positive | Holds when | Source |", "|---|---|---|"]
    lines += [f"| {p.name} | {_code(p.condition)} | {p.source} |" for p in library.positives]
    return "\n".join(lines) + "\n"


def fact_table() -> str:
    """Markdown: a row a fact."""
    lines = ["| Fact | Means |", "|---|---|"]
    return "\n".join([*lines, *(f"| `{key}` | {text} |" for key, text in FACTS.items())]) + "\n"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""
