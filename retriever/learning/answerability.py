"""Learns when a passage answers a question (`retriever.answerability`)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from tqdm import tqdm

from retriever.answerability import Answerability
from retriever.ports import Vectors


@dataclass(frozen=True, slots=True)
class Example:
    """A question, the passage that answers it (None where nothing does), and others near it, nearest first: the vectors of
    their words."""

    question: Vectors
    answer: Vectors | None
    others: tuple[Vectors, ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How it is learnt. Chosen on the training documents, fourteen of them held out, and on the tuning questions."""

    passages: int = 4  # compared with each question at a time
    batch: int = 24
    epochs: float = 2.0
    rate: float = 2e-3
    decay: float = 0.02
    seed: int = 1


class _Model(nn.Module):
    """`Answerability.answers` for batches, with what is learnt of it."""

    def __init__(self, plain: Answerability) -> None:
        super().__init__()
        self.turn, self.counts = (nn.Parameter(torch.tensor(array)) for array in (plain.turn, plain.counts))
        self.base, self.scale, self.shift = (
            nn.Parameter(torch.tensor(number)) for number in (plain.base, plain.scale, plain.shift)
        )

    def forward(self, questions: Tensor, passages: Tensor) -> Tensor:
        """The log-odds of each pair; absent words are rows of zeros."""
        asked, there = questions.any(dim=2), passages.any(dim=2)
        turned = [nn.functional.normalize(words @ self.turn, dim=2) for words in (questions, passages)]
        best = (turned[0] @ turned[1].transpose(1, 2)).masked_fill(~there[:, None], -1).amax(dim=2)
        weight = nn.functional.softplus(questions @ self.counts + self.base) * asked
        return self.scale * (best * weight).sum(dim=1) / weight.sum(dim=1) + self.shift

    def learnt(self) -> Answerability:
        turn, counts, base, scale, shift = (
            parameter.detach().numpy() for parameter in (self.turn, self.counts, self.base, self.scale, self.shift)
        )
        return Answerability(turn, counts, float(base), float(scale), float(shift))


def _padded(texts: Sequence[Vectors]) -> Tensor:
    rows = torch.zeros(len(texts), max(map(len, texts)), texts[0].shape[1])
    for row, words in zip(rows, texts, strict=True):
        row[: len(words)] = torch.from_numpy(words)
    return rows


def learn(examples: Sequence[Example], recipe: Recipe) -> Answerability:
    """What tells best which of some passages answers each question, or that none does: to each question
    belong log-odds of 0 that nothing answers it, and the softmax of all is to be right."""
    torch.manual_seed(recipe.seed)
    draw = random.Random(recipe.seed)
    model = _Model(Answerability.plain(examples[0].question.shape[1]))
    optimizer = torch.optim.AdamW(model.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
    order: list[Example] = []
    while len(order) < recipe.epochs * len(examples):
        order += draw.sample(examples, len(examples))
    count = int(recipe.epochs * len(examples))
    batches = [order[at : min(at + recipe.batch, count)] for at in range(0, count, recipe.batch)]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.rate, total_steps=len(batches), pct_start=0.1)
    for batch in tqdm(batches, desc="Learning", unit=" batches"):
        passages: list[Vectors] = []
        for example in batch:
            first = [] if example.answer is None else [example.answer]
            beside = recipe.passages - len(first)
            # What is nearest and does not answer tells most where nothing answers.
            passages += first + (draw.sample(example.others, beside) if first else list(example.others[:beside]))
        questions = [example.question for example in batch for _ in range(recipe.passages)]
        odds = model(_padded(questions), _padded(passages)).view(len(batch), recipe.passages)
        right = torch.tensor([recipe.passages if example.answer is None else 0 for example in batch])
        loss = nn.functional.cross_entropy(torch.cat([odds, torch.zeros(len(batch), 1)], dim=1), right)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    return model.learnt()
