"""How far a figure may be chance: bootstrap intervals and randomisation tests over questions, with a fixed seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

RESAMPLES = 9999
# Of a table with a hundred intervals: a percentile moves by about 0.1 points, and all are drawn within seconds.
FEWER = 2000
SEED = 20261122


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with the 95 % percentile bootstrap interval around it; the bounds are nan for fewer than two values, all three
    for none."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Paired:
    """Two systems on the same questions: `difference` is the mean of second less first with its interval; `p` is the
    two-sided p-value of the paired randomisation test; `wins` counts the questions with a higher value for the second."""

    first: float
    second: float
    difference: Estimate
    p: float
    wins: int
    ties: int
    losses: int


def estimate(values: Sequence[float], resamples: int = FEWER) -> Estimate:
    """The mean of `values`, one for each question, and its interval."""
    data = np.asarray(values, np.float64)
    if len(data) < 2:
        return Estimate(float(data.mean()) if len(data) else float("nan"), float("nan"), float("nan"))
    found = stats.bootstrap(
        (data,), np.mean, n_resamples=resamples, batch=500, method="percentile", rng=np.random.default_rng(SEED)
    )
    return Estimate(float(data.mean()), float(found.confidence_interval.low), float(found.confidence_interval.high))


def _mean_difference(x: NDArray[np.float64], y: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.mean(y - x, axis=axis)
    return found


def p_value(first: Sequence[float], second: Sequence[float], alternative: str = "two-sided") -> float:
    """The paired randomisation test: how often a difference of means this large comes of swapping the two systems at random
    within each question. `alternative` speaks of second less first: "two-sided", "less" or "greater"."""
    x, y = np.asarray(first, np.float64), np.asarray(second, np.float64)
    if x.shape != y.shape:
        raise ValueError(f"wanted as many values of both, found {len(x)} and {len(y)}")
    differs = x != y  # a tie is the same whichever way it is swapped: leaving it out changes no verdict
    if not differs.any():
        return 1.0
    if differs.sum() == 1:  # scipy wants two observations, and one tie beside it changes nothing either
        x, y, differs = np.append(x, 0), np.append(y, 0), np.append(differs, True)
    # The mean over all questions and over those that differ are proportional, so the p-values are equal.
    found = stats.permutation_test(
        (x[differs], y[differs]), _mean_difference, permutation_type="samples", vectorized=True, n_resamples=RESAMPLES,
        batch=500, alternative=alternative, rng=np.random.default_rng(SEED),
    )  # fmt: skip
    return float(found.pvalue)


def paired(first: Sequence[float], second: Sequence[float]) -> Paired:
    """Compare the values of two systems, question by question."""
    if len(first) != len(second):
        raise ValueError(f"wanted as many values of both, found {len(first)} and {len(second)}")
    differences = [b - a for a, b in zip(first, second, strict=True)]
    mean = [float(np.mean(values)) if len(values) else float("nan") for values in (first, second)]
    return Paired(
        mean[0], mean[1], estimate(differences, RESAMPLES), p_value(first, second),
        sum(d > 0 for d in differences), sum(d == 0 for d in differences), sum(d < 0 for d in differences),
    )  # fmt: skip
