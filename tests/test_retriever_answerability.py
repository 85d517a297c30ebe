"""What was learnt of when a passage answers: how it is applied, kept, and learnt."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open

from eval import own_texts
from ingest.errors import ModelError
from retriever import drivers
from retriever.answerability import Answerability
from retriever.learning.answerability import Example, Recipe, learn
from retriever.learnt import shipped

NUMBER, FEE, DOG = np.eye(3, dtype=np.float32)


def test_the_cosine_is_that_of_the_turned_vectors() -> None:
    """A turn that leaves out the third number makes what differs in it alike."""
    turn = np.diag([1.0, 2.0, 0.0]).astype(np.float32)
    told = replace(Answerability.plain(3), turn=turn, scale=1.0, shift=0.25)
    question = np.array([[0.6, 0.0, 0.8]], np.float32)
    passage = np.array([[0.8, 0.0, -0.6], [0.0, 1.0, 0.0]], np.float32)
    answers = told.answers(question, [(passage, told.lengths(passage))])
    assert told.lengths(passage).tolist() == pytest.approx([0.8, 2.0])
    assert answers.tolist() == pytest.approx([1.25])
    slanted = np.array([[0.6, 0.8, 0.0]], np.float32)  # turned: (0.6, 1.6)
    answers = told.answers(question, [(slanted, told.lengths(slanted))])
    assert answers.tolist() == pytest.approx([0.6 / np.hypot(0.6, 1.6) + 0.25])


def test_a_passage_without_words_answers_nothing() -> None:
    told = Answerability.plain(3)
    empty = np.empty((0, 3), np.float32)
    assert told.answers(np.array([FEE]), [(empty, told.lengths(empty))]).tolist() == [-32.0]


def test_a_word_counts_as_much_as_was_learnt() -> None:
    told = Answerability(np.eye(3, dtype=np.float32), np.array([5.0, -5.0, 0.0], np.float32), 0.0, 1.0, 0.0)
    question = np.array([NUMBER, FEE])
    met = [(row[None], np.ones(1, np.float32)) for row in (NUMBER, FEE, DOG)]
    heavy, light = np.log1p(np.exp(5)), np.log1p(np.exp(-5))
    assert told.answers(question, met).tolist() == pytest.approx(
        [heavy / (heavy + light), light / (heavy + light), 0.0], abs=1e-6
    )


def test_it_is_read_back_for_its_embedder_only(tmp_path: Path) -> None:
    path = tmp_path / "answerability.safetensors"
    kept = Answerability(
        np.diag([1.0, 0.5, 2.0]).astype(np.float32), np.array([1, 0, -1], np.float32), 0.25, 16.0, -9.5
    )
    kept.write(path, {"embedder": "mine"})
    found = Answerability.of("mine", 3, path)
    assert found.turn.tolist() == kept.turn.tolist()
    assert found.counts.tolist() == [1, 0, -1]
    assert (found.base, found.scale, found.shift) == (0.25, 16.0, -9.5)
    other = Answerability.of("another", 5, path)
    assert other.turn.tolist() == np.eye(5).tolist()
    assert (other.scale, other.shift) == (20.0, -12.0)
    with pytest.raises(ModelError, match=r"learnt for 3 dimensions, the model has 4\. Run `make answerability`"):
        Answerability.of("mine", 4, path)


def test_the_shipped_one_is_for_the_shipped_model_and_says_what_it_was_learnt_from() -> None:
    embedder = drivers.embedder("sentence")
    with safe_open(shipped("answerability"), framework="numpy") as kept:
        about = kept.metadata()
    assert about["embedder"] == embedder.name
    assert about["questions"] == str(len(own_texts.questions("training")))
    assert Recipe(**json.loads(about["recipe"])) == Recipe()
    assert Answerability.of(embedder.name, 384).turn.tolist() != np.eye(384).tolist()


def test_what_is_asked_for_is_learnt_beside_the_subject() -> None:
    """All passages speak of the fee; those with a number answer. A question without an answer meets none with one."""
    rng = np.random.default_rng(3)

    def near(*words: np.ndarray) -> np.ndarray:
        noisy = np.array(words) + rng.normal(0, 0.05, (len(words), 3))
        return (noisy / np.linalg.norm(noisy, axis=1, keepdims=True)).astype(np.float32)

    slant = (FEE + NUMBER) / np.sqrt(2)  # "how much": not itself a number, nearer to other words than to one
    made = []
    for turn in range(240):
        others = tuple(near(FEE, DOG) for _ in range(4))
        made.append(Example(near(FEE, slant), near(FEE, NUMBER) if turn % 2 else None, others))
    learnt = learn(made, Recipe(epochs=6, rate=0.01))
    assert learnt.turn.tolist() == learn(made, Recipe(epochs=6, rate=0.01)).turn.tolist()
    with_number, without = (near(FEE, NUMBER), near(FEE, DOG))
    read = [(words, learnt.lengths(words)) for words in (with_number, without)]
    answered, not_answered = learnt.answers(near(FEE, slant), read)
    assert answered > 0 > not_answered
