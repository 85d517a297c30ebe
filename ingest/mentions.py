"""Finds the references to provisions and instruments in a question or any other prose, English or French.

Deterministic: a reference that cannot be read with certainty is left unresolved, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from ingest import other_law
from ingest.elsewhere import elsewhere
from ingest.other_law import OtherLaw
from ingest.treaty import Citation, Instrument

_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "premier": 1, "premiere": 1, "deuxieme": 2,
    "troisieme": 3, "quatrieme": 4, "cinquieme": 5, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "1er": 1, "2e": 2,
    "3e": 3, "2eme": 2, "3eme": 3,
}  # fmt: skip
_ORDINAL = "|".join(_ORDINALS)
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "vingt": 20, "trente": 30, "quarante": 40}
_UNITS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "premier": 1, "un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8,
    "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16,
}  # fmt: skip
_IN_WORDS = re.compile(
    rf"(?P<word>\barticles?\s|\bchapter\s|\bchapitre\s|\bparagraphe?\s)"
    rf"(?:(?P<tens>{'|'.join(_TENS)})(?:[\s-](?:et[\s-])?)?)?(?P<unit>(?:{'|'.join(_UNITS)})(?![a-z]))?"
)
_BELOW = r"(?:§{1,2}|(?:paragraphe?s?|paras?|par|alineas?|al|sub-?paragraphs?|points?|letters?|lettres?|lit|indents?|tirets?|recitals?)\b\.?)"
_NUMBER = r"(?P<number>\d{1,3})(?:\s?(?:er|bis|ter)\b)?"
_PLACE = r"(?:\d{1,2}|[ivx]{2,5}|[a-z])\b"
# What may follow an article's number: (2)(c) · .2.c · § 3 · para 2 · paragraph 2 · al. 2 · point (c) · 32b · 2nd indent
_STEP = rf"""(?:
    \s?\(\s?(?:\d{{1,2}}|[a-z]|[ivx]{{2,5}})\s?\)
  | (?<=\d)\s?[b-z]\b\)?(?=\s*(?:$|[,;.:?)]|of\b|de\b|du\b|lanzarote|budapest|c?ets|stc?e))
  | (?<=\d)a\b\)?
  | (?<=[\d(). a-z])[.]{_PLACE}
  | ,?\s?(?:of\s|du\s|de\sl')?{_BELOW}\s?\(?{_PLACE}\)?
  | ,?\s(?:(?:the|le)\s)?(?:{_ORDINAL})\s(?:indent|tiret|paragraphe?|alinea|point)\b
)"""
_AND = r"(?:,|;|/|&|\+|and|or|et|ou|to|a|-|–)"
_COUNTED = r"(?!\s?(?:years?|ans|days?|jours?|hours?|heures?|parties|etats|states|countries|pays|%))"
_ARTICLE = re.compile(
    rf"(?P<word>\b(?:articles?|arts?|a(?=\.\s?\d))\b\.?\s?(?:no\.?\s?|n°\s?)?){_NUMBER}(?P<steps>{_STEP}*)"
    rf"(?P<more>(?:\s?{_AND}\s?(?:(?:articles?|arts?\.?)\s?)?\d{{1,3}}\b{_COUNTED}{_STEP}*)*)",
    re.X,
)
_MORE = re.compile(rf"(?P<sep>{_AND})\s?(?:(?:articles?|arts?\.?)\s?)?{_NUMBER}(?P<steps>{_STEP}*)", re.X)
# "Lanzarote 23", "9(5) of the cybercrime convention": a number right beside an instrument's name
_BARE_AFTER = re.compile(rf"\s?,?\s?{_NUMBER}(?P<steps>{_STEP}*)(?=\s*(?:$|[?.!,;:]))", re.X)
_BARE_BEFORE = re.compile(
    rf"(?:^|\s)(?:{_NUMBER}(?P<steps>{_STEP}*)\s(?:of|de|du|in)\s(?:the\s|la\s|le\s)?|(?P<alone>\d{{1,2}})(?P<below>{_STEP}+)\s)$",
    re.X,
)
# "paragraph 2 (c) of Article 9", "le paragraphe 2 de l'article 9"
_BEFORE = re.compile(
    rf"""(?P<steps>(?:{_BELOW}\s?\(?{_PLACE}\)?(?:\s?\([a-z0-9]{{1,4}}\))*(?:\s?,?\s?(?:of|du|de\sl')?\s?(?:the|le|la)?\s?)?)+)
    (?:of\s|de\sl'|du\s|in\s)?(?:the\s)?$""",
    re.X,
)
_PLURAL = re.compile(r"§§|\b(?:paragraphe?s|points|indents|tirets|letters|lettres|alineas)\b")
_CHAPTER = re.compile(r"\b(?P<word>chapter|chapitre|annexe?|appendix)\s(?P<number>[ivx]{1,5}|\d{1,2})\b")
_ROMAN = {"i": 1, "v": 5, "x": 10}
_TOKEN = re.compile(rf"\d{{1,2}}|\b(?:{_ORDINAL})\b|\b[ivx]{{2,5}}\b|\b[a-z]\b")
_KEYWORD = re.compile(rf"{_BELOW}|\bof\b|\bdu\b|\bde l'|\bthe\b|\ble\b|\bla\b")
_PREAMBLE = re.compile(r"\b(?:preamble|preambule)\b")
_INTO = re.compile(r"\b(?:in|into|with|dans|en|avec)\s(?:our|my|their|the|notre|nos|leur|le|la)?\s?$")
_GROUPS = {  # names that fit several instruments
    r"\b(?:the|this|le|du|ce|additional|additionnel)\s(?:additional\s)?(?:protocole?)\b": "protocol",
    r"\b(?:the|this|la|cette)\sconvention\b": "treaty",
}


class _Folded(dict[int, str]):
    """What each character folds to, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code).replace("’", "'").replace("\u00a0", " ")
        base = unicodedata.normalize("NFD", char).lower()
        self[code] = base[0] if base else char
        return self[code]


_FOLDED = _Folded()


def fold(text: str) -> str:
    """`text` in lower case without accents, character for character: spans stay valid.

    >>> fold("Art. 9 – L’entraîde")
    "art. 9 – l'entraide"
    """
    return text.translate(_FOLDED)


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


def _digits(folded: str) -> str:
    """`article twenty-nine` → `article 29`, padded with blanks so that every character keeps its place."""

    def number(match: re.Match[str]) -> str:
        value = _TENS.get(match["tens"] or "", 0) + _UNITS.get(match["unit"] or "", 0)
        return (match["word"] + str(value)).ljust(len(match[0])) if value else match[0]

    return _IN_WORDS.sub(number, folded)


def _roman(text: str) -> int:
    values = [_ROMAN[letter] for letter in text]
    return sum(-v if v < max(values[at:]) else v for at, v in enumerate(values))


def _pattern(name: str) -> str:
    """`CETS 201` also matches `CETS No. 201`, `CETS n° 201`, `CETS201`."""
    words = [re.escape(word) for word in fold(name).replace("-", " ").split()]
    if len(words) == 2 and words[1].isdigit():
        return rf"(?<![a-z0-9]){words[0]}[\s.-]*(?:no\.?|n°|nr\.?|number)?\s*{words[1]}(?![0-9])"
    return r"(?<![a-z0-9])" + r"[\s\-]+".join(words) + r"(?![a-z0-9])"


_RUN = re.compile(r"[a-z0-9]+")


@cache
def _places() -> frozenset[str]:
    return frozenset(fold(place) for entry in elsewhere() for place in entry.places)


def named_places(text: str) -> frozenset[str]:
    """Those of the countries and towns of `corpus/elsewhere.yaml` that `text` names, by their first three letters: "Spain" and
    "Spanish" are one.

    >>> sorted(named_places("May a Spanish judge ask Spain, or Berlin?"))
    ['ber', 'spa']
    """
    return frozenset(place[:3] for place in _places().intersection(re.findall(r"[\w-]+", fold(text))))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compiled when first needed: most names are never met."""
    return re.compile(pattern)


def _parts(folded: str) -> list[str]:
    """The runs of letters and digits of a text, or of a name, which a text must have to name it: looked for first, as
    patterns are slow. Without the digits at their end, as "CETS 201" also matches "CETS201"."""
    return [run.rstrip("0123456789") for run in _RUN.findall(folded)]


def _called(instrument: Instrument) -> Iterator[str]:
    """What an instrument is called. What we did not choose as its name only where it has several words: a document called
    "Act", or a project called "Georgia", would be named in every other question."""
    named = (*instrument.title.values(), *instrument.short_title.values(), instrument.id)
    for name in (*instrument.aliases, *named):
        chosen = instrument.is_treaty or (instrument.is_output and name in instrument.aliases)
        if chosen or len(re.split(r"[\s-]+", name.strip())) > 1:
            yield name


def _away(instruments: Iterable[Instrument]) -> Iterator[tuple[str, tuple[str, ...], str | None]]:
    """The names of laws that Basis does not hold; of the user's documents that are called by one, where there are any."""
    titles = [(i.id, fold(title)) for i in instruments if i.kind == "document" for title in i.title.values()]
    for entry in elsewhere():
        for name in entry.names:
            held = dict.fromkeys(id_ for id_, title in titles if _compiled(_pattern(name)).search(title))
            yield name, tuple(held), None if held else entry.id


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


def _owner(start: int, end: int, found: Sequence[Name], articled: Collection[str], text: str) -> Name | None:
    """The instrument that the reference at `start:end` belongs to: the next one named after it, else the last before.

    A body or an output, which has no articles, only where the reference says so ("Article 5 of the T-CY"): what the T-CY
    says of Article 32 is said of a treaty.
    """
    after = next((name for name in found if name.start >= end), None)
    joined = after is not None and re.fullmatch(r"[\s,;:()'\"«»–-]*(?:(?:of|in|from|under|to|de|du|des|dans|sous|la|le|the|l'|selon)[\s']*)*[\s(]*", text[end : after.start])  # fmt: skip
    holding = [name for name in found if not name.instruments or not set(name.instruments).isdisjoint(articled)]
    if joined and (after in holding or re.search(r"\b(?:of|de|du)\b", joined[0])):
        return after
    before = next((name for name in reversed(holding) if name.end <= start), None)
    ahead = next((name for name in holding if name.start >= end), None)
    # "How do we put Article 23 into our penal code" asks of ours.
    if ahead is not None and ahead.elsewhere == "national-law" and _INTO.search(text, end, ahead.start):
        ahead = None
    return before or ahead


def _unlisted(law: OtherLaw | None, found: Sequence[Name], own: bool) -> Name | None:
    """The name of such a law, unless it is part of one that a list has, or "the act" may be an act of the user's `own`."""
    if law is None or (own and law.bare) or any(name.start < law.end and law.start < name.end for name in found):
        return None
    return Name(law.start, law.end, (), law.entry)


class Mentions:
    """Finds the instruments named in a text, and the references to their provisions; made once for the instruments that
    may be named."""

    def __init__(self, instruments: Iterable[Instrument]) -> None:
        instruments = tuple(instruments)
        held = [(name, (instrument.id,), None) for instrument in instruments for name in _called(instrument)]
        rows: list[tuple[str, tuple[str, ...], str | None]] = sorted(
            [*held, *_away(instruments)], key=lambda row: -len(row[0])
        )
        self._names = [(_pattern(name), ids, where) for name, ids, where in rows]
        parts = [_parts(fold(name)) for name, _, _ in rows]
        self._parts = [frozenset(of) for of in parts]
        self._beginning: dict[str, list[int]] = {}
        for place, of in enumerate(parts):
            self._beginning.setdefault(of[0] if of else "", []).append(place)
        self._groups = [
            (re.compile(group), tuple(i.id for i in instruments if i.kind == kind)) for group, kind in _GROUPS.items()
        ]
        self._articled = tuple(i.id for i in instruments if not i.is_output)  # our statements have no articles
        self._own = any(i.kind == "document" for i in instruments)  # "article 5 of the act" may be of one of these

    def names(self, text: str) -> list[Name]:
        """Every instrument named in `text`, in order; the longer name wins where two overlap."""
        folded = fold(text)
        found: list[Name] = []

        def free(start: int, end: int) -> bool:
            return all(end <= name.start or start >= name.end for name in found)

        parts = {"", *_parts(folded)}
        begun = (place for part in parts & self._beginning.keys() for place in self._beginning[part])
        likely = sorted(place for place in begun if self._parts[place] <= parts)
        for pattern, ids, where in (self._names[place] for place in likely):
            for match in _compiled(pattern).finditer(folded):
                if free(*match.span()):
                    found.append(Name(*match.span(), ids, where))
        for group, ids in self._groups:
            for match in group.finditer(folded):
                if free(*match.span()):
                    found.append(Name(*match.span(), ids))
        return sorted(found, key=lambda name: name.start)

    def find(self, text: str, names: Sequence[Name] | None = None) -> list[Mention]:
        """Every reference to an article or preamble in `text`, in order of appearance. `names` are those in the text, if
        they are known already.

        A range (`Articles 18 to 23`) gives each article in it, a list each member.
        """
        folded = _digits(fold(text))
        found = self.names(text) if names is None else names
        mentions: list[Mention] = []

        def add(start: int, end: int, path: tuple[str, ...], steps: tuple[str, ...]) -> None:
            name = _unlisted(other_law.after(folded, end), found, self._own)
            name = name or _owner(start, end, found, self._articled, folded)
            name = name or _unlisted(other_law.before(folded, start), found, self._own)
            if name is None:
                mentions.append(Mention(start, end, path, steps, self._articled, named=False))
            else:
                mentions.append(Mention(start, end, path, steps, name.instruments, True, name.elsewhere))

        for match in _ARTICLE.finditer(folded):
            start, end = match.span()
            if any(name.start <= start and end <= name.end for name in found):
                continue  # part of a name, as in "the opinion on Article 23"
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
                if last > 99:
                    break  # one number of a national code, as in "article 230-46"
                number = int(more["number"])
                if not steps and more["sep"] in ("to", "a", "-", "–") and last < number <= last + 30:
                    for between in range(last + 1, number):
                        add(start, end, (f"art_{between}",), ())
                more_steps = _steps(more["steps"])
                if (
                    steps and _PLURAL.search(match["steps"]) and "art" not in more[0]
                ):  # "paragraphs 1 and 2" of one article
                    more_steps = (*steps[:-1], more["number"])
                    add(start, end, _path(match["number"], more_steps, indent), more_steps)
                else:
                    add(start, end, _path(more["number"], more_steps, False), more_steps)
                last = number
        for name in found if not mentions else ():
            after = _BARE_AFTER.match(folded, name.end) if name.instruments else None
            before = _BARE_BEFORE.search(folded[: name.start]) if name.instruments else None
            bare = after or before
            if bare is not None:
                groups = bare.groupdict()
                steps = _steps(groups["steps"] or groups.get("below") or "")
                path = _path(groups["number"] or groups["alone"], steps, False)
                mentions.append(Mention(*bare.span(), path, steps, name.instruments, True))
        for match in _CHAPTER.finditer(folded):
            number = int(match["number"]) if match["number"].isdigit() else _roman(match["number"])
            add(*match.span(), (f"chapter_{number}" if match["word"].startswith("chap") else f"annex_{number}",), ())
        for match in _PREAMBLE.finditer(folded):
            add(*match.span(), ("preamble",), ())
        return sorted(mentions, key=lambda mention: mention.start)


def locate(mention: Mention, instrument: Instrument, known: frozenset[Citation]) -> tuple[Citation, ...]:
    """The addresses that the mention has in `instrument`: one, those of a chapter's articles, or none where no such
    provision exists. `known` are all addresses of the corpus."""
    if mention.path[0].partition("_")[0] in ("chapter", "annex"):
        labels = {
            f"chapter_{_roman(d.label.split()[1].lower())}": d
            for d in instrument.divisions
            if d.label.startswith("Chapter")
        }
        division = labels.get(mention.path[0])
        return (
            tuple(Citation(instrument.id, (f"art_{n}",)) for n in range(division.first, division.last + 1))
            if division
            else ()
        )
    citation = Citation(instrument.id, mention.path)
    if citation in known or len(mention.path) < 2:
        return (citation,) if citation in known else ()
    # `Article 3(1)(a)` of an article that has one paragraph and does not number it
    if mention.path[1] == "para_1" and citation.article.child("para_1") not in known:
        flat = citation.article.child(*mention.path[2:])
        return (flat,) if flat in known else ()
    # `Article 20, point e`: only one paragraph has such a point
    ends = [c for c in known if c.within(citation.article) and c.path[-len(mention.path) + 1 :] == mention.path[1:]]
    return (ends[0],) if len(ends) == 1 else ()
