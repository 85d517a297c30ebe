"""The baselines: where the splitter cuts, whom a chunk counts for, and what is ranked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.baselines import CHUNK, OVERLAP, chunked, chunks, owner, rankers
from eval.gold import Gold
from ingest.library import Library
from ingest.treaty import Citation, Expression, Provision, SourceText
from retriever import drivers


@settings(max_examples=60, deadline=None)
@given(
    # Numbered, as a text that repeats itself without end can be cut in several ways.
    st.lists(st.sampled_from(["word", "a", "long" * 90, ".", "\n", "\n\n", "  "]), max_size=400).map(
        lambda words: " ".join(f"{word}{place}" for place, word in enumerate(words))
    )
)
def test_chunks_hold_every_character_but_white_space(text: str) -> None:
    spans = chunks(text)
    covered = set()
    for (start, end), (before, after) in zip(spans, [(-1, 0), *spans], strict=False):
        assert before < start
        assert after - start <= OVERLAP
        assert end - start <= CHUNK
        covered.update(range(start, end))
    assert [char for place, char in enumerate(text) if place not in covered and not char.isspace()] == []


def test_a_chunk_counts_for_the_article_that_holds_most_of_it() -> None:
    source = SourceText("x-1", "restatement-en", "en", "a" * 30)
    one, two = (Citation("x-1", (f"art_{n}",)) for n in (1, 2))
    wording = Expression(source, (Provision(one, 0, 5, 15, 5, 15), Provision(two, 1, 15, 30, 15, 30)))
    assert owner((5, 20), wording) == one
    assert owner((12, 30), wording) == two
    assert owner((10, 20), wording) == one, "of two equal shares the first"
    assert owner((0, 4), wording) is None


def test_every_article_and_output_has_a_passage_and_every_chunk_an_article(library: Library) -> None:
    pieces = chunked(library)
    assert {article.instrument for _, article in pieces} == library.instruments.keys()
    assert all(article in library.articles for _, article in pieces)
    assert max(len(text) for text, _ in pieces) <= CHUNK


@pytest.fixture(scope="module")
def ready(library: Library) -> dict[str, object]:
    return dict(rankers(library, "exact", drivers.embedder("hashing:512"), progress=False))


@pytest.mark.parametrize("name", ["BM25", "dense", "BM25 + dense (RRF)", "LangChain splitter"])
def test_each_baseline_finds_an_article_by_its_own_words(library: Library, ready: dict[str, object], name: str) -> None:
    article = Citation.parse("cets-201/art_13")
    wording = library.expressions["cets-201", "restatement-en"]
    provision = wording.find(article)
    assert provision is not None
    asked = Gold("a", wording.text(provision), "en", "detail", (article,), (), (), None)
    found = ready[name](asked)  # type: ignore[operator]
    assert article in found[: 1 if name == "BM25" else 3]
    assert len(found) == len(set(found)) == 10


def test_an_article_without_a_common_word_is_not_ranked_by_words(ready: dict[str, object]) -> None:
    assert ready["BM25"](Gold("a", "zzzz qqqq", "en", "detail", (), (), (), None)) == ()  # type: ignore[operator]
