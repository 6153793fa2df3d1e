"""Cells in LibreOffice: native formulas, an add-in that does nothing, and ours, in one process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from addin.hosts.libreoffice import build_oxt, install_oxt
from addin.hosts.libreoffice.names import long_name
from addin.hosts.libreoffice.python import find_program
from addin.registry import FUNCTIONS
from benchmarks.data import random_accounts
from benchmarks.measure import Row
from scoring.model import StateCurve
from scoring.presets import load_preset

_CALC = Path(__file__).with_name("calc")
_MODEL = "support"
_ROUNDS, _PATIENCE = 5, 900.0
_LONG = {f.name: long_name(f) for f in FUNCTIONS}
_BENCH = "ORG.HEALTHSHEET.BENCH.FLOOR."

_NATIVE = "native SUMPRODUCT, a formula a row"
_HOST = "the host alone, a formula a row: returns its argument"
_OURS = "HEALTH_SCORE, a formula a row"
_NEW = "HEALTH_SCORE, a formula a row, all values new"
_HOST_ARRAY = "the host alone, one array formula"
_ARRAY = "HEALTH_SCORE, one array formula"
_HOST_CELL = "the host alone, a cell: returns its argument"
_TIER = "HEALTH_TIER"


def calc_cells(folder: Path, count: int) -> Iterator[Row]:
    """Rows for *count* cells, each over one account; three times native SUMPRODUCT is wanted.

    The second table is what is ours of that: what a call costs above one that does nothing.
    """
    found = _measured(folder, count)
    cases = (_NATIVE, _HOST, _OURS, _NEW, _HOST_ARRAY, _ARRAY)
    for case in cases:
        target = 3.0 if case in (_OURS, _ARRAY) else None
        yield _row("LibreOffice", case, count, found, _NATIVE, target)
    yield _row("LibreOffice, against the host alone", _OURS, count, found, _HOST, 1.3)
    for floor, ours in ((_HOST_ARRAY, _ARRAY), (_HOST_CELL, _TIER)):
        yield _row("LibreOffice, against the host alone", ours, count, found, floor, None)


def _row(
    job: str, case: str, count: int, found: dict[str, float], floor: str, target: float | None
) -> Row:
    return Row(
        job=f"{job}, {count:,} cells of {_width()} values",
        case=case,
        seconds=found[case],
        shown=f"{found[case] / count * 1e6:,.1f} µs each",
        ratio=found[case] / found[floor],
        target=target,
    )


def _measured(folder: Path, count: int) -> dict[str, float]:
    """Median seconds of each case."""
    profile, job = folder / "calc profile", folder / "calc.json"
    places = {"UserInstallation": profile, "UNO_SHARED_PACKAGES_CACHE": folder / "calc shared"}
    options = tuple(f"-env:{name}={place.as_uri()}" for name, place in places.items())
    for oxt in (build_oxt(folder / "calc.oxt"), _packed(folder / "floor.oxt")):
        install_oxt(oxt, options=options)
    job.write_text(json.dumps(_job(count)), encoding="utf-8")
    told = _run(job, options)
    if "error" in told:
        raise RuntimeError(told["error"])
    return {case: median(times) for case, times in told["seconds"].items()}


def _packed(target: Path) -> Path:
    with zipfile.ZipFile(target, "w") as package:
        for file in sorted(p for p in _CALC.rglob("*") if p.suffix != ".pyc" and p.is_file()):
            package.write(file, file.relative_to(_CALC))
    return target


def _run(job: Path, options: tuple[str, ...]) -> dict[str, Any]:
    """What the timer inside LibreOffice found: it is told by a file and answers with one."""
    command = [str(find_program("soffice")), "--headless", "--norestore", "--nologo", *options]
    command.append(f"service:org.healthsheet.bench.Timer?{job}")
    # Its own Python would take the library of a virtual environment from the path.
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL"))}
    clean["PATH"] = f"/usr/bin:/bin:{clean.get('PATH', '')}"
    out, end = job.with_suffix(".out"), time.monotonic() + _PATIENCE
    office = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=clean,
        start_new_session=True,
    )
    try:
        while not out.exists():
            if time.monotonic() > end or office.poll() not in (None, 0):
                raise RuntimeError("LibreOffice ended without an answer, or took too long")
            time.sleep(0.2)
    finally:
        os.killpg(office.pid, signal.SIGKILL)
        office.wait()
    found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return found


def _headers() -> list[str]:
    metrics = load_preset(_MODEL).metrics
    return [m.name for m in metrics if not isinstance(m.curve, StateCurve)]


def _width() -> int:
    return len(_headers())


def _values(count: int, seed: int) -> list[list[float | str]]:
    model, headers = load_preset(_MODEL), set(_headers())
    keys = [m.key for m in model.metrics if m.name in headers]
    table = random_accounts(model, count, seed)[keys]
    return [["" if x != x else x for x in row] for row in table.itertuples(index=False)]


def _job(count: int) -> dict[str, Any]:
    """Values in A2 and below under their headers, weights in AE1, formulas in column Z."""
    last, weights = chr(64 + _width()), f"$AE$1:${_name(30 + _width() - 1)}$1"
    head, model = f"$A$1:${last}$1", f'"{_MODEL}"'
    row, every = f"A{{r}}:{last}{{r}}", f"A2:{last}{count + 1}"
    formulas = {
        _NATIVE: f"=SUMPRODUCT({row};{weights})/SUM({weights})",
        _HOST: f"={_BENCH}FLOORROW({row};{head};{model})",
        _OURS: f"={_LONG['HEALTH_SCORE']}({row};{head};{model})",
        _NEW: f"={_LONG['HEALTH_SCORE']}({row};{head};{model})",
        _HOST_CELL: f"={_BENCH}FLOORCELL(AA{{r}})",
        _TIER: f"={_LONG['HEALTH_TIER']}(AA{{r}})",
        _HOST_ARRAY: f"={_BENCH}FLOORROWS({every};{head};{model})",
        _ARRAY: f"={_LONG['HEALTH_SCORE']}({every};{head};{model})",
    }
    values, scores = {every: _values(count, 1)}, [[float(r % 101)] for r in range(count)]
    fixed = {head: [_headers()], weights: [[float(i % 5 + 1) for i in range(_width())]]}
    return {
        "rounds": _ROUNDS,
        "ranges": {**values, **fixed, f"AA2:AA{count + 1}": scores},
        "cases": [
            {
                "name": case,
                "address": f"Z2:Z{count + 1}",
                "formulas": [text.format(r=r) for r in range(2, count + 2)]
                if "{r}" in text
                else [text],
                "ranges": {every: _values(count, 2)} if case == _NEW else {},
            }
            for case, text in formulas.items()
        ],
    }


def _name(column: int) -> str:
    return chr(64 + column // 26) + chr(65 + column % 26)
