"""Scoring more accounts than a table in memory should hold: the same engine, batch by batch.

One machine streams Parquet files (`files.py`) and needs no engine: ten million accounts are a
matter of seconds. Beyond that the data stand in a lakehouse, and what runs there is Spark
(Databricks, Fabric, EMR, Dataproc): `spark.py` hands `batch.BatchScorer` to ``mapInArrow``, the
sibling of ``mapInPandas`` that leaves the step from Arrow to pandas to us, as it is for files.
Dask would install without a JVM, but nobody's tables stand in it, and on one machine it brings
nothing that a pool of processes does not.
"""

from pipeline.scale.batch import BatchScorer
from pipeline.scale.files import score_files
from pipeline.scale.spark import score_on_spark

__all__ = ["BatchScorer", "score_files", "score_on_spark"]
