"""The nouns of the field: citation, instrument, source text, provision, passage, lead-in question.

All spans are zero-based, half-open, in code points of `SourceText.text`.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from dataclasses import dataclass, field
from enum import StrEnum

INSTRUMENT_ID = r"[a-z0-9]+(?:-[a-z0-9]+)*"
# Element names follow the Akoma Ntoso Naming Convention 1.0, section 5 (abbreviations of element names). `statement` is
# ours: what we state of a document is numbered by us, and must not look like the document's own paragraph.
_ELEMENT = re.compile(r"preamble|(?:art|para|point|indent|rec|sec|note|statement)_[0-9a-z]+|wrapup")
_WORDS = {
    "en": {"art": "Article", "para": "paragraph", "point": "point", "indent": "indent", "rec": "recital",
           "preamble": "Preamble", "wrapup": "closing words", "sec": "section", "note": "explanatory note, paragraph",
           "statement": "our statement"},
    "fr": {"art": "article", "para": "paragraphe", "point": "point", "indent": "tiret", "rec": "considérant",
           "preamble": "préambule", "wrapup": "fin", "sec": "section", "note": "note explicative, paragraphe",
           "statement": "notre énoncé"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Citation:
    """The address of a provision in the work, whatever its language or edition.

    `path` goes from the article (or preamble) inwards and is empty for the instrument as a whole.

    >>> str(Citation.parse("cets-201/art_20__para_1__point_a"))
    'cets-201/art_20__para_1__point_a'
    >>> Citation.parse("cets-201/art_20__para_1").words()
    'Article 20, paragraph 1'
    """

    instrument: str
    path: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not re.fullmatch(INSTRUMENT_ID, self.instrument):
            raise ValueError(f"not an instrument id: {self.instrument!r}")
        for element in self.path:
            if not _ELEMENT.fullmatch(element):
                raise ValueError(f"not an element of an address: {element!r}")

    @classmethod
    def parse(cls, address: str) -> Citation:
        """Read `instrument/element__element…`; raises ValueError for anything else."""
        instrument, slash, path = address.partition("/")
        if slash and not path:
            raise ValueError(f"not an address: {address!r}")
        return cls(instrument, tuple(path.split("__")) if path else ())

    def __str__(self) -> str:
        return self.instrument + ("/" + "__".join(self.path) if self.path else "")

    @property
    def article(self) -> Citation:
        """What is ranked and titled as one: the article or preamble that this address lies in, or, of an output that we
        hold as statements, the output."""
        whole = self.path and self.path[0].startswith("statement")
        return Citation(self.instrument, () if whole else self.path[:1])

    @property
    def parent(self) -> Citation:
        return Citation(self.instrument, self.path[:-1])

    def child(self, *elements: str) -> Citation:
        return Citation(self.instrument, self.path + elements)

    def within(self, other: Citation) -> bool:
        """Whether this address is `other` or lies inside it."""
        return self.instrument == other.instrument and self.path[: len(other.path)] == other.path

    def words(self, lang: str = "en") -> str:
        """The address as people write it, without the instrument: `Article 20, paragraph 1, point a`."""
        parts = []
        for element in self.path:
            name, _, number = element.partition("_")
            parts.append(f"{_WORDS[lang][name]} {number}".strip())
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Division:
    """A chapter, section or title: the articles from `first` to `last` that stand under its title."""

    first: int
    last: int
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class Relation:
    """That one instrument or provision `kind`s another: `interprets`, `explains`, … or the inverse of it."""

    kind: str
    to: Citation


@dataclass(frozen=True, slots=True)
class Instrument:
    """The facts of a treaty or of another document, as far as they are known on `status_as_of`.

    `kind` is "treaty", "protocol", a kind of output (`corpus/schema/output.schema.json`) or "document", which is the
    user's own. `in_force` is None where it has not entered into force as far as is known, and for all that is no treaty,
    which have no series and number either. Titles by language; a document's own title stands for both languages.

    Of a treaty, `reservations` and `declarations` are the provisions that allow a Party to make one.
    Of an output, `body` is the id of the body that issued or runs it, `reference` its document number, and `dated` the
    day, month or year of its adoption or publication, in ISO 8601. Each is None where it is not known.
    """

    id: str
    kind: str
    binding: bool
    series: str | None
    number: int | None
    title: dict[str, str]
    short_title: dict[str, str]
    aliases: tuple[str, ...]
    opened: datetime.date | None
    place: str | None
    in_force: datetime.date | None
    status: str
    status_as_of: datetime.date
    articles: int
    authentic_languages: tuple[str, ...]
    urls: dict[str, str]
    divisions: tuple[Division, ...]
    body: str | None = None
    reference: str | None = None
    dated: str | None = None
    relations: tuple[Relation, ...] = ()
    reservations: tuple[Citation, ...] = ()
    declarations: tuple[Citation, ...] = ()

    def label(self, lang: str = "en") -> str:
        """The name to cite it by: `Lanzarote Convention (CETS No. 201)`, `Study on this and that, T-CY(2099)1`."""
        if self.series is None:
            return ", ".join(filter(None, [self.short_title[lang], self.reference]))
        return f"{self.short_title[lang]} ({self.series_in(lang)} {'No.' if lang == 'en' else 'n°'} {self.number})"

    def series_in(self, lang: str) -> str:
        """The abbreviation of its series, `CETS` or in French `STCE`; empty for all that is no treaty."""
        return {"ETS": "STE", "CETS": "STCE"}[self.series] if self.series and lang == "fr" else self.series or ""

    def cite(self, citation: Citation, lang: str = "en") -> str:
        """`Lanzarote Convention (CETS No. 201), Article 23`."""
        return ", ".join(filter(None, [self.label(lang), citation.words(lang)]))

    def brief(self, citation: Citation, lang: str = "en") -> str:
        """`Lanzarote Convention, Article 23`: for lists, where series and number would be in the way."""
        return ", ".join(filter(None, [self.short_title[lang], citation.words(lang)]))

    def headings(self, citation: Citation) -> tuple[str, ...]:
        """The headings that the cited article stands under, outermost first; empty for the preamble."""
        name, _, number = citation.path[0].partition("_") if citation.path else ("", "", "")
        if name != "art":
            return ()
        around = [d for d in self.divisions if d.first <= int(number) <= d.last]
        return tuple(
            f"{d.label} – {d.title}" for d in sorted(around, key=lambda d: (d.first - d.last, self.divisions.index(d)))
        )

    def url(self, lang: str) -> str:
        """The official address of the text in `lang`, else of the English text; empty where none is known."""
        return self.urls.get(lang) or self.urls.get("en", "")

    @property
    def is_treaty(self) -> bool:
        return self.kind in ("treaty", "protocol")

    @property
    def is_output(self) -> bool:
        """Whether it is a committee's output, a project or a resource, which we hold as numbered statements."""
        return not self.is_treaty and self.kind != "document"


@dataclass(frozen=True, slots=True)
class SourceText:
    """One expression of an instrument: the text that every span refers to. Normalised once, never changed."""

    instrument: str
    expression: str
    lang: str
    text: str
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sha256", hashlib.sha256(self.text.encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class Check:
    """When and against what a second reader compared a provision with the official text, or a statement with its source."""

    on: datetime.date
    against: str


class Status(StrEnum):
    """What our wording of a provision rests on."""

    CHECKED = "checked"  # compared with the text of the instrument or document itself
    SOURCED = "sourced"  # compared with a public page about the document
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Source:
    """What a statement about a document rests on: `where` names document and paragraph, or page; `url` is None for texts
    of this corpus; `as_of` is the day, month or year (ISO 8601) for which the statement is known to hold."""

    where: str
    url: str | None
    as_of: str
    status: Status


@dataclass(frozen=True, slots=True)
class Provision:
    """An addressed piece of a source text.

    `start:end` spans the whole provision with its number and all that lies inside it; `own_start:own_end` only its own
    words (the opening words where points follow), without the number. Siblings do not overlap; `position` is the order
    in the instrument. `check` is None where nobody has checked it; `source` and `about` are set for statements.
    """

    citation: Citation
    position: int
    start: int
    end: int
    own_start: int
    own_end: int
    check: Check | None = None
    source: Source | None = None
    about: tuple[Citation, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.own_start <= self.own_end <= self.end:
            raise ValueError(
                f"spans out of order in {self.citation}: {self.start, self.own_start, self.own_end, self.end}"
            )

    @property
    def status(self) -> Status:
        """What it rests on; nothing that a second reader has not compared counts as checked or sourced."""
        if self.check is None:
            return Status.UNCHECKED
        return self.source.status if self.source else Status.CHECKED


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an installed text comes from: the file, the SHA-256 of its bytes, the day, and what was left out of it."""

    file: str
    sha256: str
    installed: datetime.date
    removed: tuple[tuple[str, int], ...]


# The name of the expression that is ours.
RESTATEMENT = "restatement-en"


@dataclass(frozen=True, slots=True)
class Expression:
    """An instrument in one wording: our restatement, an official text, or a document as the user installed it.

    Its name is `restatement-en`, `official-fr`, `document-en`, …; provisions in reading order. `origin` is None for the
    restatement.
    """

    source: SourceText
    provisions: tuple[Provision, ...]
    origin: Origin | None = None

    @property
    def name(self) -> str:
        return self.source.expression

    @property
    def kind(self) -> str:
        """`restatement`, `official` or `document`."""
        return self.name.partition("-")[0]

    def find(self, citation: Citation) -> Provision | None:
        return next((p for p in self.provisions if p.citation == citation), None)

    def text(self, provision: Provision) -> str:
        """The provision whole, with its number and all that lies inside."""
        return self.source.text[provision.start : provision.end]


@dataclass(frozen=True, slots=True)
class Article:
    """What is known of an article or preamble, whatever its wording; of a document, of a numbered paragraph or section.

    `headings`, `page` (physical, from 1) and `printed` (the page number in print) are set for documents, the last two where
    the file has pages; a treaty's headings are its instrument's divisions.
    """

    citation: Citation
    title: dict[str, str]
    roles: tuple[str, ...] = ()
    related: tuple[Citation, ...] = ()
    headings: tuple[str, ...] = ()
    page: int | None = None
    printed: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """What is embedded and found: the own words of one provision, or a piece of them where they are over-long.

    `text` is `SourceText.text[start:end]`, verbatim. `context` is embedded before it and never quoted.
    """

    id: str
    citation: Citation
    expression: str
    start: int
    end: int
    text: str
    context: str

    @property
    def lang(self) -> str:
        return self.expression.rpartition("-")[2]


@dataclass(frozen=True, slots=True)
class LeadIn:
    """A question that people ask when the cited provision is the answer; searched, never quoted."""

    citation: Citation
    lang: str
    text: str

    @property
    def id(self) -> str:
        return f"{self.citation}#{self.lang}-{hashlib.sha256(self.text.encode()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Outside:
    """A question that sounds like ours and is answered elsewhere; `entry` is its id in `corpus/elsewhere.yaml`."""

    entry: str
    lang: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One instrument: its facts, its wordings, what is known of its articles, its lead-in questions."""

    instrument: Instrument
    expressions: tuple[Expression, ...]
    articles: tuple[Article, ...]
    lead_ins: tuple[LeadIn, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of the glossary: `words` by language, the best-known first; the treaties' own `name` for it, None where they have none;
    `citations` where it is defined or dealt with, the best first; `note` where the law draws a line that the word hides.
    """

    words: dict[str, tuple[str, ...]]
    name: dict[str, str] | None
    citations: tuple[Citation, ...]
    note: dict[str, str] | None
