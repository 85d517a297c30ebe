"""Outputs: statements with source and status, relations with their inverse, and every mistake told with its line."""

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
from ingest.relations import INVERSE, relations
from ingest.treaty import Citation, Provision, Relation, Status

STATEMENT = """  - text: {text}
    source: A paper of ours, paragraph {n}
    url: https://example.org/paper
    as_of: 2020-01-0{n}
    status: {status}
"""
QUESTIONS = "".join(
    f"  - for: {which}\n    en: |\n"
    + "".join(f"      what does the paper say, {which} {n}\n" for n in range(4))
    + "    fr: |\n"
    + "".join(f"      que dit le papier, {which} {n}\n" for n in range(4))
    for which in ("all", 2)
)


def paper(changes: dict[str, str] | None = None) -> str:
    text = (
        "id: paper\nkind: study\nbody: null\nnumber: P(2020)1\ndate: 2020-01\n"
        "title: {en: A paper on zebras, fr: Un papier sur les zèbres}\n"
        "short_title: {en: Zebra paper (2020), fr: Papier zèbre (2020)}\naliases: [zebra paper, papier zèbre]\n"
        "languages: [en]\npage: https://example.org\nas_of: 2020-02-01\n"
        "relations:\n  - {kind: interprets, to: [ets-189/art_3]}\nstatements:\n"
        + STATEMENT.format(text="The zebra paper was written in January 2020.", n=1, status="checked")
        + "    read: 2026-11-21\n"
        + STATEMENT.format(
            text="According to the zebra paper stripes differ from animal to animal.", n=2, status="sourced"
        )
        + "    about: [ets-189/art_4]\n"
        + "questions:\n"
        + QUESTIONS
    )
    for old, new in (changes or {}).items():
        assert old in text
        text = text.replace(old, new, 1)
    return text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(corpus_folder() / "ets-189", tmp_path / "ets-189")
    for path in (tmp_path / "ets-189").glob("*.yaml"):  # on its own: without links to the other instruments
        path.write_text(re.sub(r"(?m)^related: .*\n|^relations:\n(  .*\n)+", "", path.read_text()))
    (tmp_path / "outputs" / "papers").mkdir(parents=True)
    return tmp_path


def test_statements_are_numbered_and_stand_verbatim_at_their_spans(folder: Path) -> None:
    (folder / "outputs" / "papers" / "paper.yaml").write_text(paper())
    _, entry = catalogue.load(folder).entries
    (wording,) = entry.expressions
    whole, first, second = wording.provisions
    assert [str(p.citation) for p in wording.provisions] == ["paper", "paper/statement_1", "paper/statement_2"]
    assert wording.text(first) == "1. The zebra paper was written in January 2020."
    assert wording.source.text[second.own_start : second.own_end].startswith("According to the zebra paper")
    assert wording.text(whole) == f"{wording.text(first)}\n{wording.text(second)}"
    assert second.citation.article == whole.citation == entry.articles[0].citation
    assert first.citation.words() == "our statement 1"
    assert (first.source.where, first.source.as_of) == ("A paper of ours, paragraph 1", "2020-01-01")
    assert entry.instrument.label() == "Zebra paper (2020), P(2020)1"
    assert (entry.instrument.dated, entry.instrument.binding, entry.instrument.is_output) == ("2020-01", False, True)


def test_what_nobody_has_read_is_unchecked_whatever_it_says(folder: Path) -> None:
    (folder / "outputs" / "papers" / "paper.yaml").write_text(paper())
    whole, first, second = catalogue.load(folder).entries[1].expressions[0].provisions
    assert [first.status, second.status, whole.status] == [Status.CHECKED, Status.UNCHECKED, Status.UNCHECKED]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    source: A paper of ours, paragraph 2\n", "", "`source` missing"),
        ("    status: sourced\n", "", "`status` missing"),
        ("status: sourced", "status: certain", "found 'certain'; write one of checked, sourced, unchecked"),
        ("to: [ets-189/art_3]", "to: [ets-189/art_99]", "no provision 'ets-189/art_99' in the corpus"),
        ("about: [ets-189/art_4]", "about: [ets-189/art_4__para_9]", "no provision 'ets-189/art_4__para_9'"),
        ("body: null", "body: nobody", "no provision 'nobody' in the corpus"),
        ("kind: interprets", "kind: interprets-well", "found 'interprets-well'; write 'interprets'"),
        ("  - for: 2\n", "  - for: 3\n", "no statement 3; wanted 1 to 2"),
        ("que dit le papier, 2 3", "what does the paper say, 2 3", "delete one"),
        ("id: paper", "id: papers", "found 'papers' in paper.yaml; write 'paper'"),
        ("as_of: 2020-02-01", "as_of: last winter", "found 'last winter'; write a date as 2026-11-21"),
        ("      que dit le papier, all 0\n", "", "7 questions in 'fr', wanted at least 8"),
    ],
)
def test_a_mistake_is_refused_and_told_with_its_file(folder: Path, old: str, new: str, message: str) -> None:
    (folder / "outputs" / "papers" / "paper.yaml").write_text(paper({old: new}))
    with pytest.raises(CorpusError) as refused:
        catalogue.load(folder)
    assert message in str(refused.value)


def test_every_relation_has_its_inverse(library: Library) -> None:
    stated = {(a, relation.kind, relation.to) for a, found in library.relations.items() for relation in found}
    both = INVERSE | {inverse: kind for kind, inverse in INVERSE.items()}
    assert {(b, both[kind], a) for a, kind, b in stated} == stated
    assert len(stated) >= 1500


def test_a_relation_is_seen_from_both_ends(library: Library) -> None:
    grooming, article = Citation("lc-op-2015-grooming"), Citation.parse("cets-201/art_23")
    assert Relation("interprets", article) in library.relations_of(grooming)
    assert Relation("interpreted-by", grooming) in library.relations_of(article)
    assert Relation("supplemented-by", Citation("cets-224")) in library.relations_of(Citation("ets-185"))
    assert Relation("issues", grooming) in library.relations_of(Citation("lc"))


def test_a_relation_is_stated_once_however_often_it_is_named() -> None:
    place = Citation.parse("ets-185/art_9")
    provision = Provision(Citation.parse("x/statement_1"), 1, 0, 1, 0, 1, about=(place, place))
    assert relations([], [provision]) == {
        provision.citation: (Relation("about", place),),
        place: (Relation("stated-by", provision.citation),),
    }


def test_the_catalogue_is_there_whole(library: Library) -> None:
    kinds = Counter(i.kind for i in library.instruments.values() if i.is_output)
    assert sum(kinds.values()) >= 90
    assert kinds["guidance-note"] >= 14
    assert (kinds["opinion"], kinds["explanatory-report"], kinds["treaty-status"]) == (3, 4, 4)
    rows = """lc lc-op-2015-grooming lc-op-2017-icts lc-op-2019-csgsiv lc-decl-2016-web lc-decl-2019-care lc-decl-2024-tech
        lc-r1-framework lc-r1-strategies lc-special-refugees lc-r2-questionnaire lc-r2-report lc-r2-keyfindings
        lc-r2-factsheets lc-r2-followup lc-auto-detect lc-docs lc-day t-cy t-cy-gn-01 t-cy-gn-13 t-cy-cyberviolence
        t-cy-preservation t-cy-transborder t-cy-art13 t-cy-cloud t-cy-emergency t-cy-templates cm-rec-2018-7
        cm-handbook-2020 cm-privacy-decl tpd-education cm-older cm-other strategy-2022 strategy-2016 strategy-midterm
        pace-res-2547 pace-rec-2274 cdenf cdenf-ai-study cdenf-cria edu-2025 c-proc octopus glacy-plus cybersee
        mauritius-2023 endocsea endocsea-plus endocsea-tot endocsea-mapping georgia moldova-iii cyberviolence
        vac-clearinghouse octopus-community cps ap-twins 1-june sid eao-vsp eao-safe ransomware-guides""".split()
    assert [row for row in rows if row not in library.instruments] == []


def test_every_statement_was_compared_with_its_source(library: Library) -> None:
    statements = [p for w in library.expressions.values() for p in w.provisions if p.source and p.citation.path]
    assert len(statements) >= 900
    assert [str(p.citation) for p in statements if p.status is Status.UNCHECKED] == []
    assert all(p.source is not None and p.source.where and p.source.as_of for p in statements)


def test_no_output_claims_to_bind(library: Library) -> None:
    assert [i.id for i in library.instruments.values() if i.is_output and (i.binding or i.in_force)] == []


def test_no_word_of_the_making_stands_in_a_statement(library: Library) -> None:
    making = re.compile(r"\bseeds?\b|source page|\bcatalogue's?\b|\[GK\]|second reader", re.I)
    found = [
        (str(p.citation), p.source.where)
        for wording in library.expressions.values()
        for p in wording.provisions
        if p.source and p.citation.path and making.search(p.source.where + wording.text(p))
    ]
    assert found == []
