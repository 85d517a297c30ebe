"""Tells which place of the corpus answers a question, or that none does: a small neural network over the question's vector.

The nearest lead-in questions tell it too, but to them all that makes questions alike counts the same. The network
learnt from all of them, and from the questions of `corpus/elsewhere.yaml`, what tells the places apart. What it learnt is in
`classifier.safetensors` (`make classifier`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retriever import learnt
from retriever.ports import Scores, Vectors

TENSORS = ("inner", "inner_bias", "outer", "outer_bias")


@dataclass(frozen=True, slots=True)
class Classifier:
    """What was learnt. Two layers: `inner`, shape (dim, units), and `outer`, shape (units, classes), each with its bias; what is
    negative between them becomes 0. The classes are `places`, addresses as text, then `entries`, ids in
    `corpus/elsewhere.yaml`."""

    places: tuple[str, ...]
    entries: tuple[str, ...]
    inner: Vectors
    inner_bias: Scores
    outer: Vectors
    outer_bias: Scores

    @classmethod
    def none(cls, dim: int) -> Classifier:
        """Where nothing was learnt: there are no classes."""
        rows, columns, bias = np.empty((dim, 0), np.float32), np.empty((0, 0), np.float32), np.empty(0, np.float32)
        return cls((), (), rows, bias, columns, bias)

    @classmethod
    def of(cls, embedder: str, dim: int, path: Path | None = None) -> Classifier:
        """What was learnt for the vectors of the embedder of that name, or for any other `none`."""
        found = learnt.read(path or learnt.shipped("classifier"), embedder, dim, "inner")
        if found is None:
            return cls.none(dim)
        arrays, about = found
        places, entries = (tuple(json.loads(about[name])) for name in ("places", "entries"))
        return cls(places, entries, *map(arrays.__getitem__, TENSORS))

    def write(self, path: Path, about: dict[str, str]) -> None:
        """Keep it in half precision. `about["embedder"]` names the embedder whose vectors it is for."""
        classes = {"places": json.dumps(self.places), "entries": json.dumps(self.entries)}
        learnt.write(path, {name: getattr(self, name) for name in TENSORS}, about | classes)

    def shares(self, vector: Vectors) -> tuple[Scores, Scores]:
        """The probability of each place, and of each entry, for the vector of a question; together they are 1."""
        # Not with @: for so little work its threads wake up, and take the cores from the encoder's.
        units = np.maximum(np.einsum("i,ij->j", vector, self.inner) + self.inner_bias, 0)
        told = np.einsum("i,ij->j", units, self.outer) + self.outer_bias
        told = np.exp(told - told.max(initial=-np.inf))
        told = (told / max(float(told.sum()), 1e-9)).astype(np.float32)
        return told[: len(self.places)], told[len(self.places) :]
