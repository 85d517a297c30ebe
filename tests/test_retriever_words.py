"""Lexicons: what a word weighs, what a document scores, and that nothing is lost on the disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ingest.library import Library
from retriever.lexical import Lexicon
from retriever.words import Words, places, runs


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.of([["child", "image"], ["child", "data"], []])


def test_a_score_is_worked_out_by_hand(lexicon: Lexicon) -> None:
    """Lucene's BM25: idf = ln(1 + (3 - 1 + 0.5) / 1.5); tf / (tf + 1.2 (0.25 + 0.75 · length / mean length))."""
    idf = np.log(1 + 2.5 / 1.5)
    share = 1 / (1 + 1.2 * (0.25 + 0.75 * 2 / (4 / 3)))  # the empty document counts: the mean length is 4 / 3
    assert lexicon.weight("image") == pytest.approx(idf)
    assert lexicon.scores(["image"]).tolist() == pytest.approx([idf * share, 0, 0], rel=1e-3)  # half precision


def test_a_word_twice_counts_twice_and_an_unknown_one_nothing(lexicon: Lexicon) -> None:
    once = lexicon.scores(["data"])
    assert lexicon.scores(["data", "giraffe", "data"]).tolist() == pytest.approx((2 * once).tolist())
    assert "giraffe" not in lexicon
    assert lexicon.weight("giraffe") == pytest.approx(np.log(7))


def test_a_word_in_too_many_documents_finds_none_of_them_and_weighs_what_it_weighed() -> None:
    documents = [["the", f"word{number}"] for number in range(60)]
    whole, without = Lexicon.of(documents), Lexicon.of(documents, common=0.5)
    assert whole.scores(["the"]).min() > 0
    assert without.scores(["the"]).tolist() == [0.0] * 60
    assert without.weight("the") == whole.weight("the")
    assert without.scores(["the", "word7"]).tolist() == whole.scores(["word7"]).tolist()
    assert Lexicon.of(documents[:50], common=0.5).scores(["the"]).min() > 0  # among so few it still tells


def test_no_document_scores_more_than_the_words_weigh(lexicon: Lexicon) -> None:
    asked = ["child", "data", "giraffe"]
    assert lexicon.scores(asked).max() < lexicon.mass(asked)
    assert lexicon.mass([]) > 0
    words = ["child", "giraffe", "child", "image"]
    assert lexicon.mass(words) == pytest.approx(sum(map(lexicon.weight, words)))
    assert lexicon.shares(words).tolist() == pytest.approx((lexicon.scores(words) / lexicon.mass(words)).tolist())
    assert lexicon.shares([]).tolist() == [0.0] * lexicon.size


def test_which_document_holds_a_word(lexicon: Lexicon) -> None:
    assert [lexicon.holds(document, "child") for document in range(3)] == [True, True, False]
    assert not lexicon.holds(0, "giraffe")


@pytest.mark.parametrize("documents", [[], [[], []]])
def test_a_lexicon_without_words_is_read_back(documents: list[list[str]]) -> None:
    read = Lexicon.from_arrays(Lexicon.of(documents).arrays())
    assert read.column == {}
    assert read.scores(["", "child"]).tolist() == [0.0] * len(documents)


def test_what_is_written_is_read_back(library: Library, tmp_path: Path) -> None:
    made = Words.of(library)
    made.write(tmp_path)
    read = Words.read(tmp_path)
    assert (read.articles.size, read.places.size) == (len(library.articles), len(places(library)))
    assert read.questions.size == read.spelled.size == len(library.lead_ins) + len(library.outside)
    for name in ("articles", "places", "questions"):
        before, after = getattr(made, name), getattr(read, name)
        assert before.column == after.column
        assert before.scores(["child", "enfant"]).tolist() == after.scores(["child", "enfant"]).tolist()
    asked = runs("grooming")
    assert made.spelled.scores(asked).tolist() == read.spelled.scores(asked).tolist()
    assert made.spelled.scores(asked).max() > 0
