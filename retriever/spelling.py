"""Likeness of spelling: TF-IDF over the letters of words, so that typos and word forms still meet (scikit-learn)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from ingest.mentions import fold


class Spelling:
    """Scores every document for a question by the 3- to 5-letter runs within words; cosines in [0, 1]."""

    def __init__(self, documents: Sequence[str]) -> None:
        self._vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, dtype=np.float32)
        self._rows = self._vectorizer.fit_transform(map(fold, documents))

    def scores(self, text: str) -> NDArray[np.float32]:
        """One score per document, in the order given."""
        scores: NDArray[np.float32] = (self._rows @ self._vectorizer.transform([fold(text)]).T).toarray().ravel()
        return scores
