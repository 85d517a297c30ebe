"""The second part of the adapter's training: what it learns from, what it adds, and that the same seed gives the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from eval import own_texts
from eval.adapter import own, pairs
from ingest.errors import ModelError
from ingest.library import Library
from retriever.embedders.adapter import adapt, shipped_adapter
from retriever.learning import lowrank
from retriever.learning.adapter import Recipe, train
from retriever.learning.passages import Pair, further
from retriever.learning.passages import Recipe as Further


@pytest.fixture(scope="module")
def made() -> list[Pair]:
    return pairs()


@pytest.fixture(scope="module")
def first(library: Library, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """What the first part writes, of a small corpus, and texts of that corpus."""
    small = replace(
        library, lead_ins=library.lead_ins[:60], outside=library.outside[:12], passages=library.passages[:12]
    )
    out = tmp_path_factory.mktemp("adapter") / "first.safetensors"
    train(small, out, Recipe(rank=2, epochs=0.5, batch=8, outside=4, general=4))
    return out, own(small)


def test_the_pairs_are_the_answered_questions_on_the_training_documents(made: list[Pair]) -> None:
    answered = [question for question in own_texts.questions("training") if question.answerable]
    assert len(made) == len(answered) == 2688
    assert answered[0].question == made[0].question == "I'm sixteen and a half. Can I get an account without my dad?"
    assert "16" in made[0].passage
    assert len(made[0].others) > 5
    assert not any(pair.passage in pair.others for pair in made)
    # The model reads English: what is French is said in English words.
    assert {question.lang for question in answered} == {"en", "fr"}
    assert not any(" est-ce qu" in pair.question.lower() for pair in made)


def _lead(adapter: Path, pairs: list[Pair]) -> float:
    """By how much questions are nearer to what answers them than to the nearest other, on the mean."""
    model = lowrank.shipped(96)
    adapt(model, adapter)
    encode = lowrank.Encoder(model)
    leads = []
    for pair in pairs:
        question, right, *others = encode.before([pair.question, pair.passage, *pair.others])
        leads.append(float(question @ right) - max(float(question @ other) for other in others))
    return sum(leads) / len(leads)


@pytest.mark.model
def test_it_adds_to_the_adapter_what_brings_questions_nearer(
    first: tuple[Path, list[str]], made: list[Pair], tmp_path: Path
) -> None:
    adapter, texts = first
    few = made[:12]
    recipe = Further(rank=3, epochs=4.0, batch=6, own=4)
    for name, share in (("half", 0.5), ("again", 0.5), ("whole", 1.0)):
        further(adapter, few, texts, replace(recipe, share=share), tmp_path / name)
    before, half, again, whole = (
        load_file(path) for path in (adapter, *map(tmp_path.joinpath, ("half", "again", "whole")))
    )
    assert set(half) == set(before)
    assert all(torch.equal(half[name], again[name]) for name in half)
    for name, tensor in before.items():
        axis = int(name.endswith("up"))
        kept, added = half[name].split([2, 3], dim=axis)
        assert torch.equal(kept, tensor)
        twice = whole[name].split([2, 3], dim=axis)[1].float() / (2.0 if axis else 1.0)
        assert torch.allclose(added.float(), twice, atol=1e-6)
    assert _lead(tmp_path / "whole", few) > _lead(tmp_path / "half", few) > _lead(adapter, few)
    with safe_open(tmp_path / "half", "pt") as file:
        about = file.metadata()
    assert (json.loads(about["recipe"])["rank"], json.loads(about["passages"])["rank"], about["pairs"]) == (2, 3, "12")
    with pytest.raises(ModelError, match="was trained on documents before"):
        further(tmp_path / "half", few, texts, recipe, tmp_path / "twice")


def test_the_shipped_adapter_says_how_it_was_trained_further(made: list[Pair]) -> None:
    with safe_open(shipped_adapter(), "pt") as file:
        about = file.metadata()
    assert Further(**json.loads(about["passages"])) == Further()
    assert about["pairs"] == str(len(made))
    assert shipped_adapter().stat().st_size < 3_000_000
