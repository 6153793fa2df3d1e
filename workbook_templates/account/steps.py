"""The waterfall: where the score came from, step by step, and the words above it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from scoring.account_facts import Facts, Record, Snapshot, Step
from scoring.rollup import TIERS, round_half_up
from scoring.units import format_value
from scoring.waterfall import CAUSES, NO_INPUT
from workbook_templates.account import words as w
from workbook_templates.account.inputs import InputRow
from workbook_templates.drawing.account.why import MOST, NOW, START
from workbook_templates.ooxml.cells import CellError, Value

NOT_AVAILABLE = CellError("#N/A")
SHOWN_GAP = 1e-6
"""Points between the sum of the steps and the score from which a step says what set the score."""

KIND_WORDS = {**CAUSES, "other": "Smaller steps", "lost": "Points lost"}


class StepRow(NamedTuple):
    """A row of the waterfall's Table, in the order of `drawing.account.why.HEADS`.

    ``label`` to ``green_from`` feed the chart: a bar stands on ``base``.
    """

    metric: str
    kind: str
    change: str | None
    points: float | None
    running: float
    back: str | None
    label: str
    base: float | None
    total: float | None
    loss: float | None
    gain: float | None
    green_from: Value = NOT_AVAILABLE


class _Move(NamedTuple):
    """One step in words; ``change`` and ``back`` None where there is nothing to say."""

    name: str
    kind: str
    change: str | None
    points: float
    back: str | None


def step_rows(f: Facts, rows: list[InputRow]) -> list[StepRow]:
    """Rows of the waterfall: start, steps, end. Without a previous scorecard: down from 100."""
    shot = _begin(f)
    if shot and not math.isnan(f.total):
        first = _end_row(f, shot, START)
        moves = _moves(f, rows)
    else:
        first = _total_row("All points", START, 100.0, "All\npoints\n100")
        moves = _losses(rows)
    out, running = [first], first.running
    for move in moves:
        after = running + move.points
        out.append(_step_row(move, running, after))
        running = after
    if not math.isnan(f.total):
        gap = f.total - running
        if abs(gap) > SHOWN_GAP:
            out.append(_step_row(_Move("Status", "shown", f.status, gap, None), running, f.total))
        out.append(_end_row(f, Snapshot(f.as_of, f.total, f.tier, ()), NOW))
    return _with_edge(f, out)


def _begin(f: Facts) -> Snapshot | None:
    """The previous scorecard as people saw it: by the model of that day."""
    shot = f.previous
    if shot is None or f.told is None:
        return shot
    return Snapshot(shot.day, f.told.total, f.told.tier, ())


def _step_row(move: _Move, running: float, after: float) -> StepRow:
    fell = move.points < 0
    return StepRow(
        metric=move.name,
        kind=KIND_WORDS[move.kind],
        change=move.change,
        points=move.points,
        running=after,
        back=move.back,
        label=_bar(move),
        base=min(running, after),
        total=None,
        loss=-move.points if fell else None,
        gain=None if fell else move.points,
    )


def _total_row(name: str, kind: str, score: float, label: str) -> StepRow:
    return StepRow(name, kind, None, None, score, None, label, None, score, None, None)


def _end_row(f: Facts, shot: Snapshot, kind: str) -> StepRow:
    word = w.code_words(f.model, TIERS.index(shot.tier)) if shot.tier else ""
    day, score = shot.day, w.whole(shot.total)
    label = f"{day.day} {day:%b}\n{day.year}\n{score} {word}".rstrip()
    return _total_row(f"Score on {w.day_words(day)}", kind, shot.total, label)


def _with_edge(f: Facts, rows: list[StepRow]) -> list[StepRow]:
    """Adds where green starts, if the axis shows it."""
    edge = f.model.tiers[0].starts_at
    low, high, _ = steps_axis(rows)
    return [r._replace(green_from=edge) for r in rows] if low < edge < high else rows


def _moves(f: Facts, rows: list[InputRow]) -> list[_Move]:
    names = {r.key: r.name for r in rows}
    return [_move(f, step, names) for step in _largest(f.steps)]


def _largest(steps: Sequence[Step]) -> list[Step]:
    """The model's version, then the largest steps, losses first; the rest added up as one."""
    version = [s for s in steps if s.kind == "version"]
    ordered = sorted((s for s in steps if s.kind != "version"), key=lambda s: -abs(s.points))
    most = MOST - len(version)
    room = most if len(ordered) <= most else most - 1
    kept = version + sorted(ordered[:room], key=lambda s: s.points)
    rest = sum(s.points for s in ordered[room:])
    return [*kept, Step("", "other", rest)] if ordered[room:] else kept


def _move(f: Facts, step: Step, names: dict[str, str]) -> _Move:
    if step.kind == "version" and f.told:
        then, now = f.told.model, f.model.label
        words = f"{then} → {now}" if then != now else f"{now}, changed since"
        return _Move(NO_INPUT["version"], step.kind, words, step.points, None)
    if not step.key:
        return _Move(NO_INPUT.get(step.kind, "Other"), step.kind, None, step.points, None)
    before, now = _words(f, f.before, step.key), _words(f, f.record, step.key)
    if step.key in f.stale:
        now = f"{now}, stale"
    back = "Keep" if step.points > 0 else f"Back at {before}: {w.signed(-step.points)}"
    if step.kind == "data vanished":
        back = f"Record it again; still {before}: {w.signed(-step.points)}"
    return _Move(names[step.key], step.kind, f"{before} → {now}", step.points, back)


def _words(f: Facts, record: Record, key: str) -> str:
    metric = next((m for m in f.model.metrics if m.key == key), None)
    value: Any = record.get(key)
    return "no data" if value is None else format_value(value, metric.unit if metric else None)


def _losses(rows: list[InputRow]) -> list[_Move]:
    """What each input lost of 100, most first; the rest added up as one."""
    lost = sorted((r for r in rows if r.lost > 1e-9), key=lambda r: -r.lost)
    room = MOST if len(lost) <= MOST else MOST - 1
    moves = [_loss(r) for r in lost[:room]]
    rest = sum(r.lost for r in lost[room:])
    return [*moves, _Move("Other", "other", None, -rest, None)] if lost[room:] else moves


def _loss(r: InputRow) -> _Move:
    back = f"At {r.healthy}: up to {w.signed(r.lost)}"
    return _Move(r.name, "lost", f"{r.now}, healthy {r.healthy}", -r.lost, back)


def _bar(move: _Move) -> str:
    """Category text of a bar: name in short lines, amount last."""
    lines: list[str] = []
    for word in move.name.replace(", typed", "").split():
        if lines and len(lines[-1]) + len(word) < 13:
            lines[-1] += f" {word}"
        else:
            lines.append(word[:13])
    return "\n".join([*lines[:3], w.signed(move.points)])


def steps_axis(steps: Sequence[StepRow]) -> tuple[float, float, float]:
    """Start, end and step of the waterfall's axis."""
    running = [r.running for r in steps]
    start = max(0.0, math.floor((min(running) - 6) / 5) * 5.0)
    end = min(100.0, math.ceil((max(running) + 4) / 5) * 5.0)
    return start, end, 5.0 if end - start <= 40 else 10.0


_CAUSES = {
    "version": "model version",
    "behaviour": "behaviour",
    "data vanished": "data that vanished",
    "data appeared": "data that came",
    "model": "weights",
    "replaced": "other data than before",
    "shown": "lifecycle or override",
}


def _chart_words(f: Facts, steps: Sequence[StepRow]) -> str:
    """What a reader must know of the chart: a cut axis, and the dashed line."""
    start, end, _ = steps_axis(steps)
    green = f.model.tiers[0]
    cut = f" · axis starts at {start:g}" if start else ""
    line = f" · dashed: ● {green.label} from {green.starts_at:g}"
    return cut + (line if start < green.starts_at < end else "")


def why_words(f: Facts, steps: Sequence[StepRow]) -> dict[str, Any]:
    """Title and note of *Why it changed*."""
    shot, name, today = _begin(f), f.name[:70], w.day_words(f.as_of)
    cut = _chart_words(f, steps)
    if shot is None or math.isnan(f.total):
        title = f"Why the score is {w.whole(f.total)} and not 100"
        if math.isnan(f.total):
            title = "No score yet: points lost so far"
        note = f"{name} · {today} · nothing to compare with, so this shows points lost{cut}"
        return {"why_title": title, "why_note": note}
    old, new = round_half_up(shot.total), round_half_up(f.total)
    verb = "fell" if new < old else "rose"
    title = f"{verb} from {old:.0f} to {new:.0f}" if new != old else f"stayed at {new:.0f}"
    sums = {k: sum(s.points for s in f.steps if s.kind == k) for k in _CAUSES}
    parts = [f"{w.signed(x)} {_CAUSES[k]}" for k, x in sums.items() if abs(x) >= 0.05]
    change = f"{w.signed(f.total - shot.total)} points: {', '.join(parts) or 'nothing moved'}"
    note = f"{name} · {w.day_words(shot.day)} to {today} · {change}{cut}"
    return {"why_title": f"Why the score {title}", "why_note": note}
