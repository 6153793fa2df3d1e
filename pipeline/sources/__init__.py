"""Reads account sources: workbooks, text files, Parquet files and folders of them."""

from pipeline.sources.history import History, read_history
from pipeline.sources.read import read_source
from pipeline.sources.snapshots import read_snapshots

__all__ = ["History", "read_history", "read_snapshots", "read_source"]
