"""The glossary: what the treaties call a word, where that stands, and how a question that uses the word finds it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.errors import Problem
from ingest.glossary import Term, glossary
from ingest.library import Library
from ingest.treaty import Citation
from retriever.analysis import stems
from retriever.answer import Answer
from retriever.assistant import Assistant
from retriever.terms import Terms
from ui.terms import said, telling, terms_page

ENTRY = """- words: {en: [stripy horse, stripy horses], fr: [cheval rayé]}
  term: {en: zebra, fr: zèbre}
  at: [ets-185/art_2]
  note: {en: It is no horse., fr: Ce n'est pas un cheval.}
"""


def read(tmp_path: Path, text: str) -> tuple[tuple[Term, ...], list[str]]:
    problems: list[Problem] = []
    (tmp_path / "glossary.yaml").write_text(text)
    known = {Citation.parse("ets-185/art_2")}
    return glossary(tmp_path / "glossary.yaml", known, problems), [problem.message for problem in problems]


def test_an_entry_is_read(tmp_path: Path) -> None:
    (term,), problems = read(tmp_path, ENTRY)
    assert problems == []
    assert term.words == {"en": ("stripy horse", "stripy horses"), "fr": ("cheval rayé",)}
    assert (term.name, term.citations) == ({"en": "zebra", "fr": "zèbre"}, (Citation.parse("ets-185/art_2"),))
    assert said(term, "en") == "“stripy horse”: the treaties call this “zebra”."
    assert said(term, "fr") == "«\u00a0cheval rayé\u00a0»\u00a0: les traités disent «\u00a0zèbre\u00a0»."


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("ets-185/art_2", "ets-185/art_222", "no provision 'ets-185/art_222' in the corpus"),
        ("  at: [ets-185/art_2]\n", "", "`at` missing"),
        ("fr: [cheval rayé]", "de: [Streifenpferd]", "unknown entry `de`"),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    _, problems = read(tmp_path, ENTRY.replace(old, new, 1))
    assert any(message in problem for problem in problems)


def test_a_word_belongs_to_one_entry(tmp_path: Path) -> None:
    _, problems = read(tmp_path, ENTRY + ENTRY.replace("stripy horses", "okapi"))
    assert "'stripy horse' stands under 'stripy horse' too; leave it in one of them" in problems


def test_the_longest_word_counts_and_a_plural_is_found() -> None:
    def term(*words: str) -> Term:
        return Term({"en": words, "fr": ("mot",)}, None, (), {"en": "", "fr": ""})

    short, long = term("zebra"), term("zebra crossing")
    terms = Terms([short, long])
    assert [used.term for used in terms.within(stems("two zebras at the zebra crossings", "en"), "en")] == [short, long]
    assert terms.within(stems("a crossing", "en"), "en") == []
    assert terms.named("zebra") == [short, long]


def test_the_word_that_was_used_is_told_first() -> None:
    term = Term({"en": ("zebra", "stripy horse"), "fr": ("zèbre",)}, None, (), {"en": "", "fr": ""})
    (used,) = Terms([term]).within(stems("I saw two stripy horses", "en"), "en")
    assert used.as_said().words == {"en": ("stripy horse", "zebra"), "fr": ("zèbre",)}


def test_the_glossary_is_as_large_as_was_promised_and_in_two_languages(library: Library) -> None:
    assert len(library.terms) >= 250
    assert all(term.words["en"] and term.words["fr"] and term.citations for term in library.terms)
    for (
        word
    ) in """CSAM|child porn|nudes|sexting|sextortion|grooming|livestreaming|deepfake|hacking|wiretapping|freeze data
            |subscriber info|WHOIS|MLA|MLAT|24/7 network|double criminality|vetting|statute of limitations|forensic interview
            |loverboy|sugar dating|upskirting""".split("|"):
        assert Terms(library.terms).named(word.strip()), word


def test_a_question_that_is_one_word_of_the_glossary_is_answered_where_it_leads(hashed: Assistant) -> None:
    lost = [
        (word, reply.hits[0].article.citation)
        for term in hashed.library.terms[::7]
        for lang in ("en", "fr")
        for word in term.words[lang][:1]
        if not isinstance(reply := hashed.ask(word, lang=lang), Answer)
        or reply.hits[0].article.citation not in {c.article for c in term.citations}
    ]
    assert lost == []


def test_a_word_inside_a_longer_question_is_told_and_not_looked_up(hashed: Assistant) -> None:
    reply = hashed.ask("My daughter's class is full of sexting and the head teacher does not care about the parents")
    assert "sexting" in [term.words["en"][0] for term in reply.terms]
    assert all(hit.why != ("glossary",) for hit in reply.hits)
    assert "sexting" in terms_page(hashed.library, reply.terms, "en")


def test_who_says_it_as_the_treaty_does_is_told_nothing() -> None:
    plain = Term({"en": ("Zebra",), "fr": ("zèbre",)}, {"en": "zebra", "fr": "zèbre"}, (), None)
    assert telling([plain], "en") == []


def test_a_word_is_shown_as_text_and_never_run(library: Library) -> None:
    evil = Term({"en": ("<b>x</b>",), "fr": ("x",)}, None, (), {"en": "<script>", "fr": ""})
    assert "<b>" not in (page := terms_page(library, [evil], "en"))
    assert "&lt;script&gt;" in page


def test_the_page_and_json_carry_the_terms(hashed: Assistant) -> None:
    from ui.render import reply_data, reply_text

    reply = hashed.ask("upskirting")
    assert json.loads(json.dumps(reply_data(reply, None, 0)))["terms"][0]["words"]["en"][0] == "upskirting"
    assert "“upskirting”" in reply_text(reply)
