"""What Basis replies: an answer made of quotes, or a refusal with its ground. Neither can be built without support."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ingest.treaty import Article, Check, Citation, Expression, Instrument, Provision, SourceText, Status, Term


class Ground(StrEnum):
    """Why nothing is answered."""

    NOT_A_QUESTION = "not-a-question"
    NO_SUCH_PROVISION = "no-such-provision"
    OFF_TOPIC = "off-topic"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Quote:
    """A span of a source text, verbatim by construction: `text == source.text[start:end]`.

    `evidence` are spans of `text` (not of the source), in order, that carry the answer.
    """

    source: SourceText
    start: int
    end: int
    evidence: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= len(self.source.text):
            raise ValueError(f"a quote outside its source: {self.start}:{self.end} of {len(self.source.text)}")
        for start, end in self.evidence:
            if not 0 <= start < end <= self.end - self.start:
                raise ValueError(f"evidence outside its quote: {start}:{end} of {self.end - self.start}")

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Hit:
    """One provision found: cited at its most exact address, quoted with the paragraph that it stands in.

    `rank` counts from 1; `score` is comparable within one reply, higher is better; `why` says how it was found;
    `others` quote the same place in the other expressions, the restatement in plain words among them.
    """

    rank: int
    score: float
    instrument: Instrument
    article: Article
    wording: Expression
    provision: Provision
    quote: Quote
    others: tuple[Quote, ...]
    why: tuple[str, ...]

    def __post_init__(self) -> None:
        provision, quote = self.provision, self.quote
        for each in (quote, *self.others):
            if each.source.instrument != self.instrument.id or provision.citation.instrument != self.instrument.id:
                raise ValueError(f"{provision.citation} quoted from {each.source.instrument}")
        if quote.source != self.wording.source:
            raise ValueError(f"{provision.citation} of {self.wording.name} quoted from {quote.source.expression}")
        if not provision.citation.within(self.article.citation):
            raise ValueError(f"{provision.citation} is not in {self.article.citation}")
        if not quote.start <= provision.start < provision.end <= quote.end:
            raise ValueError(f"the quote {quote.start}:{quote.end} does not hold {provision.citation}")

    @property
    def citation(self) -> Citation:
        return self.provision.citation

    @property
    def check(self) -> Check | None:
        """When and against what our restatement of it was checked; None where it was not, and for other wordings."""
        return self.provision.check

    @property
    def checked(self) -> bool:
        """Whether what is quoted can be relied on as a text: it is the installed text itself, or was checked against it. A
        statement that rests on a page about its document was not."""
        return self.wording.kind != "restatement" or self.provision.status is Status.CHECKED

    def label(self, lang: str = "en") -> str:
        return self.instrument.cite(self.citation, lang)


@dataclass(frozen=True, slots=True)
class Reply:
    """What was asked and found. `confidence` in [0, 1]: how sure Basis is that its sources answer.

    `notes` tell what was assumed, in the question's language: what was carried over, a reference that does not exist.
    `terms` are the glossary's entries with a word in the question.
    """

    question: str
    lang: str
    confidence: float
    hits: tuple[Hit, ...]
    notes: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.confidence <= 1:
            raise ValueError(f"confidence {self.confidence} is not in [0, 1]")
        if [hit.rank for hit in self.hits] != list(range(1, len(self.hits) + 1)):
            raise ValueError("hits are not ranked 1, 2, 3 …")


# Below this confidence an answer says that it is not sure: of the tuning questions that are answered wrongly two thirds are
# below it, of those on the corpus that are answered rightly one in sixty, of those on installed documents a quarter.
SURE_FROM = 0.75


@dataclass(frozen=True, slots=True)
class Answer(Reply):
    """At least one quoted provision."""

    def __post_init__(self) -> None:
        Reply.__post_init__(self)
        if not self.hits:
            raise ValueError("an answer needs at least one quoted provision")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal(Reply):
    """Why the sources do not answer, in words for the person; `hits` are the nearest provisions, if any."""

    ground: Ground
    reason: str
