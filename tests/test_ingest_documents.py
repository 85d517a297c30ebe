"""Documents that are no treaties: opinions, reports, resolutions, notes, laws and manuals → addressed units.

Every text here is ours, set in the layouts that such documents have.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.documents.numbering import label, runs
from ingest.documents.parsing import Document, parse, suggest_id
from ingest.documents.rows import measure, rows, with_headings, without_contents
from ingest.errors import ReadingError
from ingest.reading import Line, Reading, read, read_bytes
from ingest.treaty import INSTRUMENT_ID

WIDTH = 88
LONG = (
    "The Committee took the view that a well-drafted rule reaches every child, whatever the device, and that those who "
    "apply it need clear words, time to learn them and colleagues who can be asked. Nothing in this text lowers a "
    "standard that a State has already reached."
)


def reading(lines: Sequence[Line | str], format: str = "pdf", name: str = "file.pdf") -> Reading:
    return Reading(name, format, "0" * 64, tuple(Line(one) if isinstance(one, str) else one for one in lines), ())


def printed(*paragraphs: str | Line, page: int = 1) -> list[Line]:
    """The paragraphs as lines of print, WIDTH characters wide; headings as they are."""
    lines: list[Line] = []
    for one in paragraphs:
        if isinstance(one, Line):
            lines.append(one)
            continue
        lines += [Line(text, page, str(page + 4)) for text in textwrap.wrap(one, WIDTH, break_on_hyphens=False)]
    return lines


def own(document: Document) -> dict[str, str]:
    """Address within the document → own words."""
    return {
        str(unit.provision.citation).partition("/")[2]: document.text[unit.provision.own_start : unit.provision.own_end]
        for unit in document.units
    }


def headings(document: Document) -> dict[str, tuple[str, ...]]:
    return {str(unit.provision.citation).partition("/")[2]: unit.headings for unit in document.units}


def letters(text: str) -> str:
    return "".join(text.split()).replace("-", "")


def assert_sound(document: Document, source: Reading) -> None:
    """What the module promises of every document."""
    kept, _ = without_contents(rows(source.lines))
    hyphens = dict(document.removed).get("hyphen at a line end", 0)
    before, after = "".join("".join(row.text.split()) for row in kept), "".join(document.text.split())
    assert len(before) - len(after) == hyphens
    assert letters(before) == letters(after)
    units = document.units
    assert units
    citations = [unit.provision.citation for unit in units]
    assert len(set(citations)) == len(citations)
    assert [unit.provision.position for unit in units] == list(range(len(units)))
    spans = {unit.provision.citation: (unit.provision.start, unit.provision.end) for unit in units}
    cursor = 0
    for unit in sorted(units, key=lambda one: (one.provision.own_start, one.provision.own_end)):
        assert unit.provision.own_start >= cursor  # no word in the own words of two units
        cursor = unit.provision.own_end
    assert [u.provision.start for u in units] == sorted(u.provision.start for u in units)
    for unit in units:
        assert 0 <= unit.provision.start <= unit.provision.end <= len(document.text)
        parent = unit.provision.citation.parent
        if parent.path:
            outer = spans[parent]  # stands before: its position is lower
            assert citations.index(parent) < unit.provision.position
            assert outer[0] <= unit.provision.start <= unit.provision.end <= outer[1]
    for parent in {citation.parent for citation in citations}:
        inside = [spans[citation] for citation in citations if citation.parent == parent]
        for (_, end), (start, _) in pairwise(inside):
            assert end <= start


OPINION = printed(
    "T-XY(2031)04_en final",
    "Committee of the Lighthouse Convention",
    "Opinion on Article 7 of the Lighthouse Convention and its explanatory note",
    "Adopted by the Committee on 3 March 2031",
    "The Committee, having met in plenary:",
    "1. Recalling that Article 7 protects every child who travels, whether alone or with others, and that harm may be "
    "done to a child whom nobody has ever met in person;",
    "2. Noting that 15 States have changed their laws since the treaty was opened, and that others are about to do so "
    "within the time that was agreed;",
    "3. Considers that the words of the article do not prevent a Party from going further than they ask;",
    "4. Invites the Parties to look again at their laws and to say by the end of the year what they found.",
    "EXPLANATORY NOTE",
    "Introduction",
    "1. " + LONG,
    "2. This note does not bind anyone. It says what the Committee had before it when it gave its opinion on the matter.",
    "Article 7 – Travelling children",
    "3. " + LONG,
)


def test_the_explanatory_note_behind_an_opinion_has_a_numbering_of_its_own() -> None:
    document = parse(reading(OPINION), "op")
    assert document.numbered
    assert document.title == "Opinion on Article 7 of the Lighthouse Convention and its explanatory note"
    words = own(document)
    assert [address for address in words if not address.startswith("sec_")] == [
        "para_1", "para_2", "para_3", "para_4", "note_1", "note_2", "note_3",
    ]  # fmt: skip
    assert words["para_2"].startswith("Noting that 15 States have changed")
    assert words["note_1"] == LONG
    assert headings(document)["note_3"] == ("EXPLANATORY NOTE", "Article 7 – Travelling children")
    assert headings(document)["note_2"] == ("EXPLANATORY NOTE", "Introduction")
    assert_sound(document, reading(OPINION))


REPORT = printed(
    "Explanatory Report to the Lighthouse Convention",
    "Contents",
    "Introduction ........................................ 2",
    "Commentary on the articles . . . . . . . . . . . . . . 5",
    "Article 7 – Travelling children ......................... 9",
    "I. The Committee of Ministers took note of this report at a meeting of its Deputies in the spring of that year.",
    "II. The text of this report is no authority on how the treaty is to be read, though it may help those who apply it.",
    "Introduction",
    "1. " + LONG,
    "2. In the years before, much had been tried. In",
    "2024 was the first draft ready, and 15 States agreed to it at once.",
    "CHAPTER II",
    "PREVENTION",
    "3. The following points were kept in mind by those who drafted the chapter on prevention:",
    "1. first, that children are heard;",
    "2. second, that those who work with them are trained;",
    "3. third, that money is there.",
    "Article 7 – Travelling children",
) + printed(
    "4. " + LONG,
    "The second paragraph of this remark has no number and belongs to it all the same.",
    "5. Paragraph 1 of the article reads as follows:",
    "Article 7 – Travelling children",
    "1. Each Party protects the child who travels in its territory and beyond it.",
    "2. Each Party may do more than that where its own law allows it to do so.",
    "6.",
    "The number of this remark stands on a line of its own, as many programs write it when they take text from a print.",
    "7. A remark that names points: a Party may choose between",
    "a. a rule of criminal law;",
    "b. a rule of civil law; or",
    "c. both.",
    "Whatever it chooses, it tells the Committee.",
    "Part II – Final remarks",
    "8. " + LONG,
    page=2,
)  # fmt: skip


def test_an_explanatory_report_keeps_its_numbers_through_chapters_lists_years_and_quoted_articles() -> None:
    document = parse(reading(REPORT), "er")
    words = own(document)
    assert document.numbered
    assert [address for address in words if re.fullmatch(r"para_\d+", address)] == [f"para_{n}" for n in range(1, 9)]
    assert not [address for address in words if address.startswith("note_")]
    assert words["para_2"].endswith("In 2024 was the first draft ready, and 15 States agreed to it at once.")
    assert words["para_3"].endswith("3. third, that money is there.")
    assert (
        words["para_4"] == f"{LONG}\nThe second paragraph of this remark has no number and belongs to it all the same."
    )
    assert "2. Each Party may do more" in words["para_5"]
    assert words["para_6"].startswith("The number of this remark stands")
    assert_sound(document, reading(REPORT))


def test_the_words_before_the_numbering_are_a_section_and_roman_remarks_its_paragraphs() -> None:
    words = own(parse(reading(REPORT), "er"))
    front = [text for address, text in words.items() if address.startswith("sec_1__")]
    assert [text[:9] for text in front] == ["I. The Co", "II. The t"]


def test_headings_pages_and_printed_numbers_stand_beside_each_unit() -> None:
    document = parse(reading(REPORT), "er")
    where = {str(unit.provision.citation): (unit.headings, unit.page, unit.printed) for unit in document.units}
    assert where["er/para_3"] == (("Explanatory Report to the Lighthouse Convention", "CHAPTER II PREVENTION"), 1, "5")
    assert where["er/para_4"][0][-1] == "Article 7 – Travelling children"
    assert where["er/para_4"][1:] == (2, "6")
    assert where["er/para_8"][0][-1] == "Part II – Final remarks"


def test_points_and_closing_words_below_a_numbered_paragraph() -> None:
    words = own(parse(reading(REPORT), "er"))
    assert words["para_7"] == "A remark that names points: a Party may choose between"
    assert words["para_7__point_a"] == "a rule of criminal law;"
    assert words["para_7__point_c"] == "both."
    assert words["para_7__wrapup"] == "Whatever it chooses, it tells the Committee."


def test_a_table_of_contents_is_left_out_and_counted() -> None:
    document = parse(reading(REPORT), "er")
    assert dict(document.removed)["line of a table of contents"] == 4
    assert "......" not in document.text


def test_contents_without_leaders_end_where_the_document_begins() -> None:
    lines = ["Manual of Harbours", "Contents", "Arrival 3", "Mooring 5", "Leaving 9", "Arrival", *printed(LONG, LONG)]
    document = parse(reading(lines), "m")
    assert dict(document.removed) == {"line of a table of contents": 4}
    assert headings(document)["sec_1"][-1] == "Arrival"


RESOLUTION = [
    Line("Resolution 9999 (2031)", heading=1),
    "1. The Assembly is concerned about the harm that is done to children on ferries.",
    "2. It welcomes what has been done since 2024 by 15 member States.",
    "3. The Assembly calls on the member States to:",
    "3.1. with regard to the law:",
    "3.1.1. make the conduct an offence;",
    "3.1.2. look at sentences:",
    "a) of fines;",
    "b) of prison;",
    "3.2. with regard to ports, train those who work there.",
    "4. It asks the ferry lines:",
    "4.1. to report;",
    "4.2. to listen. In 4.5 million cases nobody did.",
]


def test_sub_numbers_of_a_resolution_are_paragraphs_inside_their_paragraph() -> None:
    document = parse(reading(RESOLUTION, "html"), "res")
    words = own(document)
    assert document.title == "Resolution 9999 (2031)"
    assert list(words) == [
        "para_1", "para_2", "para_3", "para_3__para_1", "para_3__para_1__para_1", "para_3__para_1__para_2",
        "para_3__para_1__para_2__point_a", "para_3__para_1__para_2__point_b", "para_3__para_2", "para_4",
        "para_4__para_1", "para_4__para_2",
    ]  # fmt: skip
    assert words["para_3__para_1__para_2"] == "look at sentences:"
    assert words["para_4__para_2"].startswith("to listen. In 4.5 million")
    assert_sound(document, reading(RESOLUTION, "html"))


NOTE = printed(
    "T-XY Guidance Note # 3",
    "Looking into a ship's log (Article 32)",
    "Adopted by the Committee at its plenary",
    "1 Introduction",
    LONG,
    "Notes of guidance are the common understanding of the Parties to the treaty on how it is to be used today.",
    "2 Looking into logs",
    "2.1 The text of the article",
    LONG,
    "Parties agree that:",
    "– the master of the ship is asked first;",
    "– nobody is deceived.",
    "3 Statement",
    LONG,
)


def test_a_guidance_note_with_numbered_headings_is_addressed_by_section_and_paragraph() -> None:
    document = parse(reading(NOTE), "gn")
    words, heads = own(document), headings(document)
    assert not document.numbered
    assert document.title.startswith("T-XY Guidance Note # 3")
    assert words["sec_2__para_1"] == LONG
    assert words["sec_2__para_2"].startswith("Notes of guidance")
    assert heads["sec_3"][-2:] == ("2 Looking into logs", "2.1 The text of the article")
    assert words["sec_3__para_2"] == (
        "Parties agree that:\n– the master of the ship is asked first;\n– nobody is deceived."
    )
    assert heads["sec_4"][-1] == "3 Statement"
    assert "2.1 The text of the article" not in heads["sec_4"]
    assert_sound(document, reading(NOTE))


LAW = printed(
    "Act on the Safety of Children at Sea",
    "CHAPTER ONE",
    "GENERAL PROVISIONS",
    "Article 1",
    "(1) This Act protects every child on board of a ship that flies the flag of the Republic or lies in its ports.",
    "(2) A child is a person under eighteen years of age.",
    "Article 2",
    "For the purposes of this Act:",
    "a) a ship is any vessel that carries passengers;",
    "b) a master is whoever commands it.",
    "CHAPTER TWO",
    "OFFENCES",
    "Article 3 Solicitation",
    "(1) Whoever proposes a meeting to a child on board is punished with a fine or with prison of up to three years.",
    "(2) An attempt is punished. Article 23 applies as far as it can be applied to what happens on board of the ship "
    "concerned.",
)


def test_a_national_law_is_addressed_by_section_with_the_paragraph_numbers_of_its_articles() -> None:
    document = parse(reading(LAW), "act")
    words, heads = own(document), headings(document)
    assert not document.numbered
    assert document.title == "Act on the Safety of Children at Sea"
    assert list(words) == [
        "sec_1", "sec_1__para_1", "sec_1__para_2", "sec_2", "sec_2__para_1", "sec_2__para_1__point_a",
        "sec_2__para_1__point_b", "sec_3", "sec_3__para_1", "sec_3__para_2",
    ]  # fmt: skip
    assert words["sec_1__para_2"] == "A child is a person under eighteen years of age."
    assert words["sec_2__para_1"] == "For the purposes of this Act:"
    assert heads["sec_3__para_1"][-1] == "Article 3 Solicitation"
    assert heads["sec_2"][-1] == "Article 2"
    assert_sound(document, reading(LAW))


def test_a_manual_takes_the_headings_that_its_format_names() -> None:
    lines = [
        "How to use this manual without reading it.",
        Line("Manual for Harbour Masters", heading=1),
        Line("Arrival", heading=2),
        "First paragraph. It has two sentences.",
        "Second paragraph.",
        Line("At night", heading=3),
        "Third.",
        Line("Departure", heading=2),
        "Fourth.",
    ]
    document = parse(reading(lines, "docx", "Manual.docx"), "m")
    assert not document.numbered
    assert document.title == "Manual for Harbour Masters"
    assert own(document) == {
        "sec_0": "", "sec_0__para_1": "How to use this manual without reading it.",
        "sec_1": "", "sec_1__para_1": "First paragraph. It has two sentences.", "sec_1__para_2": "Second paragraph.",
        "sec_2": "", "sec_2__para_1": "Third.", "sec_3": "", "sec_3__para_1": "Fourth.",
    }  # fmt: skip
    assert headings(document)["sec_2__para_1"] == ("Manual for Harbour Masters", "Arrival", "At night")
    assert headings(document)["sec_3"] == ("Manual for Harbour Masters", "Departure")


def test_a_list_that_begins_below_a_heading_is_not_the_rest_of_an_earlier_one() -> None:
    """Were the two lists taken for one numbering, the second list's last rules would be the document's paragraphs 4 and 5."""
    rule = "The keeper opens the gate at six and writes down who has come, from which village and with how many goats."
    first = [Line(f"{n}. {rule} This is said for the {n}th time.") for n in range(1, 4)]
    second = [Line(f"{n}. {rule} The other gate, rule {n}.") for n in range(1, 6)]
    lines = [
        Line("Upper gate", heading=2),
        *first,
        Line("Lower gate", heading=2),
        *second,
        Line("End", heading=2),
        Line("Nothing else."),
    ]
    document = parse(reading(lines, format="markdown"), "gates")
    assert not document.numbered
    found = own(document)
    assert found["sec_1__para_3"].endswith("3th time.")
    assert found["sec_2__para_5"].endswith("rule 5.")
    assert not [address for address in found if address.startswith("para_")]


def test_a_document_of_headings_only_still_has_its_words_in_a_unit() -> None:
    document = parse(reading([Line("Cover", heading=1), Line("Back", heading=2)], "html"), "d")
    assert own(document) == {"sec_1": "Cover\nBack"}


def test_a_sentence_goes_on_over_the_turn_of_a_page() -> None:
    lines = [Line("The master of the ship answers for what happens to a child between the", 1), Line("", 1),
             Line("first and the last port. That is all.", 2)]  # fmt: skip
    document = parse(reading(lines), "d")
    assert list(own(document).values())[1] == (
        "The master of the ship answers for what happens to a child between the first and the last port. That is all."
    )


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ["The commu-", "nity met. A community is more than that."],
            "The community met. A community is more than that.",
        ),
        (["They care for the well-", "being of all."], "They care for the well-being of all."),
        (["Care is given pre-", "and post-trial."], "Care is given pre- and post-trial."),
        (["The T-", "CY met with T-ES."], "The T-CY met with T-ES."),
        (["It ended -", "and began."], "It ended - and began."),
    ],
)
def test_a_hyphen_at_a_line_end_goes_only_where_the_joined_word_stands_elsewhere(
    lines: list[str], expected: str
) -> None:
    assert parse(reading(lines), "d").text == expected


def test_a_lost_number_leaves_a_gap_and_the_numbering_goes_on() -> None:
    lines = printed(*(f"{n}. {LONG}" for n in (1, 2, 4, 5, 6, 7)))
    assert list(own(parse(reading(lines), "d"))) == [f"para_{n}" for n in (1, 2, 4, 5, 6, 7)]


def test_a_short_list_does_not_make_a_numbered_document() -> None:
    lines = printed(LONG, LONG, "Three things are needed:", "1. Time.", "2. Money.", "3. Patience.", LONG, LONG, LONG)
    assert not parse(reading(lines), "d").numbered


def test_bare_numbers_count_but_years_and_amounts_do_not() -> None:
    lines = printed(*(f"{n} {LONG}" for n in range(1, 15)), "In the year", "2024 was good for", "15 States in all.")
    document = parse(reading(lines), "d")
    assert list(own(document)) == [f"para_{n}" for n in range(1, 15)]


def test_the_third_numbering_is_addressed_through_a_section() -> None:
    lines = [*OPINION, *printed("APPENDIX II", "1. " + LONG, "2. " + LONG, "3. " + LONG)]
    document = parse(reading(lines), "d")
    last = [address for address in own(document) if address.startswith("sec_")][-4:]
    assert [address.partition("__")[2] for address in last] == ["", "para_1", "para_2", "para_3"]
    assert headings(document)[last[0]] == ("APPENDIX II",)
    assert_sound(document, reading(lines))


@pytest.mark.parametrize("lines", [[], [""], ["  ", "\t"]])
def test_a_document_without_words_is_refused(lines: list[str]) -> None:
    with pytest.raises(ReadingError, match=r"scan\.pdf has no text"):
        parse(reading(lines, name="scan.pdf"), "d")


def test_the_file_name_is_the_title_where_nothing_else_is() -> None:
    assert parse(reading(printed(LONG), name="harbour rules.pdf"), "d").title == "harbour rules"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("T-CY Guidance Note # 3 – Transborder access to data (Article 32)", "t-cy-guidance-note-3"),
        ("Explanatory Report to the Lighthouse Convention", "explanatory-report-lighthouse-convention"),
        ("Resolution 2547 (2024)", "resolution-2547"),
        ("2nd implementation report", "document-2nd-implementation-report"),
        ("Rapport explicatif de la Convention sur les phares", "rapport-explicatif-convention-phares"),
        ("Straßengesetz", "strassengesetz"),
    ],
)
def test_a_suggested_id_is_short_and_telling(title: str, expected: str) -> None:
    assert suggest_id(title) == expected


@given(st.text())
def test_a_suggested_id_is_always_an_instrument_id(title: str) -> None:
    assert re.fullmatch(INSTRUMENT_ID, suggest_id(title))
    assert len(suggest_id(title)) <= 60


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [("12. It", "12", "."), ("(3) It", "3", "()"), ("a) it", "a", ")"), ("iv. it", "iv", "."), ("7", "7", ""),
     ("9.1. it", "9.1", "1.1"), ("9.1.12 it", "9.1.12", "1.1"), ("15 States", "15", "")],
)  # fmt: skip
def test_labels(text: str, value: str, shape: str) -> None:
    found = label(text)
    assert found is not None
    assert (found.value, found.shape) == (value, shape)


@pytest.mark.parametrize("text", ["It", "1.5million", "12345. It", "1st", "", "ab) it"])
def test_no_label(text: str) -> None:
    assert label(text) is None


_WORDS = st.sampled_from(
    ["Article 2 – Aim", "CHAPTER I", "Part II", "EXPLANATORY NOTE", "Contents", "Aim ..... 3", "Aim of It", "and", "a.",
     "1.", "2.", "3.", "1 The", "2 The", "3 The", "(1) Of", "(2) Of", "1.1. Of", "1.2. Of", "2.1 Of", "a) x;", "b) y;",
     "(i) x;", "(ii) y;", "a x;", "b y:", "– z", "I. We", "II. We", "well-", "being", "wellbeing", "The end.", "So:",
     "2024 was", "15 States", "the child who travels in the territory of a Party and beyond its borders at sea."]
)  # fmt: skip
_TEXT = st.one_of(
    st.lists(_WORDS, min_size=0, max_size=3).map(" ".join),
    st.text(st.characters(exclude_categories=("C",)), max_size=40),
    st.builds("{}. {}".format, st.integers(0, 12), _WORDS),
)
_LINES = st.lists(
    st.builds(Line, _TEXT, st.one_of(st.none(), st.integers(1, 3)), st.none(), st.sampled_from([0] * 9 + [1, 2, 3])),
    max_size=60,
)


@settings(max_examples=400, deadline=None)
@given(_LINES, st.sampled_from(["pdf", "html", "text", "markdown", "docx", "xml"]))
def test_any_lines_give_a_sound_document(lines: list[Line], format: str) -> None:
    source = reading(lines, format)
    if not any(line.text.split() for line in lines):
        with pytest.raises(ReadingError):
            parse(source, "d")
        return
    assert_sound(parse(source, "d"), source)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([".", ")", "(", " ", "-", "1", "a", "A", "\u2013", '"', "_"]), max_size=400))
def test_a_line_of_marks_takes_no_time(marks: list[str]) -> None:
    source = reading(["".join(marks) * 20, "x"])
    assert_sound(parse(source, "d"), source)


def test_numbers_found_rise_within_a_run() -> None:
    marked = with_headings(rows(OPINION), measure(rows(OPINION)), numbered=True)
    found = runs(marked, measure(marked))
    assert [(one.run, one.number) for one in found] == [(0, 1), (0, 2), (0, 3), (0, 4), (1, 1), (1, 2), (1, 3)]


def test_the_genuine_pdf_of_cets_225_loses_no_character(official: Path) -> None:
    source = read(official / "cets-225" / "CETS_225_EN.docx.pdf")
    document = parse(source, "cets-225")
    assert_sound(document, source)
    assert not document.numbered
    heads = {heading for unit in document.units for heading in unit.headings if heading.startswith("Article ")}
    assert [f"Article {n} " in " ".join(sorted(heads)) for n in range(1, 37)] == [True] * 36
    assert len(heads) == 36
    assert document.removed == source.removed  # nothing more was left out, no hyphen either


def test_the_extracted_echr_loses_no_character(official: Path) -> None:
    record = json.loads((official / "ets-005" / "CETS-005.json").read_text("utf-8"))
    source = read_bytes("ECHR.txt", record["text"].encode())
    document = parse(source, "ets-005")
    assert_sound(document, source)
    heads = {heading for unit in document.units for heading in unit.headings if heading.startswith("Article ")}
    assert len(heads) == 59
