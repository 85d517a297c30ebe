"""Citations in five styles, and quotes with their citation: exact strings, hostile titles, and the whole library."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import replace

import pytest

from ingest.errors import UsageError
from ingest.library import Library
from ingest.treaty import (
    Article,
    Citation,
    Expression,
    Instrument,
    Origin,
    Provision,
    SourceText,
)
from retriever.answer import Hit, Quote
from ui.shown.citing import STYLES, cite, quoted

DAY = datetime.date(2026, 5, 1)
LANZAROTE = (
    "Council of Europe Convention on the Protection of Children against Sexual Exploitation and Sexual Abuse "
    "(opened for signature 25 October 2007, entered into force 1 July 2010) CETS 201 (Lanzarote Convention)"
)


def found(library: Library, address: str, wide: str = "") -> Hit:
    """The hit for an address in its restatement, quoted alone or within the address `wide`."""
    citation = Citation.parse(address)
    wording = library.wordings(citation.instrument)[0]
    provision, around = wording.find(citation), wording.find(Citation.parse(wide or address))
    assert provision
    assert around
    return Hit(
        1, 1.0, library.instruments[citation.instrument], library.articles[citation.article], wording, provision,
        Quote(wording.source, around.start, around.end, ()), (), (),
    )  # fmt: skip


def document(title: str, path: str = "para_5", url: str = "", dated: str | None = None, text: str = "Our own words.",
             lang: str = "en", headings: tuple[str, ...] = ()) -> Hit:  # fmt: skip
    """A place in a document of the user's."""
    names = {"en": title, "fr": title}
    instrument = Instrument(
        "notes", "document", False, None, None, names, names, (), None, None, None, "", DAY, 0, (lang,),
        {"en": url} if url else {}, (), dated=dated,
    )  # fmt: skip
    citation = Citation.parse(f"notes/{path}")
    source = SourceText("notes", f"document-{lang}", lang, text)
    provision = Provision(citation, 0, 0, len(text), 0, len(text))
    wording = Expression(source, (provision,), Origin("notes.txt", "0" * 64, DAY, ()))
    article = Article(citation.article, {"en": "", "fr": ""}, headings=headings)
    return Hit(1, 1.0, instrument, article, wording, provision, Quote(source, 0, len(text), ()), (), ())


def record(ris: str) -> dict[str, str]:
    """One RIS record as its fields; fails where a line is no field, the ends are not CRLF or a tag comes twice."""
    assert ris.endswith("\r\nER  - \r\n")
    lines = ris.removesuffix("\r\n").split("\r\n")
    assert "\r" not in "".join(lines)
    assert [len(line.splitlines()) for line in lines] == [1] * len(lines)
    fields = [re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line) for line in lines]
    assert all(fields)
    pairs = [(field[1], field[2]) for field in fields if field]
    assert pairs[0][0] == "TY"
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def item(text: str) -> dict[str, object]:
    items = json.loads(text)
    assert len(items) == 1
    return dict(items[0])


@pytest.mark.parametrize(
    ("address", "lang", "style", "expected"),
    [
        ("cets-201/art_20__para_1__point_a", "en", "plain",
         "Lanzarote Convention (CETS No. 201), Article 20, paragraph 1, point a"),
        ("cets-201/art_20__para_1__point_a", "fr", "plain",
         "Convention de Lanzarote (STCE n° 201), article 20, paragraphe 1, point a"),
        ("cets-201/art_20__para_1__point_a", "en", "oscola", f"{LANZAROTE} art 20(1)(a)"),
        ("cets-201/art_20__para_1__point_a", "en", "markdown",
         "[Lanzarote Convention (CETS No. 201), Article 20, paragraph 1, point a](https://rm.coe.int/1680084822)"),
        ("ets-185/art_1__point_c__point_i", "en", "oscola",
         "Convention on Cybercrime (opened for signature 23 November 2001, entered into force 1 July 2004) ETS 185 "
         "(Budapest Convention) art 1(c)(i)"),
        ("ets-185/preamble__rec_3", "fr", "oscola",
         "Convention sur la cybercriminalité (ouverture à la signature le 23 novembre 2001, entrée en vigueur le "
         "1er juillet 2004) STE 185 (Convention de Budapest) préambule, considérant 3"),
        ("cets-224/art_7__para_2__point_b", "en", "oscola",
         "Second Additional Protocol to the Convention on Cybercrime on enhanced co-operation and disclosure of electronic "
         "evidence (opened for signature 12 May 2022, not yet in force) CETS 224 (Second Additional Protocol to the "
         "Budapest Convention) art 7(2)(b)"),
        ("t-cy-cyberviolence/statement_1", "en", "plain",
         "T-CY mapping study on cyberviolence (2018), T-CY(2017)10, cover page (copy at docslib.org)"),
        ("t-cy-cyberviolence/statement_1", "en", "oscola",
         "Cybercrime Convention Committee (T-CY), ‘Mapping study on cyberviolence (with recommendations)’ (T-CY(2017)10, "
         "9 July 2018) cover page (copy at docslib.org)"),
        ("t-cy-cyberviolence/statement_1", "fr", "oscola",
         "Comité de la Convention sur la cybercriminalité (T-CY), «\u00a0Étude cartographique sur la cyberviolence (avec "
         "recommandations)\u00a0» (T-CY(2017)10, 9 juillet 2018) cover page (copy at docslib.org)"),
        ("t-cy-art13/statement_1", "en", "oscola",
         "Cybercrime Convention Committee (T-CY), ‘Implementation of Article 13 Budapest Convention by Parties and "
         "Observers: Assessment Report’ (T-CY(2016)25, June 2017), according to Council of Europe, list of T-CY reports, "
         "entry T-CY(2016)25"),
        ("cps", "en", "oscola", "‘Child Protection System’"),
    ],
)  # fmt: skip
def test_a_provision_is_cited_in_full(library: Library, address: str, lang: str, style: str, expected: str) -> None:
    assert cite(library, found(library, address), style, lang) == expected


def test_a_treaty_is_a_record_of_a_law_with_series_number_and_section(library: Library) -> None:
    assert cite(library, found(library, "cets-201/art_20__para_1__point_a"), "ris") == (
        "TY  - STAT\r\n"
        "TI  - Council of Europe Convention on the Protection of Children against Sexual Exploitation and Sexual Abuse\r\n"
        "ST  - Lanzarote Convention\r\n"
        "T2  - Council of Europe Treaty Series\r\n"
        "VL  - 201\r\n"
        "SE  - art 20(1)(a)\r\n"
        "PY  - 2007\r\n"
        "DA  - 2007/10/25\r\n"
        "UR  - https://rm.coe.int/1680084822\r\n"
        "N1  - Lanzarote Convention (CETS No. 201), Article 20, paragraph 1, point a\r\n"
        "ER  - \r\n"
    )


def test_a_protocol_not_in_force_says_so_in_csl(library: Library) -> None:
    assert item(cite(library, found(library, "cets-224/art_7__para_2__point_b"), "csl-json")) == {
        "id": "cets-224/art_7__para_2__point_b",
        "type": "treaty",
        "title": "Second Additional Protocol to the Convention on Cybercrime on enhanced co-operation and disclosure of "
        "electronic evidence",
        "title-short": "Second Additional Protocol to the Budapest Convention",
        "issued": {"date-parts": [[2022, 5, 12]]},
        "collection-title": "Council of Europe Treaty Series",
        "number": "224",
        "status": "not yet in force",
        "section": "art 7(2)(b)",
        "URL": "https://rm.coe.int/1680a49dab",
    }


def test_an_output_is_a_report_of_its_body_as_far_as_known(library: Library) -> None:
    hit = found(library, "t-cy-art13/statement_1")
    fields = record(cite(library, hit, "ris"))
    assert [fields[tag] for tag in ("TY", "AU", "SN", "PY", "DA")] == [
        "RPRT", "Cybercrime Convention Committee (T-CY)", "T-CY(2016)25", "2017", "2017/06",
    ]  # fmt: skip
    csl = item(cite(library, hit, "csl-json"))
    assert csl["author"] == [{"literal": "Cybercrime Convention Committee (T-CY)"}]
    assert (csl["type"], csl["number"], csl["issued"]) == ("report", "T-CY(2016)25", {"date-parts": [[2017, 6]]})
    assert csl["note"] == "according to Council of Europe, list of T-CY reports, entry T-CY(2016)25"
    assert "section" not in csl


def test_a_paragraph_of_an_explanatory_report_is_a_place_in_it(library: Library) -> None:
    (wording,) = library.wordings("ets-185-er")
    addresses = [str(p.citation) for p in wording.provisions
                 if p.source and p.source.where.startswith("Explanatory Report to ETS No. 185, paragraph 184 (")]  # fmt: skip
    assert len(addresses) == 2
    assert " paragraph 184 (copy at " in cite(library, found(library, addresses[0]), "oscola")
    assert "according to" not in cite(library, found(library, addresses[0]), "oscola")


def test_a_statement_without_a_source_has_no_place(library: Library) -> None:
    hit = found(library, "t-cy-cyberviolence/statement_1")
    bare = replace(hit, provision=replace(hit.provision, source=None))
    assert cite(library, bare, "plain") == "T-CY mapping study on cyberviolence (2018), T-CY(2017)10"
    assert cite(library, bare, "oscola").endswith("(T-CY(2017)10, 9 July 2018)")


def test_a_document_of_the_users_is_cited_with_what_is_known_of_it(library: Library) -> None:
    bare = document("Field notes")
    assert cite(library, bare, "plain") == "Field notes, paragraph 5"
    assert cite(library, bare, "oscola") == "‘Field notes’, para 5"
    assert cite(library, bare, "markdown") == "Field notes, paragraph 5"
    assert (
        cite(library, bare, "ris") == "TY  - GEN\r\nTI  - Field notes\r\nN1  - Field notes, paragraph 5\r\nER  - \r\n"
    )
    assert item(cite(library, bare, "csl-json")) == {
        "id": "notes/para_5", "type": "document", "title": "Field notes", "section": "para 5",
    }  # fmt: skip
    dated = document("Field notes", "art_3__para_2", "https://example.org/a(b) c", "2021-02-01")
    assert cite(library, dated, "oscola", "fr") == "«\u00a0Field notes\u00a0» (1er février 2021) art 3(2)"
    assert cite(library, dated, "markdown") == "[Field notes, Article 3, paragraph 2](https://example.org/a%28b%29%20c)"
    assert record(cite(library, dated, "ris"))["DA"] == "2021/02/01"


def test_sections_that_we_counted_are_cited_by_their_heading(library: Library) -> None:
    assert cite(library, document("Notes", "sec_4__para_2"), "oscola") == "‘Notes’"
    headed = document("Notes", "sec_4__para_2", headings=("Part I", "Scope"), dated="2020")
    assert cite(library, headed, "oscola") == "‘Notes’ (2020) under ‘Scope’"


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("*[x](y)", r"\*\[x\](y)"),
        ("![i](https://a.example/b.png)", r"!\[i\](https\://a.example/b.png)"),
        ("<b>a</b> & `c` _d_ \\", r"\<b\>a\</b\> \& \`c\` \_d\_ \\"),
        ("# One", r"\# One"),
        ("- one", r"\- one"),
        ("12. one", r"12\. one"),
        ("www.example.org", r"www\.example.org"),
    ],
)
def test_markdown_in_a_title_stays_text(library: Library, title: str, label: str) -> None:
    assert cite(library, document(title), "markdown") == f"{label}, paragraph 5"
    assert cite(library, document(title, url="https://e.org"), "markdown") == f"[{label}, paragraph 5](https://e.org)"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/hosts", "data:text/html,x", "not an address"])
def test_only_web_addresses_become_links(library: Library, url: str) -> None:
    hit = document("Notes", url=url)
    assert cite(library, hit, "markdown") == "Notes, paragraph 5"
    assert "UR" not in record(cite(library, hit, "ris"))
    assert "URL" not in item(cite(library, hit, "csl-json"))


@pytest.mark.parametrize(
    "end", ["\r\n", "\n", "\r", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029", "\n\n", "\x00", "\ud800"]
)
def test_a_line_break_in_a_title_cannot_forge_a_field(library: Library, end: str) -> None:
    hit = document(f"One{end}ER  - {end}TY  - JOUR", url=f"https://e.org/{end}AU  - X")
    fields = record(cite(library, hit, "ris"))
    assert fields["TI"] == "One ER  - TY  - JOUR"
    assert list(fields) == ["TY", "TI", "UR", "N1", "ER"]
    for style in ("plain", "oscola", "markdown"):
        assert len(cite(library, hit, style).splitlines()) == 1


def test_quotes_and_braces_in_a_title_survive_json(library: Library) -> None:
    title = 'A "quoted" \\ title, {"id": 1}]'
    assert item(cite(library, document(title), "csl-json"))["title"] == title


def test_an_unknown_style_is_told_which_there_are(library: Library) -> None:
    with pytest.raises(
        UsageError, match="no citation style 'bibtex'; wanted one of plain, oscola, markdown, ris, csl-json"
    ):
        cite(library, found(library, "cets-201/art_20"), "bibtex")


def test_a_quote_is_cited_as_the_paragraph_that_it_is(library: Library) -> None:
    hit = found(library, "cets-201/art_20__para_1__point_a", "cets-201/art_20__para_1")
    assert quoted(library, hit) == (
        f"“{hit.quote.text}” (Lanzarote Convention (CETS No. 201), Article 20, paragraph 1) – restatement, not the official "
        "text – https://rm.coe.int/1680084822"
    )
    alone = found(library, "cets-201/art_20__para_1__point_a")
    assert quoted(library, alone, "fr") == (
        f"“{alone.quote.text}” (Convention de Lanzarote (STCE n° 201), article 20, paragraphe 1, point a) – reformulation "
        "en anglais, non le texte officiel – https://rm.coe.int/1680084833"
    )


def test_the_marks_are_those_of_the_text_and_the_wording_is_named(library: Library) -> None:
    french = document("Notes", text="Nos mots.", lang="fr")
    assert quoted(library, french) == "«\u00a0Nos mots.\u00a0» (Notes, paragraph 5) – document installed by the user"
    assert quoted(library, document("Notizen", text="Wörter {}", lang="de"), "fr") == (
        "„Wörter {}“ (Notizen, paragraphe 5) – document installé par l'utilisateur"
    )
    stated = found(library, "t-cy-cyberviolence/statement_1")
    assert quoted(library, stated, "fr").endswith(
        ") – notre énoncé, en anglais, de ce qui est connu – https://www.coe.int/en/web/cyberviolence/home"
    )
    ours = found(library, "cets-201/art_20__para_1")
    text = SourceText("cets-201", "official-fr", "fr", "Le texte.")
    provision = Provision(ours.citation, 0, 0, 9, 0, 9)
    wording = Expression(text, (provision,), Origin("a.pdf", "0" * 64, DAY, ()))
    official = replace(ours, wording=wording, provision=provision, quote=Quote(text, 0, 9, ()))
    assert quoted(library, official) == (
        "«\u00a0Le texte.\u00a0» (Lanzarote Convention (CETS No. 201), Article 20, paragraph 1) – official text (fr) – "
        "https://rm.coe.int/1680084833"
    )


def test_a_body_is_named_as_the_corpus_names_it_and_one_that_is_not_held_is_left_out(library: Library) -> None:
    hit = found(library, "lc-op-2019-csgsiv/statement_3")
    assert library.instruments["lc"].title["en"].startswith("Lanzarote Committee – ")
    assert record(cite(library, hit, "ris"))["AU"] == "Lanzarote Committee"
    held = {id_: instrument for id_, instrument in library.instruments.items() if id_ != "lc"}
    alone = replace(library, instruments=held)
    assert cite(alone, hit, "oscola").startswith("‘")
    assert "AU" not in record(cite(alone, hit, "ris"))
    assert "author" not in item(cite(alone, hit, "csl-json"))


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_provision_is_cited_in_every_style(library: Library, lang: str) -> None:
    places = sorted(map(str, library.citations()))
    assert len(places) > 1900
    for address in places:
        hit = found(library, address)
        texts = {style: cite(library, hit, style, lang) for style in STYLES}
        assert [len(texts[style].splitlines()) for style in ("plain", "oscola", "markdown")] == [1, 1, 1]
        assert "statement_" not in texts["oscola"] + texts["plain"]
        title = hit.instrument.title[lang]
        fields, csl = record(texts["ris"]), item(texts["csl-json"])
        assert (fields["TI"], fields["N1"]) == (title, texts["plain"])
        assert fields["TY"] in {"STAT", "RPRT", "GEN"}
        assert (csl["id"], csl["title"]) == (address, title)
        assert (csl["type"] == "treaty") == (fields["TY"] == "STAT") == hit.instrument.is_treaty
        assert hit.quote.text in quoted(library, hit, lang)
