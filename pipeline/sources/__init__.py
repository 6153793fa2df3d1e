"""Reads account sources: workbooks, text files, Parquet files and folders of them."""

from pipeline.sources.read import read_history, read_source

__all__ = ["read_history", "read_source"]
