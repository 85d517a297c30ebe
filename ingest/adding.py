"""From a file to an entry that can be installed: an official text, proven against the restatement, or a document."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ingest.documents import parsing as documents
from ingest.errors import BasisError, UsageError
from ingest.official import parsing as official
from ingest.reading import Reading
from ingest.treaty import INSTRUMENT_ID, Article, Citation, Entry, Expression, Instrument, Origin, Provision, SourceText

# A document with at least this many articles in order is addressed by article, as a law or another treaty is.
FEWEST_ARTICLES = 3


class ProofError(BasisError):
    """A text is not the whole official text that it should be; nothing is installed from it."""

    def __init__(self, name: str, instrument: str, findings: Sequence[str]) -> None:
        self.findings = tuple(findings)
        lines = "\n".join(f"  {finding}" for finding in findings)
        super().__init__(
            f"{name} is not proven to be the official text of {instrument}; nothing was installed.\n{lines}\n"
            "Correct the file, get it from the official address, or install it as a document of your own (--document)."
        )


@dataclass(frozen=True, slots=True)
class Facts:
    """What the user says of a document. `lang` is two letters; `date` its day; `url` may be empty."""

    id: str
    title: str
    lang: str
    date: datetime.date | None = None
    binding: bool = False
    url: str = ""


def origin(reading: Reading, today: datetime.date) -> Origin:
    return Origin(reading.name, reading.sha256, today, reading.removed)


def official_entry(
    reading: Reading, corpus: Iterable[Entry], instrument: str, lang: str, today: datetime.date
) -> Entry:
    """The official text of an instrument of the corpus. Raises ProofError with everything that is missing, doubled or
    unexpected; UsageError for an instrument that is not in the corpus."""
    known = {entry.instrument.id: entry for entry in corpus}
    if instrument not in known:
        raise UsageError(f"no instrument {instrument!r} in the corpus; wanted one of {', '.join(known)}, or --document")
    entry = known[instrument]
    parsed = official.parse(reading, instrument, lang)
    wanted = frozenset(provision.citation for provision in entry.expressions[0].provisions)
    # English and French are authentic and have the restatement's structure; a translation may divide a point otherwise.
    findings = official.prove(parsed, entry.instrument.articles, wanted if lang in ("en", "fr") else None)
    if findings:
        raise ProofError(reading.name, entry.instrument.label(), findings)
    source = SourceText(instrument, f"official-{lang}", lang, parsed.text)
    return Entry(entry.instrument, (Expression(source, parsed.provisions, origin(reading, today)),), (), ())


def output_entry(reading: Reading, instrument: Instrument, lang: str, today: datetime.date) -> Entry:
    """The text of an output of the corpus, by its own paragraphs or sections, which then stand beside our statements.

    There is no proof as for a treaty: our statements are numbered by us, and an output has no fixed list of parts.
    """
    facts = Facts(instrument.id, instrument.title["en"], lang, None, instrument.binding, "")
    parsed = document_entry(reading, facts, today)
    (wording,) = parsed.expressions
    source = SourceText(instrument.id, f"official-{lang}", lang, wording.source.text)
    return replace(parsed, instrument=instrument, expressions=(replace(wording, source=source),))


def document_entry(reading: Reading, facts: Facts, today: datetime.date) -> Entry:
    """A document of the user's, with its own instrument entry: by article where it has articles, else by paragraph
    number, else by section and paragraph."""
    if not re.fullmatch(INSTRUMENT_ID, facts.id):
        raise UsageError(f"wanted a short name of letters, digits and hyphens, found {facts.id!r}")
    title = {"en": facts.title, "fr": facts.title}
    instrument = Instrument(
        id=facts.id, kind="document", binding=facts.binding, series=None, number=None, title=title, short_title=title,
        aliases=(facts.title, facts.id), opened=None, place=None, in_force=None, status="Installed by the user.",
        status_as_of=today, articles=0, authentic_languages=(facts.lang,), urls={"en": facts.url} if facts.url else {},
        divisions=(), dated=facts.date.isoformat() if facts.date else None,
    )  # fmt: skip
    text, provisions, articles = _by_article(reading, facts) or _by_paragraph(reading, facts)
    source = SourceText(facts.id, f"document-{facts.lang}", facts.lang, text)
    return Entry(instrument, (Expression(source, provisions, origin(reading, today)),), articles, ())


def _by_article(reading: Reading, facts: Facts) -> tuple[str, tuple[Provision, ...], tuple[Article, ...]] | None:
    try:
        parsed = official.parse(reading, facts.id, facts.lang)
    except BasisError:
        return None
    heads = [p.citation for p in parsed.provisions if len(p.citation.path) == 1]
    numbers = [int(c.path[0][4:]) for c in heads if re.fullmatch(r"art_\d+", c.path[0])]
    if len(numbers) < FEWEST_ARTICLES or numbers != list(range(1, len(numbers) + 1)):
        return None
    named = {c: parsed.titles.get(c, "") for c in heads}
    articles = tuple(Article(c, {"en": name, "fr": name}) for c, name in named.items())
    return parsed.text, parsed.provisions, articles


def _by_paragraph(reading: Reading, facts: Facts) -> tuple[str, tuple[Provision, ...], tuple[Article, ...]]:
    parsed = documents.parse(reading, facts.id)
    articles: dict[Citation, Article] = {}
    for unit in parsed.units:
        head = unit.provision.citation.article
        name = unit.headings[-1] if unit.headings else ""
        articles.setdefault(
            head, Article(head, {"en": name, "fr": name}, headings=unit.headings, page=unit.page, printed=unit.printed)
        )
    return parsed.text, tuple(unit.provision for unit in parsed.units), tuple(articles.values())
