"""The measures against sums worked out by hand, and the gold questions' own rules."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import pytest

from eval import gold
from eval.baselines import rankers
from eval.gold import Gold
from eval.measures import Outcome, figures
from eval.run import measure
from ingest.errors import CorpusError
from ingest.library import Library
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
    assert len(REPORT) == 1608
    assert Counter(q.kind for q in REPORT) == {
        "everyday": 170, "practitioner": 181, "detail": 57, "scenario": 45, "reference": 19, "named": 24, "follow-up": 102,
        "cross-instrument": 25, "public": 80, "unlike": 235, "unanswerable": 670,
    }  # fmt: skip
    assert sum(q.lang == "fr" for q in REPORT) >= 160


def test_outputs_and_protocols_have_gold_questions_of_their_own_half_of_them_french(library: Library) -> None:
    outputs = gold.load([path for path in gold.shipped("report") if path.stem == "report-outputs"])
    assert len(outputs) >= 100
    assert sum(q.lang == "fr" for q in outputs) / len(outputs) == pytest.approx(0.5, abs=0.05)
    asked = {citation.instrument for question in outputs for citation in question.expected}
    assert len(asked & {id_ for id_, i in library.instruments.items() if i.is_output}) >= 80
    assert {"ets-189", "cets-224"} <= asked


@pytest.mark.parametrize("question", [q for q in (*REPORT, *TUNING) if q.expected], ids=lambda q: q.id)
def test_every_expected_provision_exists(library: Library, question: Gold) -> None:
    known = library.citations()
    assert [str(c) for c in (*question.expected, *question.also) if c not in known] == []


Bags = list[tuple[str, frozenset[str]]]


def alike(ones: Bags, others: Bags) -> list[tuple[str, str]]:
    """The pairs that share six of ten stems; only those with one of the rarer stems in common are compared."""
    holding: dict[str, list[int]] = {}
    for at, (_, bag) in enumerate(others):
        for stem in bag:
            holding.setdefault(stem, []).append(at)
    found = []
    for one, a in ones:
        # Six of ten in common leave out four of ten at most: the others meet in one of the rarest.
        rarest = sorted(a, key=lambda stem: len(holding.get(stem, ())))[: len(a) - math.ceil(0.6 * len(a)) + 1]
        for at in sorted({at for stem in rarest for at in holding.get(stem, ())}):
            other, b = others[at]
            if min(len(a), len(b)) >= 3 and len(a & b) / len(a | b) >= 0.6:
                found.append((one, other))
    return found


def test_two_questions_are_alike_where_they_share_six_of_ten_words() -> None:
    ones = [("a", frozenset("one two three".split())), ("b", frozenset("one two".split()))]
    others = [("c", frozenset("one two three four five".split())), ("d", frozenset("three six seven".split()))]
    assert alike(ones, others) == [("a", "c")]


def test_report_tuning_and_index_questions_are_disjoint(library: Library) -> None:
    """Two questions count as the same where they share six of ten content words (references and names excepted)."""

    def bags(questions: list[tuple[str, str, str]]) -> Bags:
        return [(id_, frozenset(stems(text, lang))) for id_, text, lang in questions]

    def free(questions: list[Gold]) -> list[tuple[str, str, str]]:
        named = ("reference", "named", Ground.NO_SUCH_PROVISION)
        return [(q.id, q.question, q.lang) for q in questions if q.kind not in named and q.ground not in named]

    report, tuning = bags(free(REPORT)), bags(free(TUNING))
    searched = bags(
        [(str(q.citation), q.text, q.lang) for q in library.lead_ins]
        + [(q.entry, q.text, q.lang) for q in library.outside]
    )
    pairs = [(report, tuning), (report, searched), (tuning, searched)]
    same = [found for ones, others in pairs for found in alike(ones, others)]
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


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,question,lang,kind,expected,ground\na,q,en,everyday,cets-201/art_1,,\n", "more or fewer cells"),
        ("id,question,lang,kind,expected,ground\na,q,en,everyday\n", "more or fewer cells"),
        ("id,question,lang,kind,expects\na,q,en,everyday,cets-201/art_1\n", "unknown entry 'expects'"),
        ("id,question,lang,kind,expected\na,q,en,everyday,Article 1\n", "not an"),
    ],
)
def test_a_wrong_row_of_csv_is_reported_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(text)
    with pytest.raises(CorpusError, match=message) as raised:
        gold.load([path])
    assert raised.value.problems[0].line == 2


def test_csv_and_json_lines_hold_the_same_questions(tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text(
        "\ufeffid,question,lang,kind,expected,also,history,ground\n"
        'a,"Two, with a comma",en,public,cets-201/art_20 | ets-185/art_9,ets-185/art_2,first|second,\n'
        "b,Qui sait ?,fr,unanswerable,,,,close\n",
        encoding="utf-8",
    )
    lines = tmp_path / "mine.jsonl"
    lines.write_text(
        '{"id": "a", "question": "Two, with a comma", "lang": "en", "kind": "public", "expected": ["cets-201/art_20",'
        ' "ets-185/art_9"], "also": ["ets-185/art_2"], "history": ["first", "second"]}\n'
        '{"id": "b", "question": "Qui sait ?", "lang": "fr", "kind": "unanswerable", "expected": [], "ground": "close"}\n'
    )
    assert gold.load([table]) == gold.load([lines])
    assert [gold.parse(gold.plain(question)) for question in REPORT] == REPORT


def test_the_examples_of_the_documentation_are_gold_questions(tmp_path: Path, library: Library) -> None:
    lines = (Path(__file__).parent.parent / "docs" / "evaluation.md").read_text(encoding="utf-8").splitlines()
    (tmp_path / "a.jsonl").write_text("\n".join(line for line in lines if line.startswith('    {"id"')))
    head = lines.index("    " + ",".join(gold.COLUMNS))
    (tmp_path / "b.csv").write_text("\n".join(line.strip() for line in lines[head : head + 3]))
    one, table = gold.load([tmp_path / "a.jsonl"]), gold.load([tmp_path / "b.csv"])
    assert [(q.id, len(q.expected), q.ground) for q in (*one, *table)] == [
        ("m-1", 1, None), ("m-1", 2, None), ("m-2", 0, Ground.CLOSE),
    ]  # fmt: skip
    assert {c for q in (*one, *table) for c in q.expected} <= library.citations()


def test_a_sample_holds_every_kind_language_and_ground_and_is_always_the_same() -> None:
    drawn = gold.sampled(TUNING, 60)
    kinds = {(q.kind, q.lang, q.ground) for q in TUNING}
    assert {(q.kind, q.lang, q.ground) for q in drawn} == kinds
    assert 55 <= len(drawn) <= 60 + len(kinds)
    assert gold.sampled(list(reversed(TUNING)), 60) == list(reversed(drawn))
    assert gold.sampled(TUNING, 60, "another seed") != drawn
    assert gold.sampled(TUNING, 10_000) == TUNING


@pytest.mark.model
def test_an_evaluation_runs_end_to_end_and_beats_its_baselines(assistant: Assistant) -> None:
    outcomes = measure(assistant, TUNING[::8], rankers(assistant.library, "quantised", progress=False), progress=False)
    found = {name: figures(rows) for name, rows in outcomes.items()}
    basis = found["Basis"].kinds["all"]
    assert len(found) == 5
    for name in found.keys() - {"Basis"}:
        assert basis.first > found[name].kinds["all"].first + 0.3
    assert basis.fifth >= 0.8
    assert found["Basis"].auroc >= 0.9
