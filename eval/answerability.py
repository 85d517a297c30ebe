"""Learns `retriever/answerability.safetensors` from the training documents: `make answerability`, or `python -m
eval.answerability DATA_FOLDER`. Five minutes on two cores, most of them to read the documents.

Each question is compared with the passage that answers it, if one does, and with the nearest others of its document.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np
from tqdm import tqdm

from eval import own_texts
from ingest.pipeline import ingest
from retriever import drivers
from retriever.index import embedded, open_index
from retriever.learning.answerability import Example, Recipe, learn
from retriever.learnt import shipped
from retriever.ports import Asker, Vectors
from retriever.rendering import for_english

# So many of the nearest others are drawn from.
OTHERS = 8


def examples(asker: Asker) -> Iterator[Example]:
    """The training questions with the passages of their documents; the name of its document stands before the last hyphen of a
    question's id."""
    texts = defaultdict[str, list[tuple[str, str]]](list)
    for passage in ingest(None, own_texts.entries("training")).passages:
        texts[passage.citation.instrument].append((str(passage.citation), embedded(passage, english_only=True)))

    @cache
    def vectors(document: str) -> Vectors:
        return asker.embed([text for _, text in texts[document]])

    @cache
    def words(text: str) -> Vectors:
        return asker.words(text)[1]

    for question in tqdm(own_texts.questions("training"), desc="Reading", unit=" questions"):
        document = question.id.rpartition("-")[0]
        said = for_english(question.question, question.lang)
        [vector] = asker.embed([said])
        nearest = [texts[document][row] for row in np.argsort(-(vectors(document) @ vector), kind="stable")]
        wanted = set(map(str, question.expected))
        right = next((words(text) for citation, text in nearest if citation in wanted), None)
        others = [text for citation, text in nearest if citation not in wanted][:OTHERS]
        yield Example(words(said), right, tuple(map(words, others)))


def renew(data: Path, embedder: str = "sentence") -> str:
    """Learn and write it, for the word vectors that the index below `data` is asked with; say from how many questions."""
    generation = open_index(data)
    made = list(examples(drivers.embedder(embedder).quick(generation.quick)))
    learnt = learn(made, Recipe())
    about = {"embedder": generation.embedder, "recipe": json.dumps(asdict(Recipe())), "questions": str(len(made))}
    learnt.write(shipped("answerability"), about)
    answered = sum(example.answer is not None for example in made)
    return f"Learnt from {answered} questions with an answer and {len(made) - answered} without."


if __name__ == "__main__":
    print(renew(Path(sys.argv[1])))
