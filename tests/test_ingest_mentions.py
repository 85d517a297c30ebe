"""References in prose, English and French, in the many ways people write them."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import mentions
from ingest.adding import Facts, document_entry
from ingest.library import Library
from ingest.reading import Line, Reading
from ingest.treaty import Citation


def resolved(text: str, library: Library) -> list[str]:
    known = library.citations()
    return [
        str(citation)
        for mention in mentions.Mentions(library.instruments.values()).find(text)
        for id_ in mention.instruments
        for citation in mentions.locate(mention, library.instruments[id_], known)
    ]


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("Art. 9(2)(c) Budapest", ["ets-185/art_9__para_2__point_c"]),
        ("article 20 §3 of CETS 201", ["cets-201/art_20__para_3"]),
        ("l'article 23 de la Convention de Lanzarote", ["cets-201/art_23"]),
        ("CETS 224 art 7", ["cets-224/art_7"]),
        ("paragraph 2 of Article 9 of the Budapest Convention", ["ets-185/art_9__para_2"]),
        ("le paragraphe 2, point c, de l'article 9 de la convention de Budapest", ["ets-185/art_9__para_2__point_c"]),
        ("point (a) of Article 20(1) Lanzarote", ["cets-201/art_20__para_1__point_a"]),
        ("art 18 al. 1 b) de la Convention de Lanzarote", ["cets-201/art_18__para_1__point_b"]),
        ("Budapest art 18 para 1 b", ["ets-185/art_18__para_1__point_b"]),
        ("ETS185 art. 32b", ["ets-185/art_32__point_b"]),
        ("article 20 para 3 second indent lanzarote", ["cets-201/art_20__para_3__indent_2"]),
        ("art.1.c.ii ets no. 185", ["ets-185/art_1__point_c__point_ii"]),
        ("Articles 18 to 23 Lanzarote", [f"cets-201/art_{n}" for n in range(18, 24)]),
        ("Arts 16, 17 and 29 ETS No. 185", ["ets-185/art_16", "ets-185/art_17", "ets-185/art_29"]),
        ("Article 9, paragraphs 1 and 2 Budapest", ["ets-185/art_9__para_1", "ets-185/art_9__para_2"]),
        ("Lanzarote 23", ["cets-201/art_23"]),
        ("20.1.f lanzarote", ["cets-201/art_20__para_1__point_f"]),
        ("9(3) of the cybercrime convention", ["ets-185/art_9__para_3"]),
        ("lanzarote article twenty-nine", ["cets-201/art_29"]),
        ("article vingt et un de la convention de Lanzarote", ["cets-201/art_21"]),
        ("article premier de la convention de Budapest", ["ets-185/art_1"]),
        ("cybercrime convention a.41", ["ets-185/art_41"]),
        (
            "Art 20(1)(f) of the Lanzarote Convention and Art 9 ETS 185",
            ["cets-201/art_20__para_1__point_f", "ets-185/art_9"],
        ),
        ("Chapter X of the Lanzarote Convention", ["cets-201/art_39", "cets-201/art_40", "cets-201/art_41"]),
        ("Article 20, point e, Lanzarote", ["cets-201/art_20__para_1__point_e"]),
        ("Article 3(1)(a) Lanzarote", ["cets-201/art_3__point_a"]),
        ("the preamble of the second protocol", ["cets-224/preamble"]),
        ("article 6 of the first additional protocol", ["ets-189/art_6"]),
        ("Article 6 of the protocol", ["ets-189/art_6", "cets-224/art_6"]),
    ],
)
def test_a_reference_is_resolved_to_its_address(library: Library, text: str, addresses: list[str]) -> None:
    assert sorted(resolved(text, library)) == sorted(addresses)


@pytest.mark.parametrize(
    "text",
    [
        "Article 99 Lanzarote", "Art. 20(1)(g) Lanzarote", "Chapter XIV of the Lanzarote Convention", "annexe II de Budapest",
        "article 35, paragraphe 5, Budapest", "Article 5 of the Istanbul Convention", "art. 8 ECHR", "Article 0 Budapest",
    ],
)  # fmt: skip
def test_what_does_not_exist_here_is_seen_and_not_resolved(library: Library, text: str) -> None:
    assert mentions.Mentions(library.instruments.values()).find(text)
    assert resolved(text, library) == []


@pytest.mark.parametrize(
    "text",
    [
        "under Lanzarote 14 year olds can consent?",
        "the Lanzarote 2007 treaty",
        "a party of 18",
        "12 articles about hacking",
    ],
)
def test_a_number_that_is_no_reference_is_left_alone(library: Library, text: str) -> None:
    assert mentions.Mentions(library.instruments.values()).find(text) == []


def test_a_reference_without_instrument_may_belong_to_all(library: Library) -> None:
    (mention,) = mentions.Mentions(library.instruments.values()).find("What does Article 12 say?")
    assert not mention.named
    assert mention.instruments == ("cets-201", "cets-224", "ets-185", "ets-189")


@pytest.mark.parametrize(
    ("text", "named", "instruments"),
    [
        ("What does the T-CY say of Article 32?", False, ("cets-201", "cets-224", "ets-185", "ets-189")),
        ("Article 18 in T-CY guidance note 10", False, ("cets-201", "cets-224", "ets-185", "ets-189")),
        ("the T-CY on Article 32 of the Budapest Convention", True, ("ets-185",)),
        ("Article 5 of the T-CY", True, ("t-cy",)),
    ],
)
def test_a_body_has_no_articles_unless_the_text_says_so(
    library: Library, text: str, named: bool, instruments: tuple[str, ...]
) -> None:
    (mention,) = mentions.Mentions(library.instruments.values()).find(text)
    assert (mention.named, mention.instruments) == (named, instruments)


@pytest.mark.parametrize("text", ["article 230-46 du CPP", "art. 706-47-3 CPP"])
def test_the_number_of_a_national_code_is_one_number(library: Library, text: str) -> None:
    (mention,) = mentions.Mentions(library.instruments.values()).find(text)
    assert (mention.instruments, mention.elsewhere) == ((), "national-law")


@pytest.mark.parametrize(
    ("text", "instrument"),
    [
        ("the 2022 protocol", "cets-224"), ("le texte de 2022", "cets-224"), ("the hate protocol", "ets-189"),
        ("the cyber treaty", "ets-185"), ("la convention de 2001", "ets-185"), ("the child abuse treaty", "cets-201"),
    ],
)  # fmt: skip
def test_a_treaty_is_known_by_what_people_call_it(library: Library, text: str, instrument: str) -> None:
    (name,) = mentions.Mentions(library.instruments.values()).names(text)
    assert name.instruments == (instrument,)


def test_a_treaty_of_the_united_nations_is_not_taken_for_ours(library: Library) -> None:
    (name,) = mentions.Mentions(library.instruments.values()).names("the UN treaty on cybercrime")
    assert (name.instruments, name.elsewhere) == ((), "un")


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("Which leave does article 12 of the Labour Code grant?", "national-law"),
        ("Labour Code, article 12", "national-law"),
        ("code du travail article 12", "national-law"),
        ("article 5 de la loi informatique et libertés", "national-law"),
        ("Article 11 of the trade agreement with Chile", "international"),
        ("article 4 de l'accord sur les pêches", "international"),
        ("Paris Agreement article 6 carbon credits", "un"),
        ("UN Convention on Contracts for the Sale of Goods article 39", "un"),
        ("What does Article 3 of the human rights convention prohibit?", "coe-treaties"),
    ],
)
def test_an_article_of_other_law_is_not_taken_for_one_of_ours(library: Library, text: str, entry: str) -> None:
    (mention,) = mentions.Mentions(library.instruments.values()).find(text)
    assert (mention.instruments, mention.elsewhere) == ((), entry)


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("How do we put Article 32 of Lanzarote into our criminal code?", ["cets-201/art_32"]),
        ("Article 9 of the Budapest Convention and our penal code", ["ets-185/art_9"]),
        ("Does Article 22 of Lanzarote cover the act of showing porn?", ["cets-201/art_22"]),
        ("Under article 23 of CETS 201, must our law name the age?", ["cets-201/art_23"]),
        ("Transposer l'article 50 dans notre code pénal", ["cets-201/art_50"]),
        ("Is art. 50 met by our law, or does it want a new act?", ["cets-201/art_50"]),
    ],
)
def test_national_law_spoken_of_beside_an_article_does_not_own_it(
    library: Library, text: str, addresses: list[str]
) -> None:
    assert resolved(text, library) == addresses


def test_an_article_of_the_act_may_be_of_an_act_that_the_user_has_installed(library: Library) -> None:
    reading = Reading("a.md", "markdown", "0" * 64, (Line("One rule."), Line("Another rule.")), ())
    document = document_entry(reading, Facts("act", "Children Act", "en"), datetime.date(2026, 11, 22)).instrument
    (mention,) = mentions.Mentions([*library.instruments.values(), document]).find("What says article 2 of the act?")
    assert (mention.elsewhere, "act" in mention.instruments) == (None, True)


def test_law_held_elsewhere_is_recognised(library: Library) -> None:
    found = mentions.Mentions(library.instruments.values()).names("Does the GDPR or la Convention d’Istanbul apply?")
    assert [name.elsewhere for name in found] == ["eu-law", "coe-treaties"]


def test_law_that_the_user_has_installed_is_not_elsewhere(library: Library) -> None:
    """Called by its full name or by the part of it that people say."""
    reading = Reading("d.md", "markdown", "0" * 64, (Line("One rule."), Line("Another rule.")), ())
    facts = Facts("directive", "Directive 2011/93/EU on combating the abuse of children", "en", None, True, "")
    document = document_entry(reading, facts, datetime.date(2026, 11, 22)).instrument
    text = "Does Directive 2011/93 or the GDPR apply?"
    without = mentions.Mentions(library.instruments.values()).names(text)
    assert [(name.instruments, name.elsewhere) for name in without] == [((), "eu-law"), ((), "eu-law")]
    held = mentions.Mentions([*library.instruments.values(), document]).names(text)
    assert [(name.instruments, name.elsewhere) for name in held] == [(("directive",), None), ((), "eu-law")]


@given(st.text(max_size=80))
def test_folding_keeps_every_place(text: str) -> None:
    assert len(mentions.fold(text)) == len(text)


@given(st.text(alphabet="art. 20(1)a,§ and of Lanzarote Budapest vingt\n", max_size=80))
def test_any_text_is_searched_without_error(library: Library, text: str) -> None:
    instruments = library.instruments
    for mention in mentions.Mentions(instruments.values()).find(text):
        assert 0 <= mention.start < mention.end <= len(text)
        for id_ in mention.instruments:
            mentions.locate(mention, instruments[id_], frozenset({Citation(id_, ("art_1",))}))
