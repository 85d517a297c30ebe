"""What an embedder and a vector store have to do. Write one file each and add a line to `retriever.drivers`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Progress = Callable[[int], object]


class Embedder(Protocol):
    """Turns texts into unit vectors: float32, shape (n, dim). `name` changes whenever the vectors would."""

    @property
    def name(self) -> str: ...

    @property
    def dim(self) -> int: ...

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """One row per text, in order. `progress` is told how many more texts are done."""


class Store(Protocol):
    """Finds the nearest of the vectors that were added, by cosine in [-1, 1], higher is better."""

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Add unit rows under their ids. Raises ValueError for an id twice, or rows of another dimension."""

    def search(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """At most `k` ids with their cosine, best first, ties in order of adding; fewer where the store is smaller."""

    def __len__(self) -> int: ...
