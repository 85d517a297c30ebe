"""Trains the adapter further, on questions about documents of all subjects and the passages that answer them: what users install
has no lead-in questions, its passages are all there is to find it by.

A question is to be nearer to the passage that answers it than to all others in the batch, the nearest others of its own document
among them (InfoNCE). How like each other the corpus's own passages and questions are is held where it was.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from tqdm import tqdm

from ingest.errors import ModelError
from retriever.embedders.adapter import adapt
from retriever.learning import lowrank


@dataclass(frozen=True, slots=True)
class Pair:
    """A question, the passage that answers it, and the other passages of the same document."""

    question: str
    passage: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How it is trained. Chosen on the tuning documents."""

    rank: int = 16
    epochs: float = 1.5
    batch: int = 48
    nearest: int = 8  # of the others of its document, one of which stands against each question
    own: int = 48  # texts of the corpus in every batch whose likeness to one another is kept
    keep: float = 20.0  # how much keeping counts
    rate: float = 1e-3
    temperature: float = 0.05
    pieces: int = 96  # longest text, in word pieces
    share: float = 0.5  # how much of what was learnt is added to the weights
    seed: int = 3


def _nearest(encode: lowrank.Encoder, pairs: Sequence[Pair], count: int) -> list[list[str]]:
    """For each question the nearest of the passages that do not answer it."""
    texts = list(dict.fromkeys(text for pair in pairs for text in pair.others))
    row = {text: number for number, text in enumerate(texts)}
    passages, questions = encode.before(texts), encode.before([pair.question for pair in pairs])
    found = []
    for pair, question in zip(pairs, questions, strict=True):
        near = (passages[[row[text] for text in pair.others]] @ question).argsort(descending=True)
        found.append([pair.others[number] for number in near[:count].tolist()])
    return found


def further(adapter: Path, pairs: Sequence[Pair], own: Sequence[str], recipe: Recipe, out: Path) -> None:
    """Train what is added to the model with `adapter`, and write the sum of both to `out`. `own` are texts of the corpus,
    whose likeness is kept. Raises ModelError where `adapter` was trained so before."""
    with safe_open(adapter, "pt") as file:
        about = file.metadata() or {}
    if "passages" in about:
        raise ModelError(
            f"{adapter} was trained on documents before: wanted what `python -m retriever.learning.adapter` writes."
        )
    torch.manual_seed(recipe.seed)
    draw = random.Random(recipe.seed)
    model = lowrank.shipped(recipe.pieces)
    adapt(model, adapter)
    added = lowrank.additions(model, recipe.rank)
    encode = lowrank.Encoder(model)
    against, before = _nearest(encode, pairs, recipe.nearest), encode.before(own)
    steps = int(recipe.epochs * len(pairs) / recipe.batch)
    descent = lowrank.Descent(added, recipe.rate, steps)
    model.train()
    queue: list[int] = []
    bar = tqdm(range(steps), desc="Training", unit=" batches")
    for _ in bar:
        if len(queue) < recipe.batch:
            queue = draw.sample(range(len(pairs)), len(pairs))
        taken, queue = queue[: recipe.batch], queue[recipe.batch :]
        answers = [pairs[number].passage for number in taken]
        beside = [draw.choice(against[number]) for number in taken if against[number]]
        passages = list(dict.fromkeys(answers + beside))
        kept = draw.sample(range(len(own)), recipe.own)
        questions = encode([pairs[number].question for number in taken], 1)
        rows = encode(passages + [own[number] for number in kept])
        right = torch.tensor([passages.index(text) for text in answers])
        loss = nn.functional.cross_entropy(questions @ rows[: len(passages)].T / recipe.temperature, right)
        loss = loss + recipe.keep * lowrank.drift(rows[len(passages) :], before[kept])
        descent.step(loss)
        bar.set_postfix(loss=f"{loss.item():.3f}")
    about |= {"passages": json.dumps(asdict(recipe)), "pairs": str(len(pairs))}
    first, second = load_file(adapter), lowrank.tensors(added, recipe.share)
    # The sum of two products is the product of the matrices side by side.
    both = {name: torch.cat([first[name], second[name]], int(name.endswith("up"))).contiguous() for name in first}
    save_file(both, out, metadata=about)
