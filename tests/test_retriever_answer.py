"""Nothing can be answered without support: near-misses of every kind are refused when they are built."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.library import Library
from ingest.treaty import Citation
from retriever.answer import Answer, Ground, Hit, Quote, Refusal
from retriever.assistant import Assistant
from retriever.compose import Composer
from retriever.lexical import Lexicon


@pytest.fixture(scope="module")
def hit(library: Library) -> Hit:
    return Composer(library, Lexicon.of([["x"]])).hit(
        Citation.parse("cets-201/art_20__para_1__point_e"), (), "en", 1, 1.0, ()
    )


def test_a_point_is_quoted_with_its_paragraph_and_marked_in_it(hit: Hit) -> None:
    assert hit.quote.text.startswith("1. Each Party must")
    ((start, end),) = hit.quote.evidence
    assert hit.quote.text[start:end] == "the possession of child pornography;"
    assert hit.quote.text == hit.quote.source.text[hit.quote.start : hit.quote.end]


def test_every_provision_of_the_corpus_can_be_quoted_verbatim(library: Library) -> None:
    composer = Composer(library, Lexicon.of([["x"]]))
    for citation in library.citations():
        made = composer.hit(citation, ("child",), "en", 1, 0.0, ())
        whole = made.provision
        assert made.wording.text(whole) in made.quote.text
        for start, end in made.quote.evidence:
            at = made.quote.start + start
            assert whole.start <= at < made.quote.start + end <= whole.end, citation


def test_a_quote_of_another_instrument_is_refused(library: Library, hit: Hit) -> None:
    other = library.expressions["ets-185", "restatement-en"].source
    with pytest.raises(ValueError, match="quoted from ets-185"):
        replace(hit, quote=Quote(other, hit.quote.start, hit.quote.end, ()))


def test_a_quote_that_does_not_hold_the_provision_is_refused(hit: Hit) -> None:
    with pytest.raises(ValueError, match="does not hold cets-201/art_20__para_1__point_e"):
        replace(hit, quote=replace(hit.quote, end=hit.provision.end - 1, evidence=()))


def test_a_citation_of_another_article_is_refused(library: Library, hit: Hit) -> None:
    with pytest.raises(ValueError, match="is not in cets-201/art_2"):
        replace(hit, article=library.articles[Citation.parse("cets-201/art_2")])


@pytest.mark.parametrize("evidence", [((0, 0),), ((-1, 4),), ((0, 10_000),)])
def test_evidence_outside_the_quote_is_refused(hit: Hit, evidence: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(ValueError, match="evidence outside its quote"):
        replace(hit.quote, evidence=evidence)


def test_a_quote_outside_its_source_is_refused(hit: Hit) -> None:
    with pytest.raises(ValueError, match="a quote outside its source"):
        replace(hit.quote, end=len(hit.quote.source.text) + 1)


def test_an_answer_without_a_provision_is_refused(hit: Hit) -> None:
    with pytest.raises(ValueError, match="at least one quoted provision"):
        Answer("q", "en", 0.9, ())
    with pytest.raises(ValueError, match="ranked"):
        Answer("q", "en", 0.9, (replace(hit, rank=2),))
    with pytest.raises(ValueError, match="confidence"):
        Answer("q", "en", 1.2, (hit,))


def test_a_refusal_has_its_ground() -> None:
    made = Refusal("q", "en", 0.1, (), ground=Ground.CLOSE, reason="Not here.")
    assert (made.ground, made.reason) == ("close", "Not here.")


def test_the_best_sentence_of_a_long_provision_is_marked(hashed: Assistant) -> None:
    words = ("renew",)
    citation = Citation.parse("ets-185/art_16__para_2")
    made = hashed.composer.hit(citation, words, "en", 1, 0.0, ())
    ((start, end),) = made.quote.evidence
    assert "renew" in made.quote.text[start:end].lower()
