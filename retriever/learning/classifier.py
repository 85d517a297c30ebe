"""Learns `retriever/classifier.safetensors` from the lead-in questions and `corpus/elsewhere.yaml`: `make classifier`, or `python
-m retriever.learning.classifier DATA_FOLDER`. Half a minute on two cores. No gold question is among them.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from ingest.library import Library
from retriever.classifier import Classifier
from retriever.embedders.adapter import fingerprint
from retriever.index import open_index
from retriever.learnt import shipped
from retriever.ports import Vectors


@dataclass(frozen=True, slots=True)
class Recipe:
    """How it is learnt. Chosen on the tuning questions, where 256 to 1,024 units and four to ten rounds are alike."""

    units: int = 512
    dropped: float = 0.2  # share of the units that each batch does without
    scale: float = 20.0  # of the vectors, as they are short
    batch: int = 512
    epochs: float = 6.0
    rate: float = 2e-3
    decay: float = 1e-3
    seed: int = 1


def learn(library: Library, vectors: Vectors, recipe: Recipe | None = None) -> Classifier:
    """Learn from the questions of `library`; `vectors` are those of an index over it: passages, lead-in questions, questions
    answered elsewhere."""
    recipe = recipe or Recipe()
    torch.manual_seed(recipe.seed)
    asked = [str(lead_in.citation) for lead_in in library.lead_ins]
    elsewhere = [question.entry for question in library.outside]
    places, entries = tuple(dict.fromkeys(asked)), tuple(dict.fromkeys(elsewhere))
    if not places:
        return Classifier.none(vectors.shape[1])
    at = {name: number for number, name in enumerate(places)}
    beyond = {name: len(places) + number for number, name in enumerate(entries)}
    classes = torch.tensor([at[name] for name in asked] + [beyond[name] for name in elsewhere])
    rows = torch.from_numpy(np.array(vectors[len(library.passages) :], np.float32))
    inner = nn.Linear(rows.shape[1], recipe.units)
    outer = nn.Linear(recipe.units, len(places) + len(entries))
    network = nn.Sequential(inner, nn.ReLU(), nn.Dropout(recipe.dropped), outer)
    steps = max(1, int(recipe.epochs * len(rows) / recipe.batch))
    optimizer = torch.optim.AdamW(network.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.rate, total_steps=steps)
    order = torch.empty(0, dtype=torch.long)
    for _ in tqdm(range(steps), desc="Learning", unit=" batches"):
        if len(order) < recipe.batch:
            order = torch.cat([order, torch.randperm(len(rows))])
        taken, order = order[: recipe.batch], order[recipe.batch :]
        loss = nn.functional.cross_entropy(network(rows[taken] * recipe.scale), classes[taken])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()

    def array(parameter: Tensor) -> Vectors:
        return np.ascontiguousarray(parameter.detach().numpy().T)

    return Classifier(
        places, entries, array(inner.weight) * np.float32(recipe.scale), array(inner.bias), array(outer.weight),
        array(outer.bias),
    )  # fmt: skip


def renew(data: Path) -> str:
    """Learn from the index below `data`, write it, and say from how many questions."""
    generation = open_index(data, worded=True)
    library = generation.library
    about = {"embedder": generation.embedder, "recipe": json.dumps(asdict(Recipe())), "data": fingerprint(library),
             "questions": str(len(library.lead_ins) + len(library.outside))}  # fmt: skip
    learn(library, generation.vectors).write(shipped("classifier"), about)
    return f"Learnt from {len(library.lead_ins)} lead-in questions and {len(library.outside)} answered elsewhere."


if __name__ == "__main__":
    print(renew(Path(sys.argv[1])))
