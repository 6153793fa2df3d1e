"""Reads account sources: workbooks, text files, Parquet files and folders of them."""

from pipeline.sources.history import History, read_history
from pipeline.sources.read import read_source

__all__ = ["History", "read_history", "read_source"]
