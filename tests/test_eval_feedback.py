"""What people say of answers: kept line by line, and turned into gold questions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval import gold
from eval.feedback import ON_ANSWER, ON_REFUSAL, Feedback, Shown, Verdict, append, harvest, read, said, shown, write
from ingest.errors import UsageError
from ingest.treaty import Citation
from retriever.answer import Ground
from retriever.assistant import Assistant
from ui.settings import Settings
from ui.shown.names import LABELS
from ui.views.judging import FILE, judge

CITED = (Citation.parse("cets-201/art_23"), Citation.parse("ets-185/art_9__para_1"))
TIME = "2026-11-22T10:00:00+00:00"


def given(question: str, verdict: Verdict, ground: Ground | None = None, history: tuple[str, ...] = ()) -> Feedback:
    return Feedback(Shown(question, history, "en", CITED, ground), verdict, TIME)


def test_feedback_is_read_back_and_a_damaged_line_is_told(tmp_path: Path) -> None:
    path = tmp_path / "feedback.jsonl"
    first, second = given("one\u2028« line »", Verdict.USEFUL), given("two", Verdict.USEFUL, Ground.CLOSE, ("one",))
    append(path, first)
    with path.open("ab") as file:
        file.write(b'{"question": "cut"\n\xff\n{"question": "odd", "verdict": "useful"}\n\n')
    append(path, second)
    found, damaged = read(path)
    assert found == [first, second]
    assert [problem.line for problem in damaged] == [2, 3, 4]
    with pytest.raises(UsageError, match="cannot read the feedback file"):
        read(tmp_path / "nowhere.jsonl")
    with pytest.raises(UsageError, match="cannot write feedback"):
        append(tmp_path / "no folder" / "feedback.jsonl", first)


@pytest.mark.parametrize(
    ("ground", "verdict"),
    [(Ground.CLOSE, Verdict.WRONG_ARTICLE), (Ground.CLOSE, Verdict.SHOULD_HAVE_REFUSED), (None, Verdict.SHOULD_HAVE_ANSWERED)],
)  # fmt: skip
def test_a_verdict_fits_what_was_shown(ground: Ground | None, verdict: Verdict) -> None:
    with pytest.raises(ValueError, match="said of"):
        given("q", verdict, ground)


def test_verdicts_become_gold_questions_and_the_last_one_counts() -> None:
    made = harvest(
        [
            given("changed my mind", Verdict.WRONG_ARTICLE),
            given("useful", Verdict.USEFUL),
            given("follow", Verdict.USEFUL, None, ("useful",)),
            given("not ours", Verdict.SHOULD_HAVE_REFUSED),
            given("rightly refused", Verdict.USEFUL, Ground.OFF_TOPIC),
            given("wrong", Verdict.WRONG_ARTICLE),
            given("refused", Verdict.SHOULD_HAVE_ANSWERED, Ground.CLOSE),
            given("changed my mind", Verdict.USEFUL),
        ]
    )
    assert made.repeated == 1
    assert [(q.id, q.question, q.kind, [str(c) for c in q.expected], q.ground) for q in made.ready] == [
        ("fb-001", "changed my mind", "public", ["cets-201/art_23"], None),
        ("fb-002", "useful", "public", ["cets-201/art_23"], None),
        ("fb-003", "follow", "follow-up", ["cets-201/art_23"], None),
        ("fb-004", "not ours", "unanswerable", [], Ground.CLOSE),
        ("fb-005", "rightly refused", "unanswerable", [], Ground.OFF_TOPIC),
    ]
    assert [(row["id"], row["question"], row["expected"]) for row in made.to_fill] == [
        ("fb-006", "wrong", []), ("fb-007", "refused", []),
    ]  # fmt: skip


def test_what_is_written_can_be_loaded_once_it_is_filled_in(tmp_path: Path) -> None:
    made = harvest([given("useful", Verdict.USEFUL), given("wrong", Verdict.WRONG_ARTICLE)])
    out = tmp_path / "mine.jsonl"
    beside = write(made, out)
    assert beside == tmp_path / "mine-to-fill.jsonl"
    assert gold.load([out]) == list(made.ready)
    row = json.loads(beside.read_text())
    beside.write_text(json.dumps(row | {"expected": ["ets-185/art_9"]}))
    assert [q.id for q in gold.load([out, beside])] == ["fb-001", "fb-002"]


def test_a_click_keeps_one_line_and_says_where(hashed: Assistant, tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    seen = shown(hashed.ask("Article 20 Lanzarote"), ["before"])
    assert seen.verdicts == ON_ANSWER
    assert judge(settings, seen, Verdict.WRONG_ARTICLE) == "Kept as “Wrong article” in feedback.jsonl."
    refusal = shown(hashed.ask("Que dit l'article 99 de la convention de Lanzarote ?"))
    assert refusal.verdicts == ON_REFUSAL
    assert judge(settings, refusal, Verdict.USEFUL).startswith("Enregistré comme «\u00a0Utile\u00a0»")
    found, damaged = read(tmp_path / FILE)
    assert damaged == []
    assert [(f.shown.question, f.shown.history, f.verdict, f.shown.ground) for f in found] == [
        ("Article 20 Lanzarote", ("before",), Verdict.WRONG_ARTICLE, None),
        ("Que dit l'article 99 de la convention de Lanzarote ?", (), Verdict.USEFUL, Ground.NO_SUCH_PROVISION),
    ]
    assert str(found[0].shown.cited[0]) == "cets-201/art_20"
    assert "cannot write" in judge(Settings(tmp_path / "no folder"), seen, Verdict.USEFUL)
    assert judge(settings, None, Verdict.USEFUL) == ""


def test_every_verdict_has_a_label_in_both_languages() -> None:
    assert all(labels.keys() == set(Verdict) for labels in LABELS.values())
    assert said(Shown("q", (), "en", CITED, None), Verdict.USEFUL).time.endswith("+00:00")
