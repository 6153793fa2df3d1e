"""Weights that would have told churn apart better: a likelihood, held near the current weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scoring.prepare import Floats
from scoring.validation.held_out import folds
from scoring.validation.reweigh import Sample, Weights, current, slices

__all__ = ["HOLDS", "Choice", "Design", "Fitted", "choose", "fit", "logistic", "path"]

HOLDS = (300.0, 100.0, 30.0, 10.0, 3.0, 1.0)
"""Strengths that hold weights to the current ones, in units of log likelihood: at 100, moving
every weight by half costs as much as explaining churn worse by 25 (ours)."""
_INNER = 4
"""Folds that choose a strength."""
_LEAST, _MOST = 1e-3, 20.0
"""A weight may become this many times itself; nothing would leave no weight to divide by."""


@dataclass(frozen=True)
class Fitted:
    """Factors on current weights, and the logistic curve over the score they make.

    Attributes:
        theta: intercept, slope, k factors of dimensions and, where metrics move, m of metrics.
        loss: mean log loss of the cases it was fitted to.
    """

    theta: Floats
    loss: float


@dataclass(frozen=True)
class Choice:
    """What inner folds chose: how strongly to hold, and whether metrics move too.

    ``hold`` None keeps the current weights.
    """

    hold: float | None
    metrics: bool


class Design:
    """n cases made ready for fits: churn's log odds are a − c · z, z the standardised score.

    Missing points count as in the engine: left out and reweighted, or as the policy fills them.
    A score is a ratio of weighted sums, so factors need not sum to anything. Rounding to a whole
    rating is left out of the gradient for metrics; what is proposed is measured with it.
    """

    def __init__(self, sample: Sample) -> None:
        model = sample.model
        self.sample = sample
        self.churned = sample.churned.astype(float)
        fill = {"reweight": None, "zero": 0.0, "neutral": 50.0}[model.missing]
        missing = np.isnan(sample.points)
        self.seen = np.where(missing, 0.0 if fill is None else 1.0, 1.0)
        self.earned = np.where(missing, 0.0 if fill is None else fill, sample.points)
        mine = [[m.key in {x.key for x in d.metrics} for m in model.metrics]
                for d in model.dimensions]  # fmt: skip
        was = current(model)
        self.group = np.array(mine, dtype=float).reshape(len(model.dimensions), -1)
        self.inner = self.group * was.metrics
        self.outer = was.dimensions
        self.base = sample.weights
        # Weights of onboarding do not move, nor those that are not the model's.
        self.free = np.isin(sample.setting, (0, 1, 2, 3)).astype(float)
        self.typed = ~np.isnan(sample.typed)
        self.given = np.where(self.typed, sample.typed, 0.0)
        self.capped = np.array([m.key in sample.capped for m in model.metrics], dtype=bool)
        # No case says anything of these, so their weights are left alone.
        self.blank = np.array([bool(row.all()) for row in missing], dtype=bool)
        self.blank_outer = np.array([bool(np.isnan(d).all()) for d in sample.dimensions])
        self.middle = float(sample.score.mean())
        self.spread = float(sample.score.std()) or 1.0

    @cached_property
    def fixed(self) -> tuple[Floats, Floats]:
        """(k, n) dimension scores as they are, 0 where missing, and whether they are known."""
        known = ~np.isnan(self.sample.dimensions)
        return np.where(known, self.sample.dimensions, 0.0), known.astype(float)

    def loss(self, theta: Floats) -> Floats:
        """(n,) log loss of each case."""
        k = len(self.outer)
        z = (self._score(theta[2 : 2 + k], theta[2 + k :])[0] - self.middle) / self.spread
        odds = theta[0] - theta[1] * z
        return np.asarray(np.logaddexp(0.0, odds) - self.churned * odds)

    def objective(self, theta: Floats, hold: float) -> tuple[float, Floats]:
        """Penalised log loss, summed over cases, and its gradient."""
        k = len(self.outer)
        f, g = theta[2 : 2 + k], theta[2 + k :]
        score, parts = self._score(f, g)
        z = (score - self.middle) / self.spread
        odds = theta[0] - theta[1] * z
        error = 1.0 / (1.0 + np.exp(-odds)) - self.churned
        loss = float(np.sum(np.logaddexp(0.0, odds) - self.churned * odds))
        pull = error * (-theta[1] / self.spread)
        gradient = np.concatenate(
            [[error.sum(), -(error * z).sum()], *self._slopes(parts, score, pull, len(g))]
        )
        gradient[2 : 2 + k] /= f  # a share holds its factor already
        loss += hold * float(self.outer @ (f - 1.0) ** 2)
        gradient[2 : 2 + k] += 2.0 * hold * self.outer * (f - 1.0)
        if len(g):
            share = self.outer @ self.inner
            loss += hold * float(share @ (g - 1.0) ** 2)
            gradient[2 + k :] += 2.0 * hold * share * (g - 1.0)
        return loss, gradient

    def _score(self, f: Floats, g: Floats) -> tuple[Floats, tuple[Floats, Floats, Floats]]:
        """(n,) scores; (k, n) dimension scores, shares of them, and weight that was observed."""
        if len(g):
            weight = self.inner * g
            seen = weight @ self.seen
            scores = (weight @ self.earned) / np.where(seen > 0.0, seen, 1.0)
            scores = np.where(self.typed, self.given, scores)
            there = (self.typed | (seen > 0.0)).astype(float)
        else:
            (scores, there), seen = self.fixed, np.empty(0)
        share = self.base * there * (1.0 + np.outer(f - 1.0, self.free))
        share /= share.sum(axis=0)
        return np.einsum("kn,kn->n", share, scores), (scores, share, seen)

    def _slopes(
        self, parts: tuple[Floats, Floats, Floats], score: Floats, pull: Floats, m: int
    ) -> list[Floats]:
        scores, share, seen = parts
        apart = share * (scores - score) * (pull * self.free)
        outer = apart.sum(axis=1)
        if not m:
            return [outer]
        reach = np.where(self.typed | (seen <= 0.0), 0.0, share * pull)
        reach /= np.where(seen > 0.0, seen, 1.0)
        slope = self.inner * (reach @ self.earned.T - (reach * scores) @ self.seen.T)
        return [outer, slope.sum(axis=0)]

    def weights(self, fitted: Fitted) -> Weights:
        """The weights that fitted factors make.

        None rises that is capped, and none moves that no case has a value for: weight that went
        there would count for nothing, and so raise what is capped.
        """
        was, k = current(self.sample.model), len(self.outer)
        late = (self.group @ self.capped) > 0.0
        outer = _held_down(
            was.dimensions * fitted.theta[2 : 2 + k], was.dimensions, late, self.blank_outer
        )
        inner = was.metrics.copy()
        if len(fitted.theta) > 2 + k:
            inner = inner * fitted.theta[2 + k :]
            for part in slices(self.sample.model):
                inner[part] = _held_down(
                    inner[part], was.metrics[part], self.capped[part], self.blank[part]
                )
        return Weights(outer, inner)


def _held_down(
    weights: Floats, was: Floats, capped: NDArray[np.bool_], blank: NDArray[np.bool_]
) -> Floats:
    """Weights as shares; blank ones as they were, capped ones at most; the others get the rest."""
    held = blank.copy()
    while not held.all():
        rest = (1.0 - was[held].sum()) / weights[~held].sum()
        shares: Floats = np.where(held, was, weights * rest)
        over = capped & ~held & (shares > was + 1e-12)
        if not over.any():
            return shares
        held |= over
    return was


def fit(
    design: Design, hold: float | None, *, metrics: bool, start: Floats | None = None
) -> Fitted:
    """Fit weights and the logistic curve together.

    Args:
        design: the cases.
        hold: strength that holds weights to the current ones; None keeps them.
        metrics: whether weights of metrics move too.
        start: a fit nearby.
    """
    from scipy.optimize import minimize

    k, m = len(design.outer), len(design.sample.model.metrics) if metrics else 0
    share = float(np.clip(design.churned.mean(), 1e-3, 1 - 1e-3))
    first = np.concatenate([[np.log(share / (1 - share)), 0.5], np.ones(k + m)])
    if start is not None:
        first[: len(start)] = start
    factor = (1.0, 1.0) if hold is None else (_LEAST, _MOST)
    found = minimize(
        design.objective,
        first,
        args=(hold or 0.0,),
        jac=True,
        method="L-BFGS-B",
        # A low score comes before churn, or it tells nothing: never the other way round.
        bounds=[(-20.0, 20.0), (0.0, 20.0)] + [factor] * (k + m),
        options={"maxiter": 80, "ftol": 1e-7, "gtol": 1e-3},
    )
    theta = np.asarray(found.x, dtype=float)
    return Fitted(theta, float(design.loss(theta).mean()))


def path(design: Design, *, metrics: bool, start: Fitted) -> list[Fitted]:
    """Fits at each of `HOLDS`, each from the one before; the first from *start*."""
    out: list[Fitted] = []
    last = start.theta
    for hold in HOLDS:
        out.append(fit(design, hold, metrics=metrics, start=last))
        last = out[-1].theta
    return out


def choose(sample: Sample, *, seed: int) -> Choice:
    """How strongly to hold, by folds of accounts; the simpler way where the other gains little.

    Metrics' weights move only where held-out log loss falls by more than one standard error
    against moving dimensions' alone.
    """
    kinds = [False]
    if _has_metrics_to_weigh(sample):
        kinds = [False, True] if len(sample.model.dimensions) > 1 else [True]
    losses = _inner_losses(sample, kinds, seed)
    best: dict[bool, tuple[float | None, Floats]] = {}
    for metrics in kinds:
        tried: Sequence[tuple[float | None, Floats]] = losses[metrics]
        best[metrics] = min(tried, key=lambda one: float(one[1].mean()))
    metrics = kinds[0]
    if len(kinds) == 2:
        gain = best[False][1] - best[True][1]
        metrics = bool(gain.mean() > gain.std() / np.sqrt(len(gain)))
    return Choice(best[metrics][0], metrics)


def _has_metrics_to_weigh(sample: Sample) -> bool:
    """Whether any dimension was computed from more than one metric."""
    first = 0
    for d, typed in zip(sample.model.dimensions, sample.typed, strict=True):
        points = sample.points[first : first + len(d.metrics)]
        first += len(d.metrics)
        if len(d.metrics) > 1 and (~np.isnan(points) & np.isnan(typed)).any():
            return True
    return False


def _inner_losses(
    sample: Sample, kinds: Sequence[bool], seed: int
) -> dict[bool, list[tuple[float | None, Floats]]]:
    """(n,) held-out log losses for each kind and strength, the current weights first."""
    n = len(sample)
    holds: tuple[float | None, ...] = (None, *HOLDS)
    found = {kind: [(hold, np.full(n, np.nan)) for hold in holds] for kind in kinds}
    for test in folds(sample.churned, sample.accounts, _INNER, seed):
        train, held = Design(sample.take(~test)), Design(sample.take(test))
        _same_scale(held, train)
        kept = fit(train, None, metrics=False)
        for kind in kinds:
            fits = [kept, *path(train, metrics=kind, start=kept)]
            for (_, losses), fitted in zip(found[kind], fits, strict=True):
                losses[test] = held.loss(fitted.theta)
    return found


def _same_scale(held: Design, train: Design) -> None:
    held.middle, held.spread = train.middle, train.spread


def logistic(
    score: Floats, churned: NDArray[np.bool_]
) -> Callable[[Floats, NDArray[np.bool_]], Floats]:
    """A logistic curve over scores (n,), as a function from scores and churn to log losses."""
    middle, spread = float(score.mean()), float(score.std()) or 1.0
    share = float(np.clip(churned.mean(), 1e-3, 1 - 1e-3))
    theta = np.array([np.log(share / (1 - share)), 0.0])
    z = np.column_stack([np.ones(len(score)), (score - middle) / spread])
    for _ in range(25):
        p = 1.0 / (1.0 + np.exp(-z @ theta))
        # A trace of a ridge: a curve through all of few points would be without end.
        step = np.linalg.solve(
            (z.T * (p * (1 - p))) @ z + 1e-3 * np.eye(2), z.T @ (churned - p) - 1e-3 * theta
        )
        theta = theta + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-8:
            break

    def loss(other: Floats, lost: NDArray[np.bool_]) -> Floats:
        odds = theta[0] + theta[1] * (other - middle) / spread
        return np.asarray(np.logaddexp(0.0, odds) - lost * odds)

    return loss
