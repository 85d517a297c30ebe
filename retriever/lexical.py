"""BM25 over a fixed list of documents, each given as its words: stems, or runs of letters.

The weights (Lucene's form) are made when the index is built; they are kept as arrays, and a question adds up a few columns
of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retriever.ports import Scores

# How soon a word said again stops counting, and how much a document's length counts: the values in common use.
K1 = 1.2
B = 0.75
# Words in so few documents always find them.
FEW = 50


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Scores every document for a bag of words; scores are ≥ 0, higher is better, comparable within one question.

    Word number `column[word]` weighs `weights[starts[n]:starts[n + 1]]` in the documents `rows[starts[n]:starts[n + 1]]`;
    `idf` is the inverse document frequency of each. Weights are kept in half precision: there are millions of them.
    """

    size: int
    column: dict[str, int]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    weights: NDArray[np.float16]
    idf: Scores

    @classmethod
    def of(cls, documents: Sequence[Sequence[str]], common: float = 1.0) -> Lexicon:
        """The lexicon of documents given as their words; an empty one scores 0 for every question. Words that stand in more
        than the share `common` of the documents, and in more than `FEW`, score 0: they tell least and cost most."""
        size = len(documents)
        column = {word: number for number, word in enumerate(sorted(set(chain.from_iterable(documents))))}
        lengths = np.fromiter(map(len, documents), np.int64, size)
        numbers = np.fromiter(map(column.__getitem__, chain.from_iterable(documents)), np.int64, int(lengths.sum()))
        # Each pair of word and document once, in the order of words and then of documents, and how often it occurs.
        pairs, times = np.unique(numbers * size + np.repeat(np.arange(size), lengths), return_counts=True)
        words, rows = np.divmod(pairs, max(size, 1))
        holding = np.bincount(words, minlength=len(column))
        idf = np.log(1 + (size - holding + 0.5) / (holding + 0.5))
        long = lengths / max(len(numbers) / max(size, 1), 1e-9)
        weights = idf[words] * times / (times + K1 * (1 - B + B * long[rows]))
        found = holding <= max(FEW, common * size)
        kept, starts = found[words], np.concatenate([[0], np.cumsum(np.where(found, holding, 0))])
        return cls(
            size, column, starts, rows[kept].astype(np.int32), weights[kept].astype(np.float16), idf.astype(np.float32)
        )

    def scores(self, words: Sequence[str]) -> Scores:
        """One score per document, in the order given."""
        numbers = self._numbers(words)
        if not numbers:
            return np.zeros(self.size, np.float32)
        starts, ends = self.starts[numbers].tolist(), self.starts[np.array(numbers) + 1].tolist()
        held = list(map(slice, starts, ends))
        rows = np.concatenate([self.rows[part] for part in held])
        weights = np.concatenate([self.weights[part] for part in held])
        return np.bincount(rows, weights, self.size).astype(np.float32)

    def shares(self, words: Sequence[str]) -> Scores:
        """The scores as shares, in [0, 1], of what the words weigh together: comparable between questions."""
        shares: Scores = self.scores(words) / np.float32(self.mass(words))
        return shares

    def _numbers(self, words: Sequence[str]) -> list[int]:
        """The numbers of those words that stand in a document."""
        return [number for number in map(self.column.get, words) if number is not None]

    def weight(self, word: str) -> float:
        """The inverse document frequency of a word; for one in no document that of one in half a document."""
        number = self.column.get(word)
        return self._unknown if number is None else float(self.idf[number])

    @property
    def _unknown(self) -> float:
        return math.log(1 + 2 * self.size)

    def mass(self, words: Sequence[str]) -> float:
        """What the words weigh together, at least 1e-9: no document can score more."""
        known = self._numbers(words)
        return max(float(self.idf[known].sum(dtype=np.float64)) + (len(words) - len(known)) * self._unknown, 1e-9)

    def holds(self, document: int, word: str) -> bool:
        """Whether the word stands in the document at that position."""
        number = self.column.get(word)
        return number is not None and document in self.rows[self.starts[number] : self.starts[number + 1]]

    def __contains__(self, word: str) -> bool:
        return word in self.column

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """What `from_arrays` reads back."""
        ordered = sorted(self.column, key=lambda word: self.column[word])
        words = np.frombuffer("\n".join(ordered).encode(), np.uint8)
        return {
            "size": np.array(self.size),
            "words": words,
            "starts": self.starts,
            "rows": self.rows,
            "weights": self.weights,
            "idf": self.idf,
        }

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[np.generic]]) -> Lexicon:
        joined = arrays["words"].tobytes().decode()
        column = {word: number for number, word in enumerate(joined.split("\n") if joined else ())}
        numbers: tuple[Any, ...] = tuple(arrays[name] for name in ("starts", "rows", "weights", "idf"))
        return cls(int(arrays["size"]), column, *numbers)
