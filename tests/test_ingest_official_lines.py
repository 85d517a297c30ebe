"""What a single line of a printed treaty is taken for."""

from __future__ import annotations

import pytest

from ingest.official.lines import Joiner, head, inline_points, labels, unfinished


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [
        ("the well-", "being of", "the well-being of"),  # written so elsewhere
        ("child-", "friendly", "child-friendly"),  # both are words
        ("inter-", "national", "international"),  # the joined word is one
        ("busi-", "ness", "business"),
        ("non-", "European", "non-European"),
        ("and/", "or", "and/or"),
        ("words –", "more", "words – more"),
    ],
)
def test_a_line_is_joined_to_the_next(left: str, right: str, joined: str) -> None:
    known = ["well-being", "child", "a friendly word", "inter alia", "national", "international"]
    assert Joiner([*known, left, right]).join(left, right) == joined


@pytest.mark.parametrize(
    ("text", "heading", "expected", "running", "found"),
    [
        ("Article 6 – General approach", 0, 6, False, (6, "General approach")),
        ("Article  23", 3, 23, False, (23, "")),
        ("Artikel 6", 0, 6, False, (6, "")),
        ("Art. 47 Kündigung", 0, 47, False, (47, "Kündigung")),
        ("Article 35 – 24/7 Network", 0, 35, False, (35, "24/7 Network")),
        ("Article 1er – Objet", 0, 1, False, (1, "Objet")),
        ("Article premier – Objet", 0, 1, False, (1, "Objet")),
        ("Article 7 – Quorum", 0, 5, False, (7, "Quorum")),  # Articles 5 and 6 are lost; `prove` says so
        ("Article 46, paragraph 4; and", 0, 46, True, None),
        ("Article 34, paragraph 1, or any declaration", 0, 34, False, None),
        ("Article 7 - paragraph 3, Article 15", 0, 7, False, None),
        ("Article 5", 0, 5, True, None),
        ("Article 5", 0, 6, False, None),
        ("Article 18 shall apply", 0, 18, False, None),
        ("Article 1", 0, 18, False, None),
        ("Articles 2 – Both", 0, 2, False, None),
        ("Article 12 The Parties shall meet.", 0, 12, False, None),
    ],
)
def test_a_head_is_told_from_a_sentence(text: str, heading: int, expected: int, running: bool, found: tuple[int, str] | None) -> None:  # fmt: skip
    made = head(text, heading, expected, running)
    assert (made and (made.number, made.title)) == found


@pytest.mark.parametrize(
    ("text", "elements"),
    [("1. Each", ["para_1"]), ("1 Each", ["para_1"]), ("(2) Each", ["para_2"]), ("a) x", ["point_a"]), ("a)costs", ["point_a"]),
     ("a.Sexual", ["point_a"]), ("i) x", ["point_i", "point_i"]), ("(iv) x", ["point_iv"]), ("– x", ["indent"]),
     ("i.e. x", []), ("an act", []), ("1.5 metres", []), ("- b) x", ["point_b"]), ("c", ["point_c"])],
)  # fmt: skip
def test_labels_in_every_print_are_read(text: str, elements: list[str]) -> None:
    assert [label.element for label in labels(text)] == elements


def test_a_sentence_goes_on_after_a_word_but_not_after_a_stop() -> None:
    assert [unfinished(text) for text in ("in accordance with", "the end.", "rungs;", "”", "one, and", "")] == [True, False, False, False, False, False]  # fmt: skip


def test_a_reference_is_no_inline_point() -> None:
    assert inline_points("as paragraphs (i) and (ii) say") == []
    assert inline_points("insulting, (i) persons, or (ii) groups") == [11, 27]
    assert inline_points("insulting, (i) persons") == []
