"""A conversation as HTML: the latest reply whole, the earlier ones folded. Pure, and everything that is not ours is
escaped: a quote's text content equals the source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from urllib.parse import urlencode

from ingest.library import Library
from ingest.treaty import Citation
from retriever.answer import Answer, Hit, Quote, Refusal
from ui.conversation import Conversation
from ui.render import NOTICE, WHY, badges
from ui.shown.citing import STYLES, cite, quoted
from ui.shown.lines import copy_button, marked, named_link, outward, place_link, source_line
from ui.shown.names import RELATIONS, plural
from ui.terms import terms_page

SHOWN = 3
# Of a very long question so much is repeated above its answer, in characters.
REPEATED = 600
# What citation styles are called; the plain one has a word in each language.
STYLE_NAMES = {"plain": "", "oscola": "OSCOLA", "markdown": "Markdown", "ris": "RIS", "csl-json": "CSL-JSON"}
_WORDS = {
    "en": {
        "asked": "You asked", "one": "provision", "many": "provisions", "treaty": "treaty", "treaties": "treaties",
        "text": "other text", "texts": "other texts", "in": "in", "and": "and", "verdict": "{what} {where}. Confidence {sure}.", "refused": "Not covered",
        "near": "The nearest provisions, which do not answer the question", "read": "Read their words",
        "more": "Other provisions, less close ({n})", "copy": "Copy quote with citation", "reader": "Open in the reader", "cite": "Cite",
        "official page": "Official page", "page": "Web page", "why": "Found because {}.", "restatement": "restatement, not the official text",
        "stated": "our statement of what is known", "official": "official text ({lang}) as installed from {file}", "own": "your document",
        "plain": "In plain words: our restatement, not the official text", "wording": "In another wording: {name}", "related": "See also",
        "checked": "Checked against: {against}", "status": "Status on {day}: {status}", "about": "About this provision",
        "contents": "In this answer", "earlier": "Earlier in this conversation", "again": "Ask again", "simple": "Plain text", "link": "Copy a link to this question",
    },
    "fr": {
        "asked": "Votre question", "one": "disposition", "many": "dispositions", "treaty": "traité", "treaties": "traités",
        "text": "autre texte", "texts": "autres textes", "in": "dans", "and": "et", "verdict": "{what} {where}. Confiance\u00a0: {sure}.", "refused": "Non couvert",
        "near": "Les dispositions les plus proches, qui ne répondent pas à la question", "read": "Lire leur texte",
        "more": "Autres dispositions, moins proches ({n})", "copy": "Copier la citation et sa référence", "reader": "Ouvrir dans le lecteur", "cite": "Référence",
        "official page": "Page officielle", "page": "Page web", "why": "Motif\u00a0: {}.", "restatement": "reformulation en anglais, non le texte officiel",
        "stated": "notre énoncé, en anglais, de ce qui est connu", "official": "texte officiel ({lang}) installé à partir de {file}", "own": "votre document",
        "plain": "En mots simples\u00a0: notre reformulation, en anglais, non le texte officiel", "wording": "Dans une autre version\u00a0: {name}", "related": "Voir aussi",
        "checked": "Vérifié par comparaison avec\u00a0: {against}", "status": "État au {day}\u00a0: {status}", "about": "À propos de cette disposition",
        "contents": "Dans cette réponse", "earlier": "Plus tôt dans cette conversation", "again": "Reposer la question", "simple": "Texte brut", "link": "Copier un lien vers cette question",
    },
}  # fmt: skip


def _count(number: int, one: str, many: str, lang: str) -> str:
    return f"{number} {plural(number, one, many, lang)}"


def verdict(reply: Answer | Refusal) -> str:
    """What was found, in a line: “3 provisions in 2 treaties. Confidence 93 %.”, or why nothing was."""
    lang = reply.lang
    w = _WORDS[lang]
    if isinstance(reply, Refusal):
        return f"{w['refused']}. {reply.reason}"
    shown = reply.hits[:SHOWN]
    treaties = {hit.instrument.id for hit in shown if hit.instrument.is_treaty}
    others = {hit.instrument.id for hit in shown if not hit.instrument.is_treaty}
    parts = [_count(len(treaties), w["treaty"], w["treaties"], lang)] if treaties else []
    parts += [_count(len(others), w["text"], w["texts"], lang)] if others else []
    # A hundred per cent would claim more than a calibrated figure can.
    sure = f"{min(reply.confidence, 0.99):.0%}" if lang == "en" else f"{min(reply.confidence, 0.99) * 100:.0f}\u00a0%"
    what, where = _count(len(shown), w["one"], w["many"], lang), f" {w['and']} ".join(parts)
    return w["verdict"].format(what=what, where=f"{w['in']} {where}", sure=sure)


def _kind(hit: Hit, words: dict[str, str]) -> str:
    """What the quoted wording is: restatement, official text or a document."""
    wording = hit.wording
    if wording.kind == "official" and wording.origin:
        return words["official"].format(lang=wording.source.lang, file=wording.origin.file)
    if wording.kind == "restatement":
        return words["stated" if hit.instrument.is_output else "restatement"]
    return words["own"]


def _other(quote: Quote, words: dict[str, str]) -> str:
    """The same place in another wording, folded."""
    name = quote.source.expression
    summary = words["plain"] if name.startswith("restatement") else words["wording"].format(name=name)
    text = f'<div class="text" lang="{quote.source.lang}">{marked(quote.text, quote.evidence)}</div>'
    return f'<details class="other"><summary>{escape(summary)}</summary>{text}</details>'


def _relations(library: Library, hit: Hit, lang: str) -> Iterator[str]:
    """What the article is related to, one line for each kind of relation, each place a link to the reader."""
    article = hit.article
    kinds: dict[str, dict[Citation, None]] = {_WORDS[lang]["related"]: dict.fromkeys(article.related)}
    for relation in library.relations_of(article.citation):
        output = library.instruments[relation.to.instrument].is_output
        kinds.setdefault(RELATIONS[relation.kind][lang], {})[relation.to.article if output else relation.to] = None
    for kind, places in kinds.items():
        links = "; ".join(named_link(library, c, lang) for c in places)
        if links:
            yield f"<dt>{kind}</dt><dd>{links}</dd>"


def _known(library: Library, hit: Hit, lang: str) -> str:
    """Under which headings it stands, against what it was checked, how its instrument stands, and what it is related to; folded."""
    w, instrument = _WORDS[lang], hit.instrument
    rows = [escape(" · ".join(library.headings(hit.citation)))]
    if hit.check and hit.provision.source is None:
        rows.append(escape(w["checked"].format(against=hit.check.against)))
    if instrument.status:
        rows.append(escape(w["status"].format(day=instrument.status_as_of, status=instrument.status)))
    told = "".join(f"<p>{row}</p>" for row in rows if row)
    return f'<details class="about"><summary>{w["about"]}</summary>{told}<dl>{"".join(_relations(library, hit, lang))}</dl></details>'


def _card(library: Library, hit: Hit, lang: str) -> str:
    w = _WORDS[lang]
    stated = hit.provision.source is not None
    tags = "".join(f"<li>{escape(tag)}</li>" for tag in [_kind(hit, w), *badges(hit, lang)])
    styles = "".join(
        f"<li>{copy_button(cite(library, hit, style, lang), STYLE_NAMES[style] or w['simple'])}</li>"
        for style in STYLES
    )
    why = "; ".join(WHY[reason][lang] for reason in hit.why)
    url = hit.instrument.url(lang)
    return f"""<article class="hit" data-citation="{escape(str(hit.citation))}" aria-labelledby="hit-{hit.rank}">
  <h3 id="hit-{hit.rank}" tabindex="-1"><span class="rank">{hit.rank}</span> {place_link(hit.citation, escape(hit.label(lang)), hit.wording.name)}</h3>
  <p class="title">{escape(hit.article.title[lang])}</p>
  <ul class="badges">{tags}</ul>
  <blockquote lang="{hit.quote.source.lang}">{marked(hit.quote.text, hit.quote.evidence)}</blockquote>
  {source_line(hit.provision.source, lang)}
  <div class="actions">{place_link(hit.citation, w["reader"], hit.wording.name)} {copy_button(quoted(library, hit, lang), w["copy"])}
    <details class="cite"><summary>{w["cite"]}</summary><ul>{styles}</ul></details>
    {outward(url, w["page" if stated else "official page"])}</div>
  {"".join(_other(quote, w) for quote in hit.others)}
  {_known(library, hit, lang)}
  {f'<p class="why">{escape(w["why"].format(why))}</p>' if why else ""}
</article>"""


def _listed(hits: Sequence[Hit], lang: str) -> str:
    """Places with their titles, as links to the reader."""
    items = "".join(
        f"<li>{place_link(hit.citation, escape(hit.label(lang)), hit.wording.name)} <span>{escape(hit.article.title[lang])}</span></li>" for hit in hits
    )  # fmt: skip
    return f'<ol class="places">{items}</ol>'


def _reply(library: Library, reply: Answer | Refusal) -> Iterator[str]:
    lang = reply.lang
    w = _WORDS[lang]
    question = f"{reply.question[:REPEATED]}{'…' if len(reply.question) > REPEATED else ''}"
    yield f'<h2 class="question" tabindex="-1"><span>{w["asked"]}</span> <bdi>{escape(question)}</bdi></h2>'
    yield f'<p class="verdict">{escape(verdict(reply))}</p>'
    yield from (f'<p class="note">{escape(note)}</p>' for note in reply.notes)
    yield terms_page(library, reply.terms, lang)
    cards = [_card(library, hit, lang) for hit in reply.hits]
    if isinstance(reply, Answer):
        yield from cards[:SHOWN]
        if cards[SHOWN:]:
            yield f'<details class="more"><summary>{w["more"].format(n=len(cards[SHOWN:]))}</summary>{"".join(cards[SHOWN:])}</details>'
    elif cards:
        yield f'<h3 class="nearest">{w["near"]}</h3>{_listed(reply.hits[:SHOWN], lang)}'
        yield f'<details class="nearest"><summary>{w["read"]}</summary>{"".join(cards[:SHOWN])}</details>'
    yield f'<p class="notice">{NOTICE[lang]}</p>'


def _margin(conversation: Conversation, reply: Answer | Refusal) -> Iterator[str]:
    """What stands beside the reply: what is in it, a link to it, and the earlier questions with what was cited."""
    w = _WORDS[reply.lang]
    if isinstance(reply, Answer):
        items = "".join(
            f'<li><a href="#hit-{hit.rank}">{escape(hit.instrument.brief(hit.citation, reply.lang))}</a></li>' for hit in reply.hits[:SHOWN]
        )  # fmt: skip
        yield f'<nav aria-label="{w["contents"]}"><h3>{w["contents"]}</h3><ol>{items}</ol></nav>'
    link = f"?{urlencode({'q': reply.question[:REPEATED]})}"
    yield f'<p><button type="button" class="link" data-link="{escape(link)}">{w["link"]}</button></p>'
    earlier = conversation.replies[:-1]
    if earlier:
        yield f'<h3 class="earlier">{w["earlier"]} ({len(earlier)})</h3><ol class="earlier">'
        for one in reversed(earlier):
            again = f'<button type="button" data-ask="{escape(one.question)}">{_WORDS[one.lang]["again"]}</button>'
            cited = _listed(one.hits[:SHOWN], one.lang) if isinstance(one, Answer) else ""
            yield (
                f'<li lang="{one.lang}"><details><summary><bdi>{escape(one.question[:REPEATED])}</bdi></summary>'
                f"<p>{escape(verdict(one))}</p>{cited}{again}</details></li>"
            )
        yield "</ol>"


def conversation_page(library: Library, conversation: Conversation) -> str:
    """The conversation as it stands; empty before the first question. The reply is in the language of its question."""
    reply = conversation.latest
    if reply is None:
        return ""
    kind = "refusal" if isinstance(reply, Refusal) else "answer"
    return (
        f'<div class="exchange" lang="{reply.lang}"><section class="reply {kind}">{"".join(_reply(library, reply))}</section>'
        f'<aside class="margin">{"".join(_margin(conversation, reply))}</aside></div>'
    )
