"""The legal basis of a conduct or measure, arranged the way a practitioner checks it: offence, liability, jurisdiction …

Each row holds provisions, or says that nothing was found. Which articles may stand in a row follows from their roles
and from the relations in the corpus; the searchers only rank them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.library import Library
from ingest.treaty import Citation
from retriever.answer import Answer, Hit, Refusal
from retriever.assistant import Assistant, Look

# How far, in fused score, an offence may lie below the best article of all for the question to be about a conduct, and
# how far below the best offence for it to stand beside it. Chosen on the tuning questions.
CONDUCT = 2.0
BESIDE = 3.0
MOST = 8
# A measure is asked for: what lies further below the best article than this has nothing to do with it.
NEAR = 8.0

ROWS = {
    "offence": ("offence",),
    "liability": ("ancillary-liability",),
    "jurisdiction": ("jurisdiction",),
    "sanctions": ("sanction",),
    "powers": ("procedural-power",),
    "co-operation": ("international-co-operation",),
    "victim": ("victim-protection", "child-friendly-procedure"),
    "interpretation": (),
    "reservations": (),
}
INTERPRETS = ("interpreted-by", "explained-by", "stated-by")


@dataclass(frozen=True, slots=True)
class Row:
    """One step of the check: `name` is a key of `ROWS`; `hits` are ranked, and empty where nothing was found."""

    name: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Checklist:
    """The rows in the order of `ROWS`, all of them. `conduct` is whether the question describes an offence."""

    question: str
    lang: str
    conduct: bool
    rows: tuple[Row, ...]


def checklist(assistant: Assistant, question: str, lang: str | None = None) -> Checklist | Refusal:
    """The legal basis of what `question` describes, or the refusal where the sources do not cover it."""
    seen = assistant.look(question, lang=lang)
    if isinstance(seen, Refusal):
        return seen
    reply = assistant.reply(seen)
    return reply if isinstance(reply, Refusal) else _Arranged(assistant, seen, reply).checklist()


class _Arranged:
    """One question, its ranking, and the articles that are left to arrange."""

    def __init__(self, assistant: Assistant, seen: Look, reply: Answer) -> None:
        self._library: Library = assistant.library
        self._searcher = assistant.searcher
        self._composer = assistant.composer
        self._reply = reply
        self._view = seen.view
        self._score = dict(zip(assistant.searcher.articles, seen.scored.fused.tolist(), strict=True))
        # What was asked for by its number or looked up stands before all that was searched.
        top = max(self._score.values())
        for hit in reply.hits:
            if hit.why in (("reference",), ("glossary",)):
                self._score[hit.article.citation] = top + 1 / hit.rank
        treaties = (a for a in self._score if self._library.instruments[a.instrument].is_treaty)
        self._ranked = sorted(treaties, key=lambda article: -self._score[article])

    def checklist(self) -> Checklist:
        offences = self._offences()
        held = self._treaties(offences or self._ranked[:1])
        found: dict[str, list[Citation]] = {"offence": offences}
        for name in ("liability", "jurisdiction", "sanctions"):
            found[name] = [a for a in self._having(name) if offences and a.instrument in held]
        # Evidence and co-operation serve every offence, whichever treaty defines it; victims' protection stands in its own.
        found["powers"] = self._serving("powers", offences, held)
        found["co-operation"] = self._serving("co-operation", offences, held)
        found["victim"] = [a for a in self._serving("victim", offences, held) if a.instrument in held]
        # What was found above, the offences first: what is said of it, and what may be reserved against it.
        above = offences or [article for cited in found.values() for article in cited]
        found["interpretation"] = self._interpretation(above)[:MOST]
        steps = ("offence", "liability", "jurisdiction") if offences else tuple(found)
        found["reservations"] = list(self._reservations([a for name in steps for a in found[name]]))
        rows = tuple(Row(name, self._hits(found[name])) for name in ROWS)
        return Checklist(self._reply.question, self._reply.lang, bool(offences), rows)

    def _offences(self) -> list[Citation]:
        """The offences that the question describes, best first, with those that they are related to in other treaties."""
        ranked = self._having("offence")
        best = self._score[ranked[0]]
        if best < self._score[self._ranked[0]] - CONDUCT:
            return []
        near = [article for article in ranked if self._score[article] >= best - BESIDE]
        twins = {c.article for c in self._library.articles[ranked[0]].related if c.instrument != ranked[0].instrument}
        return list(dict.fromkeys([*near, *(article for article in ranked if article in twins)]))[:MOST]

    def _treaties(self, articles: Iterable[Citation]) -> set[str]:
        """The instruments of `articles` and those that they supplement."""
        own = {article.instrument for article in articles}
        return own | {r.to.instrument for id_ in own for r in self._library.instruments[id_].relations}

    def _having(self, row: str) -> list[Citation]:
        """The articles of treaties that may stand in the row, best first."""
        return [a for a in self._ranked if set(ROWS[row]) & set(self._library.articles[a].roles)]

    def _serving(self, row: str, offences: Sequence[Citation], held: set[str]) -> list[Citation]:
        """The articles for the row. For a measure those near the question, best first; for an offence the best of all, in
        reading order: articles on scope or principles first, and last the treaties that are not in force."""
        if not offences:
            floor = self._score[self._ranked[0]] - NEAR
            return [article for article in self._having(row) if self._score[article] >= floor][:MOST]
        articles = self._library.articles
        order = {article: position for position, article in enumerate(articles)}

        def reading(article: Citation) -> tuple[bool, bool, int]:
            elsewhere = article.instrument not in held
            in_force = self._library.instruments[article.instrument].in_force is not None
            return elsewhere and not in_force, "general" not in articles[article].roles, order[article]

        # A protocol serves its own offences, or gives further powers; how it stands to its treaty matters to its own only.
        fits = [
            article for article in self._having(row)
            if article.instrument in held or self._library.instruments[article.instrument].kind == "treaty"
            or "general" not in articles[article].roles
        ]  # fmt: skip
        general = [article for article in fits if "general" in articles[article].roles]
        best = [article for article in fits if article not in general]
        # However near the powers of another treaty are: each treaty that has the offence is there with its own.
        own = [a for id_ in sorted(held) for a in [b for b in best if b.instrument == id_][:2]]
        return sorted(list(dict.fromkeys([*general[:2], *own, *best]))[:MOST], key=reading)

    def _interpretation(self, articles: Sequence[Citation]) -> list[Citation]:
        """The outputs that interpret or explain the articles: of each the statement nearest to the question."""
        stated = (relation for article in articles for relation in self._library.relations_of(article))
        found = dict.fromkeys(relation.to for relation in stated if relation.kind in INTERPRETS)
        outputs = sorted(dict.fromkeys(c.article for c in found), key=lambda output: -self._score[output])
        return self._searcher.pinpoints(self._view, outputs, among=found)

    def _reservations(self, articles: Sequence[Citation]) -> Iterator[Citation]:
        for article in articles:
            instrument = self._library.instruments[article.instrument]
            yield from (c for c in (*instrument.reservations, *instrument.declarations) if c.within(article))

    def _hits(self, cited: Sequence[Citation]) -> tuple[Hit, ...]:
        view = self._view
        return tuple(
            self._composer.hit(citation, view.sought, view.lang, rank, self._score[citation.article], ())
            for rank, citation in enumerate(dict.fromkeys(cited), 1)
        )
