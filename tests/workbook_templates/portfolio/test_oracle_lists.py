"""The sheets of lists, recalculated by LibreOffice: many CSMs, odd names, edited scores."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.office.client import Office, Sheet
from tests.validity import assert_valid
from tests.workbook_templates.portfolio import samples
from tests.workbook_templates.portfolio.test_lists import rated, rows
from tests.workbook_templates.test_scorecard_oracle import _cached, _differences
from workbook_templates.portfolio import csm_load
from workbook_templates.portfolio.facts import Portfolio

ODD = ["CSM *", "CSM ?", "~CSM", ">5", "=A1", "0012", "x" * 300]
"""Names that a condition of COUNTIFS would take for a pattern or a comparison."""


def _recalculated(office: Office, p: Portfolio, folder: Path) -> dict[str, Sheet]:
    path = folder / "portfolio.xlsx"
    path.write_bytes(samples.filled(p))
    assert_valid(path)
    fresh = office.recalculate(path)
    assert _differences(_cached(path), fresh) == []
    return fresh


def test_many_csms_and_odd_names(office: Office, tmp_path: Path) -> None:
    """Seventy CSMs, some with odd names, and accounts of nobody: each row and all add up."""
    names: list[str | None] = [name for name in ODD for _ in range(4)]
    names += [f"Sample CSM {i}" for i in range(70)] + [None] * 3
    n = len(names)
    p = rated(
        *[float(1 + i % 5) for i in range(n)],
        csm=list(names),
        arr=[100.0 + i if i % 7 else None for i in range(n)],
        currency=["USD" if i % 5 else "EUR" for i in range(n)],
        segment=[("smb", "enterprise", None)[i % 3] for i in range(n)],
        renewal_date=[samples.AS_OF + timedelta(10 * (i % 20)) for i in range(n)],
    )
    fresh = _recalculated(office, p, tmp_path)
    sheet = fresh["CSM load"]
    listed = rows(csm_load.fill(p), csm_load.TABLE)
    assert len(listed) == csm_load.LISTED + 2
    assert sum(row["accounts"] for row in listed) == n
    shown = {sheet[f"B{r}"]: sheet[f"C{r}"] for r in range(18, 18 + len(listed))}
    assert {row["csm"]: row["accounts"] for row in listed} == shown
    assert shown["CSM *"] == shown[">5"] == shown["0012"] == shown["x" * 300] == 4
    assert shown["Not given"] == 3
    assert shown[csm_load.OTHERS] == n - 3 - sum(
        row["accounts"] for row in listed[: csm_load.LISTED]
    )


def test_a_score_typed_over_moves_every_sheet(office: Office, tmp_path: Path) -> None:
    """Figures are alive: a weakest account made green moves counts on all the sheets."""
    p = samples.demo()
    path = tmp_path / "portfolio.xlsx"
    path.write_bytes(samples.filled(p))
    before = office.recalculate(path)
    tier = {c: v for c, v in before["Accounts"].items() if c.startswith("G")}
    cell = next(c for c, v in tier.items() if v == "■ Red")
    after = office.recalculate(path, {("Accounts", f"F{cell[1:]}"): 95})
    assert after["Accounts"][cell] == "● Green"
    for sheet, red in (("Segments", "F10"), ("Migration", "E10")):
        assert after[sheet][red] == before[sheet][red] - 1  # type: ignore[operator]
    reds = [sum(v for c, v in at["CSM load"].items() if c[0] == "F" and isinstance(v, float))
            for at in (before, after)]  # fmt: skip
    assert reds[1] == reds[0] - 1
    assert after["Dimensions"]["D6"] > before["Dimensions"]["D6"]  # type: ignore[operator]
    assert after["Movers"]["B5"] <= before["Movers"]["B5"]  # type: ignore[operator]
