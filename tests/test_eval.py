"""The measures against sums worked out by hand, and the gold questions' own rules."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import pytest

from eval import gold
from eval.gold import Gold
from eval.measures import Outcome, figures
from eval.report import as_data, as_text
from eval.run import evaluate
from ingest.errors import CorpusError
from ingest.pipeline import Library
from ingest.treaty import Citation
from retriever.analysis import stems
from retriever.answer import Ground
from retriever.assistant import Assistant


def asked(id_: str, expected: list[str], also: list[str] | None = None, ground: Ground | None = None) -> Gold:
    kind = "everyday" if expected else "unanswerable"
    cite = lambda addresses: tuple(map(Citation.parse, addresses))  # noqa: E731
    return Gold(id_, "a question", "en", kind, cite(expected), cite(also or []), (), ground)


def outcome(
    question: Gold, found: list[str], ground: str | None = None, confidence: float = 0.9, ms: float = 1.0
) -> Outcome:
    return Outcome(question, tuple(map(Citation.parse, found)), ground, confidence, ms)


def test_the_measures_are_those_worked_out_by_hand() -> None:
    outcomes = [
        # right first, and at the very place
        outcome(asked("a", ["cets-201/art_20__para_1"]), ["cets-201/art_20__para_1", "ets-185/art_9"], ms=1),
        # right second, a useful one first: DCG = 1 + 3/log2(3), ideal = 3 + 1/log2(3)
        outcome(asked("b", ["cets-201/art_3"], ["cets-201/art_18"]), ["cets-201/art_18", "cets-201/art_3"], ms=2),
        # not found at all: 0 everywhere, never left out
        outcome(asked("c", ["ets-185/art_2"]), ["ets-185/art_3"], ms=3),
        # no reply at all
        outcome(asked("d", ["ets-185/art_2__para_1"]), [], ground="close", confidence=0.1, ms=4),
    ]
    row = figures(outcomes).kinds["all"]
    assert row.questions == 4
    assert row.first == pytest.approx(1 / 4)
    assert row.fifth == row.recall_5 == pytest.approx(2 / 4)
    assert row.mrr_10 == pytest.approx((1 + 1 / 2) / 4)
    gain = (1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3))
    assert row.ndcg_10 == pytest.approx((1 + gain) / 4, abs=1e-4)
    assert row.exact == pytest.approx(1.0)
    assert row.refused == pytest.approx(1 / 4)


def test_another_point_of_the_right_article_is_right_but_not_exact() -> None:
    row = figures(
        [outcome(asked("a", ["cets-201/art_20__para_1__point_e"]), ["cets-201/art_20__para_1__point_a"])]
    ).kinds["all"]
    assert (row.first, row.exact) == (1.0, 0.0)


def test_refusals_are_counted_by_ground_and_confidence_is_ranked() -> None:
    outcomes = [
        outcome(asked("a", ["cets-201/art_3"]), ["cets-201/art_3"], confidence=0.9),
        outcome(asked("b", [], ground=Ground.CLOSE), [], ground="close", confidence=0.2),
        outcome(asked("c", [], ground=Ground.CLOSE), [], ground="off-topic", confidence=0.1),
        outcome(asked("d", [], ground=Ground.OFF_TOPIC), ["cets-201/art_3"], confidence=0.95),
    ]
    found = figures(outcomes)
    assert found.refusals["close"] == (2, 1.0, 0.5)
    assert found.refusals["off-topic"] == (1, 0.0, 0.0)
    assert found.refusals["all"][0] == 3
    assert found.auroc == pytest.approx(2 / 3)


REPORT, TUNING = gold.load(gold.shipped("report")), gold.load(gold.shipped("tuning"))


def test_the_report_set_is_what_it_says() -> None:
    assert len(REPORT) == 340
    assert Counter(q.kind for q in REPORT) == {
        "everyday": 68, "practitioner": 58, "detail": 32, "scenario": 30, "reference": 24, "follow-up": 16,
        "cross-instrument": 12, "unanswerable": 100,
    }  # fmt: skip
    assert sum(q.lang == "fr" for q in REPORT) >= 100
    assert {q.expected[0].instrument for q in REPORT if q.expected} == {"cets-201", "cets-224", "ets-185", "ets-189"}


@pytest.mark.parametrize("question", [q for q in (*REPORT, *TUNING) if q.expected], ids=lambda q: q.id)
def test_every_expected_provision_exists(library: Library, question: Gold) -> None:
    known = library.citations()
    assert [str(c) for c in (*question.expected, *question.also) if c not in known] == []


def test_report_tuning_and_index_questions_are_disjoint(library: Library) -> None:
    """Two questions count as the same where they share six of ten content words (references by number excepted)."""

    def bags(questions: list[tuple[str, str, str]]) -> list[tuple[str, frozenset[str]]]:
        return [(id_, frozenset(stems(text, lang))) for id_, text, lang in questions]

    def free(questions: list[Gold]) -> list[tuple[str, str, str]]:
        named = ("reference", Ground.NO_SUCH_PROVISION)
        return [(q.id, q.question, q.lang) for q in questions if q.kind not in named and q.ground not in named]

    report, tuning = bags(free(REPORT)), bags(free(TUNING))
    searched = bags(
        [(str(q.citation), q.text, q.lang) for q in library.lead_ins]
        + [(q.entry, q.text, q.lang) for q in library.outside]
    )
    pairs = [(report, tuning), (report, searched), (tuning, searched)]
    same = [
        (one, other)
        for ones, others in pairs
        for one, a in ones
        for other, b in others
        if min(len(a), len(b)) >= 3 and len(a & b) / len(a | b) >= 0.6
    ]
    assert same == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not a gold question"),
        ('{"id": "a", "question": "q", "lang": "en", "kind": "everyday", "expected": []}', "a `ground`"),
        (
            '{"id": "a", "question": "q", "lang": "en", "kind": "odd", "expected": ["cets-201/art_1"]}',
            "write one of reference",
        ),
        (
            '{"id": "a", "question": "q", "lang": "de", "kind": "everyday", "expected": ["cets-201/art_1"]}',
            "write en or fr",
        ),
        ('{"id": "a", "question": "q", "lang": "en", "kind": "everyday", "expected": ["Article 1"]}', "not an"),
        ('{"id": "a", "question": "q", "lang": "en", "kind": "everyday", "expects": []}', "unknown entry 'expects'"),
    ],
)
def test_a_wrong_line_of_gold_is_reported_with_its_line(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text("\n" + line + "\n")
    with pytest.raises(CorpusError, match=message) as raised:
        gold.load([path])
    assert raised.value.problems[0].line == 2


@pytest.mark.model
def test_an_evaluation_runs_end_to_end_and_beats_its_baselines(assistant: Assistant, tmp_path: Path) -> None:
    path = tmp_path / "few.jsonl"
    lines = [line for file in gold.shipped("tuning") for line in file.read_text().splitlines()]
    path.write_text("\n".join(lines[::6]))
    result = evaluate(assistant, [path], progress=False)
    basis = result.figures["Basis"].kinds["all"]
    for baseline in ("BM25 alone", "dense alone"):
        assert basis.first > result.figures[baseline].kinds["all"].first + 0.3
    assert basis.fifth >= 0.8
    assert result.figures["Basis"].auroc >= 0.9
    text = as_text(result)
    assert "| Basis | all |" in text
    assert len(as_data(result)["questions"]) == len(lines[::6])
