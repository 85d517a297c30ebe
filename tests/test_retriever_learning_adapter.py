"""The adapter's training: what counts as an example, and that the same seed gives the same adapter."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from ingest.library import Library
from retriever.embedders.adapter import fingerprint, shipped_adapter
from retriever.learning import adapter
from retriever.learning.adapter import Recipe, train


def test_texts_of_one_article_are_no_examples_against_one_another() -> None:
    """Two questions of one article at a right angle, each exactly its partner; nothing outside is like them."""
    asked = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    outside = torch.tensor([[0.0, 0.0, 1.0]])
    same = adapter._loss(asked, asked, outside, torch.tensor([5, 5]), temperature=1.0)
    other = adapter._loss(asked, asked, outside, torch.tensor([5, 6]), temperature=1.0)
    # One article: against the partner (e) stands only what is answered elsewhere (1); backwards nothing at all.
    assert float(same) == pytest.approx((math.log(math.e + 1) - 1) / 2, abs=1e-5)
    # Two articles: the other's partner and the other question (1 each) count too, backwards the other question.
    assert float(other) == pytest.approx((math.log(math.e + 3) - 1 + math.log(math.e + 1) - 1) / 2, abs=1e-5)


@pytest.mark.model
def test_the_same_seed_gives_the_same_adapter(library: Library, tmp_path: Path) -> None:
    small = replace(
        library, lead_ins=library.lead_ins[:60], outside=library.outside[:12], passages=library.passages[:12]
    )
    recipe = Recipe(rank=2, epochs=0.5, batch=8, outside=4, general=4)
    for name in ("one", "two"):
        train(small, tmp_path / name, recipe)
    one, two = load_file(tmp_path / "one"), load_file(tmp_path / "two")
    assert len(one) == 72  # up and down of 36 layers
    assert all(torch.equal(one[name], two[name]) for name in one)
    assert any(float(tensor.abs().max()) > 0 for name, tensor in one.items() if name.endswith(".up"))


def test_the_shipped_adapter_says_how_it_was_made() -> None:
    with safe_open(shipped_adapter(), "pt") as file:
        about = file.metadata()
    assert Recipe(**json.loads(about["recipe"])) == Recipe()
    assert (about["without"], about["steps"]) == ("", "525")


def test_the_fingerprint_changes_with_the_corpus(library: Library) -> None:
    changed = replace(library, lead_ins=library.lead_ins[1:])
    assert fingerprint(library) != fingerprint(changed)
