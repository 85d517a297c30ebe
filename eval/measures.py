"""The measures. Ranking is judged by article: `expected` has grade 2, `also` grade 1 (nDCG@10 counts both, the others
grade 2 only); ir-measures computes them. A question without reply scores 0."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import ir_measures
import numpy as np
from ir_measures import RR, R, Success, nDCG
from sklearn.metrics import roc_auc_score

from eval.evidence import Evidence
from eval.gold import Gold
from ingest.treaty import Citation
from retriever.answer import SURE_FROM

FIRST = Success(rel=2) @ 1
FIFTH = Success(rel=2) @ 5
RECALL = R(rel=2) @ 5
NDCG = nDCG @ 10
MRR = RR(rel=2) @ 10
RANKING = {"success@1": FIRST, "success@5": FIFTH, "nDCG@10": NDCG, "RR@10": MRR, "R@5": RECALL}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one system gave for one question: citations best first, and whether it refused, why and how sure it was
    (`confidence` in [0, 1]). `source` is the kind of instrument that answers it: "treaty", "protocol", "output" or
    "document"; empty where nothing does. `evidence` is set where the first article is right and its words were marked."""

    gold: Gold
    citations: tuple[Citation, ...]
    ground: str | None
    confidence: float
    milliseconds: float
    source: str = ""
    evidence: Evidence | None = None

    @property
    def refused(self) -> bool:
        return self.ground is not None

    @property
    def sure(self) -> bool:
        """Whether it answered without saying that it is not sure."""
        return not self.refused and self.confidence >= SURE_FROM

    @property
    def first_right(self) -> bool:
        """Whether the article ranked first is an expected one, refused or not."""
        return bool(self.citations) and self.citations[0].article in {c.article for c in self.gold.expected}

    @property
    def right(self) -> bool:
        """Whether a person was served: refused where nothing answers, else answered with an expected article first."""
        return self.first_right and not self.refused if self.gold.answerable else self.refused


@dataclass(frozen=True, slots=True)
class Row:
    """Figures for one kind of answerable question; shares in [0, 1]. `exact`: of the questions that expect a paragraph,
    point or statement and got the right article first, the share cited at that very place."""

    questions: int
    first: float
    fifth: float
    recall_5: float
    ndcg_10: float
    mrr_10: float
    exact: float
    refused: float


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one system. `refusals` by ground: how many unanswerable questions there are, the share refused, and
    the share refused on the right ground. Latency in milliseconds for a whole reply."""

    kinds: dict[str, Row]
    refusals: dict[str, tuple[int, float, float]]
    auroc: float
    p50: float
    p95: float


def _judged(outcomes: Iterable[Outcome]) -> tuple[dict[str, dict[str, int]], dict[str, dict[str, float]]]:
    """The grades of the articles and the ranking given, by question, as ir-measures takes them."""
    qrels: dict[str, dict[str, int]] = {}
    run: dict[str, dict[str, float]] = {}
    for outcome in outcomes:
        grades = {str(c.article): 1 for c in outcome.gold.also} | {str(c.article): 2 for c in outcome.gold.expected}
        qrels[outcome.gold.id] = grades
        articles = list(dict.fromkeys(str(c.article) for c in outcome.citations))
        run[outcome.gold.id] = {article: -float(rank) for rank, article in enumerate(articles)} or {"none": 0.0}
    return qrels, run


def ranking_scores(outcomes: Sequence[Outcome]) -> dict[str, list[float]]:
    """For each measure of `RANKING` its value for every one of these answerable questions, in order."""
    qrels, run = _judged(outcomes)
    found: dict[str, dict[str, float]] = {name: {} for name in RANKING}
    names = {measure: name for name, measure in RANKING.items()}
    if outcomes:
        for metric in ir_measures.iter_calc(list(names), qrels, run):
            found[names[metric.measure]][metric.query_id] = float(metric.value)
    return {name: [values[outcome.gold.id] for outcome in outcomes] for name, values in found.items()}


def exact_places(outcomes: Sequence[Outcome]) -> list[bool]:
    """For the questions that expect a place in the article that came first: whether that very place was cited."""
    return [
        o.citations[0] in o.gold.expected
        for o in outcomes
        if o.citations and any(c != c.article == o.citations[0].article for c in o.gold.expected)
    ]


def _row(outcomes: Sequence[Outcome]) -> Row:
    scores = {name: float(np.mean(values)) for name, values in ranking_scores(outcomes).items()}
    exact = exact_places(outcomes)
    return Row(
        len(outcomes), scores["success@1"], scores["success@5"], scores["R@5"], scores["nDCG@10"], scores["RR@10"],
        float(np.mean(exact)) if exact else float("nan"), float(np.mean([o.refused for o in outcomes])),
    )  # fmt: skip


def groups(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    """The answerable questions by kind, by language, by kind of instrument, and together ("all"); no group is empty."""
    answerable = [o for o in outcomes if o.gold.answerable]
    made = {
        kind: [o for o in answerable if o.gold.kind == kind] for kind in dict.fromkeys(o.gold.kind for o in answerable)
    }
    made |= {f"language {lang}": [o for o in answerable if o.gold.lang == lang] for lang in ("en", "fr")}
    made |= {
        f"source {name}": [o for o in answerable if o.source == name]
        for name in ("treaty", "protocol", "output", "document")
    }
    return {name: group for name, group in {**made, "all": answerable}.items() if group}


def refusal_groups(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    """The unanswerable questions by the ground that is expected, and together ("all"); no group is empty."""
    rest = [o for o in outcomes if not o.gold.answerable]
    made = {
        ground: [o for o in rest if o.gold.ground == ground]
        for ground in dict.fromkeys(str(o.gold.ground) for o in rest)
    }
    return {**made, "all": rest} if rest else {}


def figures(outcomes: Iterable[Outcome]) -> Figures:
    """The figures of one system's outcomes."""
    outcomes = list(outcomes)
    refusals = {
        ground: (len(mine), float(np.mean([o.refused for o in mine])), float(np.mean([o.ground == o.gold.ground for o in mine])))
        for ground, mine in refusal_groups(outcomes).items()
    }  # fmt: skip
    answerable = [o.gold.answerable for o in outcomes]
    known = len(set(answerable)) == 2
    spent = [o.milliseconds for o in outcomes] or [0.0]
    return Figures(
        {name: _row(group) for name, group in groups(outcomes).items()}, refusals,
        float(roc_auc_score(answerable, [o.confidence for o in outcomes])) if known else float("nan"),
        float(np.percentile(spent, 50)), float(np.percentile(spent, 95)),
    )  # fmt: skip
