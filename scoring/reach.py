"""Which tiers an account could have, were all that is missing known. No numpy, no pandas."""

from __future__ import annotations

from scoring.one import Score, fired_gates
from scoring.rollup import TIERS, tier_code

__all__ = ["reach_text"]


def reach_text(score: Score) -> str:
    """The tier, and those that its bounds reach: ``Red, could be Amber``, the nearest first.

    A tier that a gate caps, or that a person set, says so. Without a score it is ``No score,
    could be Amber or Red``; empty for a new account, which has no bounds.
    """
    if score.low != score.low:
        return ""
    if score.status == "Overridden":
        return f"{score.model.tier_label(score.tier)}, set by a person"
    gates = sorted(fired_gates(score.record, score.model), key=lambda g: TIERS.index(g.cap))
    cap = TIERS.index(gates[0].cap) if gates else len(TIERS) - 1
    own = TIERS.index(score.tier) if score.tier else None
    worst, best = (min(int(tier_code(score.model, x)), cap) for x in (score.low, score.high))
    others = [code for code in range(best, worst - 1, -1) if code != own]
    if own is not None:
        others.sort(key=lambda code: abs(code - own))
    parts = ["No score" if own is None else score.model.tier_label(score.tier)]
    if gates and own == cap and int(tier_code(score.model, score.total)) > cap:
        parts.append(f"capped by {gates[0].name}")
    if others:
        words = [score.model.tier_label(TIERS[code]) for code in others]
        parts.append(f"could be {_joined(words)}")
    return ", ".join(parts)


def _joined(words: list[str]) -> str:
    """``Green``, ``Green or Amber``, ``Green, Amber or Red``."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last
