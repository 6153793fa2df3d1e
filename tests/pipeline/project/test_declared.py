"""Settings that cannot be: each message names the key and says what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.project import read_project
from pipeline.settings import declared_source, rates
from pipeline.sources import read_source
from scoring.errors import DataError
from scoring.presets import load_preset

GOOD = """
[source.tables.crm]
file = "crm.csv"
known_at = "created"
[source.sheets.accounts]
table = "crm"
[metrics.csat]
kind = "mean"
table = "crm"
column = "rating"
days = 90
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "healthsheet.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('file = "crm.csv"', "", "source.tables.crm: needs one of file, url and sql"),
        ('file = "crm.csv"', 'file = "a"\nsql = "select 1"', "needs one of file, url and sql"),
        ('file = "crm.csv"', 'url = "sqlite:///x.db"', 'a url needs table = "…" or query'),
        ('file = "crm.csv"', 'file = "a"\nquery = "select 1"', "table and query belong to a url"),
        ('file = "crm.csv"', 'sql = "select 1"', "leave out known_at"),
        ('file = "crm.csv"', 'fiel = "crm.csv"', "source.tables.crm.fiel: is not known here"),
        ('file = "crm.csv"', 'file = 3', "source.tables.crm.file: input should be a valid string"),
        ('file = "crm.csv"', 'file = "a"\ndecimal = ";"', 'decimal is "." or ","'),
        ("[source.tables.crm]", '[source.tables."c m"]', "letters, digits and _ only"),
        ("[source.sheets.accounts]", "[source.sheets.acounts]", 'Did you mean "Accounts"'),
        ("[source.sheets.accounts]", "[source.sheets.goals]", "accounts is missing"),
        ('table = "crm"\n[m', 'table = "cmr"\n[m', 'cmr is no table. Did you mean "crm"'),
        ('kind = "mean"', 'kind = "avarage"', "metrics.csat.kind: input should be 'count', 'dist"),
        ('column = "rating"', "", 'metrics.csat.*kind "mean" needs column'),
        ('days = 90', 'days = 0', "metrics.csat.*days: input should be greater than 0"),
        ('days = 90', 'closed = "x"', 'closed belongs to kind "recontact"'),
        ('days = 90', 'per = 7', "days is missing"),
        ('days = 90', 'where = { a = {} }', "metrics.csat.where.a: is no condition. Write a value"),
        ('days = 90', 'where = { a = { abve = 3 } }', "metrics.csat.where.a: is no condition"),
        ('days = 90', 'where = 3', "metrics.csat.where: is no condition"),
        ('days = 90', 'wehre = {}', "metrics.csat.wehre: is not known here"),
        ("[metrics.csat]", "[metrics]\ncsat = 3\n[metrics.x]", "metrics.csat is no section"),
        ("[metrics.csat]", "[metrics.x]\nsql = 3\n[metrics.csat]", "metrics.x.sql: input should"),
        ('table = "crm"\ncolumn', 'table = "cm"\ncolumn', "metrics.csat.table: cm is no table"),
        ("[source.tables.crm]", '[source]\ntimezone = "Mars"\n[source.tables.crm]',
         "source.timezone: Mars is no time zone"),
        ("[source.tables.crm]", "[source]\ntimeout_seconds = -1\n[source.tables.crm]",
         "source.timeout_seconds: input should be greater than 0"),
    ],
)  # fmt: skip
def test_what_cannot_be(tmp_path: Path, old: str, new: str, said: str) -> None:
    """A wrong key, name, value or combination is refused before anything is read."""
    assert old in GOOD
    with pytest.raises(DataError, match=said) as caught:
        read_project(written(tmp_path, GOOD.replace(old, new, 1)))
    assert str(caught.value).startswith(str(tmp_path / "healthsheet.toml"))


def test_what_can_be(tmp_path: Path) -> None:
    """The example above is right, and a folder or the file itself names it."""
    path = written(tmp_path, GOOD)
    project = read_project(path)
    assert (list(project.tables), list(project.rules)) == (["crm"], ["csat"])
    assert declared_source(tmp_path) == declared_source(path) == path
    written(tmp_path, 'model = "support"\n')
    assert declared_source(tmp_path) is None


def test_a_password_in_the_settings_is_refused(tmp_path: Path) -> None:
    """It belongs into the environment; the message says how, and does not repeat it."""
    url = 'url = "postgresql://me:hunter2@host/db"\ntable = "t"'
    written(tmp_path, GOOD.replace('file = "crm.csv"', url))
    with pytest.raises(DataError, match=r"plain sight.*\$\{NAME\}") as caught:
        read_source(tmp_path, load_preset("support"))
    assert "hunter2" not in str(caught.value)


def test_a_file_that_declares_nothing(tmp_path: Path) -> None:
    """The message says which section to add."""
    with pytest.raises(DataError, match=r"declares no source. Add a section \[source"):
        read_project(written(tmp_path, 'model = "support"\n'))
    with pytest.raises(DataError, match="does not exist"):
        read_source(tmp_path / "other.toml", load_preset("support"))


def test_rates(tmp_path: Path) -> None:
    """The base is 1, others are units of it; without the section there are none."""
    path = written(tmp_path, '[rates]\nbase = "EUR"\nvalues = { USD = 0.92, GBP = 1.17 }\n')
    assert rates(path) == ("EUR", {"USD": 0.92, "GBP": 1.17, "EUR": 1.0})
    assert rates(written(tmp_path, "")) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('base = "EUR"', "needs base and values"),
        ('base = "EUR"\nvalues = { USD = 0 }', "rates.values.USD: 0 is no rate"),
        ('base = "EUR"\nvalues = { USD = "1" }', "rates.values.USD: '1' is no rate"),
        ('base = "EUR"\nvalues = { Dollar = 1 }', "'Dollar' is no currency"),
        ('base = "euro"\nvalues = {}', "'euro' is no currency"),
        ('base = "EUR"\nvalues = { EUR = 2 }', "the base itself is 1"),
        ('base = "EUR"\nvalues = 3', "rates.values: 3"),
    ],
)
def test_rates_that_cannot_be(tmp_path: Path, text: str, said: str) -> None:
    """Each names its key."""
    with pytest.raises(DataError, match=said):
        rates(written(tmp_path, f"[rates]\n{text}\n"))
