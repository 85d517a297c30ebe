"""What the classifier tells of a question, how it is kept, learnt, and made use of."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open

from eval.leaving_out import searcher_without
from ingest.errors import ModelError
from ingest.treaty import Citation
from retriever import drivers, search
from retriever.assistant import Assistant
from retriever.classifier import Classifier
from retriever.confidence import Calibration
from retriever.index import Generation, open_index
from retriever.learning.classifier import Recipe, learn
from retriever.learnt import shipped
from retriever.search import Searcher
from retriever.words import Words


def _made(**changes: object) -> Classifier:
    """Two units that see a coordinate each; one place, and one entry of what is answered elsewhere."""
    whole = Classifier(
        ("ets-185/art_2",), ("eu-law",), np.eye(2, dtype=np.float32), np.array([0.0, -1.0], np.float32),
        np.array([[1.0, 0.0], [0.0, 2.0]], np.float32), np.array([0.5, 0.0], np.float32),
    )  # fmt: skip
    return replace(whole, **changes)  # type: ignore[arg-type]


def test_shares_are_the_softmax_of_two_layers() -> None:
    places, entries = _made().shares(np.array([1.0, 2.0], np.float32))
    # Units 1 and 2 - 1 = 1; scores 1 + 0.5 and 2.
    assert places.tolist() == pytest.approx([1 / (1 + np.exp(0.5))])
    assert entries.tolist() == pytest.approx([1 / (1 + np.exp(-0.5))])
    # What is negative between the layers counts nothing: scores 0.5 and 0.
    places, _ = _made().shares(np.array([-3.0, 0.5], np.float32))
    assert places.tolist() == pytest.approx([1 / (1 + np.exp(-0.5))])


def test_where_nothing_was_learnt_there_is_no_class() -> None:
    places, entries = Classifier.none(2).shares(np.array([1.0, 2.0], np.float32))
    assert (len(places), len(entries)) == (0, 0)


def test_it_is_read_back_for_its_embedder_only(tmp_path: Path) -> None:
    path = tmp_path / "kept.safetensors"
    _made().write(path, {"embedder": "mine"})
    found = Classifier.of("mine", 2, path)
    assert (found.places, found.entries) == (("ets-185/art_2",), ("eu-law",))
    assert [getattr(found, name).tolist() for name in ("inner", "inner_bias", "outer", "outer_bias")] == [
        [[1, 0], [0, 1]], [0, -1], [[1, 0], [0, 2]], [0.5, 0]
    ]  # fmt: skip
    assert Classifier.of("another", 2, path).places == ()
    with pytest.raises(ModelError, match=r"kept\.safetensors was learnt for 2 dimensions, the model has 3\."):
        Classifier.of("mine", 3, path)


@pytest.fixture(scope="module")
def small(hashed_data: Path) -> Generation:
    """The First Protocol and the preamble of its parent, with what is asked of them, and 300 questions answered elsewhere."""
    whole = open_index(hashed_data, worded=True)
    library, first = whole.library, len(whole.library.passages)
    kept = [
        row for row, q in enumerate(library.lead_ins)
        if q.citation.instrument == "ets-189" or str(q.citation.article) == "ets-185/preamble"
    ]  # fmt: skip
    last = first + len(library.lead_ins)
    rows = [*range(first), *(first + row for row in kept), *range(last, last + 300)]
    fewer = replace(library, lead_ins=tuple(library.lead_ins[row] for row in kept), outside=library.outside[:300])
    return replace(whole, library=fewer, vectors=whole.vectors[rows], words=Words.of(fewer))


def test_the_same_seed_learns_the_same_and_tells_the_questions_apart(small: Generation) -> None:
    library = small.library
    recipe = Recipe(epochs=30, units=64, batch=64)
    one, two = (learn(library, small.vectors, recipe) for _ in range(2))
    assert np.array_equal(one.outer, two.outer)
    assert set(one.places) == {str(lead_in.citation) for lead_in in library.lead_ins}
    assert set(one.entries) == {question.entry for question in library.outside}
    asked = small.vectors[len(library.passages) :]
    told = [one.shares(vector) for vector in asked]
    number = len(library.lead_ins)
    right = [one.places[int(p.argmax())] == str(q.citation) for (p, _), q in zip(told, library.lead_ins, strict=False)]
    assert len(one.places) > 20
    assert np.mean(right) > 0.8
    assert np.mean([float(e.sum()) for _, e in told[:number]]) < 0.1
    assert np.mean([float(e.sum()) for _, e in told[number:]]) > 0.8


def test_it_never_sees_a_question_of_what_is_left_out(
    small: Generation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = drivers.embedder("hashing:512")
    assert searcher_without(small, "ets-189", embedder)._classifier.places == ()  # none is shipped for this embedder
    kept = tmp_path / "kept.safetensors"
    learn(small.library, small.vectors, Recipe(epochs=1, units=8)).write(kept, {"embedder": small.embedder})
    files = {"classifier": kept, "answerability": shipped("answerability")}
    monkeypatch.setattr("retriever.learnt.shipped", files.__getitem__)
    told = searcher_without(small, "ets-189", embedder)._classifier.places
    assert {place.partition("/")[0] for place in told} == {"ets-185"}


BESIDE = Citation.parse("ets-185/preamble")


def _sure(place: str, dim: int) -> Classifier:
    """It gives most to an address that nobody holds, all but nothing to the preamble and to what is answered elsewhere, the rest to
    `place`."""
    return Classifier(
        (place, str(BESIDE), "nowhere/art_1"), ("eu-law",), np.zeros((dim, 1), np.float32), np.zeros(1, np.float32),
        np.zeros((1, 4), np.float32), np.array([9.0, -10.0, 10.0, -10.0], np.float32),
    )  # fmt: skip


def test_it_moves_the_articles_that_it_knows_and_no_other(small: Generation) -> None:
    """For the others, and without classes for all (but then less), the lead-in questions count instead. However many others are held, of two
    that are known the likelier one is one deviation above the mean and the other one below."""
    embedder, dim = drivers.embedder("hashing:512"), small.vectors.shape[1]
    known = Citation.parse("ets-189/art_4")
    place = next(str(q.citation) for q in small.library.lead_ins if q.citation.article == known)
    scores = []
    for classifier in (Classifier.none(dim), _sure(place, dim)):
        searcher = Searcher(small, embedder, classifier=classifier)
        view = searcher.view("may the police freeze data?", "en")
        scores.append(searcher.score(view))
    asked = search._scaled(scores[0].lead_ins)
    gained = scores[1].fused - scores[0].fused - (search.WEIGHTS.classifier - search.STEAD) * asked
    assert {searcher.articles[number] for number in np.flatnonzero(np.abs(gained) > 1e-4)} == {known, BESIDE}
    for article, told in ((known, 1.0), (BESIDE, -1.0)):
        expected = search.WEIGHTS.classifier * (told - searcher.of(asked, article))
        assert searcher.of(gained, article) == pytest.approx(expected, abs=1e-4)


def test_the_place_that_it_thinks_likeliest_gains(small: Generation, monkeypatch: pytest.MonkeyPatch) -> None:
    embedder, dim = drivers.embedder("hashing:512"), small.vectors.shape[1]
    article = Citation.parse("cets-201/art_18")
    found = []
    for gain in (0.0, 9.0):
        monkeypatch.setattr(search, "PINPOINT", replace(search.PINPOINT, classifier=gain))
        for paragraph in (2, 3):
            searcher = Searcher(small, embedder, classifier=_sure(f"{article}__para_{paragraph}", dim))
            view = searcher.view("sexual abuse of a child", "en")
            found.append(str(searcher.pinpoints(view, [article])[0]).removeprefix(f"{article}__"))
    assert found[0] == found[1] not in ("para_2", "para_3")
    assert found[2:] == ["para_2", "para_3"]


def test_what_it_gives_to_elsewhere_is_seen_by_the_confidence(small: Generation) -> None:
    embedder, dim = drivers.embedder("hashing:512"), small.vectors.shape[1]
    seen = []
    for classifier in (Classifier.none(dim), _sure("cets-201/art_18", dim)):
        assistant = Assistant(Searcher(small, embedder, classifier=classifier), Calibration.shipped())
        features = assistant.features("may the police freeze data?")
        assert features is not None
        seen.append(features.beyond)
    # One in twenty where nothing was learnt; next to nothing where it is sure, with a doubt of one in a hundred.
    assert seen == pytest.approx([np.log(0.06 / 0.96), np.log(0.01 / 1.01)], abs=1e-4)


@pytest.mark.model
def test_the_shipped_one_is_of_the_shipped_model_and_corpus(real_data: Path) -> None:
    generation = open_index(real_data)
    library = generation.library
    with safe_open(shipped("classifier"), "numpy") as kept:
        about = kept.metadata()
    assert about["embedder"] == generation.embedder == drivers.embedder("sentence").name
    assert Recipe(**json.loads(about["recipe"])) == Recipe()
    known = Classifier.of(generation.embedder, generation.vectors.shape[1])
    # A place that it does not know is found by its lead-in questions: fewer are right. `make classifier calibrate` mends it.
    assert set(known.places) == {str(lead_in.citation) for lead_in in library.lead_ins}
    assert set(known.entries) == {question.entry for question in library.outside}
    assert shipped("classifier").stat().st_size < 3_000_000


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "article", "elsewhere"),
    [
        ("how long can the police make a provider keep data before a court decides", "ets-185/art_16", False),
        ("un adulte qui donne rendez-vous à un enfant rencontré sur internet", "cets-201/art_23", False),
        ("how many children were abused in Belgium last year", "", True),
    ],
)
def test_the_shipped_one_tells(assistant: Assistant, question: str, article: str, elsewhere: bool) -> None:
    searcher = assistant.searcher
    view = searcher.view(question)
    assert view.beyond is not None
    assert (view.beyond > 0.5) is elsewhere
    if article:
        assert str(searcher.articles[int(searcher.score(view).classifier.argmax())]) == article
