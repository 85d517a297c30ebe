"""The nearest of many texts to a question, and what they amount to for the articles or places that they belong to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from retriever.ports import Rows, Scores, Store, Vectors

# Blocks of scores for each that is wanted: more would make the bound sharper, and cost more.
BLOCKS = 4


@dataclass(frozen=True, slots=True)
class Near:
    """The nearest of many texts, best first: their row numbers and scores. `floor` is what all others count."""

    rows: Rows
    scores: Scores
    floor: float

    @classmethod
    def of(cls, scores: Scores, k: int) -> Near:
        """The `k` best of the scores of all rows."""
        rows = _candidates(scores, k)
        rows = rows[np.argsort(-scores[rows], kind="stable")[:k]]
        return cls(rows, scores[rows], float(scores[rows[-1]]) if k < len(scores) else 0.0)

    def best(self, groups: Rows, count: int, size: int) -> Scores:
        """For each of `size` groups the mean of the `count` best scores of its members; `groups` tells the group of every
        row, and a member that is not among the nearest counts the floor.

        >>> near = Near(np.array([1, 0, 2]), np.array([0.9, 0.5, 0.1], np.float32), 0.0)
        >>> [round(score, 2) for score in near.best(np.array([0, 0, 1]), 2, 3).tolist()]
        [0.7, 0.05, 0.0]
        """
        of = groups[self.rows]
        order = np.argsort(of, kind="stable")
        grouped = of[order]
        taken = order[np.arange(len(order)) - np.searchsorted(grouped, grouped) < count]
        total = np.bincount(of[taken], self.scores[taken], minlength=size)
        number = np.bincount(of[taken], minlength=size)
        return np.asarray((total + (count - number) * self.floor) / count, np.float32)


def _candidates(scores: Scores, k: int) -> Rows:
    """Rows that hold the `k` best scores, and few others. Of the greatest of each block the k-th is a bound: k scores at
    least reach it. Half the time of looking for the best among all."""
    size = len(scores) // (BLOCKS * max(k, 1))
    if size < 2:
        return np.arange(len(scores))
    greatest = scores[: len(scores) // size * size].reshape(-1, size).max(axis=1)
    return np.flatnonzero(scores >= np.partition(greatest, -k)[-k])


def nearest(store: Store, vector: Vectors, k: int) -> Near:
    """The `k` nearest of what the store holds."""
    rows, scores = store.search(vector, k)
    return Near(rows, scores, float(scores[-1]) if k < len(store) else 0.0)


class Groups:
    """Which rows belong to each group, and back."""

    def __init__(self, of: Rows, size: int) -> None:
        self.of = of
        self._order = np.argsort(self.of, kind="stable")
        self._starts = np.searchsorted(self.of[self._order], np.arange(size + 1))

    def rows(self, groups: Iterable[int]) -> Rows:
        found = [self._order[self._starts[group] : self._starts[group + 1]] for group in groups]
        rows: Rows = np.concatenate(found) if found else np.empty(0, np.int64)
        return rows
