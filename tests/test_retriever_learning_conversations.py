"""What is learnt from conversations: what the model is given, and what the classifier is to be told."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch

from ingest.conversations import Conversation
from ingest.library import Library
from ingest.treaty import Citation
from retriever import drivers
from retriever.classifier import Classifier
from retriever.embedders.conversation import MOST_BEFORE, said_after
from retriever.learning.conversations import _told, _wanted, standing, written


def test_of_what_was_asked_before_the_end_is_kept() -> None:
    said, _, question = said_after("word " * 200 + "end", "so?").partition(" [SEP] ")
    assert (question, said.endswith("word end"), said.startswith("word ")) == ("so?", True, True)
    assert MOST_BEFORE - 5 <= len(said) < MOST_BEFORE


def test_a_conversation_is_learnt_as_one_is_asked() -> None:
    told = [
        Conversation(Citation("ets-185", ("art_16",)), "en", ("May data be frozen?", "By whom?"), "how long", "For how long?"),
        Conversation(None, "fr", ("La police peut-elle geler des données ?",), "Merci pour la réponse !", "Thanks!"),
    ]  # fmt: skip
    first, second = written(told, {"cets-201/art_1": 0, "ets-185/art_16": 1})
    assert first == ("May data be frozen? By whom? [SEP] how long", "For how long?", 1)
    assert (second.place, second.alone) == (-1, "Thanks!")
    assert "police" in second.text
    assert "données" not in second.text  # in English words


def test_a_question_of_the_index_stands_alone_behind_any_others(library: Library) -> None:
    places = dict.fromkeys(str(lead_in.citation) for lead_in in library.lead_ins)
    made = list(standing(library, random.Random(1), 400, {place: number for number, place in enumerate(places)}))
    assert all(example.text.endswith(f" [SEP] {example.alone}") for example in made)
    assert 0.15 < sum(example.place < 0 for example in made) / 400 < 0.35


def test_what_the_classifier_is_told_is_what_it_tells() -> None:
    classifier = Classifier.of(drivers.embedder().name, 384)
    row = np.random.default_rng(1).normal(size=(1, 384)).astype(np.float32)
    places, entries = classifier.shares(row[0])
    told = _told(classifier, torch.from_numpy(row)).exp().numpy()[0]
    assert told == pytest.approx(np.concatenate([places, entries]), abs=1e-6)


def test_half_of_what_is_wanted_is_what_answers_where_that_is_known() -> None:
    told = torch.tensor([[0.2, 0.8], [0.2, 0.8]]).log()
    wanted = _wanted(told, torch.tensor([0, -1]))
    assert wanted.tolist() == [pytest.approx([0.6, 0.4]), pytest.approx([0.2, 0.8])]
