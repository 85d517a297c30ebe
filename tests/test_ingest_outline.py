"""Numbered text → provisions with spans."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.library import Library
from ingest.outline import OutlineError, parse
from ingest.treaty import Citation, Provision

ARTICLE = Citation.parse("cets-201/art_1")
TEXT = """1. Each Party must:
  a. one; or
  b. two:
    i. x; or
    ii. y.
  The power lasts.
2.
  a. A Party may:
    – p
    – q
3. last"""


def outlined(text: str) -> dict[str, tuple[str, str]]:
    return {
        "__".join(p.citation.path[1:]): (text[p.start : p.end], text[p.own_start : p.own_end])
        for p in parse(ARTICLE, text)
    }


def test_every_level_gets_its_address_its_span_and_its_own_words() -> None:
    found = outlined(TEXT)
    assert list(found) == [
        "", "para_1", "para_1__point_a", "para_1__point_b", "para_1__point_b__point_i", "para_1__point_b__point_ii",
        "para_1__wrapup", "para_2", "para_2__point_a", "para_2__point_a__indent_1", "para_2__point_a__indent_2", "para_3",
    ]  # fmt: skip
    assert found[""] == (TEXT, "")
    assert found["para_1"][1] == "Each Party must:"
    assert found["para_1"][0].endswith("The power lasts.")
    assert found["para_1__point_b"] == ("b. two:\n    i. x; or\n    ii. y.", "two:")
    assert found["para_1__wrapup"] == ("The power lasts.", "The power lasts.")
    assert found["para_2"] == ("2.\n  a. A Party may:\n    – p\n    – q", "")
    assert found["para_3"] == ("3. last", "last")


def test_an_unnumbered_article_with_points() -> None:
    assert list(outlined("For this:\n  a. x\n  b. y\n  end.")) == ["", "point_a", "point_b", "wrapup"]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("1. a\n3. b", 1, "found `3.` after `1.`, wanted `2.`"),
        ("2. a", 0, "found `2.`, wanted `1.`"),
        ("1. a:\n  a. x\n  c. y", 2, "found `c.` after `a.`, wanted `b.`"),
        ("1. a\n\n2. b", 1, "an empty line inside the text"),
        ("1. a\n   a. x", 1, "indent by two per level"),
        ("1. a\n    a. x", 1, "indented by 2 levels"),
        ("1. a\nno number", 1, "a line without a number where none is expected"),
        ("  1. a", 0, "the first line is indented"),
        ("", 0, "the text is empty"),
    ],
)
def test_a_line_out_of_form_is_refused_with_its_number(text: str, line: int, message: str) -> None:
    with pytest.raises(OutlineError, match=message.replace("`", "`").replace(".", r"\.")) as raised:
        parse(ARTICLE, text)
    assert raised.value.line == line


def test_siblings_of_the_whole_corpus_do_not_overlap_and_children_lie_inside(library: Library) -> None:
    for wording in library.expressions.values():
        by_parent: dict[Citation, list[Provision]] = {}
        places = {provision.citation: provision for provision in wording.provisions}
        for provision in (p for p in wording.provisions if p.citation.path):  # not the root of an output
            by_parent.setdefault(provision.citation.parent, []).append(provision)
        for citation, children in by_parent.items():
            for one, other in pairwise(children):
                assert one.end <= other.start, (one.citation, other.citation)
            if citation in places:
                assert places[citation].own_end <= children[0].start
                assert children[-1].end <= places[citation].end


@given(st.text(alphabet="123abiv. –\n x", max_size=60))
def test_any_text_is_parsed_or_refused_with_a_line_that_exists(text: str) -> None:
    try:
        provisions = parse(ARTICLE, text)
    except OutlineError as error:
        assert 0 <= error.line <= text.count("\n")  # noqa: PT017
    else:
        assert provisions[0].citation == ARTICLE
        assert len({p.citation for p in provisions}) == len(provisions)
