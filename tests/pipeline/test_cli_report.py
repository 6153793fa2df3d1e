"""`healthsheet report`: what it writes, prints, refuses and survives."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from pipeline.cli import DONE, FINDINGS, IMPOSSIBLE, main
from pipeline.reports import sensible_jobs
from scoring.presets import load_preset
from tests.pipeline.tables import Rows, write_xlsx
from workbook_templates.package import NotAWorkbook, save_bytes
from workbook_templates.report import fill_scorecard

HEAD = ["Account ID", "Account", "ARR", "Currency", "Product adoption", "Engagement",
        "Outcomes", "Support health", "Commercial"]  # fmt: skip
ROWS: Rows = [
    HEAD,
    ["S-1", "Sample Harbour", 1000, "USD", 5, 5, 4, 5, 5],
    ["S-2", "Sample Bridge", 2000, "USD", 3, 3, 3, 3, 3],
    ["S-3", "Sample Tower", 3000, "EUR", 1, 2, 1, 2, 1],
]
DAY = ["--as-of", "2026-11-23"]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_xlsx(tmp_path / "accounts.xlsx", {"Accounts": ROWS})


def test_a_workbook_for_each_account(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The folder is made; count, tiers and workbooks are printed, worst account first."""
    out = tmp_path / "new" / "reports"
    assert main(["report", str(source), "-o", str(out), *DAY]) == DONE
    shown = capsys.readouterr()
    assert len(list(out.iterdir())) == 3
    assert "Reported 3 accounts" in shown.out
    assert f"Wrote 3 workbooks to {out}" in shown.out
    assert shown.out.index("■ Red       27  Sample Tower") < shown.out.index("Sample Harbour")
    assert "US dollars. Not added: €3K in 1 account." in shown.out
    assert shown.err == ""


def test_json_names_every_file(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """JSON holds score, tier and file of each account, in the order of the source."""
    assert main(["report", str(source), "-o", str(tmp_path / "r"), "--json", *DAY]) == DONE
    told = json.loads(capsys.readouterr().out)
    assert [(r["account_id"], r["score"], r["tier"]) for r in told["reports"]] == [
        ("S-1", 96, "green"), ("S-2", 60, "amber"), ("S-3", 27, "red"),
    ]  # fmt: skip
    assert all(Path(r["file"]).is_file() for r in told["reports"])
    assert told["problems"] == []
    said = told["reports"][2]["judgement"]
    assert said["summary"].startswith("27 of 100, Red")
    assert set(said["assessments"]) == {d.key for d in load_preset("scorecard").dimensions}
    assert said["outlook"]["play"]["name"] == "Save"
    assert said["goal"]["start"] == 27


@pytest.mark.parametrize("wanted", ["S-2", "s-2", "Sample Bridge", " sample bridge "])
def test_one_account_by_id_or_name(source: Path, tmp_path: Path, wanted: str) -> None:
    """An account is found by id or name, without case."""
    out = tmp_path / "r"
    assert main(["report", str(source), "-o", str(out), "--account", wanted, *DAY]) == DONE
    assert [p.name.split(" ")[1] for p in out.iterdir()] == ["Bridge"]


def test_several_accounts(source: Path, tmp_path: Path) -> None:
    """--account may be repeated; no totals are printed for a part of the accounts."""
    out = tmp_path / "r"
    chosen = ["--account", "S-1", "--account", "Sample Tower"]
    assert main(["report", str(source), "-o", str(out), *chosen, *DAY]) == DONE
    assert len(list(out.iterdir())) == 2


def test_unknown_accounts_name_the_closest(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every unknown account is named with the closest there are, and nothing is written."""
    out = tmp_path / "r"
    wanted = ["--account", "Sample Bride", "--account", "S-9", "--account", "S-1"]
    assert main(["report", str(source), "-o", str(out), *wanted, *DAY]) == IMPOSSIBLE
    told = capsys.readouterr().err
    assert "No account Sample Bride. Closest: S-2 (Sample Bridge)" in told
    assert "No account S-9." in told
    assert not out.exists()


def test_values_to_fix_are_printed_and_status_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bad value is named as `score` names it; its account is still reported."""
    bad: Rows = [*ROWS[:3], ["S-3", "Sample Tower", 3000, "EUR", 9, 2, 1, 2, 1]]
    source = write_xlsx(tmp_path / "accounts.xlsx", {"Accounts": bad})
    assert main(["report", str(source), "-o", str(tmp_path / "r"), *DAY]) == FINDINGS
    assert "! 1 value to fix  Accounts!E4, Product adoption: 9." in capsys.readouterr().out
    assert len(list((tmp_path / "r").iterdir())) == 3


def test_one_account_that_fails_does_not_stop_the_others(
    source: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The account is named with the reason, the others are written, and the status is 1."""

    def fails(template: object, facts: object) -> bytes:
        if facts.account_id == "S-2":  # type: ignore[attr-defined]
            raise NotAWorkbook("It cannot be filled.")
        if facts.account_id == "S-3":  # type: ignore[attr-defined]
            raise KeyError("surprise")
        return fill_scorecard(template, facts)  # type: ignore[arg-type]

    monkeypatch.setattr("pipeline.reports.fill_scorecard", fails)
    assert main(["report", str(source), "-o", str(tmp_path / "r"), *DAY]) == FINDINGS
    shown = capsys.readouterr().out
    assert "! Not reported  S-2, Sample Bridge: It cannot be filled." in shown
    assert "! Not reported  S-3, Sample Tower: An error of ours (KeyError" in shown
    assert len(list((tmp_path / "r").iterdir())) == 1


def test_an_open_workbook_is_named_and_kept(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A workbook that a spreadsheet program has open stays as it is; the others are written."""
    out = tmp_path / "r"
    main(["report", str(source), "-o", str(out), *DAY])
    first, *_ = sorted(out.iterdir())
    (out / f".~lock.{first.name}#").write_text("")
    before = first.read_bytes()
    capsys.readouterr()
    assert main(["report", str(source), "-o", str(out), "--as-of", "2026-11-24"]) == FINDINGS
    assert "open in another program" in capsys.readouterr().out
    assert first.read_bytes() == before


def test_files_are_replaced_and_others_stay(source: Path, tmp_path: Path) -> None:
    """A second report replaces its own workbooks and touches nothing else in the folder."""
    out = tmp_path / "r"
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    for _ in range(2):
        assert main(["report", str(source), "-o", str(out), *DAY]) == DONE
    assert len(list(out.iterdir())) == 4
    assert (out / "mine.txt").read_text() == "mine"


def test_equal_file_names_get_a_number(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should two accounts ever get one file name, neither workbook is lost."""
    monkeypatch.setattr("pipeline.reports.file_name", lambda *_: "Same.xlsx")
    out = tmp_path / "r"
    assert main(["report", str(source), "-o", str(out), *DAY]) == DONE
    assert {p.name for p in out.iterdir()} == {"Same.xlsx", "Same 2.xlsx", "Same 3.xlsx"}


@pytest.mark.slow
def test_jobs_make_the_same_files(source: Path, tmp_path: Path) -> None:
    """Two processes write byte for byte what one writes."""
    made = []
    for jobs in ("1", "2"):
        out = tmp_path / jobs
        assert main(["report", str(source), "-o", str(out), "--jobs", jobs, *DAY]) == DONE
        made.append({p.name: p.read_bytes() for p in out.iterdir()})
    assert made[0] == made[1]


def test_jobs_pay_only_for_many() -> None:
    """One process for few accounts, several for many."""
    assert sensible_jobs(999) == 1
    assert 1 <= sensible_jobs(100_000) <= 8


def test_a_file_where_the_folder_should_be(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file in the way is a clear error."""
    (tmp_path / "r").write_text("mine")
    assert main(["report", str(source), "-o", str(tmp_path / "r"), *DAY]) == IMPOSSIBLE
    assert "is a file. Name a folder" in capsys.readouterr().err


def test_a_folder_below_a_file(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that cannot be made is a clear error."""
    (tmp_path / "f").write_text("mine")
    assert main(["report", str(source), "-o", str(tmp_path / "f" / "r"), *DAY]) == IMPOSSIBLE
    assert "cannot be written to" in capsys.readouterr().err


def test_a_folder_without_permission(
    source: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A read-only folder is named before anything is filled."""
    monkeypatch.setattr("os.access", lambda *_: False)
    assert main(["report", str(source), "-o", str(tmp_path / "r"), *DAY]) == IMPOSSIBLE
    assert "no permission. Choose another folder." in capsys.readouterr().err


def test_a_full_disk(
    source: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A full disk stops at once, says so, and leaves only whole files."""
    saved: list[Path] = []

    def full(path: Path, data: bytes) -> None:
        if saved:
            raise OSError(errno.ENOSPC, "No space left on device")
        saved.append(path)
        save_bytes(path, data)

    monkeypatch.setattr("pipeline.reports.save_bytes", full)
    assert main(["report", str(source), "-o", str(tmp_path / "r"), *DAY]) == IMPOSSIBLE
    told = capsys.readouterr().err
    assert "No space left on device" in told
    assert "1 workbook was written before" in told
    assert list((tmp_path / "r").iterdir()) == saved


@pytest.mark.parametrize(
    ("name", "words"),
    [("nowhere.xlsx", "does not exist. Make one: healthsheet template export"),
     ("accounts.xlsx", "cannot be used yet")],
)  # fmt: skip
def test_a_template_that_cannot_be_used(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, words: str
) -> None:
    """A template is checked before anything is written."""
    out = tmp_path / "r"
    template = str(tmp_path / name)
    assert main(["report", str(source), "-o", str(out), "--template", template]) == IMPOSSIBLE
    assert words in capsys.readouterr().err
    assert not out.exists()


def test_jobs_must_be_a_number(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong number of processes is told in a sentence."""
    with pytest.raises(SystemExit) as caught:
        main(["report", str(source), "-o", "r", "--jobs", "0"])
    assert caught.value.code == IMPOSSIBLE
    assert "0 is no number of processes" in capsys.readouterr().err
