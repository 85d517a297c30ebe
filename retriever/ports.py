"""What an embedder and a vector store have to do. Write one file each and add a line to `retriever.drivers`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Scores = NDArray[np.float32]
Rows = NDArray[np.int64]
Progress = Callable[[int], object]


class Asker(Protocol):
    """Turns questions, and texts that users install, into unit vectors: float32, shape (n, dim)."""

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """One row per text, in order. `progress` is told how many more texts are done."""

    def after(self, earlier: str, text: str) -> Vectors:
        """The unit vector, shape (dim,), of the question `text` as it is meant after the questions `earlier`."""

    def words(self, text: str) -> tuple[list[str], Vectors]:
        """The words of `text` in order, as it has them, and the unit vector of each in its context. What stands behind the
        end of what the model reads is left out."""


class Embedder(Asker, Protocol):
    """Turns every text into unit vectors. `name` changes whenever the vectors would."""

    @property
    def name(self) -> str: ...

    @property
    def dim(self) -> int: ...

    @property
    def exported(self) -> str:
        """A name for what `export` writes; it changes whenever that would."""

    @property
    def english_only(self) -> bool:
        """Whether French texts and questions have to be put into English words first."""

    def export(self, folder: Path) -> None:
        """Write into `folder` whatever `quick` wants; nothing where there is no quicker way."""

    def quick(self, folder: Path) -> Asker:
        """What embeds single questions and installed texts, with vectors that meet those of this one, from what `export` wrote;
        itself where there is no quicker way."""


class Store(Protocol):
    """Finds the nearest of the vectors that were added, by cosine in [-1, 1], higher is better."""

    def add(self, vectors: Vectors) -> None:
        """Add unit rows. Raises ValueError for rows of another dimension."""

    def search(self, vector: Vectors, k: int) -> tuple[Rows, Scores]:
        """At most `k` rows, numbered in order of adding, and their cosines to within 0.001; best first, ties in order of
        adding; fewer where the store is smaller."""

    def __len__(self) -> int: ...
