"""From the corpus, and what the user has installed, to the library that the retriever reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from ingest import catalogue, passages
from ingest.catalogue import Corpus
from ingest.elsewhere import elsewhere
from ingest.library import Library
from ingest.treaty import Entry, Outside


def ingest(folder: Path | None = None, installed: Iterable[Entry] = ()) -> Library:
    """Read the corpus below `folder` (default: the shipped one), and add what the user has installed.

    Raises CorpusError where a file is wrong.
    """
    return joined(catalogue.load(folder), installed)


def joined(corpus: Corpus, installed: Iterable[Entry]) -> Library:
    """The corpus with what the user has installed. An installed entry of an instrument of the corpus adds its expressions;
    any other is an instrument of its own."""
    entries = {entry.instrument.id: entry for entry in corpus.entries}
    for entry in installed:
        known = entries.get(entry.instrument.id)
        entries[entry.instrument.id] = _with(known, entry) if known else entry
    return Library(
        instruments={id_: entry.instrument for id_, entry in entries.items()},
        expressions={(id_, w.name): w for id_, entry in entries.items() for w in entry.expressions},
        articles={a.citation: a for entry in entries.values() for a in entry.articles},
        passages=tuple(p for e in entries.values() for wording in e.expressions for p in passages.cut(e, wording)),
        lead_ins=tuple(lead_in for entry in entries.values() for lead_in in entry.lead_ins),
        outside=tuple(Outside(entry.id, lang, text) for entry in elsewhere() for lang, text in entry.questions),
        terms=corpus.terms,
    )


def _with(known: Entry, added: Entry) -> Entry:
    """What we hold of an instrument with an installed expression, and with the sections that only that one has."""
    held = {article.citation for article in known.articles}
    fresh = tuple(article for article in added.articles if article.citation not in held)
    return replace(known, expressions=(*known.expressions, *added.expressions), articles=(*known.articles, *fresh))
