"""The engine on Spark: `mapInArrow` over a table of any size, without a row of it here."""

from __future__ import annotations

import os
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.scale.batch import BatchScorer
from pipeline.scale.files import Totals
from scoring.errors import DataError
from scoring.model import ScoreModel

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["score_on_spark", "score_table", "spark_session"]


def score_on_spark(accounts: DataFrame, model: ScoreModel, *, as_of: date) -> DataFrame:
    """Scores of a Spark table, one row an account, bit for bit those of one machine.

    Call it in a notebook or a job of your own. HealthSheet has to be installed where Spark's
    workers run Python.

    Args:
        accounts: one row an account; headers as in the *Accounts* sheet, or their keys.
        model: the score model.
        as_of: the day to score.

    Returns:
        A table as `batch.COLUMNS` says; nothing is computed before it is used.

    Raises:
        DataError: no column holds the accounts' ids, or none an input of the model.
    """
    scorer = BatchScorer(model, as_of, tuple(accounts.columns))
    # Only these columns travel to Python.
    wanted = [name for name in accounts.columns if name in scorer.wanted]
    quoted = [f"`{name.replace('`', '``')}`" for name in wanted]
    with _undoubting():
        return accounts.select(*quoted).mapInArrow(scorer, scorer.schema)


def score_table(source: str, target: str, model: ScoreModel, *, as_of: date) -> Totals:
    """Score Parquet files at any address that this Spark reaches into a new folder of them.

    Raises:
        DataError: source or target cannot be used, or Spark is not there.
    """
    spark = spark_session()
    from pyspark.errors import PySparkException
    from pyspark.sql import functions as f

    try:
        scores = score_on_spark(spark.read.parquet(source), model, as_of=as_of)
        scores.write.mode("errorifexists").parquet(target)
        written = spark.read.parquet(target)
        counted = written.groupBy("tier").agg(
            f.count("*").alias("accounts"), f.count_if(f.col("problems") != "").alias("problems")
        )
        rows = counted.collect()
    except PySparkException as error:
        first = next((line for line in str(error).splitlines() if line.strip()), "")
        raise DataError(f"Spark cannot score {source}: {first.strip()}") from error
    tiers = Counter({row["tier"] or "": row["accounts"] for row in rows})
    return Totals(tiers, sum(row["problems"] for row in rows))


def spark_session() -> SparkSession:
    """The session there is, or a new one as SPARK_HOME and its settings say; else a local one.

    Raises:
        DataError: PySpark or Java is not installed.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ModuleNotFoundError as error:
        raise DataError(
            "Scoring on Spark needs PySpark. Install it: pip install 'pyspark>=4', and Java 17."
        ) from error
    try:
        builder: Any = SparkSession.builder
        with _undoubting():
            found: SparkSession = (_local(builder) if _is_local() else builder).getOrCreate()
    except (PySparkException, OSError, RuntimeError) as error:
        raise DataError(
            f"Spark does not start: {error}. Install Java 17 and set JAVA_HOME."
        ) from error
    return found


@contextmanager
def _undoubting() -> Iterator[None]:
    """Spark warns of its own use of pandas 3; batches are Arrow's, and it has no part in ours."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PySpark does not yet fully support", FutureWarning)
        yield


def _is_local() -> bool:
    """Whether nobody names a cluster: neither spark-submit nor a running session nor settings."""
    from pyspark import SparkConf
    from pyspark.sql import SparkSession

    if SparkSession.getActiveSession() is not None:
        return False
    master: str = SparkConf().get("spark.master", "local") or "local"
    return master.startswith("local")


def _local(builder: Any) -> Any:
    """This machine alone: workers run this very Python, and nothing listens to the network."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    quiet = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": "8",  # only tiers are grouped; Spark's own 200 are tasks
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    for key, value in quiet.items():
        builder = builder.config(key, value)
    return builder
