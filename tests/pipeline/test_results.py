"""Scores as a table: what it says of an account is what its cells say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.results import top_drivers
from pipeline.scored import score_source
from scoring.drivers import drivers
from scoring.one import score_one
from scoring.presets import load_preset, preset_names
from tests.pipeline.tables import write_csv

DAY = date(2026, 11, 22)


@pytest.mark.parametrize("name", preset_names())
def test_drivers_as_in_cells(name: str, tmp_path: Path) -> None:
    """Drivers stand in the order in which cells rank them, equal losses in the model's order."""
    model = load_preset(name)
    top = 5.0 if model.typed == "rating" else 100.0
    keys = [d.key for d in model.dimensions]
    # Equal and unequal losses, a missing value, nothing lost.
    values = [[top / 5 * (1 + (i * k) % 5) for k in range(len(keys))] for i in range(12)]
    rows = [[f"A{i}", *(v if i != 5 or k else None for k, v in enumerate(row))]
            for i, row in enumerate(values)]  # fmt: skip
    file = write_csv(tmp_path / "accounts.csv", [["Account ID", *keys], *rows])
    found = top_drivers(score_source(file, model, as_of=DAY), 99)
    for row, told in zip(rows, found, strict=True):
        score = score_one(dict(zip(keys, row[1:], strict=True)), model, as_of=DAY)
        wanted = [d for d in drivers(score) if d.lost >= 0.05]
        assert [key for key, _ in told] == [d.key for d in wanted]
        assert [lost for _, lost in told] == pytest.approx([d.lost for d in wanted])
