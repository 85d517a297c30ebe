"""What each searcher is worth: the tuning questions asked with one of them switched off, and with ranks fused instead of
scores. `python -m eval.ablation DATA_FOLDER`, or `make ablation`.

The tuning set, and not the report set: what is decided by these figures must not be decided on what is reported.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path

import numpy as np

from eval import gold
from eval.baselines import RRF
from eval.measures import ranking_scores
from eval.report import markdown
from eval.run import measure
from eval.runfile import BASIS
from eval.significance import paired
from eval.tables import Table, interval, percent
from retriever import drivers
from retriever.assistant import Assistant
from retriever.classifier import Classifier
from retriever.confidence import Calibration
from retriever.index import open_index
from retriever.ports import Scores
from retriever.search import WEIGHTS, Scored, Searcher, View, Weights

MEASURES = ("success@1", "success@5", "nDCG@10")


class _Ranks(Searcher):
    """The same searchers, fused by reciprocal rank."""

    def score(self, view: View) -> Scored:
        scored = super().score(view)
        fused: Scores = np.zeros(len(self.articles), np.float32)
        told = scored.classifier - scored.classifier.min()  # nothing where it knows no article
        searched = (scored.passages, scored.lead_ins, scored.words, scored.spelling, scored.rendered, told)
        for scores in filter(np.any, searched):
            fused[np.argsort(-scores, kind="stable")] += 1 / (RRF + 1 + np.arange(len(scores), dtype=np.float32))
        # On the scale of the weighted sum, so that what a named instrument gains counts the same.
        return replace(scored, fused=(fused - fused.mean()) / fused.std() * scored.fused.std())


def _without(name: str) -> Weights:
    return replace(WEIGHTS, **{name: 0.0})


def systems(data: Path) -> Iterator[tuple[str, Assistant]]:
    """The whole of it first, then each variant."""
    generation, embedder = open_index(data), drivers.embedder()
    asker = embedder.quick(generation.quick)
    made: dict[str, Callable[[], Searcher]] = {"all searchers": lambda: Searcher(generation, asker)}
    for field in fields(Weights):
        if field.name == "classifier":  # then the lead-in questions count for it
            continue
        made[f"without {field.name.replace('_', '-')}"] = lambda name=field.name: Searcher(
            generation, asker, weights=_without(name)
        )  # type: ignore[misc]
    none = Classifier.none(generation.vectors.shape[1])
    made["without classifier"] = lambda: Searcher(generation, asker, classifier=none)
    made["fused by reciprocal rank"] = lambda: _Ranks(generation, asker)
    made["the whole model instead of its 8-bit copy"] = lambda: Searcher(generation, embedder)
    for name, searcher in made.items():
        yield name, Assistant(searcher(), Calibration.shipped())


def ablation(data: Path, sample: int | None = None) -> Table:
    """One row for each variant: its figures, and the difference to the whole with its 95 % interval. `sample`: about so many
    of the tuning questions, all where None."""
    questions = gold.load(gold.shipped("tuning"))
    questions = gold.sampled(questions, sample) if sample else questions
    questions = [q for q in questions if q.answerable and q.searched]
    rows: list[tuple[str, ...]] = []
    whole: dict[str, list[float]] = {}
    for name, assistant in systems(data):
        found = ranking_scores(measure(assistant, questions, progress=False)[BASIS])
        whole = whole or found
        lost = paired(whole["success@1"], found["success@1"])
        rows.append(
            (
                name,
                *(percent(float(np.mean(found[m]))) for m in MEASURES),
                "" if found is whole else interval(lost.difference),
            )
        )
    return Table(
        f"{len(questions)} tuning questions", "What is lost where a searcher is switched off, or fused otherwise.",
        ("system", *MEASURES, "success@1 less that of the whole"), tuple(rows),
    )  # fmt: skip


if __name__ == "__main__":
    print(markdown(ablation(Path(sys.argv[1]))))
