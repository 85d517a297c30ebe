"""An instrument as if it had no lead-in questions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eval import gold
from eval.leaving_out import leaving_out, without
from ingest.library import Library
from ingest.treaty import Citation
from retriever import drivers
from retriever.answer import Ground
from retriever.assistant import Assistant
from retriever.classifier import Classifier
from retriever.confidence import Calibration
from retriever.index import open_index
from retriever.search import Searcher


def test_only_the_instruments_own_lead_in_questions_go(hashed_data: Path, library: Library) -> None:
    whole = open_index(hashed_data, worded=True)
    fewer = without(whole, "ets-189")
    gone = [lead_in for lead_in in library.lead_ins if lead_in.citation.instrument == "ets-189"]
    assert len(gone) > 100
    assert set(whole.library.lead_ins) - set(fewer.library.lead_ins) == set(gone)
    assert fewer.library.passages == whole.library.passages
    # Every vector still stands where its text does.
    assert len(fewer.vectors) == len(whole.vectors) - len(gone)
    passages, last = len(library.passages), len(fewer.library.lead_ins) - 1
    at = library.lead_ins.index(fewer.library.lead_ins[last])
    assert np.array_equal(fewer.vectors[passages + last], whole.vectors[passages + at])
    outside = len(library.outside)
    assert np.array_equal(fewer.vectors[-outside:], whole.vectors[-outside:])


def test_the_table_has_a_row_for_each_kind_that_is_asked(hashed_data: Path) -> None:
    made = leaving_out(hashed_data, ["ets-189"], "hashing:512")
    rows = {row[0]: row[1:] for row in made.rows}
    assert {
        "ets-189, all, English",
        "ets-189, all, French",
        "documents, all, English",
        "documents, all, French",
    } < rows.keys()
    for text in ("ets-189", "documents"):
        n, first, five, refused, doubted = rows[f"{text}, all, English"]
        # Its words alone lead to some of it: not to nothing, and not to all.
        assert 0 < float(first.split(" ")[0]) <= float(five.split(" ")[0]) < 100
        assert int(n) > 20
        assert 0 <= float(refused.split(" ")[0]) <= float(doubted.split(" ")[0]) <= 100
        assert rows[f"{text}, unanswerable"][1:3] == ("", "")
    asked = [q for q in gold.load(gold.shipped("tuning")) if not q.answerable and q.ground != Ground.NO_SUCH_PROVISION]
    assert rows["ets-189, unanswerable"][0] == str(len([q for q in asked if q.kind != "reference"]))


def test_a_text_that_nobody_asked_about_is_not_behind_all_that_somebody_did(hashed_data: Path) -> None:
    """Its passage and its words stand for the questions that it lacks."""
    whole = open_index(hashed_data, worded=True)
    article = Citation.parse("ets-189/art_6")
    question = "Is it a crime to deny or play down genocide through a computer system?"
    places = []
    for generation in (whole, without(whole, "ets-189")):
        searcher = Searcher(generation, drivers.embedder("hashing:512"))
        view = searcher.view(question, "en")
        scored = searcher.score(view)
        places.append(int((scored.fused > searcher.of(scored.fused, article)).sum()))
    assert places[0] == 0
    assert places[1] < 5


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("Peut-on vérifier le casier judiciaire de ceux qui travaillent avec des enfants ?", "cets-201/art_5"),
        ("Un adulte propose une rencontre à un enfant par internet pour en abuser", "cets-201/art_23"),
        ("la prescription doit courir jusqu'à ce que la victime soit majeure", "cets-201/art_33"),
        ("Qui peut assister à l'audition de l'enfant et faut-il l'enregistrer en vidéo ?", "cets-201/art_35"),
    ],
)
def test_a_french_question_finds_what_is_held_in_english_only(real_data: Path, question: str, article: str) -> None:
    fewer = without(open_index(real_data, worded=True), "cets-201")
    assert {passage.lang for passage in fewer.library.passages if passage.citation.instrument == "cets-201"} == {"en"}
    asker = drivers.embedder().quick(fewer.quick)
    unread = Classifier.none(fewer.vectors.shape[1])  # the shipped one learnt from the questions that are left out
    reply = Assistant(Searcher(fewer, asker, classifier=unread), Calibration.shipped()).ask(question)
    assert article in [str(hit.citation.article) for hit in reply.hits[:5]]
