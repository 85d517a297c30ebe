"""Official texts: our own treaty in the layouts that real ones come in, then the real ones where they are at hand."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.catalogue import load
from ingest.errors import BasisError, TreatyError
from ingest.official.parsing import Official, parse, prove, recognise
from ingest.reading import Line, Reading, read, read_bytes
from ingest.treaty import Citation, Instrument

ORCHARDS = Instrument(
    id="cets-999", kind="treaty", binding=True, series="CETS", number=999, title={"en": "Convention on the Sharing of Orchards between Neighbouring Villages", "fr": "Convention sur le partage des vergers"},
    short_title={"en": "Orchards Convention", "fr": "Convention sur les vergers"}, aliases=(), opened=datetime.date(2020, 1, 2), place="Strasbourg",
    in_force=None, status="", status_as_of=datetime.date(2026, 1, 1), articles=3, authentic_languages=("en", "fr"), urls={}, divisions=(),
)  # fmt: skip

GOLDEN = Path(__file__).resolve().parent / "golden"
DATABASE, SWISS, PRINTED, FRENCH = (
    (GOLDEN / f"treaty_{name}").read_text(encoding="utf-8")
    for name in ("database.md", "swiss.md", "printed.txt", "french.txt")
)


def printed(text: str, format: str = "pdf") -> Reading:
    return Reading("ours", format, "0" * 64, tuple(Line(line) for line in text.splitlines()), ())


def markdown(text: str) -> Reading:
    return read_bytes("ours.md", text.encode())


def outline(official: Official) -> dict[str, str]:
    return {str(p.citation).split("/")[1]: official.text[p.own_start : p.own_end] for p in official.provisions}


def differing(reading: Reading, official: Official) -> int:
    """How many characters differ, white space and the counted hyphens apart, up to the end of the signature formula."""
    notes = dict(official.notes)
    lines = [line for line in reading.lines if line.text.strip()]
    kept = lines[: len(lines) - notes.get("line after the signature formula", 0)]
    left, right = ("".join(text.split()) for text in ("".join(line.text for line in kept), official.text))
    at = dropped = 0
    for character in left:
        if right[at : at + 1] == character:
            at += 1
        elif character == "-":
            dropped += 1
        else:
            return max(len(left), len(right)) - at
    return len(right) - at + abs(dropped - notes.get("hyphen at a line end dropped", 0))


def hold(official: Official) -> None:
    """The rules of spans: parents hold their children, siblings follow one another, own words lie inside."""
    ends: dict[Citation, int] = {}
    spans: dict[Citation, tuple[int, int]] = {}
    assert [p.position for p in official.provisions] == list(range(len(official.provisions)))
    for p in official.provisions:
        if len(p.citation.path) == 1:
            ends, spans = {}, {}  # an article printed twice is there twice
        else:
            start, end = spans[p.citation.parent]
            assert start <= p.start <= p.end <= end
            assert p.start >= ends.get(p.citation.parent, 0)
        assert p.citation not in spans
        spans[p.citation] = (p.start, p.end)
        ends[p.citation.parent] = p.end
        assert "\n" not in official.text[p.own_start : p.own_end]
        assert official.text[p.start : p.end] == official.text[p.start : p.end].strip()


@pytest.mark.parametrize(
    ("reading", "lang", "expected", "articles"),
    [
        (markdown(DATABASE), "en", "database", 3),
        (markdown(SWISS), "de", "swiss", 2),
        (printed(PRINTED), "en", "printed", 3),
        (printed(PRINTED, "text"), "en", "printed", 3),
        (printed(FRENCH), "fr", "french", 2),
    ],
    ids=["Dutch database", "Swiss Markdown", "Treaty Office PDF", "plain text", "French PDF"],
)
def test_a_layout_is_read_into_these_provisions(reading: Reading, lang: str, expected: str, articles: int) -> None:
    official = parse(reading, "cets-999", lang)
    assert outline(official) == json.loads((GOLDEN / f"treaty_{expected}.json").read_text(encoding="utf-8"))
    assert differing(reading, official) == 0
    hold(official)
    assert prove(official, articles, None) == []


def test_the_text_is_laid_out_by_level_with_the_labels_as_printed() -> None:
    text = parse(markdown(DATABASE), "cets-999", "en").text
    assert text[text.index("Article 2\n") : text.index("4. Baskets")] == (
        "Article 2\nPicking\n1. Each village shall allow its neighbours to pick:\n  a) apples, and\n  b) pears where:\n"
        "    (i) they are ripe; or\n    (ii) they have fallen,\nprovided that no branch is broken.\n"
        "2. 2 Such picking shall end at dusk.\n3.\n  a) A village may exclude one tree. It shall mark that tree.\n"
        "  b) Where a village has no hedge, which village:\n    (i) lies in a valley, and\n    (ii) has no ladder,\n"
        "  it may exclude two trees.\n"
    )


def test_titles_are_whole_and_divisions_lie_in_no_provision() -> None:
    official = parse(printed(PRINTED), "cets-999", "en")
    assert list(official.titles.values()) == ["Preamble", "Definitions", "Relationship of the present Convention with the older Convention on Hedges and its Optional Protocol on Ditches", "Quarrels"]  # fmt: skip
    database = parse(markdown(DATABASE), "cets-999", "en")
    assert database.titles[Citation("cets-999", ("art_1",))] == "Ladders and other means"
    swiss = parse(markdown(SWISS), "cets-999", "de")
    assert list(swiss.titles.values()) == ["Begriffe und Bezeichnungen für Leitern, die beim Pflücken gebraucht werden", "Pflücken"]  # fmt: skip
    for made, heading in ((official, "Chapter I"), (database, "CHAPTER I"), (swiss, "Kapitel I")):
        at = made.text.index(heading)
        assert not any(p.start <= at < p.end for p in made.provisions)


def test_the_signature_formula_ends_the_text_and_lies_in_no_provision() -> None:
    for reading, last in ((printed(PRINTED), "to each village.\n"), (markdown(DATABASE), "in French.\n"),
                          (markdown(SWISS), "1. Mai 2020.\n")):  # fmt: skip
        official = parse(reading, "cets-999", "en")
        assert official.text.endswith(last)
        assert max(p.end for p in official.provisions) < len(official.text) - len(last)


def test_hyphens_at_line_ends_are_counted() -> None:
    # "vill-ages" and "inter-national" go; "well-being" stands elsewhere in the text and stays
    assert dict(parse(printed(PRINTED), "cets-999", "en").notes) == {
        "hyphen at a line end dropped": 2, "hyphen at a line end kept": 1, "line after the signature formula": 2}  # fmt: skip


def test_two_blanks_are_no_closing_sentence() -> None:
    official = parse(markdown("### Article 1\n\nUnless:\n\na) one;\n\nb) two,  and then three.\n"), "cets-999", "en")
    assert outline(official) == {"art_1": "Unless:", "art_1__point_a": "one;", "art_1__point_b": "two, and then three."}


def test_letters_below_a_roman_number_below_a_letter() -> None:
    text = "### Article 1\n\n1.   As:\n\na) one:\n\n(i) two:\n\na.Three;\nb.Four;\n\n(ii) five;\n\nb) six.\n"
    assert list(outline(parse(markdown(text), "cets-999", "en"))) == [
        "art_1", "art_1__para_1", "art_1__para_1__point_a", "art_1__para_1__point_a__point_i",
        "art_1__para_1__point_a__point_i__point_a", "art_1__para_1__point_a__point_i__point_b",
        "art_1__para_1__point_a__point_ii", "art_1__para_1__point_b"]  # fmt: skip


def test_long_articles_keep_their_numbers() -> None:
    numbered = "\n".join(f"{number} The Parties shall do thing {number}." for number in range(1, 131))
    official = parse(printed(f"Article 1 – Duties\n{numbered}"), "cets-999", "en")
    assert list(outline(official))[-1] == "art_1__para_130"
    wrapped = "\n".join("and the word that goes on" for _ in range(2000))
    assert len(outline(parse(printed(f"Article 1 – Duties\nA word\n{wrapped}"), "cets-999", "en"))["art_1"]) == 52_006


def test_the_ninth_letter_is_no_roman_number() -> None:
    points = "\n\n".join(f"{letter}) words;" for letter in "abcdefghij")
    official = parse(markdown(f"### Article 1\n\nThese:\n\n{points}\n"), "cets-999", "en")
    assert list(outline(official))[-3:] == ["art_1__point_h", "art_1__point_i", "art_1__point_j"]


def test_a_number_out_of_order_is_a_doubt() -> None:
    official = parse(markdown("### Article 1\n\n1. One.\n3. Three.\n"), "cets-999", "en")
    assert official.doubts == ("Article 1: “3.” does not follow 1.: 3. Three.",)
    assert prove(official, 1, None) == ["Article 1: “3.” does not follow 1.: 3. Three."]


def test_a_footnote_below_an_article_is_a_doubt() -> None:
    official = parse(printed("Article 1 – One\nThe village shall do so.\n1 Text amended in accordance with a protocol."), "cets-999", "en")  # fmt: skip
    assert official.doubts == ("Article 1: “1” does not follow the words before it: 1 Text amended in accordance with a protocol.",)  # fmt: skip


def article(number: int) -> str:
    return f"### Article {number}\n\nWords of it, which say something.\n\n"


@pytest.mark.parametrize(
    ("numbers", "problems"),
    [
        ((1, 2, 3), []),
        ((1, 3), ["Article 2 is missing; look after Article 1, line 2 of the text as read"]),
        ((2, 3), ["Article 1 is missing; look at the beginning"]),
        ((1, 2, 2, 3), ["Article 2 is there 2 times"]),
        ((1, 3, 2), ["Article 2 stands after Article 3; line 8 of the text as read"]),
        ((1, 2, 3, 4), ["Article 4 is not expected: the treaty has 3 articles; line 11 of the text as read"]),
    ],
)
def test_articles_are_there_in_order_once(numbers: tuple[int, ...], problems: list[str]) -> None:
    official = parse(markdown("".join(map(article, numbers))), "cets-999", "en")
    hold(official)
    assert prove(official, 3, None) == problems


def test_addresses_agree_with_the_restatement_recitals_apart() -> None:
    official = parse(markdown(DATABASE), "cets-999", "en")
    wanted = frozenset(p.citation for p in official.provisions)
    recitals = {c for c in wanted if c.path[0] == "preamble" and len(c.path) > 1}
    assert prove(official, 3, wanted) == prove(official, 3, wanted - recitals) == []
    closing, more = Citation.parse("cets-999/art_2__para_1__wrapup"), Citation.parse("cets-999/art_2__para_5")
    assert prove(official, 3, wanted - {closing} | {more}) == [
        "Article 2, paragraph 5 is missing: the restatement has it",
        "Article 2, paragraph 1, closing words is not in the restatement; line 29 of the text as read",
    ]


def test_a_provision_without_words_is_a_problem() -> None:
    official = parse(markdown("### Article 1\n\n### Article 2\n\n1.\na) One.\n\nb)\n"), "cets-999", "en")
    assert prove(official, 2, None) == ["Article 1 has no words; line 2 of the text as read", "Article 2, paragraph 1, point b has no words; line 6 of the text as read"]  # fmt: skip


def test_a_document_without_articles_is_refused() -> None:
    with pytest.raises(TreatyError, match=r"ours: wanted the articles of cets-999 \(en\), found no line such as"):
        parse(printed("A report on orchards.\nIt has no articles."), "cets-999", "en")


@pytest.mark.parametrize(
    ("reading", "found"),
    [
        (markdown(DATABASE), ("cets-999", "en")),
        (printed(PRINTED), ("cets-999", "en")),
        (printed("\n".join(PRINTED.splitlines()[1:])), ("cets-999", "en")),  # by its title alone
        (printed(PRINTED.replace("Convention on the Sharing", "Text on the Sharing", 1)), ("cets-999", "en")),  # by its number
        (printed(PRINTED.replace("No. 999", "No. 998", 1)), (None, "en")),  # title and number say different things
        (printed(PRINTED.replace("Convention on the Sharing", "Protocol to the\nConvention on the Sharing", 1).replace("No. 999", "")), (None, "en")),
        (printed("Explanatory Report to the Convention\n" + PRINTED), (None, "en")),
        (markdown(SWISS), (None, "de")),
        (printed("Convention sur le partage des vergers\nLes Etats membres, considérant que les pommes tombent des deux côtés de la haie et que les échelles doivent être partagées par les villages,\nArticle 1er – Objet\nLe but du présent texte est le partage des fruits et des échelles entre les habitants du village."), ("cets-999", "fr")),
        (printed("Article 1 – Doel\nHet doel van dit verdrag is het delen van de ladders en van het fruit door de bewoners van het dorp, en voor zover het zijn nut heeft ook het delen van de manden met een buurdorp."), (None, "nl")),
        (printed(FRENCH), ("cets-999", "fr")),
        (printed("Parking at the hall\nYou can park for two hours if you have a ticket. Your ticket must be on the dashboard and you will not get a second one for the same car on this day."), (None, "en")),
        (printed("Stationner devant la salle\nVous pouvez laisser votre voiture deux heures si vous avez un ticket. Ce ticket est posé sur le tableau de bord et ne donne pas droit à une heure de plus."), (None, "fr")),
        (printed("x"), (None, None)),
    ],
)  # fmt: skip
def test_instrument_and_language_are_told_or_left_open(reading: Reading, found: tuple[str | None, str | None]) -> None:
    assert recognise(reading, [ORCHARDS]) == found


PIECES = ["Article 1", "Article 2 – Title", "Art. 3 Titel", "### Article", "Preamble", "Chapter I – General", "1.", "1", "2. Two", "a)", "a) one:", "a", "b) two;", "(i) x", "i. y", "ii) z,   and then", "– dash", "3.", "Done at Paris", "In witness whereof", "words go on", "ends.", "well-", "being", "(i) one, or (ii) two", "Article 46, paragraph 4; and", "1. a) i) a. i. x", "Have agreed as follows:"]  # fmt: skip
LINES = st.builds(
    Line,
    st.one_of(st.sampled_from(PIECES), st.text(max_size=30), st.builds(" ".join, st.lists(st.sampled_from(PIECES), max_size=4))),
    heading=st.sampled_from([0, 0, 0, 0, 3]),
)  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(lines=st.lists(LINES, max_size=40), format=st.sampled_from(["pdf", "text", "markdown", "html"]))
def test_any_lines_are_read_or_refused_and_spans_hold(lines: list[Line], format: str) -> None:
    reading = Reading("any", format, "0" * 64, tuple(lines), ())
    recognise(reading, [ORCHARDS])
    try:
        official = parse(reading, "cets-999", "en")
    except BasisError:
        return
    hold(official)
    assert differing(reading, official) == 0
    prove(official, 3, None)


REAL = [
    ("cets-201/en.md", 50, 266), ("ets-185/en.md", 48, 303), ("ets-189/en.md", 16, 74),
    ("cets-201/nl.md", 50, 266), ("ets-185/nl.md", 48, 300), ("ets-189/nl.md", 16, 74),
    ("cets-201/de.md", 50, 250), ("ets-185/de.md", 48, 288),
    ("cets-225/CETS_225_EN.docx.pdf", 36, 0), ("ets-005/CETS-005.json", 59, 0),
    ("linked/cets-197/en.md", 47, 0), ("linked/ets-030/en.md", 30, 0), ("linked/un-opsc/en.md", 17, 0),
]  # fmt: skip


def real(path: Path) -> tuple[Reading, str]:
    name = next(part for part in reversed(path.parts[:-1]) if "-" in part)
    if path.suffix == ".json":
        return read_bytes("ets-005.txt", json.loads(path.read_text(encoding="utf-8"))["text"].encode()), name
    return read(path), name


@pytest.mark.parametrize(("file", "articles", "shared"), REAL, ids=[file for file, _, _ in REAL])
def test_a_real_text_has_all_its_articles_word_for_word(official: Path, file: str, articles: int, shared: int) -> None:
    reading, instrument = real(official / file)
    made = parse(reading, instrument, "en")
    heads = [p.citation.path[0] for p in made.provisions if len(p.citation.path) == 1]
    assert heads == ["preamble", *(f"art_{number}" for number in range(1, articles + 1))]
    assert differing(reading, made) == 0
    hold(made)
    restated = {e.instrument.id: frozenset(p.citation for p in e.expressions[0].provisions) for e in load().entries}
    wanted = restated.get(instrument, frozenset())
    assert len(wanted & {p.citation for p in made.provisions}) == shared
    if file.endswith("/en.md"):
        assert prove(made, articles, restated.get(instrument)) == []


def test_the_traps_in_the_extracted_convention_are_no_heads(official: Path) -> None:
    reading, instrument = real(official / "ets-005/CETS-005.json")
    made = parse(reading, instrument, "en")
    assert "\nArticle 46, paragraph 4; and" not in made.text
    assert len([problem for problem in prove(made, 59, None) if "Text amended in accordance" in problem]) == 4


def test_real_texts_are_recognised(official: Path) -> None:
    instruments = [entry.instrument for entry in load().entries]
    found = {file: recognise(real(official / file)[0], instruments) for file, _, _ in REAL}
    assert {file: pair for file, pair in found.items() if pair[0]} == {
        f"{name}/en.md": (name, "en") for name in ("cets-201", "ets-185", "ets-189")}  # fmt: skip
    assert {lang for file, (_, lang) in found.items() if file.endswith("nl.md")} == {"nl"}
    assert {lang for file, (_, lang) in found.items() if file.endswith("de.md")} == {"de"}
