"""Trains the adapter further on the training documents (`retriever.learning.passages`): `python -m eval.adapter
ADAPTER.safetensors`, the second part of `make train`. Ten minutes on two cores.
"""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from pathlib import Path

from eval import own_texts
from ingest.library import Library
from ingest.pipeline import ingest
from retriever.index import embedded
from retriever.learning.passages import Pair, Recipe, further
from retriever.rendering import for_english

SEED = 5


def pairs() -> list[Pair]:
    """The questions on the training documents that a passage answers, in English words as all that is embedded."""
    texts = defaultdict[str, list[tuple[str, str]]](list)
    for passage in ingest(None, own_texts.entries("training")).passages:
        texts[passage.citation.instrument].append((str(passage.citation), embedded(passage, english_only=True)))
    made = []
    for question in filter(lambda question: question.answerable, own_texts.questions("training")):
        held = texts[question.expected[0].instrument]
        wanted = set(map(str, question.expected))
        right = next((text for citation, text in held if citation in wanted), None)
        if right is not None:
            others = tuple(text for citation, text in held if citation not in wanted)
            made.append(Pair(for_english(question.question, question.lang), right, others))
    return made


def own(library: Library) -> list[str]:
    """Texts of the corpus, a third of them passages, in English words."""
    asked = [(q.text, q.lang) for q in library.lead_ins] + [(q.text, q.lang) for q in library.outside]
    drawn = random.Random(SEED).sample(asked, 2 * len(library.passages))
    return [embedded(passage, english_only=True) for passage in library.passages] + [for_english(*q) for q in drawn]


def renew(adapter: Path) -> str:
    """Train it, write it, and say from how many questions."""
    made = pairs()
    further(adapter, made, own(ingest()), Recipe(), adapter)
    return f"Trained on {len(made)} questions on documents."


if __name__ == "__main__":
    print(renew(Path(sys.argv[1])))
