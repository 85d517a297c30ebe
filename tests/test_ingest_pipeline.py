"""Passages are verbatim, and the files between ingest and retriever lose nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ingest import library as library_files
from ingest import passages, pipeline
from ingest.library import Library
from ingest.treaty import Citation


def test_every_passage_is_its_span_of_the_source(library: Library) -> None:
    for passage in library.passages:
        assert (
            library.expressions[passage.citation.instrument, passage.expression].source.text[
                passage.start : passage.end
            ]
            == passage.text
        )


def test_together_the_passages_hold_every_provisions_own_words(library: Library) -> None:
    pieces: dict[tuple[Citation, str], str] = {}
    for passage in library.passages:
        place = (passage.citation, passage.expression)
        pieces[place] = pieces.get(place, "") + passage.text
    for wording in library.expressions.values():
        for p in wording.provisions:
            assert pieces.get((p.citation, wording.name), "") == wording.source.text[p.own_start : p.own_end]


def test_passage_ids_are_unique_and_no_passage_is_over_long(library: Library) -> None:
    assert len({p.id for p in library.passages}) == len(library.passages)
    assert max(len(p.text) for p in library.passages) <= passages.LONGEST


def test_an_over_long_text_is_cut_without_losing_or_repeating_a_character() -> None:
    formula = "Each Party shall take the necessary measures, as far as possible; "
    text = formula * 60
    spans = list(passages._pieces(text))
    assert "".join(text[a:b] for a, b in spans) == text
    assert [a for a, _ in spans[1:]] == [b for _, b in spans[:-1]]
    assert max(b - a for a, b in spans) <= passages.LONGEST


def test_a_point_is_embedded_with_the_words_that_lead_to_it_and_quoted_without(library: Library) -> None:
    point = next(p for p in library.passages if str(p.citation) == "cets-201/art_20__para_1__point_e")
    assert point.context.startswith("Article 20 Offences concerning child pornography. Each Party must")
    assert point.context not in point.text
    assert "possession" in point.text


def test_what_is_written_is_read_back(library: Library, tmp_path: Path) -> None:
    library_files.write(library, tmp_path)
    assert library_files.read(tmp_path, worded=True) == library


def test_for_answering_the_questions_are_read_without_their_words(library: Library, tmp_path: Path) -> None:
    library_files.write(library, tmp_path)
    (tmp_path / "questions.jsonl").unlink()
    read = library_files.read(tmp_path)
    assert read.lead_ins == tuple(replace(lead_in, text="") for lead_in in library.lead_ins)
    assert read.outside == tuple(replace(question, text="") for question in library.outside)
    assert replace(read, lead_ins=library.lead_ins, outside=library.outside) == library


def test_same_input_gives_same_bytes(library: Library, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        library_files.write(pipeline.ingest() if name == "two" else library, tmp_path / name)
    for name in library_files.FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
