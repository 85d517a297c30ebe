"""FAISS, exact inner product: at some thousands of vectors a flat index is exact, small and needs no training."""

from __future__ import annotations

from collections.abc import Sequence

import faiss
import numpy as np

from retriever.ports import Vectors
from retriever.stores.exact import check_rows


class FlatStore:
    """A FAISS `IndexFlatIP`. Row numbers stay inside; ids go in and come out."""

    def __init__(self, dim: int) -> None:
        self._ids: list[str] = []
        self._index = faiss.IndexFlatIP(dim)

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        check_rows(self._ids, ids, vectors, self._index.d)
        self._ids += ids
        self._index.add(np.ascontiguousarray(vectors, np.float32))

    def search(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        k = min(k, len(self._ids))  # FAISS pads what is missing with row -1
        if not k:
            return []
        scores, rows = self._index.search(np.ascontiguousarray(vector[None], np.float32), k)
        found = sorted(zip(rows[0].tolist(), scores[0].tolist(), strict=True), key=lambda hit: (-hit[1], hit[0]))
        return [(self._ids[row], score) for row, score in found]
