"""How well passages meet a question word by word, by the model's vectors of the words in their context.

One vector of a passage tells its subject. Whether each thing that is asked for stands there is told by its words: what they
leave unmet, though passages nearby meet it, is not answered by this one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from retriever.analysis import stems
from retriever.answerability import Answerability
from retriever.ports import Asker, Rows, Scores, Vectors

# Words of so many passages are kept in memory: some 60 kB each.
KEPT = 128


@dataclass(frozen=True, slots=True)
class Met:
    """How well some passages meet the words of a question.

    `groups` tells the group (the article) of each passage; `by_word`, shape (passages, words), holds for each word the cosine
    of the passage's word that is nearest to it; `answers` the log-odds that each passage answers the question.
    """

    groups: Rows
    by_word: Scores
    answers: Scores

    def mean(self, group: int) -> float:
        """How well the best passage of a group meets the words on average."""
        return float(self.by_word[self.groups == group].mean(axis=1).max())

    def least(self, group: int) -> float:
        """How well that passage meets the two words that it meets least; 0 where no passage of the group was read."""
        own = self.by_word[self.groups == group]
        return float(np.sort(own[own.mean(axis=1).argmax()])[:2].mean()) if len(own) else 0.0

    def answered(self, groups: Rows) -> float:
        """The log-odds that the likeliest passage of these groups answers; -12 where none of them was read."""
        return float(self.answers[np.isin(self.groups, groups)].max(initial=-12.0))

    @property
    def nearby(self) -> Scores:
        """How well each word is met by whichever passage meets it best."""
        best: Scores = self.by_word.max(axis=0)
        return best


class Matcher:
    """Compares questions with passages: `text` gives the text of one as it is embedded, `groups` tells the group of each."""

    def __init__(self, embedder: Asker, answerability: Answerability, text: Callable[[int], str], groups: Rows) -> None:
        self._embedder = embedder
        self._answerability = answerability
        self._groups = groups

        def words(row: int) -> tuple[Vectors, Scores]:
            vectors = embedder.words(text(row))[1]
            return vectors, answerability.lengths(vectors)

        # Not a method: whoever holds itself is not freed at once when another index takes its place.
        self._words = lru_cache(KEPT)(words)

    def met(self, question: str, lang: str, rows: Rows) -> Met | None:
        """How well the passages at `rows` meet the words of `question` that tell something; None where it has no word."""
        words, vectors = self._embedder.words(question)
        telling = [bool(stems(word, lang)) for word in words]
        asked = vectors[telling] if any(telling) else vectors
        if not len(asked):
            return None
        read = [self._words(int(row)) for row in rows]
        by_word = [(words @ asked.T).max(axis=0, initial=-1.0) for words, _ in read]
        return Met(self._groups[rows], np.array(by_word, np.float32), self._answerability.answers(vectors, read))
