"""Finds the references to provisions and instruments in a question or any other prose, English or French.

Deterministic: a reference that cannot be read with certainty is left unresolved, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from ingest.elsewhere import elsewhere
from ingest.treaty import Citation, Instrument

_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "premier": 1, "premiere": 1, "deuxieme": 2,
    "troisieme": 3, "quatrieme": 4, "cinquieme": 5, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "1er": 1, "2e": 2,
    "3e": 3, "2eme": 2, "3eme": 3,
}  # fmt: skip
_ORDINAL = "|".join(_ORDINALS)
_NUMBER = r"(?P<number>\d{1,3})(?:\s?(?:er|bis|ter)\b)?"
# What may follow an article's number: (2)(c) · .2.c · § 3 · para 2 · paragraph 2 · al. 2 · point (c) · lit. a · 2nd indent
_STEP = rf"""(?:
    \s?\(\s?(?:\d{{1,2}}|[a-z]|[ivx]{{2,5}})\s?\)
  | (?<=\d)\s?[b-z]\b\)?(?=\s*(?:$|[,;.:?)]|of\b|de\b|du\b|lanzarote|budapest|c?ets|stc?e))
  | (?<=\d)a\b\)?
  | (?<=[\d(). a-z])[.](?:\d{{1,2}}|[a-z]|[ivx]{{2,5}})\b
  | ,?\s?(?:of\s|du\s|de\sl')?(?:§{{1,2}}|paragraphs?|paragraphes?|paras?\.?|par\.?|al\.?|alineas?|sub-?paragraphs?|
     points?|letters?|lettres?|lit\.?|indents?|tirets?|recitals?)\s?\(?(?:\d{{1,2}}|[ivx]{{2,5}}|[a-z])\b\)?
  | ,?\s(?:(?:the|le)\s)?(?:{_ORDINAL})\s(?:indent|tiret|paragraph|paragraphe|alinea|point)\b
)"""
_ARTICLE = re.compile(
    rf"(?P<word>\b(?:articles?|artikel|arts?)\b\.?\s?(?:no\.?\s?|n°\s?)?){_NUMBER}(?P<steps>{_STEP}*)"
    rf"(?P<more>(?:\s?(?:,|;|/|&|\+|and|or|et|ou|to|a|-|–)\s?(?:(?:articles?|arts?\.?)\s?)?\d{{1,3}}\b(?!\s?(?:years?|ans|days?|jours?|parties|etats|states|%)){_STEP}*)*)",
    re.X,
)
_MORE = re.compile(rf"(?P<sep>,|;|/|&|\+|and|or|et|ou|to|a|-|–)\s?(?:(?:articles?|arts?\.?)\s?)?{_NUMBER}(?P<steps>{_STEP}*)", re.X)
# "paragraph 2 (c) of Article 9", "le paragraphe 2 de l'article 9"
_BEFORE = re.compile(
    rf"(?P<steps>(?:(?:§|paragraphs?|paragraphes?|paras?\.?|par\.?|alineas?|al\.?|points?|letters?|lettres?|lit\.?|indents?|tirets?)\s?\(?(?:\d{{1,2}}|[ivx]{{2,5}}|[a-z])\b\)?(?:\s?\([a-z0-9]{{1,4}}\))*(?:\s?,?\s?(?:of|du|de\sl')?\s?(?:the|le|la)?\s?)?)+)"
    rf"(?:of\s|de\sl'|du\s|in\s)?(?:the\s)?$",
)
_TOKEN = re.compile(rf"\d{{1,2}}|\b(?:{_ORDINAL})\b|\b[ivx]{{2,5}}\b|\b[a-z]\b")
_KEYWORD = re.compile(r"§|paragraphes?|paragraphs?|paras?\b|par\b|alineas?|al\b|points?|letters?|lettres?|lit\b|indents?|tirets?|sub-?paragraphs?|\bof\b|\bdu\b|\bde l'|\bthe\b|\ble\b|\bla\b")  # fmt: skip
_PREAMBLE = re.compile(r"\b(?:preamble|preambule)\b")
_GROUPS = {  # names that fit several instruments
    r"\b(?:the|this|le|du|ce|additional|additionnel)\s(?:additional\s)?(?:protocole?)\b": "protocol",
    r"\b(?:the|this|la|cette)\sconvention\b": "treaty",
}


def fold(text: str) -> str:
    """`text` in lower case without accents, character for character: spans stay valid.

    >>> fold("Art. 9 – L’entraîde")
    "art. 9 – l'entraide"
    """
    out = []
    for char in text:
        base = unicodedata.normalize("NFD", char.replace("’", "'").replace("\u00a0", " ")).lower()
        out.append(base[0] if base else char)
    return "".join(out)


@dataclass(frozen=True, slots=True)
class Name:
    """An instrument, or a body of law that Basis does not hold, named in the text at `start:end`.

    `instruments` holds the ids that the name may mean; it is empty for law held elsewhere, and `elsewhere` is then
    the id of its entry in `corpus/elsewhere.yaml`.
    """

    start: int
    end: int
    instruments: tuple[str, ...]
    elsewhere: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A reference to an article at `start:end`. `path` is the address within whichever instrument it is.

    `instruments` are the instruments that it may belong to: one where the text says so, none where it names law that
    Basis does not hold (then `elsewhere` is set), all where it names none (then `named` is false).
    """

    start: int
    end: int
    path: tuple[str, ...]
    steps: tuple[str, ...]
    instruments: tuple[str, ...]
    named: bool
    elsewhere: str | None = None


def _pattern(name: str) -> str:
    """`CETS 201` also matches `CETS No. 201`, `CETS n° 201`, `CETS201`."""
    words = [re.escape(word) for word in fold(name).replace("-", " ").split()]
    if len(words) == 2 and words[1].isdigit():
        return rf"(?<![a-z0-9]){words[0]}[\s.-]*(?:no\.?|n°|nr\.?|number)?\s*{words[1]}(?![0-9])"
    return r"(?<![a-z0-9])" + r"[\s\-]+".join(words) + r"(?![a-z0-9])"


_Row = tuple[re.Pattern[str], tuple[str, ...], str | None]


@cache
def _names(instruments: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[_Row, ...]:
    held = [(name, (id_,), None) for id_, names in instruments for name in names]
    away = [(name, (), entry.id) for entry in elsewhere() for name in entry.names]
    rows = sorted([*held, *away], key=lambda row: -len(row[0]))
    return tuple((re.compile(_pattern(name)), ids, where) for name, ids, where in rows)


def names(text: str, instruments: Iterable[Instrument]) -> list[Name]:
    """Every instrument named in `text`, in order; the longer name wins where two overlap."""
    instruments = tuple(instruments)
    folded = fold(text)
    known = tuple((i.id, (*i.aliases, *i.title.values(), *i.short_title.values(), i.id)) for i in instruments)
    found: list[Name] = []

    def free(start: int, end: int) -> bool:
        return all(end <= name.start or start >= name.end for name in found)

    for pattern, ids, where in _names(known):
        for match in pattern.finditer(folded):
            if free(*match.span()):
                found.append(Name(*match.span(), ids, where))
    for group, kind in _GROUPS.items():
        for match in re.finditer(group, folded):
            if free(*match.span()):
                found.append(Name(*match.span(), tuple(i.id for i in instruments if i.kind == kind)))
    return sorted(found, key=lambda name: name.start)


def _steps(text: str) -> tuple[str, ...]:
    """The numbers and letters below the article, outermost first: `(2)(c)` → `2`, `c`."""
    found = []
    for token in _TOKEN.findall(_KEYWORD.sub(" ", text)):
        found.append(str(_ORDINALS.get(token, token)))
    return tuple(found)


def _path(number: str, steps: Sequence[str], indent: bool) -> tuple[str, ...]:
    path = [f"art_{int(number)}"]
    for position, step in enumerate(steps):
        if step.isdigit():
            path.append(f"indent_{step}" if indent and position == len(steps) - 1 else f"para_{step}")
        else:
            path.append(f"point_{step}")
    return tuple(path)


def _owner(start: int, end: int, found: Sequence[Name], text: str) -> Name | None:
    """The instrument that the reference at `start:end` belongs to: the next one named after it, else the last before."""
    after = next((name for name in found if name.start >= end), None)
    before = next((name for name in reversed(found) if name.end <= start), None)
    joined = after is not None and re.fullmatch(r"[\s,;:()'\"«»–-]*(?:(?:of|in|from|under|to|de|du|des|dans|sous|la|le|the|l'|selon)[\s']*)*[\s(]*", text[end : after.start])  # fmt: skip
    if joined or before is None:
        return after
    return before


def find(text: str, instruments: Iterable[Instrument]) -> list[Mention]:
    """Every reference to an article or preamble in `text`, in order of appearance.

    A range (`Articles 18 to 23`) gives each article in it, a list each member.
    """
    instruments = tuple(instruments)
    folded = fold(text)
    found = names(text, instruments)
    everything = tuple(i.id for i in instruments)
    mentions: list[Mention] = []

    def add(start: int, end: int, path: tuple[str, ...], steps: tuple[str, ...]) -> None:
        name = _owner(start, end, found, folded)
        if name is None:
            mentions.append(Mention(start, end, path, steps, everything, named=False))
        else:
            mentions.append(Mention(start, end, path, steps, name.instruments, True, name.elsewhere))

    for match in _ARTICLE.finditer(folded):
        start, end = match.span()
        before = _BEFORE.search(folded[max(0, start - 60) : start])
        steps = _steps(match["steps"])
        if before is not None:
            outer = _steps(before["steps"])
            # "point a of paragraph 2 of Article 9" runs from the inside out
            steps = (*sorted(outer, key=lambda step: not step.isdigit()), *steps) if not steps else (*steps, *outer)
            start -= len(folded[max(0, start - 60) : start]) - before.start()
        indent = bool(re.search(r"indent|tiret", match["steps"] + (before["steps"] if before else "")))
        add(start, end, _path(match["number"], steps, indent), steps)
        last = int(match["number"])
        for more in _MORE.finditer(match["more"]):
            number = int(more["number"])
            if more["sep"] in ("to", "a", "-", "–") and last < number <= last + 30:
                for between in range(last + 1, number):
                    add(start, end, (f"art_{between}",), ())
            more_steps = _steps(more["steps"])
            add(start, end, _path(more["number"], more_steps, False), more_steps)
            last = number
    for match in _PREAMBLE.finditer(folded):
        add(*match.span(), ("preamble",), ())
    return sorted(mentions, key=lambda mention: mention.start)


def locate(mention: Mention, instrument: str, known: frozenset[Citation]) -> Citation | None:
    """The address that the mention has in `instrument`, or None where no such provision exists.

    `known` are all addresses of the corpus.
    """
    citation = Citation(instrument, mention.path)
    if citation in known or len(mention.path) < 2:
        return citation if citation in known else None
    # `Article 3(1)(a)` of an article that has one paragraph and does not number it
    if mention.path[1] == "para_1" and Citation(instrument, (mention.path[0], "para_1")) not in known:
        flat = Citation(instrument, (mention.path[0], *mention.path[2:]))
        return flat if flat in known else None
    # `Article 20, point e`: only one paragraph has such a point
    ends = [c for c in known if c.within(citation.article) and c.path[-len(mention.path) + 1 :] == mention.path[1:]]
    return ends[0] if len(ends) == 1 else None
