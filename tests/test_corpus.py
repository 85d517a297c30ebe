"""The corpus is whole, exact in form, and our own."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from ingest import catalogue
from ingest.corpus_file import corpus_folder
from ingest.errors import CorpusError
from ingest.library import Library
from ingest.treaty import Citation

ARTICLES = {"cets-201": 50, "ets-185": 48, "ets-189": 16, "cets-224": 25}
WORD = re.compile(r"[a-zà-ÿ0-9]+(?:['’-][a-zà-ÿ0-9]+)*")


def test_all_139_articles_and_four_preambles_are_there_in_order(library: Library) -> None:
    treaties = [id_ for id_, instrument in library.instruments.items() if instrument.is_treaty]
    found = {id_: [c.path[0] for c in library.articles if c.instrument == id_] for id_ in treaties}
    assert found == {id_: ["preamble", *(f"art_{n}" for n in range(1, count + 1))] for id_, count in ARTICLES.items()}
    assert sum(len(names) - 1 for names in found.values()) == 139


def test_every_related_provision_exists(library: Library) -> None:
    known = library.citations()
    assert [(str(a.citation), str(c)) for a in library.articles.values() for c in a.related if c not in known] == []


def test_no_article_is_related_to_itself_only(library: Library) -> None:
    assert [str(a.citation) for a in library.articles.values() if a.related and set(a.related) <= {a.citation}] == []


def test_every_article_has_the_questions_that_were_promised(library: Library) -> None:
    counts: Counter[tuple[Citation, str]] = Counter((q.citation.article, q.lang) for q in library.lead_ins)
    for article in library.articles.values():
        if library.instruments[article.citation.instrument].is_output:
            assert counts[article.citation, "en"] >= 8, article.citation
            assert counts[article.citation, "fr"] >= 8, article.citation
            continue
        final = "final-clause" in article.roles or article.citation.path == ("preamble",)
        for lang, fewest in {"en": 5 if final else 12, "fr": 3 if final else 6}.items():
            assert counts[article.citation, lang] >= fewest, f"{article.citation} {lang}"


def test_no_question_stands_twice(library: Library) -> None:
    asked = Counter(" ".join(q.text.lower().split()) for q in (*library.lead_ins, *library.outside))
    assert [text for text, count in asked.items() if count > 1] == []


def test_the_facts_of_the_instruments(library: Library) -> None:
    facts = {
        i.id: (i.label(), i.opened.isoformat(), i.in_force and i.in_force.isoformat())
        for i in library.instruments.values()
        if i.opened
    }
    assert facts == {
        "cets-201": ("Lanzarote Convention (CETS No. 201)", "2007-10-25", "2010-07-01"),
        "ets-185": ("Budapest Convention (ETS No. 185)", "2001-11-23", "2004-07-01"),
        "ets-189": ("First Additional Protocol to the Budapest Convention (ETS No. 189)", "2003-01-28", "2006-03-01"),
        "cets-224": ("Second Additional Protocol to the Budapest Convention (CETS No. 224)", "2022-05-12", None),
    }
    assert not library.instruments["cets-224"].binding
    assert library.instruments["ets-185"].headings(Citation("ets-185", ("art_18",))) == (
        "Chapter II – Measures to be taken at the national level", "Section 2 – Procedural law", "Title 3 – Production order",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("cets-201/art_3__point_a", "18"),
        ("cets-201/art_20__para_1__point_f", "access"),
        ("ets-185/art_16__para_2", "ninety|90"),
        ("ets-185/art_29__para_7", "sixty|60"),
        ("ets-185/art_9__para_3", "16|sixteen"),
        ("ets-185/art_1__point_c__point_ii", "."),
        ("cets-201/art_20__para_3__indent_2", "private"),
        ("ets-185/art_6__para_1__point_a__wrapup", "."),
    ],
)
def test_a_provision_stands_at_its_address(library: Library, address: str, words: str) -> None:
    citation = Citation.parse(address)
    wording = library.expressions[citation.instrument, "restatement-en"]
    provision = wording.find(citation)
    assert provision is not None
    text = wording.text(provision)
    assert re.search(words, text), text


def test_three_treaties_are_checked_whole_and_the_fourth_says_what_is_not(library: Library) -> None:
    provisions = [p for w in library.expressions.values() for p in w.provisions if p.source is None]
    assert {p.citation.instrument for p in provisions if p.check is None} == {"cets-224"}
    assert all(p.check.on.year >= 2026 and len(p.check.against) > 20 for p in provisions if p.check)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for name in ("ets-189", "schema"):
        shutil.copytree(corpus_folder() / name, tmp_path / name)
    for path in (tmp_path / "ets-189").glob("*.yaml"):  # on its own: without links to the other instruments
        path.write_text(re.sub(r"(?m)^related: .*\n|^relations:\n(  .*\n)+", "", path.read_text()))
    return tmp_path


def test_a_sound_corpus_loads(copied: Path) -> None:
    assert [entry.instrument.id for entry in catalogue.load(copied).entries] == ["ets-189"]


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "message"),
    [
        ("art_03.yaml", "  2. ", "  3. ", None, "found `3.` after `1.`, wanted `2.`"),
        ("art_03.yaml", "roles: [offence]", "roles: [offense]", None, "found 'offense'; write 'offence'"),
        ("art_03.yaml", "article: 3", "article: 4", 1, "the file should be called art_04.yaml"),
        ("art_03.yaml", "title:", "titel:", None, "unknown entry `titel`"),
        (
            "art_03.yaml",
            "title:",
            "related: [ets-189/art_99]\ntitle:",
            2,
            "no provision 'ets-189/art_99' in the corpus",
        ),
        ("art_03.yaml", "- for: para_1", "- for: para_9", None, "no provision 'para_9' in this article"),
        ("instrument.yaml", "articles: 16", "articles: sixteen", None, "write a integer"),
        ("instrument.yaml", "opened: 2003-01-28", "opened: 28.1.2003", None, "write a date as 2026-11-21"),
        ("art_03.yaml", "article: 3", "article: [3", None, "not YAML"),
    ],
)
def test_a_mistake_is_reported_with_file_line_and_remedy(
    copied: Path, file: str, old: str, new: str, line: int | None, message: str
) -> None:
    path = copied / "ets-189" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(CorpusError) as raised:
        catalogue.load(copied)
    problem = next(p for p in raised.value.problems if message in p.message)
    assert problem.file == path
    changed = text[: text.index(old)].count("\n") + 1
    assert problem.line == (line or problem.line)
    assert abs(problem.line - changed) <= 1 or "YAML" in message


def test_a_missing_article_is_reported(copied: Path) -> None:
    (copied / "ets-189" / "art_07.yaml").unlink()
    with pytest.raises(CorpusError, match=r"art_07\.yaml: missing"):
        catalogue.load(copied)


def test_too_few_questions_are_reported(copied: Path) -> None:
    path = copied / "ets-189" / "art_16.yaml"
    text = path.read_text()
    path.write_text(
        text[: text.index("questions:")] + "questions:\n  - for: article\n    en: |\n      who tells whom?\n"
    )
    with pytest.raises(CorpusError, match=r"1 questions in 'en', wanted at least 5"):
        catalogue.load(copied)


def _runs(text: str, length: int) -> dict[tuple[str, ...], None]:
    words = WORD.findall(text.lower())
    return {tuple(words[at : at + length]): None for at in range(len(words) - length + 1)}


@pytest.mark.parametrize("id_", ["cets-201", "ets-185", "ets-189"])
def test_no_twelve_words_run_as_in_the_official_text(library: Library, official: Path, id_: str) -> None:
    text = (official / id_ / "en.md").read_text()
    lines = [line for path in official.glob("**/en.md") for line in path.read_text().splitlines()]
    lines += ["Protocol to Prevent, Suppress and Punish Trafficking in Persons, Especially Women and Children"]
    headings = " | ".join(
        " ".join(WORD.findall(line.lower())) for line in lines if line.startswith(("#", "Protocol to"))
    )
    theirs = _runs(text, 12)
    ours = [run for p in library.passages if p.citation.instrument == id_ for run in _runs(p.text, 12)]
    assert [" ".join(run) for run in ours if run in theirs and " ".join(run) not in headings] == []


@pytest.mark.parametrize("id_", ["cets-201", "ets-185", "ets-189"])
def test_every_article_has_as_many_paragraphs_and_points_as_the_official_text(
    library: Library, official: Path, id_: str
) -> None:
    text = (official / id_ / "en.md").read_text()
    pieces = re.split(r"(?m)^### ?Article +(\d+) *$", text)
    for number, body in zip(pieces[1::2], pieces[2::2], strict=True):
        body = re.split(r"(?m)^#{2,3} ?(?:CHAPTER|SECTION|TITLE)", body)[0]
        numbered = [int(n) for n in re.findall(r"(?m)^(\d+)\. ", body)]
        article = Citation(id_, (f"art_{number}",))
        wording = library.expressions[id_, "restatement-en"]
        ours = [p.citation.path[1] for p in wording.provisions if p.citation.parent == article]
        paragraphs = [int(name[5:]) for name in ours if name.startswith("para_")]
        if len(numbered) > 1 and numbered == list(range(1, len(numbered) + 1)):
            assert paragraphs == numbered, f"{id_} Article {number}"
