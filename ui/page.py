"""Replies as HTML. Pure, and everything that is not ours is escaped: a quote's text content equals the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from ingest.library import Library
from ingest.treaty import Citation, SourceText
from retriever.answer import Answer, Hit, Quote, Refusal
from ui.render import NOTICE, WHY, badges
from ui.terms import terms_page

SHOWN = 3
_LABEL = re.compile(r" *(?:\d+\.|[a-z]{1,5}\.|–) ")
_WORDS = {
    "en": {
        "asked": "You asked", "found": "The provisions that answer, the best first",
        "one": "The provision that answers", "refused": "Not covered", "nearest": "The nearest provisions, which do not answer the question",
        "more": "{n} more provisions", "article": "Read the whole article", "copy": "Copy citation", "official": "Official text",
        "earlier": "Earlier in this conversation", "why": "Found because", "restatement": "restatement, not the official text", "stated": "our statement of what is known",
        "all": "Read all our statements", "page": "Official page",
        "plain": "In plain words: our restatement, not the official text", "wording": "In another wording: {name}",
        "text": "official text ({lang}) as installed from {file}", "own": "your document",
        "related": "See also", "status": "Status on {day}", "checked": "Checked against: {against}", "sure": "Confidence",
        "source": "Source", "open": "Open the source",
    },
    "fr": {
        "asked": "Votre question", "found": "Les dispositions qui répondent, la meilleure d'abord",
        "one": "La disposition qui répond", "refused": "Non couvert", "nearest": "Les dispositions les plus proches, qui ne répondent pas à la question",
        "more": "{n} autres dispositions", "article": "Lire l'article entier", "copy": "Copier la référence", "official": "Texte officiel",
        "earlier": "Plus tôt dans cette conversation", "why": "Trouvé parce que", "restatement": "reformulation, non le texte officiel", "stated": "notre énoncé de ce qui est connu",
        "all": "Lire tous nos énoncés", "page": "Page officielle",
        "plain": "En mots simples : notre reformulation, en anglais, non le texte officiel",
        "wording": "Dans une autre version : {name}", "text": "texte officiel ({lang}) installé depuis {file}", "own": "votre document",
        "related": "Voir aussi", "status": "État au {day}", "checked": "Vérifié avec : {against}", "sure": "Confiance",
        "source": "Source", "open": "Ouvrir la source",
    },
}  # fmt: skip
# How an article or output stands to another, by language.
RELATIONS = {
    "interprets": {"en": "Interprets", "fr": "Interprète"},
    "interpreted-by": {"en": "Interpreted by", "fr": "Interprété par"},
    "supplements": {"en": "Supplements", "fr": "Complète"},
    "supplemented-by": {"en": "Supplemented by", "fr": "Complété par"},
    "explains": {"en": "Explains", "fr": "Explique"},
    "explained-by": {"en": "Explained by", "fr": "Expliqué par"},
    "monitors": {"en": "Monitors", "fr": "Suit l'application de"},
    "monitored-by": {"en": "Monitored by", "fr": "Suivi par"},
    "implements": {"en": "Implements", "fr": "Met en œuvre"},
    "implemented-by": {"en": "Implemented by", "fr": "Mis en œuvre par"},
    "replaces": {"en": "Replaces", "fr": "Remplace"},
    "replaced-by": {"en": "Replaced by", "fr": "Remplacé par"},
    "follows": {"en": "Follows", "fr": "Fait suite à"},
    "followed-by": {"en": "Followed by", "fr": "Suivi de"},
    "refers-to": {"en": "Refers to", "fr": "Renvoie à"},
    "referred-to-by": {"en": "Referred to by", "fr": "Cité par"},
    "issued-by": {"en": "Issued or run by", "fr": "Émane de"},
    "issues": {"en": "Issued or runs", "fr": "A produit ou gère"},
    "about": {"en": "Is about", "fr": "Porte sur"},
    "stated-by": {"en": "Spoken of in", "fr": "Évoqué dans"},
}


def _marked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """`text` as escaped lines with `spans` (half-open, ascending, not overlapping) marked; no character is lost."""
    out = []
    at = 0
    for line in text.splitlines(keepends=True):
        level = (len(line) - len(line.lstrip(" "))) // 2
        pieces, cursor = [], at
        for start, end in spans:
            start, end = max(start, at), min(end, at + len(line.rstrip("\n")))
            if start < end:
                pieces += [escape(text[cursor:start]), f"<mark>{escape(text[start:end])}</mark>"]
                cursor = end
        pieces.append(escape(text[cursor : at + len(line)]))
        kind = "line numbered" if _LABEL.match(line) else "line"
        out.append(f'<span class="{kind}" style="--level:{level}">{"".join(pieces)}</span>')
        at += len(line)
    return "".join(out)


def _whole_article(source: SourceText, hit: Hit) -> str:
    """The article around the quote, with the quoted place marked."""
    whole = next(p for p in hit.wording.provisions if p.citation == hit.citation.article)
    return _marked(source.text[whole.start : whole.end], [(hit.quote.start - whole.start, hit.quote.end - whole.start)])


def _official(url: str, words: dict[str, str]) -> str:
    if not url.startswith(("https://", "http://")):  # an address of the user's is shown as a link only where it is one
        return escape(url)
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{words["official"]}</a>'


def _kind(hit: Hit, words: dict[str, str]) -> str:
    """What the quoted wording is: restatement, official text or a document."""
    wording = hit.wording
    if wording.kind == "official" and wording.origin:
        return words["text"].format(lang=wording.source.lang, file=wording.origin.file)
    if wording.kind == "restatement":
        return words["stated" if hit.instrument.is_output else "restatement"]
    return words["own"]


def _other(quote: Quote, words: dict[str, str]) -> str:
    """The same place in another wording, folded."""
    name = quote.source.expression
    summary = words["plain"] if name.startswith("restatement") else words["wording"].format(name=name)
    text = _marked(quote.text, quote.evidence)
    return f'<details class="other"><summary>{escape(summary)}</summary><div class="text" lang="{quote.source.lang}">{text}</div></details>'


def _rests(hit: Hit, words: dict[str, str]) -> str:
    """What a statement rests on, with a link where it is known; empty for the provisions of treaties."""
    source = hit.provision.source
    if source is None:
        return ""
    link = f" · {_official(source.url, words | {'official': words['open']})}" if source.url else ""
    return f'<p class="source">{words["source"]}: {escape(source.where)}, {escape(source.as_of)}{link}</p>'


def _relations(library: Library, article: Citation, lang: str) -> str:
    """What interprets, explains … the article or output, and what it interprets itself: one line for each kind."""
    kinds: dict[str, dict[str, None]] = {}
    for relation in library.relations_of(article):
        other = relation.to.article if library.instruments[relation.to.instrument].is_output else relation.to
        instrument = library.instruments[other.instrument]
        name = escape(instrument.brief(other, lang))
        kinds.setdefault(relation.kind, {})[f'<span title="{escape(str(other))}">{name}</span>'] = None
    lines = (f"<p>{RELATIONS[kind][lang]}: {'; '.join(names)}</p>" for kind, names in kinds.items())
    return "".join(lines)


def _card(library: Library, hit: Hit, lang: str) -> str:
    w = _WORDS[lang]
    source, instrument = hit.quote.source, hit.instrument
    label, title = hit.label(lang), hit.article.title[lang]
    headings = " · ".join(library.headings(hit.citation))
    related = ", ".join(
        f'<span title="{escape(library.instruments[c.instrument].cite(c, lang))}">{escape(library.instruments[c.instrument].brief(c, lang))}</span>'
        for c in hit.article.related
    )
    # What a statement rests on stands under its quote, with the source.
    compared = hit.check if hit.provision.source is None else None
    check = f"<p>{escape(w['checked'].format(against=compared.against))}</p>" if compared else ""
    rests, stated = _rests(hit, w), hit.provision.source is not None
    why = "; ".join(WHY[reason][lang] for reason in hit.why)
    tags = [_kind(hit, w), *badges(hit, lang)]
    others = "".join(_other(quote, w) for quote in hit.others)
    return f"""
<article class="hit" data-citation="{escape(str(hit.citation))}" aria-labelledby="hit-{hit.rank}">
  <h3 id="hit-{hit.rank}"><span class="rank">{hit.rank}</span> {escape(label)}</h3>
  <p class="title">{escape(title)}</p>
  <p class="badges">{"".join(f"<span>{escape(tag)}</span>" for tag in tags)}</p>
  <blockquote lang="{source.lang}">{_marked(hit.quote.text, hit.quote.evidence)}</blockquote>
  <p class="actions"><button type="button" data-copy="{escape(label)}">{w["copy"]}</button>
    {_official(instrument.url(lang), w | {"official": w["page"]} if stated else w)}
    <code>{escape(str(hit.citation))}</code></p>
  {rests}
  {others}
  <details class="reader"><summary>{w["all" if stated else "article"]}</summary>
    <p class="headings">{escape(headings)}</p>
    <div class="text" lang="{source.lang}">{_whole_article(source, hit)}</div>
    {check}{f"<p>{escape(w['status'].format(day=instrument.status_as_of))}: {escape(instrument.status)}</p>" if instrument.status else ""}
    {f"<p>{w['related']}: {related}</p>" if related else ""}
    {_relations(library, hit.article.citation, lang)}
    {f"<p>{w['why']}: {escape(why)}</p>" if why else ""}
  </details>
</article>"""


def _earlier(history: Sequence[str], lang: str) -> Iterator[str]:
    if history:
        items = "".join(f"<li>{escape(question)}</li>" for question in history)
        yield f'<details class="earlier"><summary>{_WORDS[lang]["earlier"]} ({len(history)})</summary><ol>{items}</ol></details>'


def reply_page(library: Library, reply: Answer | Refusal, history: Sequence[str] = ()) -> str:
    """The answer, or the refusal with the nearest provisions; `history` are the earlier questions."""
    lang = reply.lang
    w = _WORDS[lang]
    refused = isinstance(reply, Refusal)
    parts = [f'<section class="reply {"refusal" if refused else "answer"}" lang="{lang}">', *_earlier(history, lang)]
    parts.append(
        f'<h2 class="question"><span>{w["asked"]}</span> {escape(reply.question[:600])}{"…" if len(reply.question) > 600 else ""}</h2>'
    )
    if isinstance(reply, Refusal):
        parts.append(f'<p class="verdict" role="status"><strong>{w["refused"]}.</strong> {escape(reply.reason)}</p>')
    else:
        found = w["one"] if len(reply.hits) == 1 else w["found"]
        parts.append(f'<p class="verdict" role="status">{found}. {w["sure"]}: {reply.confidence:.0%}</p>')
    parts += [f'<p class="note">{escape(note)}</p>' for note in reply.notes]
    parts.append(terms_page(library, reply.terms, lang))
    cards = [_card(library, hit, lang) for hit in reply.hits]
    if refused and cards:
        parts.append(f'<details class="nearest"><summary>{w["nearest"]}</summary>{"".join(cards[:SHOWN])}</details>')
    else:
        parts += cards[:SHOWN]
        if cards[SHOWN:]:
            parts.append(
                f'<details class="more"><summary>{w["more"].format(n=len(cards[SHOWN:]))}</summary>{"".join(cards[SHOWN:])}</details>'
            )
    parts.append(f'<p class="notice">{NOTICE[lang]}</p></section>')
    return "\n".join(parts)
