"""An instrument as if it had no lead-in questions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eval.leaving_out import leaving_out, without
from ingest.library import Library
from ingest.treaty import Citation
from retriever import drivers
from retriever.assistant import Assistant
from retriever.confidence import Calibration
from retriever.index import open_index
from retriever.search import Searcher


def test_only_the_instruments_own_lead_in_questions_go(hashed_data: Path, library: Library) -> None:
    whole = open_index(hashed_data)
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
    names = [row[0] for row in made.rows]
    assert names[-2:] == ["ets-189, all, English", "ets-189, all, French"]
    found = {row[0]: float(row[3].split(" ")[0]) for row in made.rows}
    # Its restatement alone leads to some of it: not to nothing, and not to all.
    assert 0 < found["ets-189, all, English"] < 100


def test_what_the_treaties_call_a_thing_leads_to_a_text_that_nobody_asked_about(hashed_data: Path) -> None:
    """"Nudes" stands nowhere in the restatement; the glossary says what the treaties call them."""
    searcher = Searcher(without(open_index(hashed_data), "cets-201"), drivers.embedder("hashing:512"))
    [view] = searcher.views(["who may be punished for nudes"], "en")
    assert {"child", "pornographi"} <= set(view.names)
    article = Citation.parse("cets-201/art_20")
    told, untold = searcher.score(view), searcher.score(replace(view, names=()))
    assert searcher.of(told.fused, article) > searcher.of(untold.fused, article) + 0.5
    # How many of its words the question shares stays as it was: the confidence goes by that.
    assert np.array_equal(told.words, untold.words)
    # Articles that people were imagined to ask about have their words already.
    asked = Citation.parse("ets-185/art_9")
    assert searcher.of(told.fused, asked) == pytest.approx(searcher.of(untold.fused, asked), abs=0.5)


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
    fewer = without(open_index(real_data), "cets-201")
    assert {passage.lang for passage in fewer.library.passages if passage.citation.instrument == "cets-201"} == {"en"}
    asker = drivers.embedder().quick(fewer.quick)
    reply = Assistant(Searcher(fewer, asker), Calibration.shipped()).ask(question)
    assert article in [str(hit.citation.article) for hit in reply.hits[:5]]
