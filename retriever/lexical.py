"""BM25 over a fixed list of documents, each given as its stems (bm25s, Lucene's form)."""

from __future__ import annotations

from collections.abc import Sequence

import bm25s
import numpy as np
from numpy.typing import NDArray


class Lexicon:
    """Scores every document for a bag of stems; scores are ≥ 0, higher is better, comparable within one question."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        self._size = len(documents)
        self._bm25 = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        self._bm25.index([list(words) or [""] for words in documents], show_progress=False)
        holding: dict[str, int] = {}
        for words in documents:
            for word in set(words):
                holding[word] = holding.get(word, 0) + 1
        self._idf = {word: float(np.log(1 + (self._size - n + 0.5) / (n + 0.5))) for word, n in holding.items()}

    def scores(self, words: Sequence[str]) -> NDArray[np.float32]:
        """One score per document, in the order given."""
        known = [word for word in words if word in self._idf]
        if not known:
            return np.zeros(self._size, np.float32)
        found: NDArray[np.float32] = self._bm25.get_scores(known)
        return found

    def weight(self, word: str) -> float:
        """The inverse document frequency of a stem; for a stem in no document that of one in half a document."""
        return self._idf.get(word, float(np.log(1 + 2 * self._size)))

    def __contains__(self, word: str) -> bool:
        return word in self._idf
