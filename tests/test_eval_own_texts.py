"""Documents installed beside the corpus: what is held of them, and that questions on them are found and answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval import gold, own_texts
from eval.measures import ranking_scores
from eval.run import measure
from eval.runfile import BASIS
from ingest.library import Library
from ingest.mentions import fold
from retriever.answer import Ground, Refusal
from retriever.confidence import ASKED, BARE, Calibration, Features, Regression

PARTS = ("training", "tuning", "report")


@pytest.mark.parametrize("part", ["tuning", "report"])
def test_every_document_is_read_and_every_answer_stands_in_it(part: str) -> None:
    entries = own_texts.entries(part)
    assert len(entries) == 12
    languages = [entry.expressions[0].source.lang for entry in entries]
    assert {lang: languages.count(lang) for lang in languages} == {"en": 8, "fr": 4}
    articles = {article.citation for entry in entries for article in entry.articles}
    questions = own_texts.questions(part)
    assert {c for q in questions for c in q.expected} <= articles
    asked_of = {entry.instrument.id: 0 for entry in entries}
    for question in questions:
        if question.answerable:
            asked_of[question.expected[0].instrument] += 1
    assert set(asked_of.values()) <= {17, 18}
    assert sum(not question.answerable for question in questions) == 120


def test_every_training_question_belongs_to_a_document_and_its_answer_is_a_place_there() -> None:
    entries = {entry.instrument.id: entry for entry in own_texts.entries("training")}
    assert len(entries) == 112
    places = {id_: {p.citation for p in entry.expressions[0].provisions} for id_, entry in entries.items()}
    asked = dict.fromkeys(entries, (0, 0))
    for question in own_texts.questions("training"):
        document = question.id.rpartition("-")[0]
        assert set(question.expected) <= places[document], question.id
        answered, not_answered = asked[document]
        asked[document] = (answered + question.answerable, not_answered + (not question.answerable))
    assert {answered for answered, _ in asked.values()} == {24}
    assert {not_answered for _, not_answered in asked.values()} == {13, 14, 15, 16}


def test_no_document_and_no_question_is_in_two_parts_or_in_the_gold_sets(library: Library) -> None:
    ids = [entry.instrument.id for part in PARTS for entry in own_texts.entries(part)]
    assert len(set(ids)) == len(ids) == 136
    assert set(ids).isdisjoint(library.instruments)
    asked = [fold(question.question) for part in PARTS for question in own_texts.questions(part)]
    assert len(set(asked)) == len(asked)
    others = {fold(q.question) for part in PARTS[1:] for q in gold.load(gold.shipped(part))}
    others |= {fold(lead_in.text) for lead_in in library.lead_ins} | {fold(q.text) for q in library.outside}
    assert others.isdisjoint(asked)


def test_the_best_article_tells_which_regression_counts() -> None:
    sure = Regression(2.0, dict.fromkeys(ASKED, 0.0), 0.5)
    unsure = Regression(-2.0, dict.fromkeys(BARE, 0.0) | {"least_met": 3.0}, 0.5)
    calibration = Calibration(asked=sure, bare=unsure)
    numbers = dict.fromkeys(BARE, 0.0) | {"least_met": 1.0}
    asked, bare = (Features(**numbers, bare=told) for told in (False, True))
    assert calibration.of(asked) is sure
    assert calibration.of(bare) is unsure
    assert sure.confidence(bare) == pytest.approx(0.8808, abs=1e-4)
    assert unsure.confidence(bare) == pytest.approx(0.7311, abs=1e-4)
    with pytest.raises(ValueError, match="wanted"):
        Calibration(asked=sure, bare=sure)


@pytest.mark.model
def test_questions_on_a_document_are_answered_from_it(real_data: Path) -> None:
    """The bounds are well below the figures that `make leaveout` prints."""
    with own_texts.installed(real_data, "report", "sentence", Calibration.shipped()) as assistant:
        outcomes = measure(assistant, own_texts.questions("report"), progress=False)[BASIS]
        # What the treaties answer is still answered by them.
        treaty = assistant.ask("Is it a crime to look at child sexual abuse images online without saving them?")
    asked, others = ([o for o in outcomes if o.gold.answerable is told] for told in (True, False))
    found = ranking_scores(asked)
    assert sum(found["success@1"]) / len(asked) > 0.5
    assert sum(found["success@5"]) / len(asked) > 0.7
    assert sum(outcome.refused for outcome in asked) / len(asked) < 0.2
    assert sum(outcome.refused for outcome in others) / len(others) > 0.3
    assert str(treaty.hits[0].citation.article) in ("cets-201/art_20", "ets-185/art_9")


def test_a_refusal_tells_of_the_documents_that_were_searched_too(hashed_data: Path) -> None:
    never = Calibration(*(Regression(-9.0, dict.fromkeys(names, 0.0), 0.5) for names in (ASKED, BARE)))
    with own_texts.installed(hashed_data, "tuning", "hashing:512", never) as assistant:
        titles = [own.short_title["en"] for own in assistant.library.instruments.values() if own.kind == "document"]
        far = assistant.ask("numbat quoll")
        [passage] = [p for p in assistant.library.passages if "Après dix jours de retard, un rappel gratuit" in p.text]
        near = assistant.ask(passage.text[:300])
    assert isinstance(far, Refusal)
    assert far.ground is Ground.OFF_TOPIC
    assert far.reason.endswith(f" It also searched: {', '.join(titles[:3])}, ….")
    assert isinstance(near, Refusal)
    assert near.ground is Ground.CLOSE
    assert near.reason.startswith("Proche de «\u00a0Conditions générales de location")
