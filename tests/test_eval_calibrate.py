"""How the confidence is fitted."""

from dataclasses import fields

import numpy as np
import pytest
from sklearn.model_selection import StratifiedGroupKFold

from eval.calibrate import Sample, _fitted
from retriever.confidence import ASKED, Features

FOLDS = StratifiedGroupKFold(5)


def _sample(number: int, answerable: bool, nearest: float, installed: bool = False) -> Sample:
    numbers = {field.name: 0.0 for field in fields(Features)} | {"nearest": nearest, "bare": False}
    return Sample(f"question {number}", Features(**numbers), answerable, installed)  # type: ignore[arg-type]


def test_the_threshold_keeps_its_share_of_the_questions_on_documents() -> None:
    drawn = np.random.default_rng(5)
    kinds = [(True, 0.9, False), (True, 0.6, True), (False, 0.3, False), (False, 0.3, True)]
    samples = [_sample(n, kind[0], drawn.normal(kind[1], 0.1), kind[2]) for n, kind in enumerate(kinds * 100)]
    regression, told = _fitted(samples, 0.8, FOLDS, "All")
    assert set(regression.weights) == set(ASKED)
    assert regression.weights["nearest"] > 0
    kept = {
        installed: np.mean([regression.confidence(s.seen) >= regression.answer_from
                            for s in samples if s.answerable and s.installed is installed]) for installed in (False, True)
    }  # fmt: skip
    assert kept[True] == pytest.approx(0.8, abs=0.03)
    assert kept[False] == 1.0
    assert told.startswith("All: 400 questions, AUROC 0.9")
    assert "keeps 100.0% of the answerable" in told
    assert "on documents keeps 80.0% of the answerable" in told


def test_without_documents_the_threshold_keeps_its_share_of_all() -> None:
    drawn = np.random.default_rng(6)
    samples = [_sample(n, n % 2 == 0, drawn.normal(0.6 - 0.3 * (n % 2), 0.1)) for n in range(400)]
    regression, told = _fitted(samples, 0.9, FOLDS, "All")
    kept = [regression.confidence(s.seen) >= regression.answer_from for s in samples if s.answerable]
    assert np.mean(kept) == pytest.approx(0.9, abs=0.03)
    assert "on documents" not in told


def test_a_question_on_a_document_counts_more_where_questions_differ() -> None:
    kinds = (
        [(False, 0.1, False), (False, 0.1, True)]
        + [(True, 0.9, False)] * 2
        + [(False, 0.5, False)] * 2
        + [(True, 0.5, True)]
    )
    mixed = [_sample(number, *kind) for number, kind in enumerate(kinds * 20)]
    even = [sample._replace(installed=False) for sample in mixed]
    between = mixed[4].seen
    sure, unsure = (_fitted(each, 0.9, FOLDS, "All")[0].confidence(between) for each in (mixed, even))
    assert unsure < 0.5 < sure
