"""Runs gold questions through the same `Assistant` that users ask, and through the two baselines."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from eval import gold
from eval.gold import Gold
from eval.measures import Figures, Outcome, figures
from ingest.treaty import Citation
from retriever.analysis import stems
from retriever.answer import Refusal
from retriever.assistant import Assistant
from retriever.lexical import Lexicon
from retriever.search import Near
from retriever.words import embedded_text


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All outcomes of all systems, and their figures. Baselines never refuse and cite articles only."""

    outcomes: dict[str, tuple[Outcome, ...]]
    figures: dict[str, Figures]
    files: tuple[str, ...]


class _Baselines:
    """BM25 alone and dense alone over the same passages as Basis; an article counts as its best passage does."""

    def __init__(self, assistant: Assistant) -> None:
        self._searcher = assistant.searcher
        passages = assistant.library.passages
        number = {article: position for position, article in enumerate(self._searcher.articles)}
        self._groups = np.array([number[p.citation.article] for p in passages], np.int64)
        self._lexicon = Lexicon.of([stems(embedded_text(p), "en") for p in passages])

    def ranked(self, question: Gold) -> dict[str, tuple[Citation, ...]]:
        view = self._searcher.view(" ".join([*question.history, question.question]), question.lang)
        size = len(self._searcher.articles)
        scores = self._lexicon.scores(view.stems)
        bm25 = Near.of(scores, len(scores)).best(self._groups, 1, size)
        dense = self._searcher.score(view).passages
        return {
            name: tuple(self._searcher.articles[at] for at in np.argsort(-scores, kind="stable")[:10])
            for name, scores in (("BM25 alone", bm25), ("dense alone", dense))
        }


def _source(assistant: Assistant, question: Gold) -> str:
    """The kind of instrument that answers the question: see `Outcome`."""
    if not question.expected:
        return ""
    instrument = assistant.library.instruments[question.expected[0].instrument]
    return "output" if instrument.is_output else instrument.kind


def evaluate(assistant: Assistant, files: Sequence[Path] = (), progress: bool = True) -> Evaluation:
    """Measure `files` (default: the shipped report questions)."""
    paths = list(files) or gold.shipped("report")
    questions = gold.load(paths)
    baselines = _Baselines(assistant)
    assistant.ask("warm up: what is a computer system?")
    outcomes: dict[str, list[Outcome]] = {"Basis": [], "BM25 alone": [], "dense alone": []}
    for question in tqdm(questions, desc="Asking", unit=" questions", disable=not progress):
        started = time.perf_counter()
        reply = assistant.ask(question.question, question.history)
        spent = (time.perf_counter() - started) * 1000
        ground = reply.ground.value if isinstance(reply, Refusal) else None
        cited = tuple(hit.citation for hit in reply.hits)
        source = _source(assistant, question)
        outcomes["Basis"].append(Outcome(question, cited, ground, reply.confidence, spent, source))
        for name, articles in baselines.ranked(question).items():
            outcomes[name].append(Outcome(question, articles, None, 1.0, 0.0, source))
    done = {name: tuple(rows) for name, rows in outcomes.items()}
    return Evaluation(done, {name: figures(rows) for name, rows in done.items()}, tuple(path.name for path in paths))
