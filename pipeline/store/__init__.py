"""The history of scores: snapshots by account, date and model version, in SQLite or PostgreSQL."""

from pipeline.store.address import Address, names_history, read_address
from pipeline.store.history import Day, History, Recorded
from pipeline.store.rows import Snapshot, snapshot_of
from pipeline.store.write import Written

__all__ = [
    "Address",
    "Day",
    "History",
    "Recorded",
    "Snapshot",
    "Written",
    "names_history",
    "read_address",
    "snapshot_of",
]
