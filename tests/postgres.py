"""A PostgreSQL server of the run's own: private folder, a socket instead of a port, no password."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import psycopg
from filelock import FileLock

_UNPRIVILEGED = "postgres"
_PORT = 5432
"""Only names the socket's file; nothing listens on the network."""

LOCKED = "locked"
"""A role that has to give a password."""
PASSWORD = "s3cret/@:word"
"""Its password, with all that a URL would have to escape."""


class Postgres:
    """The server, started by whichever worker asks first and shared by all.

    Args:
        folder: where its data and its socket are; the caller removes it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with FileLock(folder / "starting.lock"):
            if not (folder / "data" / "postmaster.pid").exists():
                _start(folder)

    def url(self, database: str, user: str | None = None) -> str:
        """Address of a database; of the server's owner unless a role is named."""
        return f"postgresql://{user or _owner()}@/{database}?host={self.folder}&port={_PORT}"

    def create(self, database: str) -> str:
        """Make an empty database.

        Returns:
            Its address.
        """
        with self.connect("postgres") as connection:
            connection.execute(f'CREATE DATABASE "{database}"'.encode())
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database and end whoever is connected to it."""
        with self.connect("postgres") as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)'.encode())

    def connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        """A connection on which every statement counts at once."""
        return psycopg.connect(
            host=str(self.folder), port=_PORT, dbname=database, user=_owner(), autocommit=True
        )


def shut_down(folder: Path) -> None:
    """Stop the server of that folder, if one was started."""
    if (folder / "data" / "postmaster.pid").exists():
        _run(folder, "pg_ctl", "-D", str(folder / "data"), "stop", "-m", "immediate")


def _start(folder: Path) -> None:
    data = folder / "data"
    if os.geteuid() == 0:
        folder.chmod(0o755)
        shutil.chown(folder, _UNPRIVILEGED)
    shutil.rmtree(data, ignore_errors=True)
    _run(folder, "initdb", "-D", str(data), "-A", "trust", "-E", "UTF8", "--locale=C", "-N",
         "-U", _owner())  # fmt: skip
    rules = data / "pg_hba.conf"
    rules.write_text(f"local all {LOCKED} scram-sha-256\nlocal all all trust\n")
    options = f"-c listen_addresses='' -k {folder} -p {_PORT} -c fsync=off -c max_connections=200"
    log = str(folder / "log")
    _run(folder, "pg_ctl", "-D", str(data), "-w", "-l", log, "-o", options, "start")
    with psycopg.connect(host=str(folder), port=_PORT, dbname="postgres", user=_owner()) as start:
        start.execute(f"CREATE ROLE {LOCKED} LOGIN PASSWORD '{PASSWORD}'".encode())


def _owner() -> str:
    return _UNPRIVILEGED if os.geteuid() == 0 else getpass.getuser()


def _run(folder: Path, program: str, *arguments: str) -> None:
    """Run one of the server's programs, which refuse to run as root."""
    command: Sequence[str] = [str(_programs() / program), *arguments]
    user = _UNPRIVILEGED if os.geteuid() == 0 else None
    # Into a file: the server would hold a pipe open for as long as it runs.
    with (folder / "started").open("wb") as told:
        done = subprocess.run(
            command, user=user, cwd=folder, stdin=subprocess.DEVNULL, stdout=told, stderr=told,
            check=False, env={k: v for k, v in os.environ.items() if not k.startswith("PG")},
        )  # fmt: skip
    if done.returncode:
        said = (folder / "started").read_text(errors="replace")
        raise RuntimeError(f"{program} ended with status {done.returncode}: {said[-2000:]}")


def _programs() -> Path:
    """Where the server's programs are; Debian keeps them off the path, one folder a version."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not versions:
        raise RuntimeError("PostgreSQL is not installed; ./check installs it.")
    return versions[-1].parent
