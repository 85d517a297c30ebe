"""Quotes of a brief: found where they are said to stand, elsewhere, altered with every difference, or not at all."""

from __future__ import annotations

import pytest

from ingest.library import Library
from ingest.treaty import Citation
from retriever.checking import Checked, check

LEAD = "Each Party may reserve the right to disapply, wholly or partly, paragraph 1.f."  # Lanzarote, Article 20(4)


def quotes(checked: Checked) -> list[tuple[str, list[str]]]:
    return [(quote.verdict.value, [str(citation) for citation, _ in quote.places]) for quote in checked.quotes]


@pytest.mark.parametrize("marks", ["“{}”", '"{}"', "«\u00a0{}\u00a0»", "‘{}’"])
def test_a_quote_is_found_in_the_provision_cited(library: Library, marks: str) -> None:
    text = f"Article 20(4) of the Lanzarote Convention says {marks.format(LEAD)}"
    (quote,) = check(library, text).quotes
    assert text[quote.start : quote.end] == quote.words
    assert quote.words.strip() == LEAD
    assert quote.verdict.value == "found"
    assert quote.places == ((Citation.parse("cets-201/art_20__para_4"), "restatement-en"),)


@pytest.mark.parametrize(
    ("quoted", "verdict", "differences"),
    [
        (LEAD.upper().replace(" ", "\n"), "found", ()),
        ("[e]ach Party may […] disapply, wholly ... paragraph 1.f", "found", ()),
        (LEAD.replace("may", "may not"), "altered", (("", "not"),)),
        (LEAD.replace("may", "shall"), "altered", (("may", "shall"),)),
        (LEAD.replace("1.f", "1.e"), "altered", (("f", "e"),)),
        (LEAD.replace("wholly or ", ""), "altered", (("wholly or", ""),)),
        (LEAD.replace("disapply,", "disapply"), "altered", ((",", ""),)),
        ("paragraph 1.f […] Each Party may reserve the right", "altered", ()),
        ("Nobody may ever take a picture of any kind.", "not-found", ()),
    ],
)
def test_only_the_exact_words_are_found(
    library: Library, quoted: str, verdict: str, differences: tuple[tuple[str, str], ...]
) -> None:
    (quote,) = check(library, f"Article 20(4) of the Lanzarote Convention: “{quoted}”").quotes
    assert (quote.verdict.value, quote.differences) == (verdict, differences)


def test_a_quote_from_another_provision_or_treaty_is_found_elsewhere(library: Library) -> None:
    words = "“the production of child pornography”"
    text = f"Article 20(1)(b) of the Lanzarote Convention: {words}. Article 9 of the Budapest Convention: {words}."
    assert quotes(check(library, text)) == [("found-elsewhere", ["cets-201/art_20__para_1__point_a"])] * 2


def test_a_quote_is_compared_with_the_nearest_reference(library: Library) -> None:
    text = (
        f"Unlike Article 23 of the Lanzarote Convention, the text says “{LEAD}” (Article 20(4) of the same Convention)."
    )
    assert quotes(check(library, text)) == [("found", ["cets-201/art_20__para_4"])]


def test_a_block_quote_belongs_to_the_paragraph_before_it(library: Library) -> None:
    text = "Article 20(1)(a) of the Lanzarote Convention:\n\n> a. the production of\n> child pornography;\n\nThe end."
    checked = check(library, text)
    assert quotes(checked) == [("found", ["cets-201/art_20__para_1__point_a"])]
    assert checked.quotes[0].words == "> a. the production of\n> child pornography;"


def test_short_words_and_titles_are_no_quotes(library: Library) -> None:
    title = library.instruments["cets-201"].title["en"]
    assert check(library, f"The “child pornography” of the “{title}” and an “open mark").quotes == ()


def test_every_whole_article_quoted_is_found_where_it_stands(library: Library) -> None:
    every = [
        (p, wording.text(p))
        for wording in library.wordings("ets-189")
        for p in wording.provisions
        if len(p.citation.path) == 1 and p.own_start == p.start and '"' not in wording.text(p)
    ]
    assert len(every) >= 5
    label = library.instruments["ets-189"].short_title["en"]
    for provision, words in every:
        number = provision.citation.path[0].partition("_")[2]
        if number.isdigit():
            (quote,) = check(library, f"Article {number} of the {label}: “{words}”").quotes
            assert quote.verdict.value == "found"
            assert quote.places[0][0].within(provision.citation)
