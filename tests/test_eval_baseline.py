"""The guard: its verdicts on outcomes written by hand, and Basis as it is against the committed run."""

from __future__ import annotations

from collections import Counter

import pytest
from eval_samples import ORIGIN, RIGHT, WRONG, outcome, run

from eval import gold, guard
from eval.run import measure
from eval.runfile import Run
from ingest.errors import UsageError
from retriever.assistant import Assistant


def made(right: int, refused: int, first: str = WRONG) -> Run:
    """100 answerable questions of which the first `right` are right, and 50 others of which `refused` are refused."""
    answerable = [outcome(f"a{n}", [RIGHT] if n < right else [first]) for n in range(100)]
    rest = [outcome(f"u{n}", [WRONG], False, "close" if n < refused else None) for n in range(50)]
    return run([*answerable, *rest])


def fallen(before: Run, now: Run) -> list[str]:
    return [verdict.measure for verdict in guard.verdicts(before, now) if verdict.fallen]


def test_the_same_run_holds() -> None:
    found = guard.verdicts(made(90, 40), made(90, 40))
    assert [(v.measure, v.committed, v.now, v.p, v.fallen) for v in found] == [
        ("success@1", 0.9, 0.9, 1.0, False), ("nDCG@10", 0.9, 0.9, 1.0, False), ("refused rightly", 0.8, 0.8, 1.0, False),
    ]  # fmt: skip


def test_four_questions_lost_are_noise_and_five_are_not() -> None:
    """By swaps: 1 / 2 ** 4 is above 0.05, 1 / 2 ** 5 below."""
    assert fallen(made(90, 40), made(86, 40)) == []
    assert fallen(made(90, 40), made(85, 40)) == ["success@1", "nDCG@10"]
    assert fallen(made(90, 40), made(90, 35)) == ["refused rightly"]


def test_a_gain_is_no_fall_and_gains_count_against_losses() -> None:
    assert fallen(made(85, 35), made(95, 45)) == []
    before = made(90, 40)
    swapped = [outcome(f"a{n}", [RIGHT] if n >= 10 else [WRONG]) for n in range(100)]
    assert fallen(before, run([*swapped, *before.systems["Basis"][100:]])) == []


def test_a_certain_fall_below_two_points_is_let_pass() -> None:
    many = [outcome(f"a{n}", [RIGHT]) for n in range(1000)]
    fewer = [outcome(f"a{n}", [RIGHT] if n >= 19 else [WRONG]) for n in range(1000)]
    most = [outcome(f"a{n}", [RIGHT] if n >= 20 else [WRONG]) for n in range(1000)]
    assert fallen(run(many), run(fewer)) == []
    assert fallen(run(many), run(most)) == ["success@1", "nDCG@10"]


def test_other_questions_are_not_compared() -> None:
    with pytest.raises(UsageError, match="make baseline"):
        guard.verdicts(made(90, 40), run([outcome("a0", [RIGHT])]))


def test_the_committed_run_holds_every_kind_language_and_ground() -> None:
    questions = guard.committed().questions
    assert 190 <= len(questions) <= 220
    assert {q.kind for q in questions} == set(gold.KINDS)
    assert Counter(q.lang for q in questions)["fr"] >= 60
    assert sum(not q.answerable for q in questions) >= 60


@pytest.mark.model
def test_basis_has_not_fallen_below_the_committed_run(assistant: Assistant) -> None:
    before = guard.committed()
    found = guard.verdicts(before, Run(ORIGIN, measure(assistant, before.questions, progress=False)))
    assert [str(verdict) for verdict in found if verdict.fallen] == []
