"""Reads the whole corpus, treaties and outputs, or tells every mistake with file and line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ingest.articles import treaty
from ingest.corpus_file import corpus_folder
from ingest.errors import CorpusError, Problem
from ingest.glossary import glossary
from ingest.outputs import output
from ingest.treaty import Citation, Entry, LeadIn, Term


@dataclass(frozen=True, slots=True)
class Corpus:
    """Every instrument, the treaties in order of id and then the outputs, and the glossary."""

    entries: tuple[Entry, ...]
    terms: tuple[Term, ...]


def load(folder: Path | None = None) -> Corpus:
    """The corpus below `folder` (default: the shipped one).

    Raises CorpusError with every mistake found: file, line, and what to write instead.
    """
    folder = folder or corpus_folder()
    problems: list[Problem] = []
    read = [treaty(path.parent, problems) for path in sorted(folder.glob("*/instrument.yaml"))]
    read += [output(path, problems) for path in sorted(folder.glob("outputs/*/*.yaml"))]
    made = [one for one in read if one is not None]
    entries = tuple(entry for entry, _ in made)
    addresses = {p.citation for entry in entries for wording in entry.expressions for p in wording.provisions}
    addresses |= {Citation(entry.instrument.id) for entry in entries}
    for file in (file for _, files in made for file in files):
        file.exist(addresses)
    terms = glossary(folder / "glossary.yaml", addresses, problems)
    problems += _twice(folder, entries)
    if problems:
        raise CorpusError(problems)
    if not entries:
        raise CorpusError([Problem(folder, 0, "no instrument here; wanted folders with an instrument.yaml")])
    return Corpus(entries, terms)


def _twice(folder: Path, entries: tuple[Entry, ...]) -> list[Problem]:
    """The questions that stand twice, in whatever language."""
    problems = []
    seen: dict[str, LeadIn] = {}
    for lead_in in (lead_in for entry in entries for lead_in in entry.lead_ins):
        other = seen.setdefault(" ".join(lead_in.text.lower().split()), lead_in)
        if other is not lead_in:
            where = folder / lead_in.citation.instrument
            problems.append(
                Problem(where, 0, f"{lead_in.text!r} asked for {other.citation} and {lead_in.citation}; delete one")
            )
    return problems
