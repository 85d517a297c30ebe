"""How sure Basis is that its sources answer: a logistic regression over what the searchers saw.

There are two. Most questions that have an answer here are like a lead-in question; those on a text that has none, as what users
install, are not, and the first would refuse half of them. The weights are in `calibration.json`,
fitted by `make calibrate` on the tuning questions.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from importlib import resources

import numpy as np

from ingest.mentions import Name, named_places
from retriever.ports import Scores
from retriever.search import Likeness, Scored, Searcher, View

NEIGHBOURS = 10
# Stands for the classifier's view of a question where there is none: between what it gives the answerable and the others.
UNTOLD = 0.05
# Added to that view and to its opposite: it is never surer than a hundred to one.
DOUBT = 0.01


@dataclass(frozen=True, slots=True)
class Features:
    """What is seen of one question; no length and no raw BM25, which tell the register and not the subject.

    Cosines in [-1, 1]; shares in [0, 1]; gaps ≥ 0.
    """

    lead_in: float  # mean cosine of the best article's best three lead-in questions
    nearest: float  # cosine of the nearest lead-in question of all
    passage: float  # best cosine of a passage
    fifth: float  # fifth best article's lead-in score: high where everything is a little near
    coverage: float  # share of the question's weight (idf) that the best article's words cover
    unseen: float  # share of the question's weight in words that stand nowhere in the corpus
    words: float  # best BM25 score for each unit of the question's weight
    gap: float  # fused score of the first article less that of the second
    agreement: (
        float  # share of four (passages, lead-in questions, words, spelling) whose first article is the fused first
    )
    held: float  # 1 where an instrument of the corpus is named
    elsewhere: float  # 1 where law is named that Basis does not hold
    place: float  # 1 where a country or a town is named, unless a text without lead-in questions names it itself
    dense_margin: float  # nearest lead-in question less nearest question answered elsewhere, by vector
    spelling_margin: float  # the same by spelling
    words_margin: float  # the same by words
    dense_outside: float  # share of the ten nearest questions that are answered elsewhere, by vector
    spelling_outside: float  # the same by spelling
    words_outside: float  # the same by words
    beyond: float  # log-odds, to the classifier, that the question is answered elsewhere; in [-4.6, 4.6]
    bare: bool  # whether the best article has no lead-in questions: tells which regression counts
    # Of such an article, else 0:
    least_met: float  # mean cosine of the two words of the question that its best passage meets least
    nearby: float  # mean over the words of how well the nearest passages meet them
    least_nearby: float  # how well they meet the word that they meet least
    answered: float  # log-odds that the likeliest of those passages that are of such an article answers


def _outside(inside: Scores, outside: Scores) -> tuple[float, float]:
    """The margin of the nearest inside over the nearest outside, and the share of outside among the ten nearest."""
    together = np.concatenate([inside, outside])
    nearest = np.argsort(-together, kind="stable")[:NEIGHBOURS]
    margin = float(inside.max(initial=0) - outside.max(initial=0))
    return margin, float(np.mean(nearest >= len(inside))) if len(nearest) else 0.0


def _log_odds(probability: float) -> float:
    """How likely against how unlikely, with some doubt on both sides."""
    return math.log((probability + DOUBT) / (1 - probability + DOUBT))


def features(searcher: Searcher, view: View, scored: Scored, likeness: Likeness, names: Sequence[Name]) -> Features:
    """The features of one question from its scores. A question without words has zeros."""
    order = np.argsort(-scored.fused, kind="stable")
    best = int(order[0])
    weights = {stem: searcher.lexicon.weight(stem) for stem in view.stems}
    total = sum(weights.values()) or 1.0
    ranked = np.sort(scored.lead_ins)[::-1]
    firsts = [int(np.argmax(scores)) for scores in (scored.passages, scored.lead_ins, scored.words, scored.spelling)]
    margins = {name: _outside(*pair) for name, pair in likeness.near.items()}
    met = scored.met
    by_word = met.nearby if met else np.zeros(1, np.float32)
    return Features(
        lead_in=float(ranked[0]), nearest=float(likeness.near["dense"][0].max(initial=0)), passage=float(scored.passages.max()),
        fifth=float(ranked[min(4, len(ranked) - 1)]),
        coverage=sum(w for stem, w in weights.items() if searcher.lexicon.holds(best, stem)) / total,
        unseen=sum(w for stem, w in weights.items() if stem not in searcher.lexicon) / total,
        words=float(scored.words.max()),
        gap=float(scored.fused[best] - scored.fused[order[1]]) if len(order) > 1 else 0.0,
        agreement=sum(first == best for first in firsts) / len(firsts),
        held=float(any(name.instruments for name in names)), elsewhere=float(any(name.elsewhere for name in names)),
        place=float(bool(named_places(view.text) - searcher.home(best))),
        dense_margin=margins["dense"][0], spelling_margin=margins["spelling"][0], words_margin=margins["words"][0],
        dense_outside=margins["dense"][1], spelling_outside=margins["spelling"][1], words_outside=margins["words"][1],
        beyond=_log_odds(UNTOLD if view.beyond is None else view.beyond),
        bare=bool(searcher.bare[best]),
        least_met=met.least(best) if met else 0.0, nearby=float(by_word.mean()), least_nearby=float(by_word.min()),
        answered=met.answered(np.flatnonzero(searcher.bare)) if met else 0.0,
    )  # fmt: skip


# What the two regressions weigh.
BARE = tuple(field.name for field in fields(Features) if field.name != "bare")
ASKED = tuple(name for name in BARE if name not in ("least_met", "nearby", "least_nearby", "answered"))


def weighed(seen: Features) -> dict[str, float]:
    """The features that the regression weighs which counts for them, by name."""
    return {name: getattr(seen, name) for name in (BARE if seen.bare else ASKED)}


@dataclass(frozen=True, slots=True)
class Regression:
    """A logistic regression. `answer_from` is the confidence from which on Basis answers."""

    intercept: float
    weights: dict[str, float]
    answer_from: float

    def confidence(self, seen: Features) -> float:
        """The probability, in [0, 1], that the sources answer."""
        total = self.intercept + sum(weight * getattr(seen, name) for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, total))))


@dataclass(frozen=True, slots=True)
class Calibration:
    """The regression for questions whose best article has lead-in questions (`asked`), and for the others (`bare`)."""

    asked: Regression
    bare: Regression

    def __post_init__(self) -> None:
        for regression, wanted in ((self.asked, ASKED), (self.bare, BARE)):
            if set(regression.weights) != set(wanted):
                raise ValueError(f"weights for {sorted(regression.weights)}, wanted {sorted(wanted)}")

    def of(self, seen: Features) -> Regression:
        return self.bare if seen.bare else self.asked

    @classmethod
    def shipped(cls) -> Calibration:
        kept = json.loads((resources.files("retriever") / "calibration.json").read_text(encoding="utf-8"))
        return cls(**{name: Regression(**regression) for name, regression in kept.items()})
