"""What Basis is measured against: four ways to search the same sources without what makes Basis.

BM25 over the passages; the embedding model as it came over the passages; both by reciprocal rank fusion; and what most
tutorials build: LangChain's recursive splitter over whole texts, the same model, FAISS. An article ranks as its best
passage or chunk does. Earlier questions of a conversation are put before the question.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

import numpy as np
from langchain_text_splitters import RecursiveCharacterTextSplitter
from tqdm import tqdm

from eval.gold import Gold
from eval.run import Ranker
from ingest.library import Library
from ingest.treaty import RESTATEMENT, Citation, Expression
from retriever import drivers
from retriever.analysis import stems
from retriever.embedders.sentence import shipped_model
from retriever.lexical import Lexicon
from retriever.ports import Embedder
from retriever.words import embedded_text

MOST = 10
# The constant of Cormack, Clarke and Büttcher (SIGIR 2009), which most systems keep.
RRF = 60
CHUNK, OVERLAP = 1000, 200


def _text(question: Gold) -> str:
    return " ".join([*question.history, question.question])


class Words:
    """BM25 over the passages; an article that shares no word with the question is not ranked."""

    def __init__(self, library: Library) -> None:
        self._articles = tuple(library.articles)
        number = {article: place for place, article in enumerate(self._articles)}
        self._groups = np.array([number[p.citation.article] for p in library.passages], np.int64)
        self._lexicon = Lexicon.of([stems(embedded_text(p), p.lang) for p in library.passages])

    def all(self, question: Gold) -> list[Citation]:
        """Every article found, best first."""
        found = self._lexicon.scores(stems(_text(question), question.lang))
        scores = np.zeros(len(self._articles), np.float32)
        np.maximum.at(scores, self._groups, found)
        return [self._articles[at] for at in np.argsort(-scores, kind="stable") if scores[at] > 0]

    def __call__(self, question: Gold) -> tuple[Citation, ...]:
        return tuple(self.all(question)[:MOST])


class Dense:
    """Cosine over texts, each of which counts for one article."""

    def __init__(
        self, pieces: Sequence[tuple[str, Citation]], embedder: Embedder, store: str, progress: bool = False
    ) -> None:
        self._embedder = embedder
        self._of = [article for _, article in pieces]
        with tqdm(total=len(pieces), desc="Embedding for a baseline", unit=" texts", disable=not progress) as bar:
            vectors = embedder.embed([text for text, _ in pieces], bar.update)
        self._store = drivers.store(store, embedder.dim)
        self._store.add(vectors)

    def all(self, question: Gold) -> list[Citation]:
        """Every article, best first."""
        vector = self._embedder.embed([_text(question)])[0]
        found, _ = self._store.search(vector, len(self._store))
        return list(dict.fromkeys(self._of[row] for row in found))

    def __call__(self, question: Gold) -> tuple[Citation, ...]:
        return tuple(self.all(question)[:MOST])


def fused(rankings: Iterable[Sequence[Citation]]) -> list[Citation]:
    """Reciprocal rank fusion: the sum of 1 / (60 + rank) over the rankings; ties in order of first appearance.

    >>> a, b, c = (Citation("ets-185", (f"art_{n}",)) for n in (1, 2, 3))
    >>> [str(found) for found in fused([[a, b], [b, c]])]
    ['ets-185/art_2', 'ets-185/art_1', 'ets-185/art_3']
    """
    scores: dict[Citation, float] = {}
    for ranking in rankings:
        for rank, article in enumerate(ranking, 1):
            scores[article] = scores.get(article, 0.0) + 1 / (RRF + rank)
    return sorted(scores, key=lambda article: -scores[article])


def chunks(text: str) -> list[tuple[int, int]]:
    """Where LangChain's splitter cuts `text`, as half-open spans, ascending, that may overlap.

    Counted here: the splitter's own `start_index` is at times -1 or that of a repetition. A chunk starts after the one
    before it, and no further back than the overlap allows.
    """
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP)
    spans: list[tuple[int, int]] = []
    for chunk in splitter.split_text(text):
        before, after = spans[-1] if spans else (-1, 0)
        start = text.find(chunk, max(before + 1, after - OVERLAP))
        if start < 0 or text[after:start].strip():
            raise AssertionError(f"the splitter changed or left out text after {after}: {chunk[:60]!r}")
        spans.append((start, start + len(chunk)))
    if text[spans[-1][1] if spans else 0 :].strip():
        raise AssertionError("the splitter left out the end of the text")
    return spans


def owner(span: tuple[int, int], wording: Expression) -> Citation | None:
    """The article that holds most characters of the span, the first where several do; None where it lies in none."""
    wholes = [p for p in wording.provisions if p.citation == p.citation.article]
    held = [(min(span[1], p.end) - max(span[0], p.start), -p.position, p.citation) for p in wholes]
    best = max(held, key=lambda each: each[:2], default=(0, 0, None))
    return best[2] if best[0] > 0 else None


def chunked(library: Library) -> list[tuple[str, Citation]]:
    """The chunks of every instrument's restatement with their articles, context of their own they have none."""
    pieces = []
    for (_, name), wording in library.expressions.items():
        if name == RESTATEMENT:
            for span in chunks(wording.source.text):
                if article := owner(span, wording):
                    pieces.append((wording.source.text[slice(*span)], article))
    return pieces


def rankers(library: Library, store: str, embedder: Embedder | None = None, progress: bool = True) -> dict[str, Ranker]:
    """The baselines by name; `embedder` is by default the shipped model as it came."""
    model = embedder or drivers.embedder(f"sentence:{shipped_model()}")
    words = Words(library)
    dense = Dense([(embedded_text(p), p.citation.article) for p in library.passages], model, store, progress)
    split = Dense(chunked(library), model, store, progress)

    def both(question: Gold) -> tuple[Citation, ...]:
        return tuple(islice(fused([words.all(question), dense.all(question)]), MOST))

    return {"BM25": words, "dense": dense, "BM25 + dense (RRF)": both, "LangChain splitter": split}
