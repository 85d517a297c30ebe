"""Tells which place of the corpus answers a question, or that none does: a small neural network over the question's vector.

The nearest lead-in questions tell it too, but to them all that makes questions alike counts the same. The network
learnt from all of them, and from the questions of `corpus/elsewhere.yaml`, what tells the places apart. What it learnt is in
`classifier.safetensors` (`make classifier`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

from retriever.ports import Scores, Vectors

TENSORS = ("inner", "inner_bias", "outer", "outer_bias")


def shipped_classifier() -> Path:
    return Path(str(resources.files("retriever") / "classifier.safetensors"))


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
        with safe_open(path or shipped_classifier(), framework="numpy") as kept:
            about = kept.metadata() or {}
            if about.get("embedder") != embedder:
                return cls.none(dim)
            places, entries = (tuple(json.loads(about[name])) for name in ("places", "entries"))
            return cls(places, entries, *(kept.get_tensor(name).astype(np.float32) for name in TENSORS))

    def write(self, path: Path, about: dict[str, str]) -> None:
        """Keep it in half precision. `about["embedder"]` names the embedder whose vectors it is for."""
        classes = {"places": json.dumps(self.places), "entries": json.dumps(self.entries)}
        save_file(
            {name: getattr(self, name).astype(np.float16) for name in TENSORS}, path, metadata=about | classes
        )  # fmt: skip

    def shares(self, vector: Vectors) -> tuple[Scores, Scores]:
        """The probability of each place, and of each entry, for the vector of a question; together they are 1."""
        # Not with @: for so little work its threads wake up, and take the cores from the encoder's.
        units = np.maximum(np.einsum("i,ij->j", vector, self.inner) + self.inner_bias, 0)
        told = np.einsum("i,ij->j", units, self.outer) + self.outer_bias
        told = np.exp(told - told.max(initial=-np.inf))
        told = (told / max(float(told.sum()), 1e-9)).astype(np.float32)
        return told[: len(self.places)], told[len(self.places) :]
