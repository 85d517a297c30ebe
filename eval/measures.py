"""The measures. Ranking is judged by article: `expected` has grade 2, `also` grade 1 (nDCG@10 counts both, the others
grade 2 only); ir-measures computes them. A question without reply scores 0."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import ir_measures
import numpy as np
from ir_measures import RR, R, Success, nDCG
from sklearn.metrics import roc_auc_score

from eval.gold import Gold
from ingest.treaty import Citation

FIRST = Success(rel=2) @ 1
FIFTH = Success(rel=2) @ 5
RECALL = R(rel=2) @ 5
NDCG = nDCG @ 10
MRR = RR(rel=2) @ 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one system gave for one question: citations best first, and whether it refused, why and how sure it was.
    `source` is the kind of instrument that answers it: "treaty", "protocol" or "output"; empty where nothing does."""

    gold: Gold
    citations: tuple[Citation, ...]
    ground: str | None
    confidence: float
    milliseconds: float
    source: str = ""


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


def _row(outcomes: Sequence[Outcome]) -> Row:
    qrels: dict[str, dict[str, int]] = {}
    run: dict[str, dict[str, float]] = {}
    for outcome in outcomes:
        grades = {str(c.article): 1 for c in outcome.gold.also} | {str(c.article): 2 for c in outcome.gold.expected}
        qrels[outcome.gold.id] = grades
        articles = list(dict.fromkeys(str(c.article) for c in outcome.citations))
        run[outcome.gold.id] = {article: -float(rank) for rank, article in enumerate(articles)} or {"none": 0.0}
    found = ir_measures.calc_aggregate([FIRST, FIFTH, RECALL, NDCG, MRR], qrels, run)
    placed = [
        o for o in outcomes if o.citations and any(c != c.article == o.citations[0].article for c in o.gold.expected)
    ]
    exact = [o.citations[0] in o.gold.expected for o in placed]
    return Row(
        len(outcomes), found[FIRST], found[FIFTH], found[RECALL], found[NDCG], found[MRR],
        float(np.mean(exact)) if exact else float("nan"), float(np.mean([o.ground is not None for o in outcomes])),
    )  # fmt: skip


def figures(outcomes: Iterable[Outcome]) -> Figures:
    """The figures of one system's outcomes: by kind, by language, by kind of instrument, and together."""
    outcomes = list(outcomes)
    answerable = [o for o in outcomes if o.gold.answerable]
    rest = [o for o in outcomes if not o.gold.answerable]
    groups = {
        kind: [o for o in answerable if o.gold.kind == kind] for kind in dict.fromkeys(o.gold.kind for o in answerable)
    }
    groups |= {f"language {lang}": [o for o in answerable if o.gold.lang == lang] for lang in ("en", "fr")}
    groups |= {
        f"source {name}": [o for o in answerable if o.source == name] for name in ("treaty", "protocol", "output")
    }
    groups["all"] = answerable
    refusals = {}
    for ground in [*dict.fromkeys(str(o.gold.ground) for o in rest), "all"]:
        mine = [o for o in rest if ground in (str(o.gold.ground), "all")]
        if mine:
            refused = float(np.mean([o.ground is not None for o in mine]))
            refusals[ground] = (len(mine), refused, float(np.mean([o.ground == o.gold.ground for o in mine])))
    known = bool(answerable) and bool(rest)
    spent = [o.milliseconds for o in outcomes] or [0.0]
    return Figures(
        {name: _row(group) for name, group in groups.items() if group}, refusals,
        float(roc_auc_score([o.gold.answerable for o in outcomes], [o.confidence for o in outcomes])) if known else float("nan"),
        float(np.percentile(spent, 50)), float(np.percentile(spent, 95)),
    )  # fmt: skip
