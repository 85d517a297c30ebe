"""Generations: same bytes, only what changed embedded, swapped whole, damage refused."""

from __future__ import annotations

import datetime
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ingest import catalogue
from ingest.adding import Facts, document_entry
from ingest.errors import IndexingError, ModelError
from ingest.library import Library
from ingest.pipeline import joined
from ingest.reading import read_bytes
from retriever import index
from retriever.assistant import Assistant
from retriever.embedders.hashing import HashingEmbedder
from retriever.ports import Asker, Progress, Vectors
from retriever.rendering import english
from retriever.words import embedded_text


@pytest.fixture(scope="session")
def small(library: Library) -> Library:
    """The corpus with a few of its questions: what is tested here does not hang on their number."""
    french = [lead_in for lead_in in library.lead_ins if lead_in.lang == "fr"][:100]
    return replace(library, lead_ins=(*library.lead_ins[:400], *french), outside=library.outside[:100])


class Counting(HashingEmbedder):
    """The hashing embedder, remembering what it was asked to embed."""

    def __init__(self) -> None:
        super().__init__("64")
        self.texts: list[str] = []
        self.calls: list[int] = []

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.texts += texts
        self.calls.append(len(texts))
        return super().embed(texts, progress)


def test_a_model_that_reads_english_only_is_given_french_in_english_words(small: Library, tmp_path: Path) -> None:
    french = [lead_in for lead_in in small.lead_ins if lead_in.lang == "fr"][:3]
    few = replace(small, lead_ins=tuple(french), outside=())
    plain, english_only = Counting(), Counting()
    english_only.english_only = True
    index.build(few, plain, tmp_path / "plain")
    index.build(few, english_only, tmp_path / "english")
    assert plain.texts[-3:] == [lead_in.text for lead_in in french]
    assert english_only.texts[-3:] == [english(lead_in.text) for lead_in in french]
    assert english_only.texts[:-3] == plain.texts[:-3]
    assert [index.open_index(tmp_path / name).english_only for name in ("plain", "english")] == [False, True]


def test_what_was_built_is_opened_and_every_text_has_its_own_vector(small: Library, tmp_path: Path) -> None:
    embedder = Counting()
    built = index.build(small, embedder, tmp_path)
    opened = index.open_index(tmp_path, worded=True)
    assert opened.library == small
    assert (built.embedded, built.reused) == (len(set(embedder.texts)), 0)
    assert len(opened.vectors) == len(small.passages) + len(small.lead_ins) + len(small.outside)
    vector = opened.vectors[len(small.passages) + 17]
    assert vector.tolist() == pytest.approx(embedder.embed([small.lead_ins[17].text])[0].tolist())


def test_same_input_gives_the_same_generation(small: Library, tmp_path: Path) -> None:
    names = [index.build(small, Counting(), tmp_path / name).folder.name for name in ("one", "two")]
    assert names[0] == names[1]
    for path in filter(Path.is_file, (tmp_path / "one" / "index" / names[0]).iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / "index" / names[0] / path.name).read_bytes()


def test_only_what_changed_is_embedded_again(small: Library, tmp_path: Path) -> None:
    index.build(small, Counting(), tmp_path)
    changed = replace(small.lead_ins[0], text="a question nobody has asked before")
    embedder = Counting()
    built = index.build(replace(small, lead_ins=(changed, *small.lead_ins[1:])), embedder, tmp_path)
    assert embedder.texts == ["a question nobody has asked before"]
    assert built.embedded == 1
    again = Counting()
    index.build(replace(small, lead_ins=(changed, *small.lead_ins[1:])), again, tmp_path)
    assert again.texts == []


def test_another_quick_copy_is_written_anew_and_nothing_embedded_again(small: Library, tmp_path: Path) -> None:
    class Exporting(Counting):
        def export(self, folder: Path) -> None:
            (folder / "copy").write_text(self.exported)

    before, same, after = Exporting(), Exporting(), Exporting()
    before.exported, same.exported, after.exported = "one", "one", "two"
    first = index.build(small, before, tmp_path).folder
    assert index.build(small, same, tmp_path).folder == first
    built = index.build(small, after, tmp_path)
    assert (built.embedded, (built.folder / index.QUICK / "copy").read_text()) == (0, "two")
    assert index.open_index(tmp_path).exported == "two"


def test_an_index_knows_what_it_was_made_from(small: Library, tmp_path: Path) -> None:
    assert index.unchanged(tmp_path, "all this") is None
    built = index.build(small, Counting(), tmp_path, made_from="all this")
    assert index.unchanged(tmp_path, "all that") is None
    library, again = index.unchanged(tmp_path, "all this") or (None, None)
    assert again == index.Built(0, built.embedded, built.folder)
    assert library is not None
    assert library.passages == small.passages
    (built.folder / "articles.jsonl").write_text("")
    assert index.unchanged(tmp_path, "all this") is None


def test_an_index_that_was_not_told_what_it_was_made_from_is_never_unchanged(small: Library, tmp_path: Path) -> None:
    index.build(small, Counting(), tmp_path)
    assert index.unchanged(tmp_path, "") is None


class Doubled(Counting):
    """The hashing embedder with a quick copy of another kind, whose vectors are as long and point the other way."""

    def __init__(self) -> None:
        super().__init__()
        self.copy = Counting()

    def quick(self, folder: Path) -> Asker:
        copied = self.copy

        class Copy(HashingEmbedder):
            def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
                return -copied.embed(texts, progress)

        return Copy("64")


def test_what_is_installed_is_embedded_by_the_quick_copy_one_by_one(small: Library, tmp_path: Path) -> None:
    reading = read_bytes("rules.txt", b"1. Zebras are fed daily.\n\n2. Giraffes are fed weekly.\n")
    own = document_entry(reading, Facts("rules", "Rules", "en"), datetime.date(2026, 1, 1))
    more = replace(joined(catalogue.load(), [own]), lead_ins=small.lead_ins, outside=small.outside)
    fed = [passage for passage in more.passages if passage.citation.instrument == "rules"]
    assert len(fed) == 2
    index.build(small, Doubled(), tmp_path / "added")
    embedder = Doubled()
    built = index.build(more, embedder, tmp_path / "added")
    assert (built.embedded, embedder.texts) == (2, [])
    assert embedder.copy.texts == [embedded_text(passage) for passage in fed]
    assert embedder.copy.calls == [1, 1]
    at = more.passages.index(fed[0])
    rows = index.open_index(tmp_path / "added").vectors[at : at + 2]
    assert rows.tolist() == (-HashingEmbedder("64").embed(embedder.copy.texts)).tolist()
    # Added to an index or built at once: the same generation, its lexicons taken over or made anew.
    assert built.folder.name == index.build(more, Doubled(), tmp_path / "whole").folder.name


def test_a_question_in_other_words_of_one_meaning_is_found_by_its_new_words(small: Library, tmp_path: Path) -> None:
    """In English words, as they are embedded, both are the same: the vectors stay, the lexicons do not."""
    embedder = Counting()
    embedder.english_only = True
    before, after = (replace(small.lead_ins[0], text=text, lang="fr") for text in ("le gosse", "le gamin"))
    assert english(before.text) == english(after.text) == "kid"
    index.build(replace(small, lead_ins=(before, *small.lead_ins[1:])), embedder, tmp_path)
    found = index.open_index(tmp_path).words.questions.scores(["gamin"])
    built = index.build(replace(small, lead_ins=(after, *small.lead_ins[1:])), embedder, tmp_path)
    assert built.embedded == 0
    renewed = index.open_index(tmp_path).words.questions.scores(["gamin"])
    assert (found[0], renewed[0] > 0) == (0, True)


@pytest.mark.parametrize("left", [3, 0])
def test_questions_that_are_gone_are_gone_from_the_lexicons(small: Library, tmp_path: Path, left: int) -> None:
    index.build(small, Counting(), tmp_path)
    fewer = replace(small, lead_ins=small.lead_ins[len(small.lead_ins) - left :], outside=small.outside[:left])
    index.build(fewer, Counting(), tmp_path)
    opened = index.open_index(tmp_path)
    assert opened.words.questions.size == opened.words.spelled.size == 2 * left
    assert opened.words.questions.scores(["children"]).shape == (2 * left,)


def test_a_build_that_fails_leaves_nothing_behind(small: Library, tmp_path: Path) -> None:
    class Failing(HashingEmbedder):
        def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
            raise ModelError("no model")

    served = index.build(small, HashingEmbedder("32"), tmp_path).folder
    with pytest.raises(ModelError, match="no model"):
        index.build(small, Failing("64"), tmp_path)
    assert [path.name for path in (tmp_path / "index").iterdir() if path.is_dir()] == [served.name]
    assert index.open_index(tmp_path).folder == served


def test_another_model_embeds_everything_anew(small: Library, tmp_path: Path) -> None:
    index.build(small, HashingEmbedder("32"), tmp_path)
    embedder = Counting()
    index.build(small, embedder, tmp_path)
    keys = json.loads((index.open_index(tmp_path).folder / "texts.json").read_text())
    assert len(embedder.texts) == len(set(embedder.texts)) == len(set(keys))


@pytest.mark.parametrize("name", ["passages.jsonl", "vectors.npy", "expressions.jsonl", "texts.json", "words.npz"])
def test_one_flipped_byte_is_refused_with_the_remedy_and_mended_by_a_build(
    small: Library, tmp_path: Path, name: str
) -> None:
    folder = index.build(small, Counting(), tmp_path).folder
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(data)
    with pytest.raises(IndexingError, match=rf"damaged: {name} not as written\. Run `basis index`"):
        index.open_index(tmp_path)
    index.build(small, Counting(), tmp_path)
    assert index.open_index(tmp_path, worded=True).library == small


def test_missing_truncated_and_foreign_indexes_are_refused(small: Library, tmp_path: Path) -> None:
    with pytest.raises(IndexingError, match="There is no index in"):
        index.open_index(tmp_path)
    folder = index.build(small, Counting(), tmp_path).folder
    manifest = (folder / "manifest.json").read_text()
    (folder / "manifest.json").write_text(manifest[:40])
    with pytest.raises(IndexingError, match="cannot be read"):
        index.open_index(tmp_path)
    (folder / "manifest.json").write_text(json.dumps({**json.loads(manifest), "form": 0}))
    with pytest.raises(IndexingError, match="form 0, this version reads form"):
        index.open_index(tmp_path)
    without = json.loads(manifest)
    del without["files"]["passages.jsonl"]
    (folder / "manifest.json").write_text(json.dumps(without))
    with pytest.raises(IndexingError, match=r"passages\.jsonl"):
        index.open_index(tmp_path)


def test_a_path_in_CURRENT_leads_nowhere_else(small: Library, tmp_path: Path) -> None:
    folder = index.build(small, Counting(), tmp_path / "data").folder
    shutil.copytree(folder, tmp_path / folder.name)
    shutil.rmtree(folder)
    (tmp_path / "data" / "index" / "CURRENT").write_text(f"../../{folder.name}")
    with pytest.raises(IndexingError):
        index.open_index(tmp_path / "data")


def test_an_index_of_another_model_is_refused(hashed_data: Path) -> None:
    with pytest.raises(
        IndexingError, match=r"built with hashing:512, the model in use is hashing:64\. Run `basis index`"
    ):
        Assistant.open(hashed_data, "hashing:64")


KILLED = """
import sys, time
from pathlib import Path
from ingest import pipeline
from retriever import index
from retriever.embedders.hashing import HashingEmbedder
write = index.kept.write
def slow(library, folder):
    write(library, folder)
    print("writing", flush=True)
    time.sleep(60)
index.kept.write = slow
index.build(pipeline.ingest(), HashingEmbedder("48"), Path(sys.argv[1]))
"""


def test_a_killed_build_leaves_the_former_index_serving(small: Library, tmp_path: Path) -> None:
    before = index.build(small, Counting(), tmp_path).folder
    root = Path(__file__).resolve().parent.parent
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=root
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
    assert len(list((tmp_path / "index").iterdir())) == 3, "the serving one, the unfinished one, CURRENT"
    assert index.open_index(tmp_path).embedder == "hashing:64"
    assert before.exists()
    index.build(small, Counting(), tmp_path)
    assert sorted(path.name for path in (tmp_path / "index").iterdir()) == ["CURRENT", before.name]


def test_the_files_hold_no_pickle(hashed_data: Path) -> None:
    folder = next((hashed_data / "index").glob("gen-*"))
    assert {path.suffix for path in filter(Path.is_file, folder.rglob("*"))} == {".jsonl", ".json", ".npy", ".npz"}
    assert np.load(folder / "vectors.npy", allow_pickle=False).dtype == np.float32
