"""Passages read word by word: by hashed words a cosine is 1 or 0, so everything can be worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eval.leaving_out import without
from retriever import drivers
from retriever.answerability import Answerability
from retriever.index import open_index
from retriever.matching import Matcher, Met
from retriever.search import READ, Searcher

PASSAGES = ["The keeper of the data informs the child.", "The keeper informs a judge.", "Fees are due on Monday."]
GROUPS = np.array([4, 4, 7])


class Reader:
    """Gives the passages and remembers which were asked for."""

    def __init__(self) -> None:
        self.read: list[int] = []

    def __call__(self, row: int) -> str:
        self.read.append(row)
        return PASSAGES[row]


def matcher(reader: Reader) -> Matcher:
    return Matcher(drivers.embedder("hashing:4096"), Answerability.plain(4096), reader, GROUPS)


def test_each_word_that_tells_something_is_met_or_not() -> None:
    met = matcher(Reader()).met("Who informs the child of fees?", "en", np.array([0, 1, 2]))
    assert met is not None
    # informs, child, fees
    assert met.by_word.tolist() == [[1, 1, 0], [1, 0, 0], [0, 0, 1]]
    assert met.groups.tolist() == [4, 4, 7]
    assert met.mean(4) == pytest.approx(2 / 3)  # the first passage alone: not what both hold together
    assert met.mean(7) == pytest.approx(1 / 3)
    assert met.nearby.tolist() == [1, 1, 1]


def test_the_two_words_that_are_met_least_tell_what_is_missing() -> None:
    none = np.zeros(3, np.float32)
    met = Met(np.array([1, 1, 2]), np.array([[0.9, 0.2, 0.4], [0.1, 0.1, 0.1], [0.5, 0.5, 0.5]], np.float32), none)
    assert met.least(1) == pytest.approx(0.3)
    assert met.least(2) == pytest.approx(0.5)
    assert met.least(3) == 0.0
    one = Met(np.array([1]), np.array([[0.6]], np.float32), none[:1])
    assert one.least(1) == pytest.approx(0.6)


def test_a_question_of_small_words_is_compared_by_them_and_one_without_words_not_at_all() -> None:
    found = matcher(Reader()).met("is it on?", "en", np.array([2]))
    assert found is not None
    assert found.by_word.tolist() == [[0, 0, 1]]
    assert matcher(Reader()).met("?!", "en", np.array([0])) is None


def test_the_likeliest_passage_of_some_groups_tells_whether_they_answer() -> None:
    met = Met(np.array([1, 1, 2]), np.zeros((3, 1), np.float32), np.array([-3.0, 0.5, 2.0], np.float32))
    assert met.answered(np.array([1, 5])) == 0.5
    assert met.answered(np.array([1, 2])) == 2.0
    assert met.answered(np.array([5])) == -12.0
    # Nothing learnt: all words of the question count alike, small ones too; of five two are met.
    found = matcher(Reader()).met("who informs the judge today?", "en", np.array([0]))
    assert found is not None
    assert found.answers.tolist() == pytest.approx([20 * 2 / 5 - 12])


def test_a_passage_is_read_once() -> None:
    reader = Reader()
    asked = matcher(reader)
    for question in ("the child", "the judge"):
        asked.met(question, "en", np.array([0, 2]))
    assert reader.read == [0, 2]


def test_only_texts_without_lead_in_questions_are_put_in_order_again(hashed_data: Path) -> None:
    embedder = drivers.embedder("hashing:512")
    fewer = Searcher(without(open_index(hashed_data, worded=True), "ets-189"), embedder)
    view = fewer.view("Is it a crime to deny or play down genocide through a computer system?", "en")
    scored = fewer.score(view)
    read = fewer.read(view, scored)
    first = int(scored.fused.argmax())
    assert fewer.bare[first]
    assert read.met is not None
    assert len(read.met.groups) in (READ, READ + 1)
    assert first in read.met.groups
    # Those of its kind among the passages that were read share the scores that they had; the rest keep theirs.
    moved = np.flatnonzero(read.fused != scored.fused)
    assert set(moved) <= {int(group) for group in read.met.groups if fewer.bare[group]}
    assert sorted(read.fused) == sorted(scored.fused)
    # It answers no question that the index holds, and is not said to.
    why = {number: fewer.why(scored, article) for number, article in enumerate(fewer.articles)}
    assert scored.lead_ins[first] >= np.sort(scored.lead_ins)[-5]
    assert why[first] == ("passage",)
    assert any("question" in reasons for number, reasons in why.items() if not fewer.bare[number])
    assert fewer.bare[int(read.fused.argmax())]
    whole = Searcher(open_index(hashed_data, worded=True), embedder)
    view = whole.view("Is it a crime to deny or play down genocide through a computer system?", "en")
    scored = whole.score(view)
    assert whole.read(view, scored) is scored
