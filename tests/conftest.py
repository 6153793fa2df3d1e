"""Fixtures that any test may use."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import postgres as databases
from tests.office.client import Extension, Office, shut_down
from tests.postgres import Postgres

# A busy machine is no fault of an example.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

_OFFICE = "HEALTHSHEET_OFFICE"
_POSTGRES = "HEALTHSHEET_POSTGRES"


def build_extension() -> Extension | None:
    """What LibreOffice gets installed in tests: our extension, with all that it needs inside."""
    from addin.hosts.libreoffice import build_oxt

    return Extension(build_oxt(Path(os.environ[_OFFICE]) / "healthsheet.oxt"))


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    """Make the folders that all workers find through the environment."""
    if not _is_worker(config):
        os.environ[_OFFICE] = tempfile.mkdtemp(prefix="healthsheet-office-")
        os.environ[_POSTGRES] = tempfile.mkdtemp(prefix="healthsheet-postgres-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop LibreOffice and PostgreSQL when the last worker has ended."""
    if _is_worker(config):
        return
    for name, stop in ((_OFFICE, shut_down), (_POSTGRES, databases.shut_down)):
        if name in os.environ:
            folder = Path(os.environ.pop(name))
            stop(folder)
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """LibreOffice, started once for the whole run; see `tests.office.client.Office`."""
    shared = Office(Path(os.environ[_OFFICE]), build_extension)
    yield shared
    shared.close()


@pytest.fixture(scope="session")
def postgres() -> Postgres:
    """A PostgreSQL server, started once for the whole run; see `tests.postgres.Postgres`."""
    return Postgres(Path(os.environ[_POSTGRES]))
