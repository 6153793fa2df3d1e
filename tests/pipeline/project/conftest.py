"""A folder with settings and tables, written in a line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from pipeline.sources import read_source
from scoring.inputs import Inputs
from scoring.presets import load_preset

Read = Callable[..., Inputs]
MODEL = load_preset("support")


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Writes settings and text tables into a folder, and reads it for a day."""

    def do(
        settings: str, tables: Mapping[str, str] | None = None, *, as_of: date = date(2026, 1, 31),
        model: str = "support",
    ) -> Inputs:  # fmt: skip
        (tmp_path / "healthsheet.toml").write_text(settings, encoding="utf-8")
        for name, text in (tables or {}).items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return read_source(tmp_path, load_preset(model), as_of=as_of)

    return do
