"""What to do after a backtest: at most four sentences."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.validation.records import Backtest
from workbook_templates.account.words import day_words
from workbook_templates.portfolio.texts import counted

__all__ = ["next_steps"]


def next_steps(b: Backtest) -> list[str]:
    """The most useful first."""
    return [f"{n}. {text}" for n, text in enumerate(_steps(b), start=1)][:4]


def _steps(b: Backtest) -> Iterator[str]:
    if not sum(b.kinds.values()):
        yield "Check that account IDs and dates of the outcomes match the history: see Method."
        yield "Keep snapshots for 90 days before the next outcomes, then run validate again."
        return
    if b.verdict.key == "wrong way":
        yield "Low scores came before renewals: check metrics marked Wrong way on Metrics."
    if b.verdict.key == "no evidence":
        yield from _no_evidence(b)
    if any(r.verdict == "recommended" for r in b.recommendations):
        yield "Apply the changes: healthsheet validate … --write-model model.toml"
    doubtful = [p.name for p in b.powers if p.suspicious]
    if doubtful:
        also = f" and {len(doubtful) - 1} more" if len(doubtful) > 1 else ""
        yield f"Check whether {doubtful[0]}{also} is only known once an account leaves."
    if b.green_churned:
        count = counted(len(b.green_churned), "account")
        yield f"Read {count} that churned from the best tier: see Surprises."
    if b.calibration is not None:
        yield (
            "Use the probabilities: healthsheet validate … -o backtest.json, then report … "
            f"--backtest backtest.json; until {day_words(b.calibration.expires)}."
        )
    if b.reviews:
        yield f"Read what {counted(len(b.reviews), 'lost account')} could have told: see Reviews."


def _no_evidence(b: Backtest) -> Iterator[str]:
    needed = b.verdict.needed_churned
    if needed:
        yield f"Collect {needed:,} churned cases more, then run validate again."
    else:
        yield "Do not act on tiers alone: enough outcomes were there to see a useful score."
        yield "Look for metrics that move before churn: AUC by lead on Metrics."
