"""The reader: an instrument with its table of contents, the cited place marked, in one wording or two side by side.

Pure: HTML from the library, and everything that is not ours is escaped. The element to bring into view has the id `here`;
the text content of an article's `.text` is the article of that wording, character by character.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from ingest.library import Library
from ingest.treaty import Article, Citation, Expression, Instrument, Provision, Status
from retriever.answer import Hit, Quote
from retriever.compose import by_authority
from ui.render import NOTICE, badges, since
from ui.shown.lines import (
    aligned,
    copy_button,
    named_link,
    nearest_of,
    outward,
    place_link,
    source_line,
    text,
    units_of,
)
from ui.shown.names import RELATIONS
from ui.shown.opening import Opened

# Instruments with more articles are shown in stretches of `STRETCH`.
MANY = 150
STRETCH = 25
_WORDS = {
    "en": {
        "contents": "Table of contents", "wordings": "Wording and language", "shown": "Shown:", "beside": "Side by side with:",
        "single": "Show one wording only", "only": "No other wording is held here. An official text can be installed under Documents.",
        "neighbours": "Previous and next", "previous": "Previous: {}", "next": "Next: {}",
        "facts": "Facts as known on {}", "count": "{done} of {all} provisions checked", "copy": "Copy citation",
        "cited": "Marked: {}", "instead": "This wording has no {missing} of its own; {found} is marked instead.",
        "missing": "This wording has no {}.", "whole": "such part", "checked": "Checked on {on} against: {against}",
        "installed": "Installed on {on} from {file} (SHA-256 {digest}…)", "official page": "Official page",
        "related": "See also", "stands": "How this relates to other texts",
        "part": "This text is long: {first} to {last} are shown, {n} of {all} parts.", "on": "Continue reading:",
        "restatement": "our restatement, {}", "statements": "our statements, {}", "official": "official text, {}", "document": "your document, {}",
    },
    "fr": {
        "contents": "Table des matières", "wordings": "Version et langue", "shown": "Affiché\u00a0:", "beside": "Côte à côte avec\u00a0:",
        "single": "Afficher une seule version", "only": "Aucune autre version n'est disponible ici. Un texte officiel peut être installé sous Documents.",
        "neighbours": "Précédent et suivant", "previous": "Précédent\u00a0: {}", "next": "Suivant\u00a0: {}",
        "facts": "Informations connues au {}", "count": "{done} dispositions sur {all} vérifiées", "copy": "Copier la référence",
        "cited": "Surligné\u00a0: {}", "instead": "Cette version ne contient pas séparément\u00a0: {missing}. Surligné à la place\u00a0: {found}.",
        "missing": "Cette version ne contient pas\u00a0: {}.", "whole": "cette partie", "checked": "Vérifié le {on} par comparaison avec\u00a0: {against}",
        "installed": "Installé le {on} à partir de {file} (SHA-256 {digest}…)", "official page": "Page officielle",
        "related": "Voir aussi", "stands": "Liens avec d'autres textes",
        "part": "Ce texte est long\u00a0: sont affichées les parties de {first} à {last}, soit {n} sur {all}.", "on": "Poursuivre la lecture\u00a0:",
        "restatement": "notre reformulation, {}", "statements": "nos énoncés, {}", "official": "texte officiel, {}", "document": "votre document, {}",
    },
}  # fmt: skip
_LANGUAGES = {"en": {"en": "English", "fr": "French", "de": "German", "es": "Spanish", "it": "Italian", "nl": "Dutch"},
              "fr": {"en": "anglais", "fr": "français", "de": "allemand", "es": "espagnol", "it": "italien", "nl": "néerlandais"}}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _View:
    """What every part of the page needs to know. `sides` are the wordings shown, each with its provisions by address;
    `units` the articles of all of them, in order; `tongue` the language of the headings above them."""

    library: Library
    opened: Opened
    lang: str
    words: dict[str, str]
    instrument: Instrument
    tongue: str
    sides: tuple[tuple[Expression, dict[Citation, Provision]], ...]
    units: tuple[Citation, ...]


def reader_page(library: Library, opened: Opened, lang: str) -> str:
    """The instrument around the opened place as HTML, with the words around the text in `lang`."""
    instrument, w = library.instruments[opened.citation.instrument], _WORDS[lang]
    names = [opened.expression, *([opened.beside] if opened.beside else [])]
    wordings = [library.expressions[instrument.id, name] for name in names]
    sides = tuple((wording, {p.citation: p for p in wording.provisions}) for wording in wordings)
    # Our catalogue has the divisions of treaties in English only; other texts bring headings of their own.
    tongue = "en" if instrument.is_treaty else wordings[0].source.lang
    view = _View(library, opened, lang, w, instrument, tongue, sides, aligned(wordings, opened.citation))
    part = _part(view.units, opened.citation)
    ours = any(wording.kind == "restatement" for wording in wordings)
    notice = f'<p class="notice">{NOTICE[lang]}</p>' if ours else ""
    return (
        f'<div class="reading" lang="{lang}"><nav class="contents" aria-label="{w["contents"]}">{_contents(view, part)}</nav>'
        f'<div class="leaf">{_head(view)}{_cut(view, part)}{"".join(_texts(view, part))}{_cut(view, part)}{notice}</div></div>'
    )


def _part(units: tuple[Citation, ...], citation: Citation) -> slice:
    """The stretch of `units` to show: all, or of a long text the one around the place."""
    if len(units) <= MANY:
        return slice(0, len(units))
    start = (units.index(citation.article) if citation.article in units else 0) // STRETCH * STRETCH
    return slice(start, min(start + STRETCH, len(units)))


def _here(view: _View, to: Citation, label: str) -> str:
    """A link within the text that is open, which keeps the wordings that are shown."""
    several, citation = len(view.library.wordings(to.instrument)) > 1, view.opened.citation
    name = view.opened.expression if several else None
    return place_link(to, label, name, view.opened.beside, to in (citation, citation.article))


def _number(citation: Citation, lang: str) -> str:
    words = citation.words(lang)
    return words[:1].upper() + words[1:]


def _named(view: _View, citation: Citation) -> str:
    """Number and title of a place as HTML: `Article 23 – Solicitation …`; of an output its short name.

    A user's section is titled in the language of its text; a numbered paragraph has no title of its own.
    """
    if not citation.path:
        return escape(view.instrument.short_title[view.lang])
    number, article = escape(_number(citation, view.lang)), view.library.articles.get(citation)
    title = escape(article.title.get(view.lang, "")) if article else ""
    if not title or title == number or not citation.path[0].startswith(("art", "sec")):
        return number
    return (
        f"{number} – {title}"
        if view.instrument.is_treaty
        else f'{number} – <span lang="{escape(view.tongue)}">{title}</span>'
    )


def _headings(view: _View, citation: Citation) -> tuple[str, ...]:
    """The headings above an article, outermost first, without a section's own."""
    if citation not in view.library.articles:
        return ()
    headings = view.library.headings(citation)
    return headings[:-1] if citation.path and citation.path[0].startswith("sec") else headings


def _contents(view: _View, part: slice) -> str:
    units = view.units
    if units == (Citation(view.instrument.id),):
        return _tree(view, [c for c in view.sides[0][1] if c.path], 0)
    before = [_stretch(view, at) for at in range(0, part.start, STRETCH)]
    after = [_stretch(view, at) for at in range(part.stop, len(units), STRETCH)]
    outer = (f'<ol class="stretches">{"".join(items)}</ol>' if items else "" for items in (before, after))
    return _tree(view, units[part], 0).join(outer)


def _stretch(view: _View, start: int) -> str:
    """A link to the stretch of a long text that begins with unit `start`."""
    units = view.units[start : start + STRETCH]
    label = f"{escape(_number(units[0], view.lang))} – {escape(_number(units[-1], view.lang))}"
    return f"<li>{_here(view, units[0], label)}</li>"


def _tree(view: _View, units: Sequence[Citation], depth: int) -> str:
    """The places as nested lists, by the headings that they stand under."""
    items: list[str] = []
    for heading, group in groupby(units, key=lambda unit: _headings(view, unit)[depth : depth + 1]):
        if heading:
            name = f'<span class="division" lang="{escape(view.tongue)}">{escape(heading[0])}</span>'
            items.append(f"<li>{name}{_tree(view, list(group), depth + 1)}</li>")
        else:
            items += [f"<li>{_here(view, c, _named(view, c))}</li>" for c in group]
    return f"<ol>{''.join(items)}</ol>"


def _wording(wording: Expression, instrument: Instrument, lang: str) -> str:
    """What a wording is, in words: `official text, French`."""
    kind = "statements" if wording.kind == "restatement" and instrument.is_output else wording.kind
    return _WORDS[lang][kind].format(_LANGUAGES[lang].get(wording.source.lang, wording.source.lang))


def _badges(view: _View) -> list[str]:
    """What binds, since when, what is shown, and what our wording of the opened article rests on."""
    (wording, places), citation = view.sides[0], view.opened.citation
    whole = not citation.path and citation not in places
    provision = next(iter(wording.provisions)) if whole else places.get(citation.article)
    if provision is None or provision.start == provision.end:
        return [_wording(wording, view.instrument, view.lang)]
    quote = Quote(wording.source, provision.start, provision.end, ())
    # The badges of an answer; a page number is told of one article, not of a whole text.
    article = view.library.articles.get(citation.article)
    about = article if article and not whole else Article(provision.citation.article, {})
    told = badges(Hit(1, 0.0, view.instrument, about, wording, provision, quote, (), ()), view.lang)
    if whole and wording.origin is None:
        done = sum(p.status is Status.CHECKED for p in wording.provisions)
        told[-1] = view.words["count"].format(done=done, all=len(wording.provisions))
    return [told[0], *since(view.instrument, view.lang), _wording(wording, view.instrument, view.lang), *told[1:]]


def _head(view: _View) -> str:
    """Name, facts, switches and neighbours."""
    instrument, citation, lang, w = view.instrument, view.opened.citation, view.lang, view.words
    here = "" if citation.path else ' id="here" tabindex="-1"'
    label, full = instrument.label(lang), instrument.title[lang]
    parts = [f'<header><h3 class="instrument"{here}>{escape(label)}</h3>']
    if full != label:
        parts.append(f'<p class="full">{escape(full)}</p>')
    parts.append(f'<p class="badges">{"".join(f"<span>{escape(badge)}</span>" for badge in _badges(view))}</p>')
    if instrument.kind != "document":
        status = f' – <span lang="en">{escape(instrument.status)}</span>' if instrument.status else ""
        parts.append(f'<p class="facts">{w["facts"].format(instrument.status_as_of)}{status}</p>')
    for origin in (wording.origin for wording, _ in view.sides if wording.origin):
        told = w["installed"].format(on=origin.installed, file=origin.file, digest=origin.sha256[:16])
        parts.append(f'<p class="origin">{escape(told)}</p>')
    page = outward(instrument.url(lang), w["official page"])
    parts.append(f'<p class="actions">{copy_button(instrument.cite(citation, lang), w["copy"])} {page}</p>')  # fmt: skip
    parts += [_switches(view), _neighbours(view), "</header>"]
    if not citation.path and citation not in view.units:
        parts.append(_relations(view, citation))
    return "".join(parts)


def _switches(view: _View) -> str:
    """Links to the other wordings held, alone and beside the shown one."""
    shown, w, citation = view.opened, view.words, view.opened.citation
    held = by_authority(view.library.wordings(citation.instrument), view.lang)
    if len(held) == 1:
        return f'<p class="only">{w["only"]}</p>' if held[0].kind == "restatement" else ""
    names = {each.name: escape(_wording(each, view.instrument, view.lang)) for each in held}
    alone = (f"<li>{place_link(citation, names[n], n, current=n == shown.expression)}</li>" for n in names)
    # Only wordings that have articles in common can be set side by side.
    first = set(units_of(view.sides[0][0]))
    fit = [each.name for each in held if each.name != shown.expression and first.intersection(units_of(each))]
    pairs = [f"<li>{place_link(citation, names[n], shown.expression, n, n == shown.beside)}</li>" for n in fit]
    if shown.beside:
        pairs.append(f"<li>{place_link(citation, w['single'], shown.expression)}</li>")
    beside = f"<p>{w['beside']}</p><ul>{''.join(pairs)}</ul>" if pairs else ""
    return (
        f'<nav class="wordings" aria-label="{w["wordings"]}"><p>{w["shown"]}</p><ul>{"".join(alone)}</ul>{beside}</nav>'
    )


def _neighbours(view: _View) -> str:
    """Links to the article, section or statement before and after the opened one; from the whole, to the first."""
    citation = view.opened.citation
    steps: Sequence[Citation] = view.units
    if steps == (Citation(citation.instrument),):
        steps = [c for c in view.sides[0][1] if c.path]
    at = next((n for n, step in enumerate(steps) if step in (citation, citation.article)), -1)
    around = [("previous", steps[at - 1])] if at > 0 else []
    around += [("next", steps[at + 1])] if at + 1 < len(steps) else []
    links = " ".join(f'<span class="{w}">{_here(view, to, view.words[w].format(_named(view, to)))}</span>' for w, to in around)  # fmt: skip
    return f'<nav class="neighbours" aria-label="{view.words["neighbours"]}">{links}</nav>' if links else ""


def _cut(view: _View, part: slice) -> str:
    """Of a long text: that a part is shown, which, and links to the parts before and after."""
    units, w = view.units, view.words
    shown = units[part]
    if len(shown) == len(units):
        return ""
    first, last = (escape(unit.words(view.lang)) for unit in (shown[0], shown[-1]))
    told = w["part"].format(first=first, last=last, n=len(shown), all=len(units))
    starts = [at for at in (part.start - STRETCH, part.stop) if 0 <= at < len(units)]
    return f'<div class="cut"><p>{told} {w["on"]}</p><ul>{"".join(_stretch(view, at) for at in starts)}</ul></div>'


def _texts(view: _View, part: slice) -> Iterator[str]:
    """Every article of the part, and before it the headings that begin there."""
    above: tuple[str, ...] = ()
    for unit in view.units[part]:
        headings = _headings(view, unit)
        if headings and headings != above:
            yield f'<p class="division" lang="{escape(view.tongue)}">{escape(" · ".join(headings))}</p>'
        above = headings
        yield _article(view, unit)


def _article(view: _View, unit: Citation) -> str:
    citation, w = view.opened.citation, view.words
    current = unit == citation.article
    nearest = nearest_of(view.sides[0][1], citation) if current and citation.path else None
    whole = current and bool(citation.path) and nearest in (None, unit)
    here = ' id="here" tabindex="-1"' if whole else ""
    now = ' class="current"' if current else ""
    parts = [f'<article id="p-{escape(str(unit))}"{now}><h3{here}>{_named(view, unit)}</h3>']
    if nearest and nearest != citation:
        told = w["instead"].format(missing=citation.words(view.lang), found=nearest.words(view.lang))
        parts.append(f'<p class="cited">{escape(told)}</p>')
    elif nearest and nearest != unit:
        parts.append(f'<p class="cited">{escape(w["cited"].format(citation.words(view.lang)))}</p>')
    columns = [_column(view, side, unit, first=not n) for n, side in enumerate(view.sides)]
    parts.append(f'<div class="columns">{"".join(columns)}</div>' if len(columns) > 1 else columns[0])
    if current:
        ours = next((places[unit] for wording, places in view.sides if not wording.origin and unit in places), None)
        if ours and ours.check and not ours.source:
            told = w["checked"].format(on=ours.check.on, against=ours.check.against)
            parts.append(f'<p class="check">{escape(told)}</p>')
        parts.append(_relations(view, unit))
    return "".join([*parts, "</article>"])


def _column(view: _View, side: tuple[Expression, dict[Citation, Provision]], unit: Citation, first: bool) -> str:
    """An article in one wording, under the wording's name where there are two."""
    wording, places = side
    name = f'<p class="wording">{escape(_wording(wording, view.instrument, view.lang))}</p>' if len(view.sides) > 1 else ""  # fmt: skip
    provision = places.get(unit)
    if provision is None:
        shown = f'<p class="missing">{escape(view.words["missing"].format(unit.words(view.lang) or view.words["whole"]))}</p>'
    elif unit.path:
        nearest = nearest_of(places, view.opened.citation) if unit == view.opened.citation.article else None
        shown = text(wording, provision, places[nearest] if nearest and nearest != unit else None, first)
    else:
        shown = "".join(_statement(view, wording, p, first) for p in wording.provisions if p.citation.path)
    return f'<div class="column">{name}{shown}</div>' if len(view.sides) > 1 else shown


def _statement(view: _View, wording: Expression, statement: Provision, first: bool) -> str:
    """One of our statements with what it rests on; marked where it is the opened place."""
    shown = text(wording, statement, statement if statement.citation == view.opened.citation else None, first)
    shown += source_line(statement.source, view.lang)
    return f'<div class="statement" id="p-{escape(str(statement.citation))}">{shown}</div>'


def _relations(view: _View, article: Citation) -> str:
    """What interprets, explains … the article or text, what it interprets itself, and what else to see."""
    library, lang = view.library, view.lang
    kinds: dict[str, dict[Citation, dict[Citation, None]]] = {}
    for relation in library.relations_of(article):
        whole = relation.to.article if library.instruments[relation.to.instrument].is_output else relation.to
        inner = kinds.setdefault(RELATIONS[relation.kind][lang], {}).setdefault(whole, {})
        if relation.to != whole:
            inner[relation.to] = None
    known = library.articles.get(article)
    for other in known.related if known else ():
        kinds.setdefault(view.words["related"], {})[other] = {}
    if not kinds:
        return ""
    items: list[str] = []
    for name, others in kinds.items():
        items.append(f"<dt>{name}</dt>")
        for to, inner in others.items():
            links = [named_link(library, to, lang)]
            links += (place_link(place, escape(place.words(lang))) for place in inner)
            items.append(f"<dd>{', '.join(links)}</dd>")
    return f'<section class="relations"><h4>{view.words["stands"]}</h4><dl>{"".join(items)}</dl></section>'
