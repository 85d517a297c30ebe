"""What the confidence is worth: errors left when only the surer questions are answered, and promises kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.measures import Outcome

BINS = 10


@dataclass(frozen=True, slots=True)
class Coverage:
    """The risk–coverage curve. `shares` of the questions answered, the surest first, ascending to 1; `risks`: the share of
    those answered that are wrong, an unanswerable question among them. `area` is the mean risk over all coverages.
    `at` is the point (share, risk) where Basis stands: it refuses by its own threshold."""

    shares: tuple[float, ...]
    risks: tuple[float, ...]
    area: float
    at: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions whose confidence lies in one tenth of [0, 1]: how many, their mean confidence, and the share for which
    the event came true."""

    count: int
    confidence: float
    share: float


def coverage(outcomes: Sequence[Outcome]) -> Coverage:
    """The curve of these outcomes, answered and refused alike. Among equally sure ones the errors are spread evenly, so that
    their order does not matter."""
    sure = np.array([outcome.confidence for outcome in outcomes])
    wrong = np.array([not outcome.first_right for outcome in outcomes], np.float64)
    order = np.argsort(-sure, kind="stable")
    _, group, sizes = np.unique(-sure[order], return_inverse=True, return_counts=True)
    spread = (np.bincount(group, wrong[order]) / sizes)[group]
    taken = np.arange(1, len(outcomes) + 1)
    risks = np.cumsum(spread) / taken
    answered = np.array([not outcome.refused for outcome in outcomes])
    at = (float(answered.mean()), float(wrong[answered].mean()) if answered.any() else 0.0)
    return Coverage(tuple((taken / len(outcomes)).tolist()), tuple(risks.tolist()), float(risks.mean()), at)


def events(outcomes: Sequence[Outcome]) -> tuple[list[bool], list[bool]]:
    """For each question whether it is answerable, and whether the article ranked first is a right one."""
    return [outcome.gold.answerable for outcome in outcomes], [outcome.first_right for outcome in outcomes]


def bins(confidences: Sequence[float], came_true: Sequence[bool]) -> list[Bin]:
    """The bins that hold a question, in order; a bin holds its lower bound, the last one also 1."""
    sure, true = np.array(confidences), np.array(came_true, np.float64)
    number = np.minimum((sure * BINS).astype(int), BINS - 1)
    return [
        Bin(int(mine.sum()), float(sure[mine].mean()), float(true[mine].mean()))
        for mine in (number == place for place in range(BINS))
        if mine.any()
    ]


def calibration_error(confidences: Sequence[float], came_true: Sequence[bool]) -> float:
    """The expected calibration error: the mean gap between promise and outcome over the bins, weighted by their questions;
    in [0, 1], 0 is best."""
    return sum(b.count * abs(b.confidence - b.share) for b in bins(confidences, came_true)) / len(confidences)
