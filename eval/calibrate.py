"""Fits `retriever/calibration.json` on the tuning questions: `python -m eval.calibrate DATA_FOLDER`.

A question that is answered or refused by its reference alone says nothing about the scores and is left out.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from importlib import resources
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from sklearn.preprocessing import StandardScaler

from eval import gold
from retriever.answer import Ground
from retriever.assistant import Assistant
from retriever.confidence import Calibration, Features

# Over-refusal costs a practitioner more than a near miss that is shown with its source: of the answerable tuning
# questions this share must still be answered in cross-validation. It is the most with which 92 % of the close ones are
# still refused there.
KEPT = 0.987


def calibrate(data: Path, embedder: str = "sentence") -> str:
    """Fit, write the weights, and say how well they do in ten-fold cross-validation on the tuning questions."""
    names = list(Features.__dataclass_fields__)
    assistant = Assistant.open(data, embedder, calibration=Calibration(0.0, dict.fromkeys(names, 0.0), 0.5))
    rows, labels = [], []
    for question in gold.load(gold.shipped("tuning")):
        if question.kind == "reference" or question.ground == Ground.NO_SUCH_PROVISION:
            continue
        seen = assistant.features(question.question, question.history)
        if seen is not None:
            rows.append(list(asdict(seen).values()))
            labels.append(question.answerable)
    scaler = StandardScaler().fit(rows)
    model = LogisticRegression(C=0.3, max_iter=5000)
    held_out = cross_val_predict(model, scaler.transform(rows), labels, cv=10, method="predict_proba")[:, 1]
    answered = np.array(labels)
    threshold = float(np.quantile(held_out[answered], 1 - KEPT))
    model.fit(scaler.transform(rows), labels)
    weights = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - weights @ scaler.mean_)
    written = {"intercept": round(intercept, 4), "weights": {n: round(float(w), 4) for n, w in zip(names, weights, strict=True)},
               "answer_from": round(threshold, 4)}  # fmt: skip
    path = Path(str(resources.files("retriever"))) / "calibration.json"
    path.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    return (
        f"{len(rows)} questions, AUROC {roc_auc_score(labels, held_out):.3f}; answering from {threshold:.3f} keeps "
        f"{np.mean(held_out[answered] >= threshold):.1%} of the answerable and refuses {np.mean(held_out[~answered] < threshold):.1%} of the others."
    )


if __name__ == "__main__":
    print(calibrate(Path(sys.argv[1])))
