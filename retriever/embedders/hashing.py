"""Vectors from hashed words: no model, the same on every machine. For tests, where a score can be worked out by hand."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from retriever.ports import Asker, Progress, Vectors


class HashingEmbedder:
    """Counts words into `dim` buckets by their sha256 and scales to unit length. Two equal bags of words score 1."""

    english_only = False
    exported = ""

    def __init__(self, location: str = "") -> None:
        self.dim = int(location or 256)
        self.name = f"hashing:{self.dim}"

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        rows = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()):
                row[int.from_bytes(hashlib.sha256(word.encode()).digest()[:4]) % self.dim] += 1
            row /= np.linalg.norm(row) or 1
        if progress:
            progress(len(texts))
        return rows

    def after(self, earlier: str, text: str) -> Vectors:
        row: Vectors = self.embed([f"{earlier} {text}"])[0]
        return row

    def words(self, text: str) -> tuple[list[str], Vectors]:
        found = re.findall(r"\w+", text)
        return found, self.embed(found)

    def export(self, folder: Path) -> None:
        """Nothing is quicker than this."""

    def quick(self, folder: Path) -> Asker:
        return self
