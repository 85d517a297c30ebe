"""Addresses and spans."""

from __future__ import annotations

import pytest

from ingest.library import Library
from ingest.treaty import Citation, Provision


def test_every_address_of_the_corpus_survives_printing_and_parsing(library: Library) -> None:
    addresses = library.citations()
    assert len(addresses) > 900
    assert {Citation.parse(str(citation)) for citation in addresses} == addresses


@pytest.mark.parametrize(
    "wrong", ["", "cets-201/", "CETS-201/art_1", "cets-201/art-1", "cets-201/art_1__", "x/art_1__part_2", "a b"]
)
def test_what_is_no_address_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="not an"):
        Citation.parse(wrong)


@pytest.mark.parametrize(
    ("address", "english", "french"),
    [
        ("cets-201/art_20__para_3__indent_2", "Article 20, paragraph 3, indent 2", "article 20, paragraphe 3, tiret 2"),
        ("ets-185/art_1__point_c__point_ii", "Article 1, point c, point ii", "article 1, point c, point ii"),
        ("cets-201/preamble__rec_4", "Preamble, recital 4", "préambule, considérant 4"),
        ("ets-185/art_8__wrapup", "Article 8, closing words", "article 8, fin"),
    ],
)
def test_an_address_in_words(address: str, english: str, french: str) -> None:
    citation = Citation.parse(address)
    assert (citation.words(), citation.words("fr")) == (english, french)


def test_article_1_does_not_hold_article_18() -> None:
    assert not Citation.parse("cets-201/art_18").within(Citation.parse("cets-201/art_1"))
    assert Citation.parse("cets-201/art_1__para_2").within(Citation.parse("cets-201/art_1"))
    assert not Citation.parse("ets-185/art_1").within(Citation.parse("cets-201/art_1"))


def test_a_provision_with_spans_out_of_order_is_refused() -> None:
    with pytest.raises(ValueError, match="out of order"):
        Provision(Citation.parse("cets-201/art_1"), 0, 5, 10, 4, 8)
