"""From the vectors of word pieces, as tokenizers cut them, to one unit vector for each word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retriever.ports import Vectors

if TYPE_CHECKING:
    import tokenizers


def of(text: str, pieces: tokenizers.Encoding, vectors: Vectors) -> tuple[list[str], Vectors]:
    """The words of `text` and the mean of their pieces' `vectors` at unit length; signs between words are no words."""
    spans: dict[int, list[int]] = {}
    for position, word in enumerate(pieces.word_ids):
        if word is not None:
            spans.setdefault(word, []).append(position)
    words, rows = [], []
    for positions in spans.values():
        said = text[pieces.offsets[positions[0]][0] : pieces.offsets[positions[-1]][1]].strip()
        if any(map(str.isalnum, said)):
            row = vectors[positions].mean(axis=0)
            words.append(said)
            rows.append(row / (float(np.linalg.norm(row)) or 1.0))
    return words, np.array(rows, np.float32).reshape(-1, vectors.shape[1])
