"""A new history for each test, in either kind of database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest

from pipeline.store import Address, History, read_address
from tests.postgres import Postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a history can be made: a file name, or the URL of an empty database."""
    if request.param == "sqlite":
        yield str(tmp_path / "history.db")
        return
    server: Postgres = request.getfixturevalue("postgres")
    database = f"test_{uuid4().hex}"
    yield server.create(database)
    server.drop(database)


@pytest.fixture
def address(place: str) -> Address:
    return read_address(place)


@pytest.fixture
def history(address: Address) -> History:
    """A history that holds nothing yet."""
    return History(address, create=True)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody reaches; pytest's own are closed to others."""
    with TemporaryDirectory(prefix="healthsheet-shared-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def unprivileged() -> Iterator[None]:
    """For the time of a test, not root: root may write everywhere."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    yield
    os.seteuid(before)
