"""How the confidence is fitted."""

from dataclasses import fields

import numpy as np
import pytest
from sklearn.model_selection import StratifiedGroupKFold

from eval.calibrate import Sample, _fitted
from retriever.confidence import ASKED, Features

FOLDS = StratifiedGroupKFold(5)


def _sample(number: int, answerable: bool, nearest: float, weight: float) -> Sample:
    numbers = {field.name: 0.0 for field in fields(Features)} | {"nearest": nearest, "bare": False}
    return Sample(f"question {number}", Features(**numbers), answerable, weight)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    """Answerable ones of two kinds, the sure ones light and the unsure ones heavy, and as many that nothing answers."""
    drawn = np.random.default_rng(5)
    kinds = [(True, 0.9, 1.0), (True, 0.6, 4.0), (False, 0.3, 1.0), (False, 0.3, 4.0)]
    return [_sample(n, kind[0], drawn.normal(kind[1], 0.1), kind[2]) for n, kind in enumerate(kinds * 100)]


def test_the_threshold_keeps_its_share_of_those_that_count_most(samples: list[Sample]) -> None:
    regression, told = _fitted(samples, 0.8, FOLDS, "All")
    assert set(regression.weights) == set(ASKED)
    assert regression.weights["nearest"] > 0
    kept = {weight: np.mean([regression.confidence(s.seen) >= regression.answer_from
                             for s in samples if s.answerable and s.weight == weight]) for weight in (1.0, 4.0)}  # fmt: skip
    assert kept[4.0] == pytest.approx(0.8, abs=0.03)
    assert kept[1.0] == 1.0
    assert told.startswith("All: 400 questions, AUROC 0.9")


def test_what_counts_more_decides_where_the_questions_differ() -> None:
    kinds = [(False, 0.1, 1.0)] * 2 + [(True, 0.9, 1.0)] * 2 + [(False, 0.5, 1.0)] * 2 + [(True, 0.5, 4.0)]
    mixed = [_sample(number, *kind) for number, kind in enumerate(kinds * 20)]
    even = [sample._replace(weight=1.0) for sample in mixed]
    between = mixed[4].seen
    sure, unsure = (_fitted(each, 0.9, FOLDS, "All")[0].confidence(between) for each in (mixed, even))
    assert unsure < 0.5 < sure
