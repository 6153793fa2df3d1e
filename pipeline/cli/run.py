"""`healthsheet run`: refresh, alerts, reports and mail of a project in one go."""

from __future__ import annotations

import argparse
import io
import json
import shlex
import sys
import time
from collections.abc import Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli import DONE, IMPOSSIBLE, INTERRUPTED, add_common, main, today
from scoring.errors import DataError

if TYPE_CHECKING:
    from pipeline.run import Done, Step
    from pipeline.terminal import Line

_WORDS = {DONE: "done", 1: "look at it", INTERRUPTED: "stopped"}
_STYLES = {DONE: "green", 1: "amber"}
_SHAPES = {DONE: "●", 1: "▲"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.description = (
        "Do what section run of a project's healthsheet.toml asks for: refresh the workbook, list "
        "and send alerts, write scorecards, mail leaders. A step that fails does not keep the "
        "others from theirs. Made for cron and Task Scheduler: one run at a time, and the exit "
        "status is that of the worst step."
    )
    parser.add_argument("project", nargs="?", type=Path, default=Path(), metavar="DIR",
                        help="folder with healthsheet.toml, or that file (default: this "
                             "folder)")  # fmt: skip
    parser.add_argument("--dry-run", action="store_true",
                        help="print the commands and run none")  # fmt: skip
    parser.add_argument("--quiet", action="store_true",
                        help="print nothing when every step is done")  # fmt: skip
    add_common(parser, model=False)


def run(args: argparse.Namespace) -> int:
    """Take the steps; the worst one's status.

    Raises:
        DataError: no settings, nothing to do, or another run is working.
    """
    from datetime import datetime

    from pipeline.run import alone, run_steps, steps_of
    from pipeline.settings import SETTINGS, read_settings

    path = args.project / SETTINGS if args.project.is_dir() else args.project
    if not path.is_file():
        raise DataError(f"{path} does not exist. `healthsheet init` makes one.")
    now, folder = datetime.now().astimezone(), path.parent
    settings, day = read_settings(path), args.as_of or today()
    if args.dry_run:
        return _plan(_dated(steps_of(settings, str(path), day, ""), args))
    with alone(folder, now) as held:
        steps = _dated(steps_of(settings, str(path), day, held.alerts_to), args)
        if held.stopped and not args.json:
            print(
                f"The run of {held.before.started} (process {held.before.process} on "
                f"{held.before.host}) did not end. This one does all again.",
                file=sys.stderr,
            )
        started = time.perf_counter()
        with chdir(folder):
            done = run_steps(steps, _call, lambda step: None if args.json else _tell(args, step))
        if any(d.step.told and d.status in (DONE, 1) for d in done):
            held.alerts_to = day.isoformat()
    seconds = time.perf_counter() - started
    status = max(d.status for d in done)
    if args.json:
        print(json.dumps(_data(done, status, seconds), indent=2))
    elif not (args.quiet and status == DONE):
        _summary(done, seconds)
    return status


def _dated(steps: Sequence[Step], args: argparse.Namespace) -> list[Step]:
    """The steps for the day that is asked for."""
    day = () if args.as_of is None else ("--as-of", args.as_of.isoformat())
    return [s._replace(arguments=(*s.arguments, *day)) for s in steps]


def _plan(steps: Sequence[Step]) -> int:
    for step in steps:
        print(f"healthsheet {shlex.join(step.arguments)}")
    return DONE


def _call(step: Step) -> Done:
    """One step, by the command line itself; what it prints is kept."""
    from pipeline.run import Done

    started, out, faults = time.perf_counter(), io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(faults):
        try:
            status = main(step.arguments)
        except SystemExit:  # an argument that the command refuses
            status = IMPOSSIBLE
    said = [line.strip() for line in out.getvalue().splitlines() if line.strip()]
    wrong = [line.strip() for line in faults.getvalue().splitlines() if line.strip()]
    failed = status not in (DONE, 1)
    line = (wrong[-1:] if failed else said[:1]) or [""]
    output = out.getvalue() + faults.getvalue()
    told = line[0].removeprefix("healthsheet: ")
    return Done(step, status, time.perf_counter() - started, output, told)


def _tell(args: argparse.Namespace, done: Done) -> None:
    """What a step printed, under its name; on a quiet run only of one that is not simply done."""
    if args.quiet and done.status == DONE:
        return
    print(f"── {done.step.name}: healthsheet {shlex.join(done.step.arguments)}")
    print(done.output.rstrip() + "\n", flush=True)


def _summary(done: Sequence[Done], seconds: float) -> None:
    from pipeline.terminal import fit, print_lines, terminal_width

    width = max(terminal_width(sys.stdout) - 34, 20)
    lines: list[Line] = []
    for d in done:
        # A fault is told whole: it says what to do.
        line = fit(d.line, width).rstrip() if d.status in _STYLES else d.line
        lines.append([
            (_SHAPES.get(d.status, "■"), _STYLES.get(d.status, "red")),
            (f" {d.step.name:<8} {_WORDS.get(d.status, 'failed'):<10} {d.seconds:7.1f} s  ", ""),
            (line, ""),
        ])  # fmt: skip
    good = sum(d.status in (DONE, 1) for d in done)
    lines.append([(f"{good} of {len(done)} steps done, {seconds:.1f} s", "bold")])
    print_lines(lines)


def _data(done: Sequence[Done], status: int, seconds: float) -> dict[str, object]:
    """The summary for --json."""
    steps = [
        {"step": d.step.name, "command": list(d.step.arguments), "status": d.status,
         "seconds": round(d.seconds, 3), "line": d.line, "output": d.output}
        for d in done
    ]  # fmt: skip
    return {"status": status, "seconds": round(seconds, 3), "steps": steps}
