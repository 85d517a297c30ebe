"""The plain product of matrix and vector: what every other store is held against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from retriever.ports import Vectors


class ExactStore:
    """Exact search with numpy."""

    def __init__(self, dim: int) -> None:
        self._ids: list[str] = []
        self._rows: Vectors = np.empty((0, dim), np.float32)

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        check_rows(self._ids, ids, vectors, self._rows.shape[1])
        self._ids += ids
        self._rows = np.vstack([self._rows, vectors])

    def search(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        scores = self._rows @ vector
        best = np.argsort(-scores, kind="stable")[:k]
        return [(self._ids[row], float(scores[row])) for row in best]


def check_rows(known: Sequence[str], ids: Sequence[str], vectors: Vectors, dim: int) -> None:
    """Raise ValueError unless `vectors` are rows of `dim` numbers, one for each of `ids`, none of them known."""
    if vectors.shape != (len(ids), dim):
        raise ValueError(f"wanted {len(ids)} rows of {dim} numbers, found shape {vectors.shape}")
    counts = Counter([*known, *ids])
    doubled = [id_ for id_ in ids if counts[id_] > 1]
    if doubled:
        raise ValueError(f"id added twice: {doubled[0]}")
