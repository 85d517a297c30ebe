"""Conversations: what a line holds, that what answers exists, and that none of them is a gold question."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_eval import alike

from eval import gold
from ingest.conversations import Conversation, conversations
from ingest.errors import CorpusError
from ingest.library import Library
from ingest.treaty import Citation
from retriever.analysis import stems
from retriever.answer import Ground


def test_a_line_is_a_conversation(tmp_path: Path) -> None:
    path = tmp_path / "some.tsv"
    path.write_text(
        "ets-185/art_16__para_2\ten\tMay data be frozen? >> By whom? >> how long\tFor how long may data be frozen?\n"
        "-\tfr\tQu'est-ce que le T-CY ? >> Merci !\tThank you!\n",
        encoding="utf-8",
    )
    first, second = conversations(path)
    assert first == Conversation(
        Citation("ets-185", ("art_16", "para_2")), "en", ("May data be frozen?", "By whom?"), "how long",
        "For how long may data be frozen?",
    )  # fmt: skip
    assert (second.citation, second.lang, second.question) == (None, "fr", "Merci !")


@pytest.mark.parametrize(
    "line",
    [
        "ets-185/art_16\ten\tMay data be frozen?\tMay data be frozen?",
        "ets-185/art_16\tde\tWas? >> Wie?\tHow?",
        "ets-185/art_16\ten\tWhat? >> How?\t",
        "ets-185/\ten\tWhat? >> How?\tHow?",
        "ets-185/art_16\ten\tWhat? >> How?",
    ],
)
def test_a_line_of_another_form_is_reported_with_its_number(tmp_path: Path, line: str) -> None:
    path = tmp_path / "some.tsv"
    path.write_text(f"-\ten\tWhat? >> Thanks\tThanks\n{line}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="not a conversation") as raised:
        conversations(path)
    assert [problem.line for problem in raised.value.problems] == [2]


def test_what_answers_a_shipped_conversation_exists(library: Library) -> None:
    known = library.citations()
    told = conversations()
    assert len(told) == 8513
    assert [str(one.citation) for one in told if one.citation is not None and one.citation not in known] == []
    assert sum(one.citation is None for one in told) == 986


def test_no_gold_question_is_among_the_conversations() -> None:
    named = ("reference", "named", Ground.NO_SUCH_PROVISION)
    asked = [
        (q.id, frozenset(stems(q.question, q.lang)))
        for name in ("report", "tuning")
        for q in gold.load(gold.shipped(name))
        if q.kind not in named and q.ground not in named
    ]
    texts = [(text, one.lang) for one in conversations() for text in (*one.earlier, one.question)]
    texts += [(one.alone, "en") for one in conversations()]
    assert alike(asked, [(text, frozenset(stems(text, lang))) for text, lang in texts]) == []
