"""The plain product of matrix and vector: what every other store is held against."""

from __future__ import annotations

import numpy as np

from retriever.ports import Rows, Scores, Vectors


class ExactStore:
    """Exact search with numpy."""

    def __init__(self, dim: int) -> None:
        self._rows: Vectors = np.empty((0, dim), np.float32)

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, vectors: Vectors) -> None:
        check_rows(vectors, self._rows.shape[1])
        self._rows = np.vstack([self._rows, vectors])

    def search(self, vector: Vectors, k: int) -> tuple[Rows, Scores]:
        scores = self._rows @ vector
        best = np.argsort(-scores, kind="stable")[:k]
        return best, scores[best]


def check_rows(vectors: Vectors, dim: int) -> None:
    """Raise ValueError unless `vectors` are rows of `dim` numbers."""
    if vectors.ndim != 2 or vectors.shape[1] != dim:
        raise ValueError(f"wanted rows of {dim} numbers, found shape {vectors.shape}")
