"""Fits `retriever/calibration.json` on the tuning questions: `python -m eval.calibrate DATA_FOLDER`.

The regression for texts without lead-in questions is fitted to the tuning questions on treaties whose lead-in questions
are taken out of the index, and to those on documents installed beside the corpus. A question that is answered or refused
by its reference alone says nothing about the scores and is left out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import BaseCrossValidator, StratifiedGroupKFold, StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from eval import gold, own_texts
from eval.gold import Gold
from eval.leaving_out import TREATIES, searcher_without
from retriever import drivers
from retriever.assistant import Assistant
from retriever.confidence import ASKED, BARE, Calibration, Features, Regression, weighed
from retriever.index import open_index

# Over-refusal costs a practitioner more than a near miss that is shown with its source: of the answerable tuning
# questions this share must still be answered in cross-validation. More than 92 % of the close ones are still refused
# there. At 99.3 % no further answerable question would be kept, and fewer off the subject refused.
KEPT = 0.992
# Of those on installed documents, which are harder to tell from the others.
KEPT_BARE = 0.92
# How much a question on a document counts beside one on a treaty whose lead-in questions were taken out: what users install
# is what the second regression is for, and the treaties, known all through by what else is asked, are easier than that.
INSTALLED = 4.0
# Stands in until there is one: features do not hang on it.
_NONE = Calibration(*(Regression(0.0, dict.fromkeys(names, 0.0), 0.5) for names in (ASKED, BARE)))


class Sample(NamedTuple):
    """A question, what is seen of it, whether the sources answer it, and how much it counts."""

    text: str
    seen: Features
    answerable: bool
    weight: float = 1.0


def _samples(assistant: Assistant, questions: Iterable[Gold], weight: float = 1.0) -> Iterator[Sample]:
    """Each question whose scores decide."""
    for question in questions:
        seen = assistant.features(question.question, question.history) if question.searched else None
        if seen is not None:
            yield Sample(question.question, seen, question.answerable, weight)


def _bare(data: Path, embedder: str) -> Iterator[Sample]:
    """The questions whose best article has no lead-in questions, of each treaty left out and of the documents."""
    tuning = gold.load(gold.shipped("tuning"))
    generation, model = open_index(data, worded=True), drivers.embedder(embedder)
    asker = model.quick(generation.quick)
    seen: list[Sample] = []
    for treaty in TREATIES:
        seen += _samples(Assistant(searcher_without(generation, treaty, asker), _NONE), tuning)
    with own_texts.installed(data, "tuning", embedder, _NONE) as assistant:
        seen += _samples(assistant, own_texts.questions("tuning"), INSTALLED)
        seen += _samples(assistant, (question for question in tuning if not question.answerable))
    return (sample for sample in seen if sample.seen.bare)


def _fitted(samples: Iterable[Sample], kept: float, folds: BaseCrossValidator, what: str) -> tuple[Regression, str]:
    """The regression, and how well it does in cross-validation. `kept`: of those that count most, which share of the
    answerable is to be answered."""
    texts, seen, answerable, weight = zip(*samples, strict=True)
    names = list(weighed(seen[0]))
    rows, labels, counts = [list(weighed(each).values()) for each in seen], np.array(answerable), np.array(weight)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=5000))
    weighted = {"logisticregression__sample_weight": counts}
    held_out = cross_val_predict(model, rows, labels, groups=texts, cv=folds, method="predict_proba", params=weighted)[
        :, 1
    ]
    wanted = labels & (counts == counts.max())
    threshold = float(np.quantile(held_out[wanted], 1 - kept))
    scaler, logistic = (step for _, step in model.fit(rows, labels, **weighted).steps)
    weights = logistic.coef_[0] / scaler.scale_
    intercept = float(logistic.intercept_[0] - weights @ scaler.mean_)
    rounded = {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}
    return Regression(round(intercept, 4), rounded, round(threshold, 4)), (
        f"{what}: {len(rows)} questions, AUROC {roc_auc_score(labels, held_out):.3f}; answering from {threshold:.3f} keeps "
        f"{np.mean(held_out[wanted] >= threshold):.1%} of the answerable and refuses {np.mean(held_out[~labels] < threshold):.1%} of the others."
    )


def calibrate(data: Path, embedder: str = "sentence") -> str:
    """Fit both, write the weights, and say how well they do."""
    assistant = Assistant.open(data, embedder, calibration=_NONE)
    asked, told = _fitted(
        _samples(assistant, gold.load(gold.shipped("tuning"))), KEPT, StratifiedKFold(10), "With lead-in questions"
    )
    # A question that was asked of several indexes is in one fold.
    bare, also = _fitted(_bare(data, embedder), KEPT_BARE, StratifiedGroupKFold(10), "Without")
    path = Path(str(resources.files("retriever"))) / "calibration.json"
    path.write_text(json.dumps(asdict(Calibration(asked, bare)), indent=2) + "\n", encoding="utf-8")
    return f"{told}\n{also}"


if __name__ == "__main__":
    print(calibrate(Path(sys.argv[1])))
