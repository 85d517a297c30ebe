"""What every page makes of a source text: its articles in order, its lines with every character, links to its places.

Pure, and everything that is not ours is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from html import escape
from urllib.parse import urlencode

from ingest.library import Library
from ingest.treaty import Citation, Expression, Provision, Source

# Text deeper than this looks as deep as this: the style sheet has one class for each level.
DEEPEST = 6
_LABEL = re.compile(r" *(?:\d+[.)]|[a-z]{1,5}[.)]|\((?:\d+|[a-z]{1,5})\)|–) ")


def marked(text: str, spans: Sequence[tuple[int, int]] = (), here: bool = False) -> str:
    """`text` as escaped lines with `spans` (half-open, ascending, not overlapping) marked; no character is lost.

    A line is `<span class="line level-N">`, N being its indent in steps of two blanks, and `numbered` where it begins
    with a number, a letter or a dash. A span over several lines has one `<mark>` on each; with `here` the first of all
    has the id `here` and can take the focus, so that a page can bring it into view.
    """
    out: list[str] = []
    opening = '<mark id="here" tabindex="-1">' if here else "<mark>"
    at = 0
    for line in text.splitlines(keepends=True):
        level = min((len(line) - len(line.lstrip(" "))) // 2, DEEPEST)
        pieces, cursor = [], at
        for start, end in spans:
            start, end = max(start, at), min(end, at + len(line.rstrip("\n")))
            if start < end:
                pieces += [escape(text[cursor:start]), f"{opening}{escape(text[start:end])}</mark>"]
                cursor, opening = end, "<mark>"
        pieces.append(escape(text[cursor : at + len(line)]))
        kind = "line numbered" if _LABEL.match(line) else "line"
        out.append(f'<span class="{kind} level-{level}">{"".join(pieces)}</span>')
        at += len(line)
    return "".join(out)


def text(wording: Expression, provision: Provision, place: Provision | None = None, here: bool = False) -> str:
    """A provision whole, in the language of its wording, with `place`, which lies in it, marked."""
    spans = [(place.start - provision.start, place.end - provision.start)] if place else []
    return (
        f'<div class="text" lang="{escape(wording.source.lang)}">{marked(wording.text(provision), spans, here)}</div>'
    )


def place_link(
    to: Citation, label: str, expression: str | None = None, beside: str | None = None, current: bool = False
) -> str:
    """A link that opens a place in the reader, in the wording named and with a second one beside it; `label` is HTML."""
    asked, data = {"p": str(to)}, f'data-place="{escape(str(to))}"'
    for key, name, value in (("x", "expression", expression), ("beside", "beside", beside)):
        if value:
            asked[key] = value
            data += f' data-{name}="{escape(value)}"'
    now = ' aria-current="true"' if current else ""
    return f'<a class="place" href="?{escape(urlencode(asked, safe="/"))}" {data}{now}>{label}</a>'


def named_link(library: Library, to: Citation, lang: str) -> str:
    """A link that opens a place in the reader, by its short name."""
    return place_link(to, escape(library.instruments[to.instrument].brief(to, lang)))


def outward(url: str, label: str) -> str:
    """A link to a page outside; what a user gave as an address is a link only where it is one."""
    if not url.startswith(("https://", "http://")):
        return escape(url)
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{label}</a>'


def copy_button(text: str, words: str) -> str:
    """A button that puts `text` on the clipboard; `words` is HTML."""
    return f'<button type="button" class="copy" data-copy="{escape(text)}">{words}</button>'


# What a statement rests on.
_RESTS = {"en": ("Source: {}", "Open the source"), "fr": ("Source\u00a0: {}", "Ouvrir la source")}


def source_line(source: Source | None, lang: str) -> str:
    """What a statement rests on, with a link where there is one; empty for the provisions of treaties."""
    if source is None:
        return ""
    told, open_ = _RESTS[lang]
    link = f" · {outward(source.url, open_)}" if source.url else ""
    return f'<p class="source">{escape(told.format(f"{source.where}, {source.as_of}"))}{link}</p>'


def units_of(wording: Expression) -> list[Citation]:
    """The articles, sections or numbered paragraphs of a wording; of an output that we hold as statements, the output."""
    return [p.citation for p in wording.provisions if p.citation == p.citation.article]


def aligned(wordings: Sequence[Expression], citation: Citation) -> tuple[Citation, ...]:
    """The articles of all wordings in one order, with the opened one even where none of them has it."""
    units = units_of(wordings[0])
    for wording in wordings[1:]:
        before = -1
        for unit in units_of(wording):
            if unit not in units:
                units.insert(before + 1, unit)
            before = units.index(unit)
    missing = bool(citation.path) and citation.article not in units
    return tuple([citation.article, *units] if missing else units)


def nearest_of(places: Container[Citation], citation: Citation) -> Citation | None:
    """The opened place, or the smallest that it lies in and that this wording has."""
    while citation not in places and citation.path:
        citation = citation.parent
    return citation if citation in places else None
