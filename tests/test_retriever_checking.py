"""References of a brief: exact spans and verdicts, near misses, and texts meant to slow the search down."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_retriever_quoting import LEAD

from ingest.library import Library
from ingest.treaty import Citation
from retriever.checking import check


def told(library: Library, text: str) -> list[tuple[str, str, list[str]]]:
    """Words, verdict and citations of each reference; the span must hold the words."""
    checked = check(library, text)
    assert all(text[r.start : r.end] == r.words for r in checked.references)
    return [(r.words, r.verdict.value, [str(c) for c in r.citations]) for r in checked.references]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Article 1 of the Lanzarote Convention.", [("Article 1", "exists", ["cets-201/art_1"])]),
        ("Article 18 of the Lanzarote Convention.", [("Article 18", "exists", ["cets-201/art_18"])]),
        (
            "Under Article 23 of the Lanzarote Convention and Article 9 of the Budapest Convention, it is.",
            [("Article 23", "exists", ["cets-201/art_23"]), ("Article 9", "exists", ["ets-185/art_9"])],
        ),
        (
            "Lanzarote Convention, Article 23, Budapest Convention, Article 9.",
            [("Article 23", "exists", ["cets-201/art_23"]), ("Article 9", "exists", ["ets-185/art_9"])],
        ),
        (
            "Article 18, paragraph 1, and Article 20 of the Lanzarote Convention apply. Budapest differs.",
            [
                ("Article 18, paragraph 1", "exists", ["cets-201/art_18__para_1"]),
                ("Article 20", "exists", ["cets-201/art_20"]),
            ],
        ),
        (
            "L’article 18, paragraphe 1, de la Convention de Lanzarote et l’article 9 de la Convention de Budapest.",
            [
                ("article 18, paragraphe 1", "exists", ["cets-201/art_18__para_1"]),
                ("article 9", "exists", ["ets-185/art_9"]),
            ],
        ),
        (
            "Articles 18 to 20 of the Lanzarote Convention.",
            [("Articles 18 to 20", "exists", [f"cets-201/art_{n}"]) for n in (18, 19, 20)],
        ),
        ("See CETS No. 201, Art. 5, para. 2.", [("Art. 5, para. 2", "exists", ["cets-201/art_5__para_2"])]),
        ("Article 20(1)(z) of the Lanzarote Convention.", [("Article 20(1)(z)", "does-not-exist", [])]),
        ("Article 18bis of the Lanzarote Convention.", [("Article 18bis", "does-not-exist", [])]),
        ("Article 1234 of the Lanzarote Convention.", [("Article 1234", "does-not-exist", [])]),
        ("Article 8 of the ECHR; Article 9 GDPR.", [("Article 8", "elsewhere", []), ("Article 9", "elsewhere", [])]),
        (
            "The Lanzarote Convention. Article 5 of the Warsaw Arms Treaty, art. 197 CP.",
            [("Article 5", "elsewhere", []), ("art. 197", "elsewhere", [])],
        ),
        ("The Lanzarote Convention.12 It is good.", []),  # the number of a footnote
        ("See Annex 2 to this brief.", []),
        ("", []),
        ("\0\x07 \u202e", []),
    ],
)  # fmt: skip
def test_references_are_found_and_judged(library: Library, text: str, expected: object) -> None:
    assert told(library, text) == expected


def test_a_bare_article_belongs_to_what_is_named_before_it_in_the_paragraph(library: Library) -> None:
    text = "The Lanzarote Convention helps. See Art. 5.\n\nThe Budapest Convention, e.g. Article 9, too. So does Article 23."
    assert told(library, text) == [
        ("Art. 5", "exists", ["cets-201/art_5"]),
        ("Article 9", "exists", ["ets-185/art_9"]),
        ("Article 23", "exists", ["ets-185/art_23"]),
    ]


def test_a_bare_article_of_another_paragraph_is_ambiguous_with_the_last_named_first(library: Library) -> None:
    text = "The Lanzarote Convention. The Budapest Convention.\n\nArticle 23 applies, as the Lanzarote Convention may."
    ((words, verdict, citations),) = told(library, text)
    assert (words, verdict) == ("Article 23", "ambiguous")
    assert citations[:2] == ["ets-185/art_23", "cets-201/art_23"]
    assert set(citations) == {"ets-185/art_23", "cets-201/art_23", "cets-224/art_23"}


def test_the_convention_is_the_one_named_before_it_in_the_paragraph_only(library: Library) -> None:
    text = "The Lanzarote Convention is known. Article 23 of the Convention says so.\n\nArticle 23 of the Convention."
    assert told(library, text) == [
        ("Article 23", "exists", ["cets-201/art_23"]),
        ("Article 23", "ambiguous", ["cets-201/art_23", "ets-185/art_23"]),
    ]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Article 60 of the Lanzarote Convention", "cets-201/art_50"),
        ("Article 20(1)(z) of the Lanzarote Convention", "cets-201/art_20__para_1__point_f"),
        ("Article 20(9) of the Lanzarote Convention", "cets-201/art_20__para_4"),
        ("Article 23(5) of the Lanzarote Convention", "cets-201/art_23"),
    ],
)
def test_what_there_is_instead_is_told(library: Library, text: str, last: str) -> None:
    (reference,) = check(library, text).references
    assert reference.last == (Citation.parse(last),)


@pytest.mark.parametrize(
    "piece",
    ["Article 23 of the Lanzarote Convention says “Each Party may not reserve the right.” Art. 5. ", ".", "\n", ">\n",
     "“a b c d ", "Art. 1 ", "‘a ’ b ", "Article 99(1)(z) of the Lanzarote Convention. ", "… … "],
)  # fmt: skip
def test_a_long_text_takes_less_than_five_seconds(library: Library, piece: str) -> None:
    check(library, f"“{LEAD}”")
    started = time.process_time()
    check(library, (piece * 100_000)[:100_000])
    assert time.process_time() - started < 5


@given(st.text(alphabet='Ar ticle1()29“”"«»‘’.…\n>,;\0é', max_size=80))
@example(text="er")  # the explanatory report, which has no articles
@settings(max_examples=60, deadline=None)
def test_any_text_is_checked(library: Library, text: str) -> None:
    checked = check(library, "Article 2 of CETS 201 " + text)
    for item in (*checked.references, *checked.quotes):
        assert checked.text[item.start : item.end] == item.words
    assert [r.start for r in checked.references] == sorted(r.start for r in checked.references)
