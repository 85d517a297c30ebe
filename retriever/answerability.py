"""Tells how likely a passage answers a question, from the vectors of the words of both.

Likeness of subject is one thing, an answer another: "how much is the deposit" and a paragraph on deposits without a sum are
alike. `answerability.safetensors` holds what `make answerability` learnt from the documents and questions in
`eval/documents/training`: a matrix that turns the vectors before they are compared, and how much each word of the question
counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retriever import learnt
from retriever.ports import Scores, Vectors


@dataclass(frozen=True, slots=True)
class Answerability:
    """What was learnt. `turn`, shape (dim, dim), multiplies a word's vector; a word counts softplus(vector · `counts` + `base`);
    the log-odds that a passage answers are `scale` times the mean cosine of the question's words, each with the nearest of
    the passage, plus `shift`."""

    turn: Vectors
    counts: Scores
    base: float
    scale: float
    shift: float

    @classmethod
    def plain(cls, dim: int) -> Answerability:
        """Where nothing was learnt: the vectors as they are, every word alike."""
        return cls(np.eye(dim, dtype=np.float32), np.zeros(dim, np.float32), 0.5, 20.0, -12.0)

    @classmethod
    def of(cls, embedder: str, dim: int, path: Path | None = None) -> Answerability:
        """What was learnt for the vectors of the embedder of that name, or for any other `plain`."""
        found = learnt.read(path or learnt.shipped("answerability"), embedder, dim, "turn")
        if found is None:
            return cls.plain(dim)
        arrays, _ = found
        return cls(arrays["turn"], arrays["counts"], *map(float, arrays["scalars"]))

    def write(self, path: Path, about: dict[str, str]) -> None:
        """Keep it in half precision. `about["embedder"]` names the embedder whose vectors it is for."""
        scalars = np.array([self.base, self.scale, self.shift])
        learnt.write(path, {"turn": self.turn, "counts": self.counts, "scalars": scalars}, about)

    def lengths(self, words: Vectors) -> Scores:
        """The lengths of the turned vectors of the words of a passage, which `answers` wants."""
        lengths: Scores = np.linalg.norm(words @ self.turn, axis=1)
        return lengths

    def answers(self, question: Vectors, passages: Sequence[tuple[Vectors, Scores]]) -> Scores:
        """For each passage, given as the vectors of its words and their `lengths`, the log-odds that it answers the question."""
        turned = question @ self.turn
        turned /= np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-9)
        # The passages' vectors are kept as they are: the question's are turned twice instead.
        twice = turned @ self.turn.T
        best = [(twice @ words.T / np.maximum(lengths, 1e-9)).max(axis=1, initial=-1.0) for words, lengths in passages]
        weight = np.logaddexp(0, question @ self.counts + self.base)
        odds: Scores = self.scale * (np.array(best, np.float32) @ weight) / weight.sum() + self.shift
        return odds.astype(np.float32)
