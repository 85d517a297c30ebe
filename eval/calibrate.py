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
from numpy.typing import NDArray
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
# questions this share must still be answered in cross-validation. 97 % of the others are still refused there; at 99.5 % it
# would be 95 %.
KEPT = 0.992
# Of those on installed documents, which are harder to tell from the others: at 95 % a quarter of what they do not answer would be
# refused, at 90 % over half.
KEPT_INSTALLED = 0.92
# How much a question on a document, answered there or not, counts beside the others that the second regression is fitted to, on
# treaties whose lead-in questions were taken out and on anything else: what users install is what it is for.
INSTALLED = 4.0
# Stands in until there is one: features do not hang on it.
_NONE = Calibration(*(Regression(0.0, dict.fromkeys(names, 0.0), 0.5) for names in (ASKED, BARE)))

Flags = NDArray[np.bool_]


class Sample(NamedTuple):
    """A question, what is seen of it, whether the sources answer it, and whether it was asked of an installed document."""

    text: str
    seen: Features
    answerable: bool
    installed: bool = False


def _samples(assistant: Assistant, questions: Iterable[Gold], installed: bool = False) -> Iterator[Sample]:
    """Each question whose scores decide, as the assistant sees it."""
    for question in questions:
        seen = assistant.features(question.question, question.history) if question.searched else None
        if seen is not None:
            yield Sample(question.question, seen, question.answerable, installed)


def _bare(data: Path, embedder: str) -> Iterator[Sample]:
    """The questions whose best article has no lead-in questions, of each treaty left out and of the documents."""
    tuning = gold.load(gold.shipped("tuning"))
    generation, model = open_index(data, worded=True), drivers.embedder(embedder)
    asker = model.quick(generation.quick)
    seen: list[Sample] = []
    for treaty in TREATIES:
        seen += _samples(Assistant(searcher_without(generation, treaty, asker), _NONE), tuning)
    with own_texts.installed(data, "tuning", embedder, _NONE) as assistant:
        seen += _samples(assistant, own_texts.questions("tuning"), installed=True)
        seen += _samples(assistant, (question for question in tuning if not question.answerable))
    return (sample for sample in seen if sample.seen.bare)


def _fitted(samples: Iterable[Sample], kept: float, folds: BaseCrossValidator, what: str) -> tuple[Regression, str]:
    """The regression, and how well it does in cross-validation. `kept`: which share of the answerable is to be answered, of
    those on documents where there are any."""
    texts, seen, *flags = zip(*samples, strict=True)
    answerable, installed = map(np.array, flags)
    names = list(weighed(seen[0]))
    rows = [list(weighed(each).values()) for each in seen]
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=5000))
    counting = {"logisticregression__sample_weight": np.where(installed, INSTALLED, 1.0)}
    held_out = cross_val_predict(
        model, rows, answerable, groups=texts, cv=folds, method="predict_proba", params=counting
    )[:, 1]
    threshold = float(np.quantile(held_out[answerable & (installed | ~installed.any())], 1 - kept))
    scaler, logistic = (step for _, step in model.fit(rows, answerable, **counting).steps)
    weights = logistic.coef_[0] / scaler.scale_
    intercept = float(logistic.intercept_[0] - weights @ scaler.mean_)
    rounded = {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}

    def told(which: Flags) -> str:
        right, wrong = held_out[answerable & which], held_out[~answerable & which]
        return f"keeps {np.mean(right >= threshold):.1%} of the answerable and refuses {np.mean(wrong < threshold):.1%} of the others"

    text = f"{what}: {len(rows)} questions, AUROC {roc_auc_score(answerable, held_out):.3f}; answering from {threshold:.3f} {told(~installed)}"
    text += f", on documents {told(installed)}." if installed.any() else "."
    return Regression(round(intercept, 4), rounded, round(threshold, 4)), text


def calibrate(data: Path, embedder: str = "sentence") -> str:
    """Fit both, write the weights, and say how well they do."""
    assistant = Assistant.open(data, embedder, calibration=_NONE)
    asked, told = _fitted(
        _samples(assistant, gold.load(gold.shipped("tuning"))), KEPT, StratifiedKFold(10), "With lead-in questions"
    )
    # A question that was asked of several indexes is in one fold.
    bare, also = _fitted(_bare(data, embedder), KEPT_INSTALLED, StratifiedGroupKFold(10), "Without")
    path = Path(str(resources.files("retriever"))) / "calibration.json"
    path.write_text(json.dumps(asdict(Calibration(asked, bare)), indent=2) + "\n", encoding="utf-8")
    return f"{told}\n{also}"


if __name__ == "__main__":
    print(calibrate(Path(sys.argv[1])))
