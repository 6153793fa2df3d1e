"""`healthsheet validate` from end to end: files in, verdict, files and exit status out."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from pipeline.backtest_file import read_backtest
from pipeline.cli import main
from pipeline.model_files import load_model
from tests.pipeline.tables import Rows, write_csv
from tests.pipeline.validation.histories import AS_OF, Files, record, write_files
from tests.postgres import Postgres
from tests.scoring.validation.companies import simple_model

Captured = pytest.CaptureFixture[str]
DAY = ["--as-of", str(AS_OF)]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """A company whose churn follows one metric."""
    return write_files(tmp_path_factory.mktemp("related"))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """A company of forty accounts whose churn follows nothing."""
    return write_files(tmp_path_factory.mktemp("small"), strength=0.0, accounts=40)


def validate(files: Files, *more: object, outcomes: Path | None = None) -> int:
    """Run the command on a company's recorded history."""
    texts = [str(x) for x in more]
    return main(["validate", str(files.history), str(outcomes or files.outcomes), *DAY, *texts])


def test_all_at_once(
    files: Files, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report, both files and the new model agree, and each says what to do with it."""
    monkeypatch.setenv("COLUMNS", "80")
    book, kept, model = tmp_path / "b.xlsx", tmp_path / "b.json", tmp_path / "new.toml"
    assert validate(files, "-o", book, "-o", kept, "--write-model", model) == 0
    told = capsys.readouterr()
    assert told.err == ""
    found = read_backtest(kept)
    assert found.verdict.key == "evidence"
    assert told.out.startswith(found.verdict.headline[:70])
    report, _, ending = told.out.partition("\nWrote ")
    assert max(map(len, report.splitlines())) <= 80
    assert ending.startswith("b.xlsx, b.json, new.toml (planted 1.1).")
    assert f"Next: healthsheet score SOURCE -m {model}" in ending
    assert "Its probabilities are of planted 1.0; for those of planted 1.1 run it again" in ending
    assert 'backtest = "b.json"' not in ending
    assert load_model(model).version == "1.1"
    assert found.digest == simple_model().digest != load_model(model).digest
    assert zipfile.is_zipfile(book)


def test_a_table_says_the_same(small: Files, tmp_path: Path, capsys: Captured) -> None:
    """One table with the model beside it gives the figures of the recorded history, as JSON.

    What is printed is the file, letter for letter.
    """
    assert validate(small, "--json", "-o", tmp_path / "b.json") == 0
    printed = capsys.readouterr().out
    assert printed == (tmp_path / "b.json").read_text(encoding="utf-8")
    recorded = json.loads(printed)
    table = [str(small.table), str(small.outcomes), "-m", str(small.model)]
    assert main(["validate", *table, *DAY, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["history"] == "history.csv"
    same = ("verdict", "horizons", "powers", "recommendations", "calibration", "kinds", "alerts")
    assert all(told[key] == recorded[key] for key in same)
    assert {kind: n for kind, n in told["kinds"].items() if n} == (
        small.company.outcomes["outcome"].value_counts().to_dict()
    )


def test_no_relation_is_no_model(small: Files, tmp_path: Path, capsys: Captured) -> None:
    """It says so, writes no model and ends with 1; with --json the reason stands beside it."""
    model = tmp_path / "new.toml"
    assert validate(small, "--write-model", model) == 1
    told = capsys.readouterr().out
    assert "No evidence" in told.splitlines()[0]
    assert "! new.toml was not written: no change is recommended." in told
    assert validate(small, "--json", "--write-model", model) == 1
    told_by_json = capsys.readouterr()
    assert json.loads(told_by_json.out)["verdict"]["key"] == "no evidence"
    assert "new.toml was not written" in told_by_json.err
    assert not model.exists()


def test_values_to_fix(small: Files, tmp_path: Path, capsys: Captured) -> None:
    """A bad cell is named, the other rows count, and the status is 1."""
    frame = pd.read_csv(small.outcomes).astype(object)
    frame.loc[3, "outcome"] = "vanished"
    frame.to_csv(path := tmp_path / "outcomes.csv", index=False)
    assert validate(small, "--json", outcomes=path) == 1
    told = capsys.readouterr()
    document = json.loads(told.out)
    assert {"reason": "A value to fix", "count": 1} in document["left_out"]
    assert sum(document["kinds"].values()) == 39
    assert "! 1 value to fix" in told.err
    assert "vanished" in told.err


def test_only_churn_is_listed(small: Files, tmp_path: Path, capsys: Captured) -> None:
    """Accounts that are still there stayed; if all churned, or one row is all, that is said."""
    lost = small.company.outcomes[small.company.outcomes["outcome"] == "churned"]
    rows = [["Account ID", "Churn date"]]
    rows += [[a, f"{d:%d-%m-%Y}"] for a, d in zip(lost["account_id"], lost["date"], strict=True)]
    assert validate(small, "--json", outcomes=write_csv(tmp_path / "lost.csv", rows)) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["design"] == "windows"
    assert document["kinds"]["stayed"] > 0
    assert validate(small, outcomes=write_csv(tmp_path / "one.csv", rows[:2])) == 0
    assert "No evidence" in capsys.readouterr().out
    all_lost = [rows[0], *[[a, "2025-08-15"] for a in small.company.outcomes["account_id"]]]
    assert validate(small, outcomes=write_csv(tmp_path / "all.csv", all_lost)) == 0
    assert "No evidence" in capsys.readouterr().out


def test_currencies(small: Files, tmp_path: Path, capsys: Captured) -> None:
    """ARR in two currencies is not added up; with rates of the project it is."""
    frame = small.company.outcomes.assign(currency=["USD", "EUR"] * 20)
    frame.to_csv(outcomes := tmp_path / "outcomes.csv", index=False)
    (tmp_path / "model.toml").write_text(small.model.read_text())
    (tmp_path / "history.csv").write_text(small.table.read_text())
    settings = tmp_path / "healthsheet.toml"
    settings.write_text('model = "model.toml"\n')
    asked = ["validate", str(tmp_path / "history.csv"), str(outcomes), *DAY, "--json"]
    assert main(asked) == 0
    apart = json.loads(capsys.readouterr().out)
    assert apart["currency"] == ""
    assert any("EUR, USD and not added up" in note for note in apart["notes"])
    tiers = [t for h in apart["horizons"] for t in h["tiers"]]
    assert any(len(set(frame["currency"])) > 1 and t["cases"] > 5 for t in tiers)
    settings.write_text('model = "model.toml"\n[rates]\nbase = "USD"\nvalues = { EUR = 1.1 }\n')
    assert main(asked) == 0
    together = json.loads(capsys.readouterr().out)
    assert together["currency"] == "USD"
    whole = frame["arr"] * frame["currency"].map({"USD": 1.0, "EUR": 1.1})
    found = sum(t["arr"] for t in together["horizons"][0]["tiers"])
    assert found == pytest.approx(whole.sum(), rel=1e-9)


def test_postgresql(small: Files, postgres: Postgres, capsys: Captured) -> None:
    """A history in PostgreSQL gives what the same in SQLite gives."""
    address = postgres.create("validate")
    try:
        record(small.company.history, address)
        assert main(["validate", address, str(small.outcomes), *DAY, "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert validate(small, "--json") == 0
        plain = json.loads(capsys.readouterr().out)
        assert {**told, "history": ""} == {**plain, "history": ""}
    finally:
        postgres.drop("validate")


def test_drift(small: Files, tmp_path: Path, capsys: Captured) -> None:
    """What has drifted since an earlier backtest is told; one that is not there is an error."""
    earlier = tmp_path / "b.json"
    main(["validate", str(small.history), str(small.outcomes), "--as-of", "2025-12-31",
          "-o", str(earlier)])  # fmt: skip
    capsys.readouterr()
    assert validate(small, "--against", tmp_path / "no.json") == 2
    assert "no.json does not exist" in capsys.readouterr().err
    assert validate(small, "--against", earlier, "--json") == 0
    drift = json.loads(capsys.readouterr().out)["drift"]
    assert read_backtest(earlier).made < AS_OF
    assert isinstance(drift, list)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["-o", "."], ". is a folder. Name a file in it."),
        (["--write-model", "."], ". is a folder. Name a file in it."),
        (["-o", "b.pdf"], "b.pdf has no known ending. Name it .xlsx or .json."),
        (["-o", "gone/b.xlsx"], "The folder gone does not exist"),
        (["-o", "b.json", "-o", "b.json"], "written twice"),
        (["--write-model", "new.json"], "Name it .toml or .xlsx"),
        (["--sheet", "Lost"], "None of the"),
        (["--query", "select 1"], "asks a database"),
        (["--history-sheet", "Scores"], "A recorded history has no sheets."),
        (["-m", "no-such-model"], "no-such-model"),
        (["--as-of", "2020-01-01"], "no snapshot up to 2020-01-01"),
    ],
)
def test_what_cannot_be_done(
    small: Files, options: list[str], said: str, tmp_path: Path, capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Status 2 and one sentence, before anything is written."""
    monkeypatch.chdir(tmp_path)
    rows = [["Account ID", "Churn date"], ["X-1", "2025-09-01"]]
    outcomes = write_csv(tmp_path / "x.csv", rows) if "--sheet" in options else None
    assert validate(small, *options, outcomes=outcomes) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert "error of ours" not in told.err
    assert told.out == ""
    assert {p.name for p in tmp_path.iterdir()} <= {"x.csv"}


def test_its_own_sources_are_not_written_over(small: Files, capsys: Captured) -> None:
    """A file that is read here is not a file to write."""
    workbook = small.outcomes.with_suffix(".xlsx")
    workbook.write_bytes(b"kept")
    assert validate(small, "-o", workbook, outcomes=workbook) == 2
    assert "is read here" in capsys.readouterr().err
    assert workbook.read_bytes() == b"kept"
    workbook.unlink()


def test_sources_that_are_none(small: Files, tmp_path: Path, capsys: Captured) -> None:
    """Missing files, the two mixed up, and a history of one day end with 2 and a next step."""
    one = tmp_path / "one.csv"
    frame = pd.read_csv(small.table)
    frame[frame["date"] == frame["date"].min()].to_csv(one, index=False)
    for history, outcomes, said in (
        (tmp_path / "no.db", small.outcomes, "does not exist"),
        (small.history, tmp_path / "no.csv", "does not exist"),
        (small.outcomes, small.history, ""),
        (one, small.outcomes, "must be known before its outcome"),
        (small.history, small.history, "is a SQLite database"),
    ):
        status = main(["validate", str(history), str(outcomes), *DAY, "-m", str(small.model)])
        told = capsys.readouterr()
        assert status == 2
        assert said in told.err
        assert "error of ours" not in told.err


def test_the_wrong_way_round(small: Files, tmp_path: Path, capsys: Captured) -> None:
    """Outcomes first is said as such, with the command as it should be."""
    days: Rows = [["S-1", "2026-01-01", 50], ["S-1", "2026-02-01", 60]]
    history = write_csv(tmp_path / "past.csv", [["Account ID", "Date", "Score"], *days])
    assert main(["validate", str(small.outcomes), str(history), *DAY]) == 2
    told = capsys.readouterr().err
    assert "is a list of outcomes, and the history comes first." in told
    assert f"Type: healthsheet validate {history} {small.outcomes}" in told
