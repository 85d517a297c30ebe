"""The reader's HTML: every character of every text, the place marked, the switches, and what it says of what it lacks."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from official_layout import database_markdown

from ingest import catalogue
from ingest.adding import Facts, document_entry, official_entry
from ingest.errors import UsageError
from ingest.library import Library
from ingest.pipeline import ingest
from ingest.reading import read_bytes
from ingest.treaty import Citation
from ui.shown.opening import Opened, opened
from ui.shown.reader import MANY, STRETCH, reader_page

TODAY = datetime.date(2026, 11, 22)
HOSTILE = '<img src=x onerror=alert(1)>"&amp;'


class Page(HTMLParser):
    """Collects the text of each `.text` by the id of the element it stands in, all ids, tags and links."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: dict[str, list[tuple[str, str]]] = {}
        self.ids: list[str] = []
        self.tags: Counter[str] = Counter()
        self.places: list[dict[str, str]] = []
        self.attributes: set[str] = set()
        self._owner = ""
        self._open: list[bool] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags[tag] += 1
        self.attributes |= set(found)
        if "id" in found:
            self.ids.append(found["id"])
        if found.get("id", "").startswith("p-"):
            self._owner = found["id"][2:]
        if found.get("class") == "place":
            self.places.append(found)
        begins = found.get("class") == "text"
        if begins:
            self.texts.setdefault(self._owner, []).append((found["lang"], ""))
        self._open.append(begins)

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if any(self._open):
            lang, text = self.texts[self._owner][-1]
            self.texts[self._owner][-1] = (lang, text + data)


def marks(html: str) -> str:
    return "".join(unescape(text) for text in re.findall(r"<mark[^>]*>(.*?)</mark>", html, re.S))


@pytest.fixture(scope="module")
def furnished(library: Library) -> Library:
    """The corpus with two official texts of one treaty, made of our own words, and a long document of a user's."""
    corpus = catalogue.load().entries
    texts = [
        official_entry(read_bytes(f"{lang}.md", database_markdown(library, "ets-185").encode()), corpus, "ets-185", lang, TODAY)
        for lang in ("en", "fr")
    ]  # fmt: skip
    lines = "\n\n".join(f"{n}. The keeper of lamp {n} reports to the harbour. {HOSTILE}" for n in range(1, 201))
    lamps = Facts("lamps", f"Lamps {HOSTILE}", "de")
    return ingest(None, [*texts, document_entry(read_bytes("lamps.txt", lines.encode()), lamps, TODAY)])


def test_every_text_reaches_the_page_character_by_character(furnished: Library) -> None:
    for (instrument, name), wording in furnished.expressions.items():
        if instrument == "lamps":
            continue
        page = Page(reader_page(furnished, opened(furnished, instrument, name), "en"))
        held = [p for p in wording.provisions if (len(p.citation.path) == 1)]
        assert page.texts == {str(p.citation): [(wording.source.lang, wording.text(p))] for p in held}
        assert len(page.ids) == len(set(page.ids))
        assert page.ids.count("here") == 1


def test_every_place_is_marked_exactly_and_once_to_be_scrolled_to(furnished: Library) -> None:
    for (_, name), wording in furnished.expressions.items():
        for provision in wording.provisions:
            html = reader_page(furnished, opened(furnished, str(provision.citation), name), "en")
            deep = provision.citation.path and provision.citation != provision.citation.article
            text = wording.text(provision) if deep else ""
            assert marks(html) == text.replace("\n", ""), provision.citation
            assert html.count('id="here"') == 1, provision.citation


def test_two_wordings_stand_side_by_side_article_by_article(furnished: Library) -> None:
    view = opened(furnished, "ets-185/art_19__para_1", "official-fr", "restatement-en")
    html = reader_page(furnished, view, "fr")
    page = Page(html)
    french, ours = (furnished.expressions["ets-185", name] for name in ("official-fr", "restatement-en"))
    for number in range(1, 49):
        citation = Citation("ets-185", (f"art_{number}",))
        both = [(each.source.lang, each.text(p)) for each in (french, ours) if (p := each.find(citation))]
        assert page.texts[str(citation)] == both
        assert [lang for lang, _ in both] == ["fr", "en"]
    assert len(page.ids) == len(set(page.ids))
    paragraphs = [each.text(p) for each in (french, ours) if (p := each.find(view.citation))]
    assert marks(html) == "".join(paragraphs).replace("\n", "")


def test_an_article_that_one_wording_lacks_says_so(library: Library) -> None:
    corpus = catalogue.load().entries
    text = official_entry(
        read_bytes("x.md", database_markdown(library, "cets-201").encode()), corpus, "cets-201", "en", TODAY
    )
    (wording,) = text.expressions
    kept = tuple(p for p in wording.provisions if p.citation.path[0] != "art_23")
    held = ingest(None, [replace(text, expressions=(replace(wording, provisions=kept),))])
    html = reader_page(held, opened(held, "cets-201/art_23", "official-en", "restatement-en"), "en")
    article = html[html.index('id="p-cets-201/art_23"') : html.index('id="p-cets-201/art_24"')]
    assert '<p class="missing">This wording has no Article 23.</p>' in article
    assert "intentional" in article
    alone = reader_page(held, opened(held, "cets-201/art_23", "official-en"), "fr")
    assert '<p class="missing">Cette version ne contient pas\u00a0: article 23.</p>' in alone
    assert alone.count('id="here"') == 1
    assert opened(held, "cets-201/art_23").expression == "restatement-en"


def test_the_most_authoritative_wording_is_opened_unless_another_is_named(furnished: Library) -> None:
    citation = Citation("ets-185", ("art_2",))
    assert opened(furnished, "ets-185/art_2") == Opened(citation, "official-en", None)
    assert opened(furnished, "ets-185/art_2", lang="fr") == Opened(citation, "official-fr", None)
    named = opened(furnished, "ets-185/art_2", "restatement-en", "restatement-en")
    assert named == Opened(citation, "restatement-en", None)
    assert opened(furnished, "cets-201").expression == "restatement-en"


def test_every_held_wording_can_be_switched_to_and_set_beside(furnished: Library) -> None:
    html = reader_page(furnished, opened(furnished, "ets-185/art_2", "official-fr", "official-en"), "en")
    page, switches = Page(html), html[html.index('<nav class="wordings"') :]
    alone = {
        link["data-expression"]: link.get("aria-current")
        for link in Page(switches[: switches.index("Side by side")]).places
    }
    here = [link for link in page.places if link["data-place"] == "ets-185/art_2" and "data-expression" in link]
    assert alone == {"official-fr": "true", "official-en": None, "restatement-en": None}
    beside = {link["data-beside"]: link["href"] for link in here if "data-beside" in link}
    assert beside == {
        name: f"?p=ets-185/art_2&x=official-fr&beside={name}" for name in ("official-en", "restatement-en")
    }
    following = next(link for link in page.places if link["data-place"] == "ets-185/art_3")
    assert (following["data-expression"], following["data-beside"]) == ("official-fr", "official-en")


@pytest.mark.parametrize(
    ("address", "expression", "wanted"),
    [
        ("Article 23", None, "Addresses look like cets-201 or cets-201/art_23"),
        ("", None, "Addresses look like cets-201 or cets-201/art_23"),
        ("cets-2001", None, "Did you mean cets-201"),
        ("cets-201/art_99", None, "Its parts run from cets-201/preamble to cets-201/art_50"),
        ("cets-201/art_20__para_9", None, "The nearest place is cets-201/art_20."),
        ("t-cy/statement_99", None, "The nearest place is t-cy."),
        ("cets-201/art_23", "official-xx", "in the wording 'official-xx', only as: restatement-en."),
    ],
)
def test_what_is_not_held_is_named_with_what_is(
    library: Library, address: str, expression: str | None, wanted: str
) -> None:
    with pytest.raises(UsageError) as raised:
        opened(library, address, expression)
    assert wanted in str(raised.value)
    with pytest.raises(UsageError, match=r"Il n'y a pas|Une adresse|n'est pas disponible"):
        opened(library, address, expression, lang="fr")


def test_the_contents_lead_to_every_article_and_tell_the_opened_one(library: Library) -> None:
    html = reader_page(library, opened(library, "cets-201/art_23"), "fr")
    contents = html[: html.index("</nav>")]
    links = Page(contents).places
    assert [link["data-place"] for link in links] == ["cets-201/preamble", *(f"cets-201/art_{n}" for n in range(1, 51))]
    assert [link["data-place"] for link in links if link.get("aria-current") == "true"] == ["cets-201/art_23"]
    assert links[23]["href"] == "?p=cets-201/art_23"
    assert "Article 23 – Sollicitation d&#x27;enfants à des fins sexuelles" in contents
    assert '<span class="division" lang="en">Chapter VI – Substantive criminal law</span>' in contents


def test_neighbours_facts_and_relations_stand_around_the_opened_article(library: Library) -> None:
    html = reader_page(library, opened(library, "cets-201/art_23"), "en")
    for wanted in ("<span>binding</span>", "<span>in force since 2010-07-01</span>", "<span>checked 2026-11-21</span>",
                   "<span>our restatement, English</span>", "Facts as known on 2026-05-01", "Previous: Article 22", "Next: Article 24",
                   'data-copy="Lanzarote Convention (CETS No. 201), Article 23"', "This is not legal advice."):  # fmt: skip
        assert wanted in html
    relations = html[html.index('<section class="relations">') :]
    relations = relations[: relations.index("</section>")]
    assert "<dt>Interpreted by</dt>" in relations
    shown = {link["data-place"] for link in Page(relations).places}
    related = {str(citation) for citation in library.articles[Citation.parse("cets-201/art_23")].related}
    assert {str(r.to) for r in library.relations_of(Citation.parse("cets-201/art_23"))} | related <= shown
    assert html.count('<section class="relations">') == 1
    assert "<span>not in force</span>" in reader_page(library, opened(library, "cets-224"), "en")
    assert "<span>266 of 266 provisions checked</span>" in reader_page(library, opened(library, "cets-201"), "en")


def test_our_statements_stand_with_the_source_of_each(library: Library) -> None:
    html = reader_page(library, opened(library, "lc-op-2019-csgsiv/statement_3"), "fr")
    wording = library.expressions["lc-op-2019-csgsiv", "restatement-en"]
    statements = [p for p in wording.provisions if p.citation.path]
    assert html.count('<p class="source">Source\u00a0: ') == len(statements) == 13
    assert all(p.source and unescape(html).count(p.source.where) >= 1 for p in statements)
    assert "Précédent\u00a0: Notre énoncé 2" in html
    assert "<p class=\"cited\">Surligné\u00a0: notre énoncé 3</p>" in html  # fmt: skip


def test_of_a_long_document_the_part_around_the_place_is_shown_with_the_way_on(furnished: Library) -> None:
    wording = furnished.expressions["lamps", "document-de"]
    units = [p for p in wording.provisions if p.citation == p.citation.article]
    assert len(units) == 200 > MANY
    html = reader_page(furnished, opened(furnished, str(units[60].citation)), "en")
    page = Page(html)
    assert page.texts == {str(p.citation): [("de", wording.text(p))] for p in units[50 : 50 + STRETCH]}
    assert f"{units[50].citation.words()} to {units[74].citation.words()} are shown, 25 of 200 parts." in html
    contents = Page(html[: html.index("</nav>")]).places
    reached = [str(p.citation) for p in (units[0], units[25], *units[50:75], *units[75::25])]
    assert [link["data-place"] for link in contents] == reached


def test_what_a_user_installed_is_shown_as_text_and_never_run(furnished: Library) -> None:
    for lang in ("en", "fr"):
        page = Page(reader_page(furnished, opened(furnished, "lamps"), lang))
        assert not {"img", "script", "style"} & set(page.tags)
        assert not {name for name in page.attributes if name.startswith("on") or name == "style"}


@pytest.mark.parametrize(("instrument", "articles"), [("cets-201", 50), ("ets-185", 48)])
def test_the_real_official_text_reaches_the_page_whole(official: Path, instrument: str, articles: int) -> None:
    path = official / instrument / "en.md"
    entry = official_entry(read_bytes(path.name, path.read_bytes()), catalogue.load().entries, instrument, "en", TODAY)
    held, (wording,) = ingest(None, [entry]), entry.expressions
    page = Page(reader_page(held, opened(held, instrument, "official-en", "restatement-en"), "en"))
    for number in range(1, articles + 1):
        provision = wording.find(Citation(instrument, (f"art_{number}",)))
        assert provision
        assert page.texts[str(provision.citation)][0] == ("en", wording.text(provision))
