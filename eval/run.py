"""Runs gold questions through the same `Assistant` that users ask, and through baselines."""

from __future__ import annotations

import datetime
import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from eval import gold
from eval.evidence import evidence
from eval.gold import Gold
from eval.measures import Outcome
from eval.runfile import BASIS, Origin
from ingest.errors import IndexingError, UsageError
from ingest.treaty import Citation
from retriever.answer import Refusal
from retriever.assistant import Assistant

# Ranks articles for a question, best first, at most ten.
Ranker = Callable[[Gold], tuple[Citation, ...]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which questions to ask: `files`, else the shipped ones of `chosen` ("report" or "tuning"); of them all, or about
    `sample`."""

    files: tuple[Path, ...] = ()
    chosen: str = "report"
    sample: int | None = None
    paths: tuple[Path, ...] = field(init=False)

    def __post_init__(self) -> None:
        if self.sample is not None and self.sample < 1:
            raise UsageError(f"wanted a sample of at least 1 question, found {self.sample}")
        object.__setattr__(self, "paths", self.files or tuple(gold.shipped(self.chosen)))

    def questions(self) -> list[Gold]:
        """Raises CorpusError where a file is wrong, UsageError where there is no question in them."""
        questions = gold.load(self.paths)
        if not questions:
            raise UsageError(f"no gold questions in {', '.join(map(str, self.paths))}")
        return gold.sampled(questions, self.sample) if self.sample is not None else questions


def origin(data: Path, asked: Asked, version: str, settings: Mapping[str, str]) -> Origin:
    """Where a run over the index below `data` comes from, made now; the files of `asked` have been read before. Raises
    IndexingError where there is no index."""
    try:
        name = (data / "index" / "CURRENT").read_text(encoding="utf-8").strip()
        manifest = json.loads((data / "index" / name / "manifest.json").read_text(encoding="utf-8"))
        embedder = str(manifest["embedder"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexingError(f"There is no index in {data} ({error}). Run `basis index` to build it.") from error
    files = tuple(
        (str(path) if asked.files else path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in asked.paths
    )
    made = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    chosen = dict(settings) | ({} if asked.sample is None else {"sample": str(asked.sample)})
    return Origin(made, version, name, embedder, tuple(chosen.items()), files)


def _source(assistant: Assistant, question: Gold) -> str:
    """The kind of instrument that answers the question: see `Outcome`."""
    if not question.expected:
        return ""
    instrument = assistant.library.instruments[question.expected[0].instrument]
    return "output" if instrument.is_output else instrument.kind


def _asked(assistant: Assistant, question: Gold, source: str) -> Outcome:
    started = time.perf_counter()
    reply = assistant.ask(question.question, question.history)
    spent = (time.perf_counter() - started) * 1000
    return Outcome(
        question, tuple(hit.citation for hit in reply.hits), reply.ground.value if isinstance(reply, Refusal) else None,
        reply.confidence, spent, source, evidence(reply.hits[0], question) if reply.hits else None,
    )  # fmt: skip


def measure(
    assistant: Assistant, questions: Sequence[Gold], rankers: Mapping[str, Ranker] | None = None, progress: bool = True
) -> dict[str, tuple[Outcome, ...]]:
    """The outcomes of Basis and of every ranker, by system. Rankers never refuse, cite articles only, and have confidence 1.

    Raises UsageError where a question expects what the index does not hold: it could only be failed.
    """
    known = assistant.library.citations()
    absent = [(q.id, c) for q in questions for c in (*q.expected, *q.also) if c not in known]
    if absent:
        raise UsageError(
            f"{len(absent)} addresses in the gold questions are not in this index, first {absent[0][1]} in question "
            f"{absent[0][0]!r}; wanted addresses as `basis show` knows them"
        )
    rankers = rankers or {}
    assistant.ask("warm up: what is a computer system?")
    outcomes: dict[str, list[Outcome]] = {BASIS: [], **{name: [] for name in rankers}}
    sources = [_source(assistant, question) for question in questions]
    with tqdm(total=len(questions) * len(outcomes), desc="Asking", unit=" questions", disable=not progress) as bar:
        # One system after the other: a baseline's threads would still be busy while Basis is timed.
        for question, source in zip(questions, sources, strict=True):
            outcomes[BASIS].append(_asked(assistant, question, source))
            bar.update()
        for name, ranked in rankers.items():
            for question, source in zip(questions, sources, strict=True):
                started = time.perf_counter()
                articles = ranked(question)
                spent = (time.perf_counter() - started) * 1000
                outcomes[name].append(Outcome(question, articles, None, 1.0, spent, source))
                bar.update()
    return {name: tuple(rows) for name, rows in outcomes.items()}
