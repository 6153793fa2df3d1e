"""Below the table of `healthsheet score`: totals by tier, and values to fix."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.results import SHAPES
from pipeline.scored import Scored
from pipeline.terminal import WIDE, Line, fit
from scoring.inputs import NOT_READ, Problem
from scoring.portfolio import NO_SCORE, tenths
from scoring.prepare import Floats
from scoring.units import format_money

__all__ = ["amounts_of", "currencies_of", "fix_lines", "total_lines"]

# How the command line declares what a fix asks for.
_DECLARED = {
    "declare a decimal comma.": "Numbers with a decimal comma: add --decimal ,",
    "declare the decimal mark.": "Numbers with dots: add --decimal , (thousands) or . (decimals)",
    "declare the day order.": "Dates: add --day-first (3/4 is 3 April) or --month-first (4 March).",
}
_ALIKE = 3
"""Cells of one column with the same fault that are listed one by one."""

_CURRENCY_NAMES = {"USD": "US dollars", "GBP": "Pounds sterling", "EUR": "Euros"}


def total_lines(scored: Scored, width: int) -> list[Line]:
    """Accounts and ARR by tier in the currency of most accounts; other currencies named below."""
    currencies = currencies_of(scored)
    amounts = amounts_of(scored)
    main = max(dict.fromkeys(currencies), key=currencies.count, default=None)
    inside = [i for i, c in enumerate(currencies) if c == main]
    tiers = {m.key: m.label for m in reversed(scored.scores.model.tiers)} | {"": NO_SCORE}
    members = {k: [i for i in inside if scored.scores.tier[i] == k] for k in tiers}
    counts = {k: len(m) for k, m in members.items()}
    sums = {k: float(np.nansum(amounts[m])) if m else 0.0 for k, m in members.items()}
    whole = sum(sums.values())
    parts = list(sums.values() if whole > 0 else counts.values())
    shares = dict(zip(tiers, tenths(parts), strict=True))
    text = {k: format_money(s, main) if whole > 0 else "" for k, s in sums.items()}
    total = format_money(whole, main) if whole > 0 else ""
    wide = max(len(t) for t in [total, *text.values()])
    digits = max(3, len(f"{len(inside):,}"))
    label = max(len(w) for w in tiers.values()) + 3
    lines: list[Line] = []
    for key, word in tiers.items():
        if not counts[key]:
            continue
        bar = "█" * max(round(shares[key] * (0.4 if width >= WIDE else 0.25)), 1)
        numbers = f"{counts[key]:>{digits},}  {text[key]:>{wide}}  {shares[key]:5.1f}%  "
        named = (f" {word}".ljust(label) + numbers, "")
        lines.append([(SHAPES[key], key), named, (bar if shares[key] > 0 else "", key or "muted")])
    lines.append([(f"{'Total':<{label + 1}}{len(inside):>{digits},}  {total:>{wide}}  100.0%", "")])
    return lines + _left_out(currencies, amounts, main, whole)


def currencies_of(scored: Scored) -> list[str | None]:
    """ISO code of each account's amounts, None where nobody said."""
    if "currency" not in scored.accounts.columns:
        return [None] * len(scored.accounts)
    return [c if isinstance(c, str) else None for c in scored.accounts["currency"]]


def amounts_of(scored: Scored) -> Floats:
    """ARR of each account in its own currency, (n,); NaN where missing."""
    if "arr" not in scored.accounts.columns:
        return np.full(len(scored.accounts), np.nan)
    return np.asarray(scored.accounts["arr"].to_numpy(float))


def _left_out(
    currencies: Sequence[str | None],
    amounts: Floats,
    main: str | None,
    whole: float,
) -> list[Line]:
    if whole <= 0:
        return [[("Shares by count: no ARR given.", "muted")]]
    name = _CURRENCY_NAMES.get(main or "", main or "No currency given")
    others = []
    for code in dict.fromkeys(c for c in currencies if c != main):
        at = [i for i, c in enumerate(currencies) if c == code and amounts[i] == amounts[i]]
        if not at:
            continue
        total = format_money(float(np.nansum(amounts[at])), code)
        unnamed = "" if code else " without a currency"
        others.append(f"{total}{unnamed} in {len(at)} account{'' if len(at) == 1 else 's'}")
    tail = f" Not added: {', '.join(others)}." if others else ""
    missing = int(np.isnan(amounts).sum())
    if missing:
        tail += f" No ARR given for {missing} account{'' if missing == 1 else 's'}."
    return [[(f"{name}.{tail}", "muted")]]


def fix_lines(problems: Sequence[Problem], limit: int | None, width: int) -> list[Line]:
    """Errors and notes with their place and fix, at most *limit* each; unread columns together."""
    errors = [p for p in problems if p.severity == "error"]
    unread = [p for p in problems if p.severity == "note" and p.message == NOT_READ]
    notes = [p for p in problems if p.severity == "note" and p.message != NOT_READ]
    head = f"! {len(errors):,} value{'' if len(errors) == 1 else 's'} to fix"
    lines = _listed(errors, head, "warn", limit, width)
    lines += _listed(notes, f"{len(notes):,} note{'' if len(notes) == 1 else 's'}", "bold",
                     limit, width)  # fmt: skip
    lines += [[(hint, "muted")] for word, hint in _DECLARED.items()
              if any(p.fix.endswith(word) for p in errors)]  # fmt: skip
    if unread:
        names = ", ".join(p.column for p in unread[:6])
        more = f" and {len(unread) - 6} more" if len(unread) > 6 else ""
        word = "column" if len(unread) == 1 else "columns"
        lines.append([(f"{len(unread)} {word} not read: {names}{more}.", "muted")])
    return lines


def _listed(
    problems: Sequence[Problem], head: str, style: str, limit: int | None, width: int
) -> list[Line]:
    lines: list[Line] = []
    folded = _folded(problems) if limit is not None else [(p, 0) for p in problems]
    for number, (problem, alike) in enumerate(folded[:limit]):
        first = [(head, style)] if number == 0 else [(" " * len(head), "")]
        text = _fix_text(problem, wide=width >= WIDE)
        more = f" The same in {alike:,} more cells of the column." if alike else ""
        lines.append([*first, (f"  {text}{more}", "")])
    if limit is not None and len(folded) > limit:
        rest = f"  and {sum(1 + n for _, n in folded[limit:]):,} more: --all"
        lines.append([(" " * len(head) + rest, "muted")])
    return lines


def _folded(problems: Sequence[Problem]) -> list[tuple[Problem, int]]:
    """Problems, and how many further cells of the column have the same; few are not folded."""
    groups: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        key = (problem.sheet, problem.column, problem.message)
        groups.setdefault(key, []).append(problem)
    out: list[tuple[Problem, int]] = []
    for group in groups.values():
        many = len(group) > _ALIKE
        out += [(group[0], len(group) - 1)] if many else [(p, 0) for p in group]
    return out


def _fix_text(problem: Problem, *, wide: bool) -> str:
    """``Accounts!M14, Seats used: 48. Type 48% or 0.48.``; what is wrong too where it fits."""
    place = f"{problem.sheet}!{problem.address}" if problem.address else problem.sheet
    if not problem.address and problem.row:
        place += f", row {problem.row}"
    where = f"{place}, {problem.column}" if problem.column else place
    shown = f": {fit(problem.value, min(len(problem.value), 30))}" if problem.value else ""
    says = f"{problem.message} " if wide or not problem.value else ""
    return f"{where}{shown}. {says}{problem.fix}"
