"""The table of authorities: every instrument that replies quote, with its facts and the provisions quoted from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ingest.library import Library
from ingest.treaty import Citation, Instrument
from retriever.answer import Answer, Hit, Refusal
from ui.shown.days import written

_WORDS = {
    "en": {
        "opened": "opened for signature on {day}", "at": "{opened}, {place}", "force": "in force since {day}, as known on {known}",
        "pending": "not in force, as known on {known}", "soft": "not binding, as known on {known}", "own": "own document",
        "name": "{label}: {title}", "near": "{n} (nearest only)",
        "restatement": "restatement", "official": "official text ({lang})", "document": "document ({lang})",
    },
    "fr": {
        "opened": "ouverture à la signature le {day}", "at": "{opened}, {place}", "force": "en vigueur depuis le {day}, selon l'état connu au {known}",
        "pending": "pas en vigueur, selon l'état connu au {known}", "soft": "non contraignant, selon l'état connu au {known}",
        "own": "document personnel", "name": "{label}\u00a0: {title}", "near": "{n} (parmi les plus proches)",
        "restatement": "reformulation", "official": "texte officiel ({lang})", "document": "document ({lang})",
    },
}  # fmt: skip
# The heading of the table, what it tells, and its columns.
TABLE = {
    "en": ("Table of authorities", "Instruments and provisions quoted above; the numbers are those of the questions.",
           ("Authority", "Opened or dated", "Status", "Text quoted", "Question")),
    "fr": ("Table des sources", "Instruments et dispositions cités ci-dessus\u00a0; les numéros sont ceux des questions.",
           ("Source", "Ouverture ou date", "État", "Texte cité", "Question")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """One provision quoted: in which expressions, and under which questions (numbered from 1 as they were asked).

    `answering` are the questions that it answers, `nearest` the refused ones under which it only stands nearest.
    """

    citation: Citation
    expressions: tuple[str, ...]
    answering: tuple[int, ...]
    nearest: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Authority:
    """One instrument and the provisions quoted from it, in the order in which they stand there."""

    instrument: Instrument
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table, a cell for each column of `TABLE`: an instrument's, or that of one of its provisions."""

    instrument: bool
    cells: tuple[str, ...]


def opening(instrument: Instrument, lang: str) -> str:
    """When and where a treaty was opened for signature; the date of an output as far as it is known; else empty."""
    words = _WORDS[lang]
    if instrument.opened is None:
        return instrument.dated or ""
    opened = words["opened"].format(day=written(instrument.opened, lang))
    return words["at"].format(opened=opened, place=instrument.place) if instrument.place else opened


def force(instrument: Instrument, lang: str) -> str:
    """Whether it is in force or binds at all, and the day for which that is known."""
    words, known = _WORDS[lang], written(instrument.status_as_of, lang)
    if instrument.is_treaty and instrument.in_force:
        return words["force"].format(day=written(instrument.in_force, lang), known=known)
    if instrument.is_treaty:
        return words["pending"].format(known=known)
    return words["soft"].format(known=known) if instrument.is_output else words["own"]


def authorities(library: Library, replies: Sequence[Answer | Refusal]) -> tuple[Authority, ...]:
    """Every instrument of the hits, each once: treaties by number, then outputs, then documents, as the library has them."""
    order = {id_: at for at, id_ in enumerate(library.instruments)}
    quoted: dict[Citation, list[tuple[int, bool, Hit]]] = {}
    instruments: dict[str, Instrument] = {}
    for number, reply in enumerate(replies, 1):
        for hit in reply.hits:
            quoted.setdefault(hit.citation, []).append((number, isinstance(reply, Refusal), hit))
            instruments.setdefault(hit.instrument.id, hit.instrument)

    def rank(instrument: Instrument) -> tuple[bool, bool, int, int]:
        last = len(order)
        return (
            not instrument.is_treaty,
            not instrument.is_output,
            instrument.number or 0,
            order.get(instrument.id, last),
        )

    found = []
    for instrument in sorted(instruments.values(), key=rank):
        here = {citation: uses for citation, uses in quoted.items() if citation.instrument == instrument.id}
        ordered = sorted(here.items(), key=lambda item: item[1][0][2].provision.position)
        found.append(Authority(instrument, tuple(_place(citation, uses) for citation, uses in ordered)))
    return tuple(found)


def _place(citation: Citation, uses: Sequence[tuple[int, bool, Hit]]) -> Place:
    return Place(
        citation,
        tuple(dict.fromkeys(hit.wording.name for _, _, hit in uses)),
        tuple(dict.fromkeys(number for number, refused, _ in uses if not refused)),
        tuple(dict.fromkeys(number for number, refused, _ in uses if refused)),
    )


def table_rows(cited: Sequence[Authority], lang: str) -> tuple[Row, ...]:
    """A row with the facts of each instrument, and under it one for each of its provisions."""
    words, rows = _WORDS[lang], []
    for authority in cited:
        instrument = authority.instrument
        name = words["name"].format(label=instrument.label(lang), title=instrument.title[lang])
        facts = (_capital(opening(instrument, lang)), _capital(force(instrument, lang)))
        rows.append(Row(True, (name, *facts, "", "")))
        for place in authority.places:
            where = _capital(place.citation.words(lang)) or instrument.short_title[lang]
            texts = [_wording(name, lang) for name in place.expressions]
            numbers = [str(n) for n in place.answering] + [words["near"].format(n=n) for n in place.nearest]
            rows.append(Row(False, (where, "", "", ", ".join(texts), ", ".join(numbers))))
    return tuple(rows)


def _wording(name: str, lang: str) -> str:
    """The name of an expression in words: `official text (fr)`."""
    kind, _, language = name.partition("-")
    return _WORDS[lang][kind].format(lang=language)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def authority_data(authority: Authority) -> dict[str, Any]:
    """One authority as data; `answers` and `nearest` are the ids of the replies that quote the provision."""
    instrument = authority.instrument
    return {
        "instrument": instrument.id,
        "label": instrument.label(),
        "title": instrument.title,
        "kind": instrument.kind,
        "binding": instrument.binding,
        "opened": instrument.opened.isoformat() if instrument.opened else None,
        "in_force": instrument.in_force.isoformat() if instrument.in_force else None,
        "status_as_of": instrument.status_as_of.isoformat(),
        "url": instrument.url("en"),
        "provisions": [
            {
                "citation": str(place.citation),
                "label": instrument.cite(place.citation),
                "expressions": list(place.expressions),
                "answers": list(place.answering),
                "nearest": list(place.nearest),
            }
            for place in authority.places
        ],
    }
