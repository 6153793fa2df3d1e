"""Risks and positives of many accounts, by the definitions of a library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Generic, TypeVar, overload

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.judgement.facts import FactTable
from scoring.judgement.library import Library, load_library
from scoring.judgement.records import Positive, Risk
from scoring.judgement.risks_survey import Survey
from scoring.judgement.typed_risks import TypedRisks, severity_of
from scoring.timeline import Timeline

__all__ = ["Found", "find_risks", "survey_risks"]

_T = TypeVar("_T")


@dataclass(frozen=True)
class Found:
    """What was found in n accounts.

    Attributes:
        risks: row by row of the accounts, the most severe first; typed ones beside found ones.
        positives: row by row.
        survey: the same as columns; None where somebody gave the rows.
        typed: what people typed on the sheet *Risks*.
    """

    risks: Sequence[tuple[Risk, ...]]
    positives: Sequence[tuple[Positive, ...]]
    survey: Survey | None = None
    typed: TypedRisks | None = None

    @cached_property
    def high(self) -> NDArray[np.bool_]:
        """(n,) whether an account has a risk of high severity, found or typed.

        A found one that a person rated lower still counts here: this says whom to look at.
        """
        if self.survey is None or self.typed is None:
            return np.array([any(r.severity == "High" for r in row) for row in self.risks], bool)
        out: NDArray[np.bool_] = (self.survey.severity == 0).any(axis=1)
        for row, records in self.typed.rows.items():
            out[row] |= any(severity_of(r.get("severity")) == "High" for r in records)
        return out


class _Rows(Sequence[_T], Generic[_T]):
    """Rows that are made when they are read."""

    def __init__(self, n: int, make: Any) -> None:
        self._n = n
        self._make = make

    def __len__(self) -> int:
        return self._n

    @overload
    def __getitem__(self, at: int) -> _T: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[_T]: ...
    def __getitem__(self, at: int | slice) -> _T | Sequence[_T]:
        if isinstance(at, slice):
            return [self._make(i) for i in range(*at.indices(self._n))]
        if not -self._n <= at < self._n:
            raise IndexError(at)
        found: _T = self._make(at % self._n)
        return found

    def __iter__(self) -> Iterator[_T]:
        return (self._make(i) for i in range(self._n))


def find_risks(
    accounts: pd.DataFrame,
    timeline: Timeline,
    tables: Mapping[str, pd.DataFrame],
    *,
    as_of: date,
    library: Library | None = None,
) -> Found:
    """What the library finds in each account, with what people typed beside it.

    Args:
        accounts: n rows as for `score_accounts`, row by row those of ``timeline.now``.
        timeline: today's scores and the snapshots before.
        tables: optional sheets of the source by name; *Risks* holds what people typed.
        as_of: the day.
        library: definitions; the shipped ones when not given.

    Returns:
        `Found`; the sentences of an account are made when its row is read.
    """
    survey = survey_risks(accounts, timeline, tables, as_of=as_of, library=library)
    typed = TypedRisks(tables.get("Risks"), timeline.now)
    return Found(
        risks=_Rows(survey.n, lambda row: typed.beside(survey, row)),
        positives=_Rows(survey.n, survey.positives),
        survey=survey,
        typed=typed,
    )


def survey_risks(
    accounts: pd.DataFrame,
    timeline: Timeline,
    tables: Mapping[str, pd.DataFrame],
    *,
    as_of: date,
    library: Library | None = None,
) -> Survey:
    """The same as columns, for portfolios; see `Survey`."""
    facts = FactTable(accounts, timeline, tables, as_of=as_of)
    return Survey(facts, load_library() if library is None else library)
