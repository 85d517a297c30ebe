"""Replies as HTML. Pure, and everything that is not ours is escaped: a quote's text content equals the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from ingest.pipeline import Library
from ingest.treaty import SourceText
from retriever.answer import Answer, Hit, Quote, Refusal
from ui.render import NOTICE, WHY, badges

SHOWN = 3
_LABEL = re.compile(r" *(?:\d+\.|[a-z]{1,5}\.|–) ")
_WORDS = {
    "en": {
        "asked": "You asked", "found": "The provisions that answer, the best first",
        "one": "The provision that answers", "refused": "Not covered", "nearest": "The nearest provisions, which do not answer the question",
        "more": "{n} more provisions", "article": "Read the whole article", "copy": "Copy citation", "official": "Official text",
        "earlier": "Earlier in this conversation", "why": "Found because", "restatement": "restatement, not the official text",
        "plain": "In plain words: our restatement, not the official text", "wording": "In another wording: {name}",
        "text": "official text ({lang}) as installed from {file}", "own": "your document",
        "related": "See also", "status": "Status on {day}", "checked": "Checked against: {against}", "sure": "Confidence",
    },
    "fr": {
        "asked": "Votre question", "found": "Les dispositions qui répondent, la meilleure d'abord",
        "one": "La disposition qui répond", "refused": "Non couvert", "nearest": "Les dispositions les plus proches, qui ne répondent pas à la question",
        "more": "{n} autres dispositions", "article": "Lire l'article entier", "copy": "Copier la référence", "official": "Texte officiel",
        "earlier": "Plus tôt dans cette conversation", "why": "Trouvé parce que", "restatement": "reformulation, non le texte officiel",
        "plain": "En mots simples : notre reformulation, en anglais, non le texte officiel",
        "wording": "Dans une autre version : {name}", "text": "texte officiel ({lang}) installé depuis {file}", "own": "votre document",
        "related": "Voir aussi", "status": "État au {day}", "checked": "Vérifié avec : {against}", "sure": "Confiance",
    },
}  # fmt: skip


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
    if not url.startswith("https://"):  # an address of the user's is shown as a link only where it is one
        return escape(url)
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{words["official"]}</a>'


def _kind(hit: Hit, words: dict[str, str]) -> str:
    """What the quoted wording is: restatement, official text or a document."""
    wording = hit.wording
    if wording.kind == "official" and wording.origin:
        return words["text"].format(lang=wording.source.lang, file=wording.origin.file)
    return words["restatement"] if wording.kind == "restatement" else words["own"]


def _other(quote: Quote, words: dict[str, str]) -> str:
    """The same place in another wording, folded."""
    name = quote.source.expression
    summary = words["plain"] if name.startswith("restatement") else words["wording"].format(name=name)
    text = _marked(quote.text, quote.evidence)
    return f'<details class="other"><summary>{escape(summary)}</summary><div class="text" lang="{quote.source.lang}">{text}</div></details>'


def _card(library: Library, hit: Hit, lang: str) -> str:
    w = _WORDS[lang]
    source, instrument = hit.quote.source, hit.instrument
    label, title = hit.label(lang), hit.article.title[lang]
    headings = " · ".join(library.headings(hit.citation))
    related = ", ".join(
        f'<span title="{escape(library.instruments[c.instrument].cite(c, lang))}">{escape(library.instruments[c.instrument].short_title[lang])}, {escape(c.words(lang))}</span>'
        for c in hit.article.related
    )
    check = f"<p>{escape(w['checked'].format(against=hit.check.against))}</p>" if hit.check else ""
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
    {_official(instrument.url(lang), w)}
    <code>{escape(str(hit.citation))}</code></p>
  {others}
  <details class="reader"><summary>{w["article"]}</summary>
    <p class="headings">{escape(headings)}</p>
    <div class="text" lang="{source.lang}">{_whole_article(source, hit)}</div>
    {check}<p>{escape(w["status"].format(day=instrument.status_as_of))}: {escape(instrument.status)}</p>
    {f"<p>{w['related']}: {related}</p>" if related else ""}
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
