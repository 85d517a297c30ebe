"""The index on disk: one folder per generation, swapped in whole, verified before use.

    DATA/index/CURRENT           the name of the generation that serves
    DATA/index/gen-…/            *.jsonl (what was ingested), vectors.npy, texts.json, manifest.json

A generation is written beside the serving one and its manifest last; `CURRENT` is then replaced in one step. A build
that is killed leaves the serving generation as it was. There is no pickle, and no FAISS file: the FAISS index is made
from `vectors.npy` when the index is opened (milliseconds at this size), so a damaged one cannot be read.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ingest import pipeline
from ingest.errors import IndexingError
from ingest.pipeline import Library
from ingest.treaty import Passage
from retriever.ports import Embedder, Progress, Vectors

REMEDY = "Run `basis index` to build it anew."
_LEFTOVER = "building-"


@dataclass(frozen=True, slots=True)
class Generation:
    """An opened index: what was ingested, and one unit vector for each embedded text (`rows` gives its row)."""

    library: Library
    embedder: str
    vectors: Vectors
    rows: dict[str, int]

    def vector(self, text: str) -> Vectors:
        """The vector of a text that was embedded when the index was built."""
        row: Vectors = self.vectors[self.rows[key(text)]]
        return row


def key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def embedded_text(passage: Passage) -> str:
    """What is embedded for a passage: its context and its text. Only the text is ever quoted."""
    return f"{passage.context} {passage.text}"


def _texts(library: Library) -> list[str]:
    texts = [embedded_text(passage) for passage in library.passages]
    texts += [lead_in.text for lead_in in library.lead_ins] + [question.text for question in library.outside]
    return list(dict.fromkeys(texts))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write(path: Path, text: str) -> None:
    """Write and make sure that it is on the disk before anything refers to it."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: how many texts were embedded anew and how many were taken over."""

    embedded: int
    reused: int
    folder: Path


def plan(library: Library, embedder: Embedder, data: Path) -> tuple[list[str], dict[str, Vectors]]:
    """The texts that have to be embedded, and the vectors that the serving generation already has by key of text."""
    known: dict[str, Vectors] = {}
    with contextlib.suppress(IndexingError):
        serving = open_index(data)
        if serving.embedder == embedder.name:
            known = {digest: serving.vectors[row] for digest, row in serving.rows.items()}
    return [text for text in _texts(library) if key(text) not in known], known


def build(library: Library, embedder: Embedder, data: Path, progress: Progress | None = None) -> Built:
    """Embed what is new, write the next generation below `data`, and let it serve."""
    root = data / "index"
    root.mkdir(parents=True, exist_ok=True)
    texts, known = plan(library, embedder, data)
    if texts:
        fresh = embedder.embed(texts, progress)
        known.update({key(text): fresh[row] for row, text in enumerate(texts)})
    keys = [key(text) for text in _texts(library)]
    folder = Path(tempfile.mkdtemp(prefix=_LEFTOVER, dir=root))
    pipeline.write(library, folder)
    vectors = np.stack([known[digest] for digest in keys])
    np.save(folder / "vectors.npy", vectors, allow_pickle=False)
    _write(folder / "texts.json", json.dumps(keys))
    files = {path.name: _digest(path) for path in sorted(folder.iterdir())}
    manifest = {"form": pipeline.FORM, "embedder": embedder.name, "dim": vectors.shape[1], "files": files}
    _write(folder / "manifest.json", json.dumps(manifest, indent=2) + "\n")
    generation = root / f"gen-{_digest(folder / 'manifest.json')[:16]}"
    if generation.exists():  # the same content, whole or damaged: the new one takes its place
        shutil.rmtree(generation)
    folder.rename(generation)
    _write(root / "CURRENT.new", generation.name)
    os.replace(root / "CURRENT.new", root / "CURRENT")
    for other in root.iterdir():
        if other.is_dir() and other != generation:
            shutil.rmtree(other, ignore_errors=True)
    return Built(len(texts), len(keys) - len(texts), generation)


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if manifest["form"] != pipeline.FORM:
            raise IndexingError(
                f"The index has form {manifest['form']}, this version reads form {pipeline.FORM}. {REMEDY}"
            )
        return manifest
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexingError(f"The manifest of the index in {folder} cannot be read ({error}). {REMEDY}") from error


def _damaged(folder: Path, files: dict[str, str]) -> Iterator[str]:
    wanted = {*pipeline.FILES, "vectors.npy", "texts.json"}
    yield from sorted(wanted.symmetric_difference(files))
    for name, digest in files.items():
        if not (folder / name).is_file() or _digest(folder / name) != digest:
            yield name


def open_index(data: Path) -> Generation:
    """Open the serving generation below `data`, every file verified against the manifest.

    Raises IndexingError with the remedy where there is none, or where it is damaged or of another form.
    """
    root = data / "index"
    try:
        name = (root / "CURRENT").read_text(encoding="utf-8").strip()
    except OSError:
        raise IndexingError(f"There is no index in {data}. {REMEDY}") from None
    folder = root / Path(name).name
    manifest = _manifest(folder)
    damaged = list(_damaged(folder, manifest["files"]))
    if damaged:
        raise IndexingError(f"The index in {folder} is damaged: {', '.join(damaged)} not as written. {REMEDY}")
    vectors = np.load(folder / "vectors.npy", allow_pickle=False)
    keys = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    if vectors.shape != (len(keys), manifest["dim"]):
        raise IndexingError(f"The index holds {vectors.shape} vectors for {len(keys)} texts. {REMEDY}")
    rows = {digest: row for row, digest in enumerate(keys)}
    return Generation(pipeline.read(folder), manifest["embedder"], vectors, rows)
