"""Charts of a refreshed workbook after another program has taken their names away."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.cli import DONE
from tests.pipeline.portfolio_folder import ADA, CYD, fresh_folder, refresh, source
from workbook_templates.fill import Template
from workbook_templates.package import Package


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose workbook was saved by openpyxl: every sheet has a Chart 1."""
    fresh_folder(tmp_path)
    path = tmp_path / "portfolio.xlsx"
    book: Any = openpyxl.load_workbook(path)
    book.save(path)
    source(tmp_path, ADA.replace("55,72", "15,22"), CYD)
    return tmp_path


def told(path: Path) -> list[tuple[str, str]]:
    """Sheet and alternative text of every chart, in the order of the sheets."""
    return [(c.sheet, c.alt_text) for c in Template.open(path).charts.values()]


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_charts_of_one_name_are_told_apart(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each chart gets the text of its own sheet, as in a new workbook, and nothing is said."""
    path = folder / "portfolio.xlsx"
    assert refresh(folder) == DONE
    assert "title" not in capsys.readouterr().out
    found = told(path)
    path.rename(folder / "refreshed.xlsx")
    assert refresh(folder, "--from", str(folder / "accounts.csv"), "-m", "four-dimension") == DONE
    assert len(found) >= 10
    assert found == told(path)


def test_charts_without_a_typed_title_are_named_once(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A title that people took away stays away: one sentence, and the rest of them changes."""
    path = folder / "portfolio.xlsx"
    package = Package.open(path)
    places = Template.open(path).charts
    taken = [c for c in places.values() if c.sheet in ("CSM load", "Score history")]
    for chart in taken:
        data = package.read(chart.part)
        start, plot = data.index(b"<title>"), data.index(b"<plotArea>")
        package.replace(chart.part, data[:start] + data[plot:])
    path.write_bytes(package.to_bytes())
    assert refresh(folder) == DONE
    out = capsys.readouterr().out
    said = re.findall(r"Charts without a typed title got none: (.*)\.", out)
    assert len(said) == 1
    assert set(said[0].split("; ")) == {
        "Accounts by CSM on CSM load", "Accounts by month on Score history",
        "ARR by month on Score history",
    }  # fmt: skip
    assert "template" not in out
    assert all(text for _, text in told(path))
