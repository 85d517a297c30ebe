"""Trains the adapter with which the model reads a question that follows others: `python -m retriever.learning.conversations
OUT.safetensors`, or `make conversations`. 18 minutes on two cores.

The vector of question and earlier questions together is to be that of the question in full, as the adapted model gives it, and
is to tell the classifier what that one tells it, and what answers it. A question of the index that stands alone, whatever was
asked before it, is to keep its own vector. The adapted model, the index and the classifier stay as they are. The data are
`corpus/conversations.tsv` and the corpus's lead-in questions and questions answered elsewhere: no gold question is among them.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from tqdm import tqdm

from ingest.conversations import Conversation, conversations
from ingest.library import Library
from ingest.pipeline import ingest
from ingest.treaty import LeadIn, Outside
from retriever import drivers
from retriever.classifier import Classifier
from retriever.embedders.adapter import adapt, fingerprint, shipped_adapter
from retriever.embedders.conversation import said_after
from retriever.learning import lowrank
from retriever.rendering import for_english, language


@dataclass(frozen=True, slots=True)
class Recipe:
    """How it is trained. Chosen on conversations of writers who were left out, and on the tuning questions."""

    rank: int = 32
    epochs: float = 3.0
    batch: int = 48
    alone: int = 16  # of these so many are questions of the index behind others that have nothing to do with them
    near: float = 10.0  # how much the likeness of the vectors counts beside what the classifier is told
    rate: float = 1.2e-3
    pieces: int = 128  # longest text, in word pieces
    seed: int = 1


class Example(NamedTuple):
    """A question behind others as the model is given it, the same in full, and the number of the place that answers it among the
    classifier's, -1 where that is not known."""

    text: str
    alone: str
    place: int


def written(told: Sequence[Conversation], numbers: Mapping[str, int]) -> list[Example]:
    """What is learnt from each conversation, put into English words as one that is asked is; `numbers` of the places."""
    made = []
    for one in told:
        lang = language(one.question)
        text = said_after(for_english(" ".join(one.earlier), lang), for_english(one.question, lang))
        made.append(Example(text, one.alone, numbers.get(str(one.citation), -1)))
    return made


def standing(library: Library, draw: random.Random, count: int, numbers: Mapping[str, int]) -> Iterator[Example]:
    """Questions of the index, a quarter of them answered elsewhere, each behind one to three others in its language."""
    asked = {lang: [q for q in library.lead_ins if q.lang == lang] for lang in ("en", "fr")}
    for _ in range(count):
        last: LeadIn | Outside = draw.choice(library.outside) if draw.random() < 0.25 else draw.choice(library.lead_ins)
        earlier = [
            for_english(draw.choice(asked[last.lang]).text, last.lang) for _ in range(draw.choice((1, 1, 1, 2, 2, 3)))
        ]
        text = for_english(last.text, last.lang)
        place = numbers.get(str(last.citation), -1) if isinstance(last, LeadIn) else -1
        yield Example(said_after(" ".join(earlier), text), text, place)


def _told(classifier: Classifier, rows: Tensor) -> Tensor:
    """`Classifier.shares` of many vectors, to be learnt through: the logarithms of the probabilities."""
    inner, inner_bias, outer, outer_bias = (
        torch.from_numpy(array)
        for array in (classifier.inner, classifier.inner_bias, classifier.outer, classifier.outer_bias)
    )
    return nn.functional.log_softmax(nn.functional.relu(rows @ inner + inner_bias) @ outer + outer_bias, dim=1)


def _wanted(told: Tensor, places: Tensor) -> Tensor:
    """What the classifier is to be told: half what the question in full tells it, half what answers; all of the first
    where that is not known."""
    wanted = told.exp()
    known = places >= 0
    right = nn.functional.one_hot(places.clamp(min=0), wanted.shape[1]).float()
    return torch.where(known[:, None], (wanted + right) / 2, wanted)


def train(library: Library, told: Sequence[Conversation], out: Path, recipe: Recipe | None = None) -> None:
    """Train what is added to the model with the shipped adapter, and write it to `out`."""
    recipe = recipe or Recipe()
    started = time.monotonic()
    torch.manual_seed(recipe.seed)
    draw = random.Random(recipe.seed)
    model = lowrank.shipped(recipe.pieces)
    adapt(model, shipped_adapter())
    encode = lowrank.Encoder(model)
    embedder = drivers.embedder().name
    classifier = Classifier.of(embedder, int(model.get_embedding_dimension() or 0))
    numbers = {place: number for number, place in enumerate(classifier.places)}
    own = written(told, numbers)
    fresh = recipe.batch - recipe.alone
    steps = int(recipe.epochs * len(own) / fresh)
    others = list(standing(library, draw, steps * recipe.alone, numbers))
    targets = encode.before([example.alone for example in own + others])
    added = lowrank.additions(model, recipe.rank)
    descent = lowrank.Descent(added, recipe.rate, steps)
    model.train()
    queue: list[int] = []
    bar = tqdm(range(steps), desc="Training", unit=" batches")
    everything, mean = own + others, 0.0
    for step in bar:
        if len(queue) < fresh:
            queue = draw.sample(range(len(own)), len(own))
        taken, queue = queue[:fresh], queue[fresh:]
        taken = taken + list(range(len(own) + step * recipe.alone, len(own) + (step + 1) * recipe.alone))
        rows, target = encode([everything[number].text for number in taken]), targets[taken]
        places = torch.from_numpy(np.array([everything[number].place for number in taken]))
        loss = recipe.near * (1 - (rows * target).sum(dim=1)).mean()
        loss = loss - (_wanted(_told(classifier, target), places) * _told(classifier, rows)).sum(dim=1).mean()
        descent.step(loss)
        mean = loss.item() if step == 0 else 0.95 * mean + 0.05 * loss.item()
        bar.set_postfix(loss=f"{mean:.3f}")
    data = sha256("\n".join(f"{one.text}\t{one.alone}" for one in own).encode()).hexdigest()[:16]
    about = {"recipe": json.dumps(asdict(recipe)), "embedder": embedder, "data": fingerprint(library), "conversations": str(len(own)),
             "told": data, "steps": str(steps), "loss": f"{mean:.3f}", "minutes": f"{(time.monotonic() - started) / 60:.0f}"}  # fmt: skip
    save_file(lowrank.tensors(added, 1.0), out, metadata=about)


if __name__ == "__main__":
    train(ingest(), conversations(), Path(sys.argv[1]))
