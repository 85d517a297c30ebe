"""Installing, listing and removing texts: what the command and the page share. Every change is a new index generation."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from tqdm import tqdm

from ingest import catalogue, shelf
from ingest.adding import Facts, document_entry, official_entry, output_entry
from ingest.catalogue import Corpus
from ingest.documents import parsing as documents
from ingest.errors import UsageError
from ingest.library import Library
from ingest.official import parsing as official
from ingest.pipeline import joined
from ingest.reading import Reading, read
from ingest.treaty import Entry
from retriever import drivers
from retriever.index import Built, build, plan, unchanged
from ui.settings import Settings


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user says of a file: which official text it is, or what the document is called. Empty: find out."""

    instrument: str = ""
    lang: str = ""
    document: bool = False
    title: str = ""
    date: datetime.date | None = None
    binding: bool = False
    url: str = ""


def library(settings: Settings, corpus: Corpus | None = None) -> Library:
    """The corpus (default: the shipped one) with everything that is installed below the data folder."""
    return joined(corpus or catalogue.load(), shelf.installed(settings.data))


def made_from(settings: Settings, corpus: Path | None = None) -> str:
    """A digest of all that an index is made of: the corpus (default: the shipped one), what is installed, the code with
    what it learnt, the libraries that stem and embed, and which model embeds."""
    ours = [Path(str(files(package))) for package in ("corpus", "ingest", "retriever")]
    parts = [*ours, settings.data / "documents", *([corpus] if corpus else [])]
    made_by = [f"{name} {version(name)}" for name in ("PyStemmer", "sentence-transformers", "torch")]
    read = sha256("\n".join([drivers.embedder(settings.embedder).name, *made_by]).encode())
    for number, folder in enumerate(parts):
        read.update(f"\n{number}\n".encode())  # of an empty folder too: that is another corpus than the shipped one
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"):
            read.update(f"\n{path.relative_to(folder)}\n".encode())
            read.update(path.read_bytes())
    return read.hexdigest()


def renew(settings: Settings, corpus: Path | None = None, bar: bool = False) -> tuple[Library, Built]:
    """As `rebuild`, from the corpus in a folder (default: the shipped one); where nothing has changed since, nothing is done."""
    made = made_from(settings, corpus)
    return unchanged(settings.data, made) or rebuild(settings, catalogue.load(corpus), bar, made)


def rebuild(
    settings: Settings, corpus: Corpus | None = None, bar: bool = False, made: str = ""
) -> tuple[Library, Built]:
    """Build the next index generation from the corpus (default: the shipped one) and what is installed, with a progress
    bar where something has to be embedded and `bar` is set. `made`: what `made_from` gave."""
    held, embedder = library(settings, corpus), drivers.embedder(settings.embedder)
    planned = plan(held, embedder, settings.data)
    count = planned.count
    with tqdm(total=count, desc="Embedding", unit=" texts", disable=not count or not bar) as shown:
        return held, build(held, embedder, settings.data, shown.update, planned, made)


def understood(
    reading: Reading, wanted: Wanted, corpus: tuple[Entry, ...], asking: Callable[[str], str] | None
) -> Wanted:
    """`wanted` with what can be recognised in the text, and what the user answers where it cannot.

    Raises UsageError where it stays unclear and there is nobody to ask.
    """
    treaties = [entry.instrument for entry in corpus if entry.instrument.is_treaty]
    instrument, lang = official.recognise(reading, treaties)
    name = wanted.instrument or ("" if wanted.document else instrument or "")
    tongue = wanted.lang or lang or ""
    if not name and not wanted.document:
        ids = ", ".join(treaty.id for treaty in treaties) + " or the id of an output"
        if asking is None:
            raise UsageError(f"cannot tell which text {reading.name} is; say --as ID (one of {ids}) or --document")
        name = asking(f"Which text is {reading.name}? One of {ids}, or Enter for a document of your own: ").strip()
    if not tongue:
        if asking is None:
            raise UsageError(f"cannot tell the language of {reading.name}; say --lang en, fr, …")
        tongue = asking(f"In which language is {reading.name} (en, fr, …)? ").strip()
    if len(tongue) != 2 or not tongue.isalpha():
        raise UsageError(f"wanted a language of two letters, found {tongue!r}")
    return Wanted(name, tongue, wanted.document or not name, wanted.title, wanted.date, wanted.binding, wanted.url)


def entry_of(
    path: Path, wanted: Wanted, today: datetime.date, corpus: Corpus, asking: Callable[[str], str] | None = None
) -> Entry:
    """Read a file into an entry that can be installed beside the corpus; raises a BasisError that says what is wrong with
    it."""
    held = corpus.entries
    reading = read(path)
    known = understood(reading, wanted, held, asking)
    if not known.document:
        stated = {entry.instrument.id: entry.instrument for entry in held}.get(known.instrument)
        if stated is not None and stated.is_output:
            return output_entry(reading, stated, known.lang, today)
        return official_entry(reading, held, known.instrument, known.lang, today)
    title = known.title or documents.parse(reading, "document").title
    id_ = known.instrument or documents.suggest_id(title)
    if id_ in {entry.instrument.id for entry in held}:
        raise UsageError(f"{id_!r} is an instrument of the corpus; choose another name for your document with --as")
    facts = Facts(id_, title, known.lang, known.date, known.binding, known.url)
    return document_entry(reading, facts, today)


def told(entry: Entry) -> str:
    """What was found in a text that was read, in one line."""
    (wording,) = entry.expressions
    units = len({p.citation.article for p in wording.provisions})
    left = ", ".join(f"{count} × {what}" for what, count in wording.origin.removed) if wording.origin else ""
    return (
        f"{entry.instrument.label()}, {wording.name}: {units} articles or sections, {len(wording.provisions)} provisions, "
        f"{len(wording.source.text)} characters" + (f"; left out: {left}" if left else "")
    )
