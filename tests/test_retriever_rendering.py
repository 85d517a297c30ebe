"""French in English words: phrases, words, forms, accents, and the file they come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from retriever.analysis import stems
from retriever.rendering import WordList, english, for_english

LIST = Path(__file__).resolve().parent.parent / "corpus" / "french.tsv"


SMALL = WordList(
    [
        ("mettre en ligne", "upload"), ("ligne", "line"), ("en", "in"), ("où", "where"), ("ou", "or"), ("publier", "publish"),
        ("harcèlement", "harassment"), ("sœur", "sister"), ("la", "-"), ("porte", "door"), ("porter", "wear"),
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    ("french", "said"),
    [
        ("mettre en ligne, en ligne", "upload in line"),  # the phrase before its words
        ("publiait PUBLIERONT publié", "publish publish publish"),  # forms by their stem
        ("harcelement HARCÈLEMENT", "harassment harassment"),  # with and without accents
        ("soeur sœur Sœurs", "sister sister sister"),
        ("où ou", "where or"),  # the accent tells them apart
        ("porte porter portes", "door wear door"),  # the very word before the stem; of a stem the first word
        ("la Lanzarote, art. 23 : grooming ?", "lanzarote art 23 grooming"),  # left out; not in the list
        ("", ""),
    ],
)
def test_every_word_is_replaced_by_what_stands_for_it(french: str, said: str) -> None:
    assert SMALL(french) == said


def test_the_shipped_list_reads_a_question() -> None:
    assert english("Mon ex a mis en ligne une vidéo de ma sœur") == "my ex has uploaded a video of my sister"
    assert english("la police peut-elle geler les données ?").split()[-2:] == ["freeze", "data"]


def test_only_french_is_changed() -> None:
    assert for_english("The court, or part of it", "en") == "The court, or part of it"
    assert for_english("la police", "fr") == "police"


def test_the_list_has_two_columns_each_word_once_in_order() -> None:
    lines = LIST.read_text(encoding="utf-8").splitlines()
    cells = [line.split("\t") for line in lines]
    assert [row for row in cells if len(row) != 2 or not all(cell.strip() == cell != "" for cell in row)] == []
    words = [french for french, _ in cells]
    assert len(set(words)) == len(words) > 10_000
    assert [word for word in words if word != word.lower()] == []


def test_the_words_of_a_french_and_an_english_question_meet() -> None:
    french = set(stems(english("Qui doit être informé quand une photo d'enfant est retirée ?"), "en"))
    assert {"inform", "photo", "child", "remov"} & french == {"inform", "photo", "child", "remov"}
