"""The engine on Spark, which really runs here: bit for bit what one machine gives."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from pipeline.scale.spark import score_table, spark_session
from scoring.errors import DataError
from tests.pipeline.scale.samples import AS_OF, MODEL, assert_equal, local, mixed, write


@pytest.mark.slow
def test_spark_gives_the_same_numbers(tmp_path: Path) -> None:
    """Files to files, a value off its scale among them; an address without any is told."""
    key = next(m.key for m in MODEL.metrics if m.scale[1] is not None)
    good = mixed(2000)
    good.loc[5, key] = None
    frame = good.copy()
    frame.loc[5, key] = 1e9
    scores = local(good)
    source = write(tmp_path / "in", frame[:1200], frame[1200:])
    target = str(tmp_path / "out")
    spark = spark_session()
    try:
        totals = score_table(str(source), target, MODEL, as_of=AS_OF)
        with pytest.raises(DataError, match=r"Spark cannot score .* Path does not exist"):
            score_table(str(tmp_path / "none"), target, MODEL, as_of=AS_OF)
    finally:
        spark.stop()
    assert_equal(pd.read_parquet(target), scores)
    assert totals.tiers == Counter(scores.tier.tolist())
    assert totals.problems == 1
