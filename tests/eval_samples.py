"""Outcomes and runs written by hand, for the tests of the evaluation."""

from __future__ import annotations

from collections.abc import Sequence

from eval.evidence import Evidence
from eval.gold import Gold
from eval.measures import Outcome
from eval.runfile import Origin, Run
from ingest.treaty import Citation
from retriever.answer import Ground

ORIGIN = Origin(
    "2026-11-22T10:00:00+00:00",
    "0.2.0",
    "gen-0123",
    "hashing:512",
    (("store", "quantised"),),
    (("mine.jsonl", "ab" * 32),),
)
RIGHT, WRONG = "cets-201/art_23", "ets-185/art_2"


def outcome(
    id_: str, cited: Sequence[str], answerable: bool = True, ground: str | None = None, confidence: float = 0.9,
    question: str = "a question", milliseconds: float = 10.0, evidence: Evidence | None = None,
) -> Outcome:  # fmt: skip
    """What was given for a question that expects Article 23 of the Lanzarote Convention, or a refusal as close."""
    expected = (Citation.parse(RIGHT),) if answerable else ()
    kind = "everyday" if answerable else "unanswerable"
    asked = Gold(id_, question, "en", kind, expected, (), (), None if answerable else Ground.CLOSE)
    source = "treaty" if answerable else ""
    return Outcome(asked, tuple(map(Citation.parse, cited)), ground, confidence, milliseconds, source, evidence)


def run(outcomes: Sequence[Outcome], **others: Sequence[Outcome]) -> Run:
    return Run(ORIGIN, {"Basis": tuple(outcomes), **{name: tuple(rows) for name, rows in others.items()}})
