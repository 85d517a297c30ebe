"""The citation of one provision in five styles, and a quote with its citation. Pure text: the page escapes it.

Nothing is cited that the instrument's facts do not hold: what is unknown (a body, a number, a date) is left out. A
statement of ours is numbered by us, so the place cited for it is that of its source; likewise the sections of a
document, which are counted by us, are cited by their heading.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

from ingest.errors import UsageError
from ingest.library import Library
from ingest.treaty import Instrument
from retriever.answer import Hit
from ui.shown.days import written

_WORDS = {
    "en": {
        "opened": "opened for signature {day}", "force": "entered into force {day}", "pending": "not yet in force",
        "title": "‘{title}’", "under": "under ‘{heading}’", "according": "according to {where}",
        "para": "para {n}", "point": "point {n}", "indent": "indent {n}", "rec": "recital {n}", "preamble": "preamble",
        "wrapup": "closing words", "note": "explanatory note, para {n}",
        "series ETS": "European Treaty Series", "series CETS": "Council of Europe Treaty Series",
        "restatement": "restatement, not the official text", "stated": "our statement of what is known",
        "official": "official text ({lang})", "document": "document installed by the user",
    },
    "fr": {
        "opened": "ouverture à la signature le {day}", "force": "entrée en vigueur le {day}", "pending": "pas encore en vigueur",
        "title": "«\u00a0{title}\u00a0»", "under": "sous «\u00a0{heading}\u00a0»", "according": "selon\u00a0: {where}",
        "para": "par {n}", "point": "point {n}", "indent": "tiret {n}", "rec": "considérant {n}", "preamble": "préambule",
        "wrapup": "fin", "note": "note explicative, par {n}",
        "series ETS": "Série des traités européens",
        "series CETS": "Série des traités du Conseil de l'Europe",
        "restatement": "reformulation en anglais, non le texte officiel", "stated": "notre énoncé, en anglais, de ce qui est connu",
        "official": "texte officiel ({lang})", "document": "document installé par l'utilisateur",
    },
}  # fmt: skip
# Outputs that are no written report: people, events, projects, pages. Cited as documents of no special type.
_NO_REPORT = {"body", "project", "training", "resource", "event", "campaign", "initiative", "tool", "treaty-status", "document"}  # fmt: skip
_MARKS = {
    "en": "“{}”", "fr": "«\u00a0{}\u00a0»", "de": "„{}“", "es": "«{}»", "it": "«{}»", "pt": "«{}»", "pl": "„{}”", "ro": "„{}”",
    "ru": "«{}»", "uk": "«{}»", "el": "«{}»", "tr": "“{}”", "nl": "“{}”",
}  # fmt: skip
# Line ends of every kind, other control characters and lone surrogates: they would break a record or its encoding.
_BREAKS = re.compile(r"\s*[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+\s*")
_SPECIAL = re.compile(r"[\\`*_\[\]<>&~|$#]|:(?=//)|(?<=[Ww]{3})\.")
# What opens a list at the start of a line; headings and quotes are escaped wherever they stand.
_OPENS = re.compile(r"^(\d{0,9})([-+.)=])")


def _line(text: str) -> str:
    return _BREAKS.sub(" ", text).strip()


def _link(instrument: Instrument, lang: str) -> str:
    """The official address if it is one of the web, else nothing: a user's may be anything, and links are followed."""
    url = _line(instrument.url(lang))
    return url if url.startswith(("https://", "http://")) else ""


def _own_place(hit: Hit) -> str | None:
    """Where in its own document a statement's source stands; None where the source is another document or page.

    Sources write `REFERENCE, place`, or `REFERENCE E, place` for the English version of a document. An explanatory report
    has no reference; sources name it by its treaty.
    """
    source, name = hit.provision.source, hit.instrument.reference
    if report := re.fullmatch(r"(c?ets)-(\d+)-er", hit.instrument.id):
        name = f"Explanatory Report to {report[1].upper()} No. {report[2]}"
    match = re.match(re.escape(name) + r"(?: [A-Z])?, (.+)", source.where, re.S) if source and name else None
    return match[1] if match else None


def _ours(hit: Hit) -> bool:
    """Whether the place found is a statement of ours, whose number means nothing outside Basis."""
    return any(element.startswith("statement") for element in hit.citation.path[:1])


def _stated(hit: Hit, lang: str) -> str:
    """The place of a statement: in its document, else the source that it rests on."""
    if hit.provision.source is None:
        return ""
    return _line(_own_place(hit) or _WORDS[lang]["according"].format(where=hit.provision.source.where))


def _pinpoint(hit: Hit, lang: str) -> str:
    """The place within the instrument, after OSCOLA: `art 20(1)(a)`; empty for the whole."""
    words, parts, before = _WORDS[lang], list[str](), ""
    if _ours(hit):
        return _stated(hit, lang)
    for element in hit.citation.path:
        name, _, number = element.partition("_")
        if name == "sec":
            heading = hit.article.headings[-1] if hit.article.headings else ""
            return words["under"].format(heading=_line(heading)) if heading else ""
        if name == "art":
            parts.append(f"art {number}")
        elif name in ("para", "point") and before in ("art", "para", "point"):
            parts[-1] += f"({number})"
        else:
            parts.append(words[name].format(n=number))
        before = name
    return ", ".join(parts)


def _body(library: Library, hit: Hit, lang: str) -> str:
    """The body that issued or runs it, short of what follows a dash in its title; empty for one that the library lacks."""
    body = library.instruments.get(hit.instrument.body or "")
    return body.title[lang].partition(" – ")[0] if body else ""


def _plain(hit: Hit, lang: str, _: str = "") -> str:
    if _ours(hit):
        return ", ".join(filter(None, [_line(hit.instrument.label(lang)), _stated(hit, lang)]))
    return _line(hit.label(lang))


def _oscola(hit: Hit, lang: str, body: str) -> str:
    """After OSCOLA's rules for treaties, and for other secondary sources as far as the facts go.

    `not yet in force` holds for the day of `Instrument.status_as_of`; that day is no part of a citation.
    """
    it, words, pinpoint = hit.instrument, _WORDS[lang], _pinpoint(hit, lang)
    if it.is_treaty:
        opened = [words["opened"].format(day=written(it.opened, lang))] if it.opened else []
        force = words["force"].format(day=written(it.in_force, lang)) if it.in_force else words["pending"]
        series = [f"{it.series_in(lang)} {it.number}"] if it.series else []
        facts = [f"({', '.join([*opened, force])})", *series, f"({it.short_title[lang]})"]
        return _line(" ".join(filter(None, [it.title[lang], *facts, pinpoint])))
    known = ", ".join(filter(None, [it.reference, written(it.dated, lang) if it.dated else None]))
    head = ", ".join(filter(None, [body, words["title"].format(title=it.title[lang])])) + (
        f" ({known})" if known else ""
    )
    # OSCOLA puts no comma between a closing bracket and the place; what is not a place of the document is set apart.
    close = known and (hit.provision.source is None or _own_place(hit))
    return _line((" " if close else ", ").join(filter(None, [head, pinpoint])))


def _markdown(hit: Hit, lang: str, _: str) -> str:
    label = _OPENS.sub(r"\1\\\2", _SPECIAL.sub(r"\\\g<0>", _plain(hit, lang)))
    url = quote(_link(hit.instrument, lang), safe=":/?#[]@!$&'+,;=%~")
    return f"[{label}]({url})" if url else label


def _issued(it: Instrument) -> list[int]:
    """Year, month and day of the opening for signature or of the document, as far as known."""
    date = it.opened.isoformat() if it.opened else it.dated
    return [int(part) for part in date.split("-")] if date else []


def _ris(hit: Hit, lang: str, body: str) -> str:
    """One record. RIS has no treaties: `STAT` is the type that programs read as law with a series (T2), a number in it
    (VL) and a section (SE); they read `LEGAL` as a case."""
    it, words, issued = hit.instrument, _WORDS[lang], _issued(hit.instrument)
    kind = "STAT" if it.is_treaty else "GEN" if it.kind in _NO_REPORT else "RPRT"
    fields = [
        ("TY", kind),
        ("TI", it.title[lang]),
        ("ST", it.short_title[lang] if it.short_title != it.title else ""),
        ("AU", body),
        ("T2", words[f"series {it.series}"] if it.series else ""),
        ("VL", str(it.number) if it.number else ""),
        ("SN", it.reference or "" if kind == "RPRT" else ""),
        ("SE", _pinpoint(hit, lang) if kind == "STAT" else ""),
        ("PY", f"{issued[0]:04}" if issued else ""),
        ("DA", "/".join(f"{part:02}" for part in issued) if issued[1:] else ""),
        ("UR", _link(it, lang)),
        ("N1", _plain(hit, lang)),
    ]
    return "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in fields if _line(value)) + "ER  - \r\n"


def _csl_json(hit: Hit, lang: str, body: str) -> str:
    """An array of one item of CSL 1.0.2. The place is `section`; the source of a statement of ours is a `note`."""
    it, words, issued = hit.instrument, _WORDS[lang], _issued(hit.instrument)
    item: dict[str, object] = {
        "id": str(hit.citation),
        "type": "treaty" if it.is_treaty else "document" if it.kind in _NO_REPORT else "report",
        "title": _line(it.title[lang]),
        "title-short": _line(it.short_title[lang]) if it.short_title != it.title else "",
        "author": [{"literal": body}] if body else [],
        "issued": {"date-parts": [issued]} if issued else {},
        "collection-title": words[f"series {it.series}"] if it.series else "",
        "number": str(it.number) if it.number else _line(it.reference or ""),
        "status": words["pending"] if it.is_treaty and not it.in_force else "",
        "section" if hit.provision.source is None else "note": _pinpoint(hit, lang),
        "URL": _link(it, lang),
    }
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=2)


# Each takes what was found, the language, and the name of the body that issued or runs it, empty where it is not known.
_WRITERS: dict[str, Callable[[Hit, str, str], str]] = {
    "plain": _plain, "oscola": _oscola, "markdown": _markdown, "ris": _ris, "csl-json": _csl_json,
}  # fmt: skip
STYLES: tuple[str, ...] = tuple(_WRITERS)


def cite(library: Library, hit: Hit, style: str, lang: str = "en") -> str:
    """The citation of the provision found, in one of `STYLES`; one line, but for the records `ris` and `csl-json`.

    Titles, dates and words are in `lang`. Raises UsageError for another style.
    """
    if style not in _WRITERS:
        raise UsageError(f"no citation style {style!r}; wanted one of {', '.join(STYLES)}")
    return _WRITERS[style](hit, lang, _body(library, hit, lang))


def quoted(library: Library, hit: Hit, lang: str = "en") -> str:
    """The quote, verbatim, in the marks of its own language, with its citation, its wording and the official address.

    What is cited is the place that is quoted: often the paragraph around the point that was found.
    """
    wording, words = hit.wording, _WORDS[lang]
    exact = hit.quote.start, hit.quote.end
    if exact != (hit.provision.start, hit.provision.end):
        around = [p for p in wording.provisions if (p.start, p.end) == exact and hit.citation.within(p.citation)]
        hit = replace(hit, provision=around[-1]) if around else hit
    kind = "stated" if wording.kind == "restatement" and hit.instrument.is_output else wording.kind
    # The address of the text that is quoted, where that is an official one; else of the one that the reader can read.
    address = _line(hit.instrument.url(wording.source.lang if wording.kind == "official" else lang))
    marked = _MARKS.get(wording.source.lang, _MARKS["en"]).replace("{}", hit.quote.text)
    said = [f"{marked} ({cite(library, hit, 'plain', lang)})", words[kind].format(lang=wording.source.lang), address]
    return " – ".join(filter(None, said))
