"""What `healthsheet validate` prints: the answer first, then what it rests on, then what to do."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from pipeline.score_totals import fix_lines
from pipeline.score_view import spoken_date
from pipeline.terminal import Line
from pipeline.validation.view_parts import (
    horizon_lines,
    power_lines,
    shown_horizon,
    spread,
    surprise_lines,
    tier_lines,
)
from scoring.inputs import Problem
from scoring.validation.records import (
    AlertRecord,
    Backtest,
    OverrideRecord,
    Recommendation,
    ShareAt,
)

__all__ = ["backtest_lines"]

_LISTED, _FIXES = 5, 5
_BEST_AND_WORST = (5, 3)
_KINDS = ("churned", "contracted", "renewed", "stayed", "expanded")
_TITLES = {"weights": "Weights", "tiers": "Tiers", "metrics": "Metrics"}


def backtest_lines(
    backtest: Backtest, problems: Sequence[Problem] = (), *, width: int, all_of_it: bool = False
) -> list[Line]:
    """All lines of the report.

    Args:
        backtest: the document.
        problems: of history and outcomes.
        width: columns of the terminal.
        all_of_it: every metric, account and note; else the first of each.
    """
    top = None if all_of_it else _LISTED
    horizon = shown_horizon(backtest)
    parts = [
        _head(backtest, width),
        horizon_lines(backtest),
        tier_lines(horizon, backtest.currency, brackets=all_of_it) if horizon else [],
        *_powers(backtest, width, whole=all_of_it),
        *_surprises(backtest, width, top),
        _reviews(backtest, width) if all_of_it else [],
        _records(backtest, width),
        _recommendations(backtest, width, whole=all_of_it),
        _calibration(backtest, width),
        _rest(backtest, width),
        fix_lines(problems, None if all_of_it else _FIXES, width),
    ]
    lines: list[Line] = []
    for part in filter(None, parts):
        lines += [[], *part] if lines else part
    return lines


def _head(backtest: Backtest, width: int) -> list[Line]:
    verdict = backtest.verdict
    where = f"{backtest.history} and {backtest.outcomes}, {backtest.model}, "
    where += spoken_date(backtest.made)
    lines = _wrapped(verdict.headline, width, "bold")
    lines += _wrapped(verdict.detail, width)
    lines += _wrapped(where, width, "muted")
    told = _counts(backtest)
    return [*lines, *_wrapped(told, width)] if told else lines


def _counts(backtest: Backtest) -> str:
    cases = sum(backtest.kinds.values())
    if not cases or backtest.since is None or backtest.until is None:
        return ""
    kinds = ", ".join(f"{backtest.kinds[k]:,} {k}" for k in _KINDS if backtest.kinds.get(k))
    what = "outcomes" if backtest.design == "renewals" else "accounts × 90 days"
    days = f"{spoken_date(backtest.since)} to {spoken_date(backtest.until)}"
    return (
        f"{cases:,} {what}: {kinds}. {days}; {backtest.snapshots:,} snapshots of "
        f"{backtest.accounts:,} accounts."
    )


def _powers(backtest: Backtest, width: int, *, whole: bool) -> Iterable[list[Line]]:
    for kind, title in (("dimension", "Dimension"), ("metric", "Metric")):
        of_kind = [p for p in backtest.powers if p.kind == kind]
        ends = None if whole or kind == "dimension" else _BEST_AND_WORST
        lines = power_lines(of_kind, title, backtest.days, width=width, ends=ends)
        for p in of_kind:
            if p.note and (whole or p.suspicious):
                lines += _wrapped(f"{p.name}: {p.note}", width, "muted")
        yield lines


def _surprises(backtest: Backtest, width: int, top: int | None) -> Iterable[list[Line]]:
    green, red = backtest.green_churned, backtest.red_stayed
    title = f"{len(green):,} green, and churned"
    yield surprise_lines(green, title, width=width, top=top)
    yield surprise_lines(red, f"{len(red):,} red, and stayed", width=width, top=top)


def _reviews(backtest: Backtest, width: int) -> list[Line]:
    lines: list[Line] = []
    for review in backtest.reviews:
        lines.append([(f"{review.account}, lost {spoken_date(review.day)}", "bold")])
        lines += _wrapped(review.summary, width, indent=2)
        for missed in review.missed:
            lines += _wrapped(missed, width, "muted", indent=2)
    return lines


def _records(backtest: Backtest, width: int) -> list[Line]:
    lines: list[Line] = []
    if backtest.alerts is not None:
        lines += _wrapped(_alerts(backtest.alerts), width, label="Alerts")
    if backtest.overrides is not None:
        lines += _wrapped(_overrides(backtest.overrides), width, label="Overrides")
    return lines


def _alerts(record: AlertRecord) -> str:
    total = record.total
    said = f"{total.churned:,} of {total.fired:,} came before churn within {record.window} days"
    if total.precision.value is not None:
        said += f" ({total.precision.value:.0%}, {spread(total.precision, percent=True)}"
        said += f"; any account: {total.base:.0%})" if total.base is not None else ")"
    caught = record.caught
    said += f". {caught.count:,} of {caught.of:,} lost accounts had one"
    if record.caught_base is not None:
        said += f" in that time (any account: {record.caught_base:.0%})"
    if total.lead_days is not None:
        said += f"; the first of 180 days came {total.lead_days:.0f} days before (median)"
    flagged = f" {total.flagged:,} called false positives." if total.flagged else ""
    return f"{said}.{flagged}"


def _overrides(record: OverrideRecord) -> str:
    def of(found: ShareAt, base: float | None = None) -> str:
        beside = "" if base is None else f" (of accounts left alone {base:.0%})"
        return f"{found.count:,} of {found.of:,}{beside}"

    return (
        f"right in {of(record.right)}, the model in {of(record.model_right)}; made better "
        f"{of(record.better, record.better_base)}, made worse "
        f"{of(record.worse, record.worse_base)} right."
    )


def _recommendations(backtest: Backtest, width: int, *, whole: bool) -> list[Line]:
    lines: list[Line] = []
    for found in backtest.recommendations:
        style = "green" if found.verdict == "recommended" else ""
        lines += _wrapped(found.headline, width, style, label=_TITLES[found.kind])
        if whole or found.verdict == "recommended":
            lines += _wrapped(_changes(found), width, indent=9)
            lines += _wrapped(found.reason, width, "muted", indent=9)
    return lines


def _changes(found: Recommendation) -> str:
    """``Usage 35% → 42%``, of what changes."""
    moved = [c for c in found.changes if c.current != c.proposed]
    form = "{:.0f}" if found.kind == "tiers" else "{:.0%}"
    told = (f"{c.name} {form.format(c.current)} → {form.format(c.proposed)}" for c in moved)
    return ", ".join(told)


def _calibration(backtest: Backtest, width: int) -> list[Line]:
    fitted = backtest.calibration
    if fitted is None:
        text = f"none fitted. {backtest.calibration_reason}".strip()
        return _wrapped(text, width, label="Churn probability")
    sixty, eighty = (_chance(fitted.churn[score]) for score in (60, 80))
    text = (
        f"{sixty} at score 60, {eighty} at 80: {fitted.meaning}. Fitted to "
        f"{fitted.cases:,} cases, {fitted.churned:,} churned; on accounts held out Brier "
        f"{fitted.brier:.3f}, {fitted.brier_base:.3f} for everybody alike. Used until "
        f"{spoken_date(fitted.expires)}."
    )
    return _wrapped(text, width, label="Churn probability")


def _chance(share: float) -> str:
    """18%, one digit more below 10 %: no fitted probability is 0."""
    return f"{share:.0%}" if share >= 0.0995 else f"{share:.1%}"


def _rest(backtest: Backtest, width: int) -> list[Line]:
    lines: list[Line] = []
    for text in backtest.drift:
        lines += _wrapped(text, width, label="Drift")
    if backtest.left_out:
        count = sum(x.count for x in backtest.left_out)
        told = "; ".join(f"{x.count:,} {x.reason[0].lower()}{x.reason[1:]}"
                         for x in backtest.left_out)  # fmt: skip
        lines += _wrapped(f"{count:,} outcomes left out: {told}.", width, "muted")
    for text in backtest.notes:
        lines += _wrapped(text, width, "muted")
    return lines


def _wrapped(
    text: str, width: int, style: str = "", *, label: str = "", indent: int = 0
) -> list[Line]:
    """A text over as many lines as it takes, after a label in bold or below an indent."""
    # Texts come from data: what a terminal would act on is left out.
    clean = "".join(c if c.isprintable() else " " for c in text)
    head = f"{label}: " if label else ""
    rows = textwrap.wrap(head + clean, width - indent) if clean else []
    lines: list[Line] = [[(" " * indent + row, style)] for row in rows]
    if label and lines:
        lines[0] = [(head, "bold"), (rows[0][len(head) :], style)]
    return lines
