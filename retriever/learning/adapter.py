"""Trains the adapter of the shipped model: `python -m retriever.learning.adapter OUT.safetensors`, the first part of `make train`.

What is learnt: two questions that one provision answers belong together, in one language or across both; a question
belongs with the passage that answers it; questions answered elsewhere belong with none of them. Every question in a batch
is an example against every other that another article answers (InfoNCE). What is kept: how like each other texts of all
subjects are, as the model came (it must still serve a user's own documents). Only low-rank additions to the encoder's
linear layers are trained. The data are the corpus's own lead-in questions, `corpus/elsewhere.yaml` and the restatements: no gold
question is among them.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from tqdm import tqdm

from ingest.library import Library
from ingest.pipeline import ingest
from ingest.treaty import Citation, LeadIn, Passage
from retriever.embedders.adapter import fingerprint
from retriever.learning import lowrank
from retriever.rendering import for_english
from retriever.words import embedded_text


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the adapter is trained. Chosen on the tuning questions."""

    rank: int = 16
    epochs: float = 1.7
    batch: int = 96
    outside: int = 32  # questions answered elsewhere in every batch
    general: int = 32  # passages in every batch whose likeness to one another and to those questions is kept
    keep: float = 20.0  # how much keeping counts
    rate: float = 2e-3
    temperature: float = 0.05
    pieces: int = 64  # longest text, in word pieces
    share: float = 0.6  # how much of what was learnt is added to the weights: all of it harms texts of other subjects
    to_passage: float = 0.4  # share of the questions whose partner is a passage
    to_other_language: float = 0.35  # share whose partner is a question in the other language
    seed: int = 7


class _Partners:
    """Draws for a question another text that the same provision stands behind; questions are in English words."""

    def __init__(
        self, asked: Sequence[LeadIn], passages: Sequence[Passage], recipe: Recipe, draw: random.Random
    ) -> None:
        self._recipe, self._draw = recipe, draw
        self._asked: dict[tuple[Citation, str], list[str]] = defaultdict(list)
        self._texts: dict[Citation, list[str]] = defaultdict(list)
        for lead_in in asked:
            for place in {lead_in.citation, lead_in.citation.article}:
                self._asked[place, lead_in.lang].append(lead_in.text)
        for passage in passages:
            for place in {passage.citation, passage.citation.article}:
                self._texts[place].append(embedded_text(passage))

    def of(self, lead_in: LeadIn) -> str:
        share = self._draw.random()
        if share < self._recipe.to_passage and self._texts[lead_in.citation]:
            return self._draw.choice(self._texts[lead_in.citation])
        crossing = share < self._recipe.to_passage + self._recipe.to_other_language
        lang = {"en": "fr", "fr": "en"}[lead_in.lang] if crossing else lead_in.lang
        for place in (lead_in.citation, lead_in.citation.article):
            others = [text for text in self._asked[place, lang] if text != lead_in.text]
            if others:
                return self._draw.choice(others)
        return lead_in.text


def _loss(asked: Tensor, partners: Tensor, outside: Tensor, articles: Tensor, temperature: float) -> Tensor:
    """InfoNCE both ways; texts of the same article are no examples against one another."""
    same = articles[:, None] == articles[None]
    own = torch.eye(len(asked), dtype=torch.bool)
    pairs = (asked @ partners.T / temperature).masked_fill(same & ~own, -1e4)
    others = (asked @ asked.T / temperature).masked_fill(same, -1e4)
    right = torch.arange(len(asked))
    there = nn.functional.cross_entropy(torch.cat([pairs, others, asked @ outside.T / temperature], 1), right)
    return (there + nn.functional.cross_entropy(pairs.T, right)) / 2


def train(library: Library, out: Path, recipe: Recipe, without: str = "") -> None:
    """Train on the lead-in questions of all instruments but `without`, and write the adapter to `out`."""
    torch.manual_seed(recipe.seed)
    draw = random.Random(recipe.seed)
    model = lowrank.shipped(recipe.pieces)
    added = lowrank.additions(model, recipe.rank)
    asked = [replace(q, text=for_english(q.text, q.lang)) for q in library.lead_ins if q.citation.instrument != without]
    outside = [for_english(q.text, q.lang) for q in library.outside]
    number = {article: at for at, article in enumerate(library.articles)}
    partners, encode = _Partners(asked, library.passages, recipe, draw), lowrank.Encoder(model)
    general = [embedded_text(p) for p in library.passages]
    everything = outside + general
    before = encode.before(everything)
    steps = int(recipe.epochs * len(asked) / recipe.batch)
    descent = lowrank.Descent(added, recipe.rate, steps)
    model.train()
    queue: list[LeadIn] = []
    started, mean = time.monotonic(), 0.0
    bar = tqdm(range(steps), desc="Training", unit=" batches")
    for step in bar:
        if len(queue) < recipe.batch:
            queue = draw.sample(asked, len(asked))
        taken, queue = queue[: recipe.batch], queue[recipe.batch :]
        kept = draw.sample(range(len(outside)), recipe.outside)
        kept += [len(outside) + at for at in draw.sample(range(len(general)), recipe.general)]
        texts = [q.text for q in taken] + [partners.of(q) for q in taken] + [everything[at] for at in kept]
        size = recipe.batch
        rows = encode(texts)
        asked_rows, partner_rows, rest = rows[:size], rows[size : 2 * size], rows[2 * size :]
        articles = torch.tensor([number[q.citation.article] for q in taken])
        loss = _loss(asked_rows, partner_rows, rest[: recipe.outside], articles, recipe.temperature)
        loss = loss + recipe.keep * lowrank.drift(rest, before[kept])
        descent.step(loss)
        mean = loss.item() if step == 0 else 0.95 * mean + 0.05 * loss.item()
        bar.set_postfix(loss=f"{mean:.3f}")
    about = {"recipe": json.dumps(asdict(recipe)), "without": without, "data": fingerprint(library), "questions": str(len(asked)),
             "steps": str(steps), "loss": f"{mean:.3f}", "minutes": f"{(time.monotonic() - started) / 60:.0f}"}  # fmt: skip
    save_file(lowrank.tensors(added, recipe.share), out, metadata=about)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--without", default="", help="leave the lead-in questions of this instrument out")
    parser.add_argument("--epochs", type=float, default=Recipe().epochs)
    chosen = parser.parse_args()
    train(ingest(), chosen.out, Recipe(epochs=chosen.epochs), chosen.without)


if __name__ == "__main__":
    main()
