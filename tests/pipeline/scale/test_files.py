"""Parquet files scored batch by batch: the same as at once, in order, for any number of jobs."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipeline.scale import BatchScorer, score_files
from pipeline.scale import files as module
from scoring.errors import DataError
from tests.pipeline.scale.samples import AS_OF, MODEL, assert_equal, local, mixed, write


def read(folder: Path) -> pd.DataFrame:
    """The result as one frame, file after file."""
    return pd.concat([pd.read_parquet(p) for p in sorted(folder.iterdir())], ignore_index=True)


@pytest.fixture
def frame() -> pd.DataFrame:
    return mixed(3000)


def test_batches_give_what_all_at_once_give(
    frame: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the files, row groups and batches, numbers and order are those of one frame."""
    monkeypatch.setattr(module, "BATCH", 700)
    monkeypatch.setattr(module, "_TASK", 500)
    source = write(tmp_path / "in", frame[:1700], frame[1700:], rows=300)
    totals = score_files(source, tmp_path / "out", MODEL, as_of=AS_OF)
    found, scores = read(tmp_path / "out"), local(frame)
    assert len(list((tmp_path / "out").iterdir())) == 6
    assert found["account_id"].tolist() == frame["account_id"].tolist()
    assert_equal(found, scores)
    assert (totals.accounts, totals.problems) == (3000, 0)
    assert totals.tiers == pd.Series(scores.tier).value_counts().to_dict()


def test_processes_write_the_same_files(frame: pd.DataFrame, tmp_path: Path) -> None:
    """Two processes give the bytes of one."""
    source = write(tmp_path / "in", frame[:1000], frame[1000:2000], frame[2000:])
    for jobs in (1, 2):
        score_files(source, tmp_path / f"out{jobs}", MODEL, as_of=AS_OF, jobs=jobs)
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / f"out{n}").iterdir()} for n in (1, 2))
    assert one == two
    assert len(one) == 3


def test_peoples_headers_are_known(frame: pd.DataFrame, tmp_path: Path) -> None:
    """Columns go by their names as in a workbook; what is not ours is not read."""
    names = {"account_id": "Account ID", "start_date": "Start date", "segment": "Segment"}
    source = write(tmp_path / "in", frame.rename(columns=names))
    score_files(source, tmp_path / "out", MODEL, as_of=AS_OF)
    assert_equal(read(tmp_path / "out"), local(frame))
    wanted = BatchScorer(MODEL, AS_OF, ("Account ID", "CSAT", "ARR", "remark")).wanted
    assert "ARR" not in wanted
    assert "remark" not in wanted


def test_a_bad_value_counts_as_missing_and_is_named(frame: pd.DataFrame, tmp_path: Path) -> None:
    """Its account is scored from the rest, its row says why, and all others are as they were."""
    key = next(m for m in MODEL.metrics if m.scale[1] is not None)
    bad = frame.copy()
    bad.loc[7, key.key] = 1e9
    bad.loc[8, "account_id"] = None
    totals = score_files(write(tmp_path / "in", bad), tmp_path / "out", MODEL, as_of=AS_OF)
    found = read(tmp_path / "out")
    assert totals.problems == 2
    assert found["problems"][7].startswith(f"{key.name} 1000000000.0: The scale is")
    assert found["problems"][8] == "No account ID"
    assert found["account_id"][8] == ""
    good = bad.assign(account_id=frame["account_id"])
    good.loc[7, key.key] = None
    found.loc[8, "account_id"] = frame["account_id"][8]
    assert_equal(found, local(good))


def test_what_cannot_be_used_is_told(frame: pd.DataFrame, tmp_path: Path) -> None:
    """No id, nothing to score, no file, a broken file, other columns, a target that is there."""
    out = tmp_path / "out"

    def told(source: Path) -> str:
        with pytest.raises(DataError) as error:
            score_files(source, out, MODEL, as_of=AS_OF)
        assert not out.exists()
        assert [p for p in tmp_path.iterdir() if "partial" in p.name] == []
        return str(error.value)

    assert "no column of account IDs" in told(write(tmp_path / "a", frame[[MODEL.metrics[0].key]]))
    assert "no column that support" in told(write(tmp_path / "b", frame[["account_id", "arr"]]))
    (tmp_path / "c").mkdir()
    assert "holds no .parquet file" in told(tmp_path / "c")
    (tmp_path / "c" / "x.parquet").write_bytes(b"PAR1 and nothing more")
    assert "cannot be read as Parquet" in told(tmp_path / "c")
    other = frame.drop(columns="segment")
    assert "lacks the column segment" in told(write(tmp_path / "d", frame, other))
    out.mkdir()
    with pytest.raises(DataError, match="is there already"):
        score_files(write(tmp_path / "e", frame), out, MODEL, as_of=AS_OF)


def test_memory_is_that_of_a_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more rows than a batch are ever scored at one time."""
    monkeypatch.setattr(module, "BATCH", 400)
    seen: list[int] = []
    score = BatchScorer.score

    def counted(self: BatchScorer, batch: pd.DataFrame) -> pd.DataFrame:
        seen.append(len(batch))
        return score(self, batch)

    monkeypatch.setattr(BatchScorer, "score", counted)
    source = write(tmp_path / "in", mixed(2000), rows=2000)
    score_files(source, tmp_path / "out", MODEL, as_of=AS_OF)
    assert (max(seen), sum(seen)) == (400, 2000)
    assert pq.read_table(tmp_path / "out").num_rows == 2000
