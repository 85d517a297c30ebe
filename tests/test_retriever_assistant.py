"""Questions in, answers and refusals out."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest

from ingest.errors import UsageError
from ingest.treaty import Citation
from retriever.analysis import stems
from retriever.answer import Answer, Ground, Refusal
from retriever.assistant import Assistant, Look, shortened
from retriever.confidence import ASKED, BARE, Calibration, Regression
from retriever.lexical import Lexicon
from retriever.near import Near
from retriever.rendering import language
from retriever.scope import scope
from retriever.words import runs


def first(reply: Answer | Refusal) -> str:
    return str(reply.hits[0].citation)


@pytest.mark.parametrize(
    ("question", "address"),
    [
        ("What does Article 23 of the Lanzarote Convention say?", "cets-201/art_23"),
        ("Art. 9(2)(c) Budapest", "ets-185/art_9__para_2__point_c"),
        ("l'article 16 de la Convention de Budapest", "ets-185/art_16"),
        ("CETS 224 art 7", "cets-224/art_7"),
        ("article 3 ETS 189", "ets-189/art_3"),
    ],
)
def test_an_article_asked_for_by_name_is_fetched_whatever_the_vectors_say(
    hashed: Assistant, question: str, address: str
) -> None:
    reply = hashed.ask(question)
    assert isinstance(reply, Answer)
    assert first(reply) == address
    assert reply.hits[0].why == ("reference",)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "What does Article 51 of the Lanzarote Convention say?",
            "The Lanzarote Convention (CETS No. 201) goes up to Article 50.",
        ),
        ("Article 26 of the second additional protocol", "goes up to Article 25."),
        ("Article 20(5) Lanzarote", "The Lanzarote Convention (CETS No. 201) goes up to Article 20, paragraph 4."),
        (
            "Quel est l'article 60 de la convention de Budapest ?",
            "«\u00a0article 60\u00a0»\u00a0: cette disposition n'existe pas dans ces sources.",
        ),
        ("Chapter XX of the Budapest Convention", "There is no “Chapter XX” in these sources."),
    ],
)
def test_what_does_not_exist_is_said_not_to_exist(hashed: Assistant, question: str, said: str) -> None:
    reply = hashed.ask(question)
    assert isinstance(reply, Refusal)
    assert reply.ground == Ground.NO_SUCH_PROVISION
    assert said in reply.reason
    assert reply.confidence < 0.1


@pytest.mark.parametrize("question", ["What does the T-CY say on Article 32?", "l'article 32 vu par le T-CY"])
def test_what_a_committee_says_of_an_article_is_searched_and_not_cited(hashed: Assistant, question: str) -> None:
    reply = hashed.ask(question)
    assert getattr(reply, "ground", None) != Ground.NO_SUCH_PROVISION
    assert all(hit.why != ("reference",) for hit in reply.hits)


def test_a_missing_paragraph_shows_its_article_first(hashed: Assistant) -> None:
    assert first(hashed.ask("Article 20(5) Lanzarote")).startswith("cets-201/art_20")


def test_an_article_of_a_treaty_held_elsewhere_is_refused_with_where_to_look(hashed: Assistant) -> None:
    reply = hashed.ask("What does Article 8 ECHR protect?")
    assert isinstance(reply, Refusal)
    assert reply.ground == Ground.CLOSE
    assert "treaties of the Council of Europe" in reply.reason


@pytest.mark.parametrize("question", ["", "   \n\t", "?!…", "🙂🙂", "a"])
def test_what_holds_no_question_is_refused_as_such(hashed: Assistant, question: str) -> None:
    reply = hashed.ask(question)
    assert isinstance(reply, Refusal)
    assert (reply.ground, reply.confidence, reply.hits) == (Ground.NOT_A_QUESTION, 0.0, ())


@pytest.mark.parametrize(
    "question",
    ["x" * 100_000, "<script>alert(1)</script> " * 2000, "ﷺ\u202e\x00 child", "data " * 20_000, "٣ ٤ article ٣"],
)
def test_hostile_questions_get_a_reply(hashed: Assistant, question: str) -> None:
    reply = hashed.ask(question)
    assert reply.question == question
    assert 0 <= reply.confidence <= 1
    assert len(reply.hits) == 10


def test_at_most_one_hit_per_article_and_k_of_them(hashed: Assistant) -> None:
    reply = hashed.ask("child images on a computer", k=10)
    articles = [hit.citation.article for hit in reply.hits]
    assert len(articles) == len(set(articles)) == 10
    assert len(hashed.ask("child images on a computer", k=3).hits) == 3
    scores = [hit.score for hit in reply.hits]
    assert scores == sorted(scores, reverse=True)


def test_the_filter_keeps_other_instruments_out(hashed: Assistant) -> None:
    reply = hashed.ask("possession of images", within=scope(hashed.library, ["ets-185"]))
    assert {hit.instrument.id for hit in reply.hits} == {"ets-185"}
    assert hashed.ask("Article 20", within=scope(hashed.library, ["cets-201"])).hits[0].citation == Citation.parse(
        "cets-201/art_20"
    )


def test_a_reference_outside_the_filter_is_not_shown(hashed: Assistant) -> None:
    reply = hashed.ask("Article 20 Lanzarote", within=scope(hashed.library, ["ets-185"]))
    assert {hit.instrument.id for hit in reply.hits} <= {"ets-185"}


def test_bad_arguments_are_usage_errors(hashed: Assistant) -> None:
    with pytest.raises(UsageError, match="no instrument 'cets-999'"):
        scope(hashed.library, ["cets-999"])
    with pytest.raises(UsageError, match="at least 1 hit"):
        hashed.ask("x y", k=0)
    with pytest.raises(UsageError, match="en or fr"):
        hashed.ask("x y", lang="de")


def test_a_follow_up_keeps_the_instrument_and_says_so(hashed: Assistant) -> None:
    reply = hashed.ask("and Article 23?", ["What does Article 20 of the Lanzarote Convention say?"])
    assert first(reply) == "cets-201/art_23"
    assert "Lanzarote Convention" in reply.notes[0]


def test_the_words_of_a_follow_up_are_those_of_the_whole_conversation(hashed: Assistant) -> None:
    earlier = ["May the police freeze stored data?", "And traffic data?"]
    view = hashed.searcher.view("For how long?", "en", earlier)
    joined = hashed.searcher.view(" ".join([*earlier, "For how long?"]), "en")
    assert (view.text, view.stems) == (joined.text, joined.stems)
    assert np.array_equal(hashed.searcher.score(view).fused, hashed.searcher.score(joined).fused)


@pytest.mark.model
@pytest.mark.parametrize(
    ("earlier", "question", "answered"),
    [
        ("Is it a crime to have sex with a 13 year old?", "And if she agrees?", True),
        ("Can the police order a provider to keep data?", "and how long?", True),
        ("Can the police order a provider to keep data?", "How do I bake bread?", False),
        ("How do I keep tomatoes fresh?", "And for two years?", False),
    ],
)
def test_whether_a_follow_up_is_answered_hangs_on_what_is_meant(
    assistant: Assistant, earlier: str, question: str, answered: bool
) -> None:
    alone, meant = assistant.look(question), assistant.look(question, [earlier])
    assert isinstance(alone, Look)
    assert isinstance(meant, Look)
    assert (alone.view.beyond or 0) > 0.5  # none of them tells it by itself
    assert ((meant.view.beyond or 0) < 0.5) == answered
    assert isinstance(assistant.ask(question, [earlier]), Answer) == answered
    assert meant.text == meant.view.text == question


def test_one_missing_reference_among_others_is_a_note(hashed: Assistant) -> None:
    reply = hashed.ask("Compare Article 20 and Article 77 of the Lanzarote Convention")
    assert isinstance(reply, Answer)
    assert first(reply).startswith("cets-201/art_20")
    assert "Article 77" in " ".join(reply.notes)


def test_an_answer_below_three_in_four_says_that_it_is_not_sure(hashed: Assistant) -> None:
    def asked(question: str, odds: float) -> Answer | Refusal:
        told = [Regression(odds, dict.fromkeys(names, 0.0), 0.5) for names in (ASKED, BARE)]
        return Assistant(hashed.searcher, Calibration(*told)).ask(question)

    question = "who keeps the records of the committee"
    doubtful, certain = asked(question, 1.09), asked(question, 1.1)  # 0.748 and 0.750
    assert isinstance(doubtful, Answer)
    assert doubtful.notes[-1].startswith("Not sure: this is what comes nearest")
    assert doubtful.hits == certain.hits
    assert not any(note.startswith("Not sure") for note in certain.notes)
    french = asked("qui garde les registres du comité", 1.0)
    assert french.notes[-1].startswith("Réponse peu sûre")
    # Neither a refusal nor what was asked for by its number is in doubt.
    for reply in (asked(question, -0.1), asked("Article 20 of the Lanzarote Convention", 1.0)):
        assert not any(note.startswith("Not sure") for note in reply.notes)


def test_the_same_question_gets_the_same_reply(hashed: Assistant) -> None:
    one, two = (hashed.ask("may police freeze my data?") for _ in range(2))
    assert one == two


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("How long must a provider keep data frozen before a disclosure order?", "ets-185/art_16"),
        ("An adult asks a child to meet for sex over the internet", "cets-201/art_23"),
        ("until when can I still press charges as an adult for what happened when I was little", "cets-201/art_33"),
        ("Peut-on vérifier le casier judiciaire d'un candidat animateur de colonie ?", "cets-201/art_5"),
        ("Who is considered a child?", "cets-201/art_3"),
        ("someone hacked my account without permission", "ets-185/art_2"),
        ("ransomware locked all our files", "ets-185/art_4"),
        ("may foreign police look at public posts abroad without asking", "ets-185/art_32"),
        ("threatening somebody online because of their skin colour", "ets-189/art_4"),
        (
            "can police write straight to a foreign provider for a subscriber's name under the new protocol",
            "cets-224/art_7",
        ),
    ],
)
def test_everyday_and_expert_questions_find_their_article_among_the_first_three(
    assistant: Assistant, question: str, article: str
) -> None:
    reply = assistant.ask(question)
    assert isinstance(reply, Answer)
    assert article in [str(hit.citation.article) for hit in reply.hits[:3]]


@pytest.mark.model
@pytest.mark.parametrize(
    "question",
    [
        "What is the best recipe for pancakes?",
        "asdf qwer zxcv",
        "Who won the football match yesterday?",
        "What sentence does the Polish criminal code give for hacking?",
    ],
)
def test_what_the_sources_do_not_answer_is_refused(assistant: Assistant, question: str) -> None:
    reply = assistant.ask(question)
    assert isinstance(reply, Refusal)
    assert reply.ground in (Ground.OFF_TOPIC, Ground.CLOSE)
    assert reply.reason


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("Which carbon credits may be traded under article 6?", False),
        ("Indemnisation du passager, article 17, retard de plus de trois heures", False),
        ("Are tools for breaking into systems covered by article 6?", True),
        ("Que prévoit l'article 17 pour les données de trafic chez plusieurs fournisseurs ?", True),
        ("text of article 6", True),
    ],
)
def test_an_article_of_nothing_named_is_ours_unless_what_is_asked_of_it_is_not(
    assistant: Assistant, question: str, answered: bool
) -> None:
    reply = assistant.ask(question)
    assert isinstance(reply, Answer) is answered
    assert reply.hits[0].citation.path[0] in ("art_6", "art_17")


@pytest.mark.parametrize(
    ("question", "named", "placed"),
    [
        ("age of consent in Germany", 0.0, 1.0),
        ("la loi aux Pays-Bas", 0.0, 1.0),
        ("Podchasov v. Russia", 1.0, 1.0),
        ("What does GREVIO recommend?", 1.0, 0.0),
        ("may police freeze data?", 0.0, 0.0),
    ],
)
def test_a_named_country_and_law_held_elsewhere_are_seen(
    hashed: Assistant, question: str, named: float, placed: float
) -> None:
    seen = hashed.features(question)
    assert seen is not None
    assert (seen.elsewhere, seen.place) == (named, placed)


def test_importing_the_retriever_loads_no_model_no_faiss_and_no_page() -> None:
    code = "import retriever.assistant, sys; print([m for m in ('torch', 'faiss', 'gradio', 'sentence_transformers') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Is it a crime to send nudes?", "en"), ("C'est un crime d'envoyer des photos nues ?", "fr"), ("extradition", "en"),
        ("conservation rapide des données", "fr"), ("grooming article", "en"), ("prescription", "en"), ("quel âge minimum", "fr"),
    ],
)  # fmt: skip
def test_the_language_is_found_out(text: str, lang: str) -> None:
    assert language(text) == lang


def test_stems_drop_accents_and_function_words() -> None:
    assert stems("Les données relatives à l'abonné", "fr") == stems("données relatives abonné", "fr")
    assert stems("preserving the preserved", "en") == ["preserv", "preserv"]


def test_bm25_scores_what_it_should() -> None:
    lexicon = Lexicon.of([["child", "image"], ["child", "data"], ["data", "data"]])
    scores = lexicon.scores(["image"])
    assert scores[0] > 0
    assert scores[1:].tolist() == [0.0, 0.0]
    assert lexicon.scores(["unknown"]).tolist() == [0.0, 0.0, 0.0]
    assert lexicon.weight("image") > lexicon.weight("child")


def test_spelling_meets_typos() -> None:
    lexicon = Lexicon.of([runs("pornography"), runs("extradition")])
    asked = runs("pornografy")
    shares = lexicon.shares(asked)
    assert shares[0] > 0.1
    assert shares[1] == 0.0


def test_the_best_of_each_group_are_averaged() -> None:
    near = Near.of(np.array([0.5, 0.9, 0.1, 0.7], np.float32), 4)
    assert near.rows.tolist() == [1, 3, 0, 2]
    assert near.best(np.array([0, 0, 1, 0]), 2, 3).tolist() == pytest.approx([0.8, 0.05, 0.0])


@pytest.mark.parametrize(("many", "k"), [(9, 2), (1000, 1), (1003, 7), (4000, 999), (60, 60), (0, 3)])
def test_the_nearest_of_many_are_those_with_the_best_scores(many: int, k: int) -> None:
    """Against sorting them all; every second score stands more than once, the earlier row is the nearer one."""
    scores = (np.random.default_rng(many).integers(0, max(many // 2, 1), many) / 7).astype(np.float32)
    wanted = np.argsort(-scores, kind="stable")[:k]
    near = Near.of(scores, k)
    assert near.rows.tolist() == wanted.tolist()
    assert near.scores.tolist() == scores[wanted].tolist()
    assert near.floor == (scores[wanted[-1]] if k < many else 0.0)


def test_what_is_not_among_the_nearest_counts_as_the_last_of_them() -> None:
    near = Near.of(np.array([0.5, 0.9, 0.1, 0.7], np.float32), 2)
    assert (near.rows.tolist(), near.floor) == ([1, 3], pytest.approx(0.7))
    assert near.best(np.array([0, 0, 1, 0]), 2, 2).tolist() == pytest.approx([0.8, 0.7])


def test_a_long_case_keeps_its_beginning_and_its_end() -> None:
    text = shortened("start " + "middle " * 5000 + "the question?")
    assert text.startswith("start")
    assert text.endswith("the question?")
    assert len(text) <= 2001


def test_an_assistant_that_another_replaces_is_freed_at_once(hashed_data: Path) -> None:
    """The collector of cycles comes late, and until then a server would hold two indexes."""
    gc.disable()
    try:
        replaced = Assistant.open(hashed_data, "hashing:512")
        replaced.ask("Is it a crime to deny genocide?")
        held = weakref.ref(replaced.searcher)
        assert held() is not None
        del replaced
        assert held() is None
    finally:
        gc.enable()
