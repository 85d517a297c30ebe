"""The index on disk: one folder per generation, swapped in whole, verified before use.

    DATA/index/CURRENT           the name of the generation that serves
    DATA/index/gen-…/            *.jsonl (what was ingested), vectors.npy, texts.json, words.npz, manifest.json
    DATA/index/gen-…/quick/      a small copy of the encoder for questions and installed texts, where the embedder has one

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
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from ingest import library as kept
from ingest.errors import IndexingError
from ingest.library import Library
from ingest.treaty import RESTATEMENT, Passage
from retriever.ports import Embedder, Progress, Vectors
from retriever.rendering import for_english
from retriever.words import FILE as WORDS
from retriever.words import Words, embedded_text

REMEDY = "Run `basis index` to build it anew."
QUICK = "quick"
_LEFTOVER = "building-"


@dataclass(frozen=True, slots=True)
class Generation:
    """An opened index: what was ingested, its lexicons, and one unit vector for each passage, then each lead-in question,
    then each question answered elsewhere, in the library's order. `embedder` made them, `exported` is the name of its quick
    copy; `english_only`: French was embedded in English words."""

    library: Library
    words: Words
    embedder: str
    exported: str
    english_only: bool
    vectors: Vectors
    folder: Path

    @property
    def quick(self) -> Path:
        return self.folder / QUICK


def key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def embedded(passage: Passage, english_only: bool) -> str:
    """What the model is given of a passage."""
    text = embedded_text(passage)
    return for_english(text, passage.lang) if english_only else text


def _texts(library: Library, english_only: bool) -> list[str]:
    """What is embedded, in the order of the vectors."""
    asked = [(lead_in.text, lead_in.lang) for lead_in in library.lead_ins]
    asked += [(question.text, question.lang) for question in library.outside]
    return [embedded(passage, english_only) for passage in library.passages] + [
        for_english(text, lang) if english_only else text for text, lang in asked
    ]


def _installed(passage: Passage) -> bool:
    """Whether the passage is of a text that somebody installed."""
    return passage.expression != RESTATEMENT


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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


def _serving(embedder: Embedder, data: Path) -> Path | None:
    """The folder of the serving generation, verified; None where there is none that is sound and of the same model."""
    with contextlib.suppress(IndexingError):
        folder, manifest = _verified(data)
        if manifest["embedder"] == embedder.name:
            return folder
    return None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build will do: the keys of all texts, in the order of the vectors; the texts that have to be embedded, by key,
    `fresh` by the model and `added`, which somebody installed, by its quick copy; the vectors that the serving generation,
    where there is one, already has, by key."""

    keys: list[str]
    fresh: dict[str, str]
    added: dict[str, str]
    known: dict[str, Vectors]
    serving: Path | None

    @property
    def count(self) -> int:
        """How many texts have to be embedded."""
        return len(self.fresh) + len(self.added)


def plan(library: Library, embedder: Embedder, data: Path) -> Plan:
    """What `build` would do with the library."""
    texts, serving = _texts(library, embedder.english_only), _serving(embedder, data)
    added = [*map(_installed, library.passages), *[False] * (len(texts) - len(library.passages))]
    keys = [key(f"{QUICK} {text}" if quick else text) for quick, text in zip(added, texts, strict=True)]
    known = {}
    if serving is not None:
        held = json.loads((serving / "texts.json").read_text(encoding="utf-8"))
        known = dict(zip(held, np.load(serving / "vectors.npy", allow_pickle=False), strict=True))
    new: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for digest, text, quick in zip(keys, texts, added, strict=True):
        if digest not in known:
            new[quick][digest] = text
    return Plan(keys, *new, known, serving)


def _export(embedder: Embedder, serving: Path | None, folder: Path) -> None:
    """The quick copy of the encoder: the serving generation's where it is the same, as making it takes long."""
    if serving is not None and _manifest(serving).get("exported") == embedder.exported:
        shutil.copytree(serving / QUICK, folder)
    else:
        folder.mkdir()
        embedder.export(folder)


def _vectors(
    planned: Plan, embedder: Embedder, quick: Path, progress: Progress | None
) -> Iterator[tuple[str, Vectors]]:
    """The vector of each text that has to be embedded, by key."""
    if planned.fresh:
        yield from zip(planned.fresh, embedder.embed(list(planned.fresh.values()), progress), strict=True)
    if planned.added:
        # What is installed needs no PyTorch so: that alone took seconds and half a gigabyte, in a server that answers.
        texts, asker = list(planned.added.values()), embedder.quick(quick)
        # The copy's one by one: 8-bit numbers are scaled by all that is embedded together.
        batches = [texts] if asker is embedder else [[text] for text in texts]
        yield from zip(
            planned.added, chain.from_iterable(asker.embed(batch, progress) for batch in batches), strict=True
        )


def _asked_alike(folder: Path, serving: Path | None) -> Words | None:
    """The lexicons of the serving generation, if it holds the very questions that were written to `folder`."""
    if serving is None or any(_digest(folder / name) != _digest(serving / name) for name in kept.QUESTIONS):
        return None
    return Words.read(serving)


def unchanged(data: Path, made_from: str) -> tuple[Library, Built] | None:
    """The library, without the words of its questions, and what a build would do that finds all as it is: the serving generation
    was built with the same `made_from`, and is sound. None where there is more to do, or where that is not known."""
    with contextlib.suppress(IndexingError):
        folder, manifest = _verified(data)
        if made_from and manifest.get("made_from") == made_from:
            reused = len(set(json.loads((folder / "texts.json").read_text(encoding="utf-8"))))
            return kept.read(folder, worded=False), Built(0, reused, folder)
    return None


def build(
    library: Library,
    embedder: Embedder,
    data: Path,
    progress: Progress | None = None,
    planned: Plan | None = None,
    made_from: str = "",
) -> Built:
    """Embed what is new, write the next generation below `data`, and let it serve. `planned`: what `plan` gave, if it was
    asked already; `made_from` is kept for `unchanged`: a digest of all that has a part in what is written."""
    root = data / "index"
    root.mkdir(parents=True, exist_ok=True)
    planned = planned or plan(library, embedder, data)
    folder = Path(tempfile.mkdtemp(prefix=_LEFTOVER, dir=root))
    try:
        _fill(folder, library, embedder, planned, progress, made_from)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    generation = root / f"gen-{_digest(folder / 'manifest.json')[:16]}"
    if generation.exists():  # the same content, whole or damaged: the new one takes its place
        shutil.rmtree(generation)
    folder.rename(generation)
    _write(root / "CURRENT.new", generation.name)
    os.replace(root / "CURRENT.new", root / "CURRENT")
    for other in root.iterdir():
        if other.is_dir() and other != generation:
            shutil.rmtree(other, ignore_errors=True)
    return Built(planned.count, len(set(planned.keys)) - planned.count, generation)


def _fill(
    folder: Path, library: Library, embedder: Embedder, planned: Plan, progress: Progress | None, made_from: str
) -> None:
    """Write a generation to `folder`, its manifest last."""
    _export(embedder, planned.serving, folder / QUICK)
    known = planned.known | dict(_vectors(planned, embedder, folder / QUICK, progress))
    kept.write(library, folder)
    Words.of(library, _asked_alike(folder, planned.serving)).write(folder)
    vectors = np.stack([known[digest] for digest in planned.keys])
    np.save(folder / "vectors.npy", vectors, allow_pickle=False)
    _write(folder / "texts.json", json.dumps(planned.keys))
    files = {path.relative_to(folder).as_posix(): _digest(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    manifest = {"form": kept.FORM, "embedder": embedder.name, "exported": embedder.exported,
                "english_only": embedder.english_only, "made_from": made_from, "dim": vectors.shape[1], "files": files}  # fmt: skip
    _write(folder / "manifest.json", json.dumps(manifest, indent=2) + "\n")


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if manifest["form"] != kept.FORM:
            raise IndexingError(f"The index has form {manifest['form']}, this version reads form {kept.FORM}. {REMEDY}")
        return manifest
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexingError(f"The manifest of the index in {folder} cannot be read ({error}). {REMEDY}") from error


def _damaged(folder: Path, files: dict[str, str]) -> Iterator[str]:
    yield from sorted({*kept.FILES, WORDS, "vectors.npy", "texts.json"} - files.keys())
    for name, digest in files.items():
        if not (folder / name).is_file() or _digest(folder / name) != digest:
            yield name


def _verified(data: Path) -> tuple[Path, dict[str, Any]]:
    """The folder of the serving generation and its manifest, every file verified against it."""
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
    return folder, manifest


def open_index(data: Path, worded: bool = False) -> Generation:
    """Open the serving generation below `data`, every file verified against the manifest; what its questions say, which
    nothing is answered by, only if `worded`.

    Raises IndexingError with the remedy where there is none, or where it is damaged or of another form.
    """
    folder, manifest = _verified(data)
    library, vectors = kept.read(folder, worded), np.load(folder / "vectors.npy", mmap_mode="r")
    wanted = (len(library.passages) + len(library.lead_ins) + len(library.outside), manifest["dim"])
    if vectors.shape != wanted:
        raise IndexingError(f"The index holds {vectors.shape} vectors where {wanted} are wanted. {REMEDY}")
    made_by = manifest["embedder"], manifest.get("exported", ""), manifest["english_only"]
    return Generation(library, Words.read(folder), *made_by, vectors, folder)
