"""Reads account sources: workbooks, text files, Parquet files and folders of them."""

from pipeline.sources.read import read_source

__all__ = ["read_source"]
