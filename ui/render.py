"""Replies as JSON and as text. Pure: no model, no page, and nothing shown that is not in the reply."""

from __future__ import annotations

import textwrap
from typing import Any

from ingest.pipeline import Library
from ingest.treaty import Article, Expression, Provision
from retriever.answer import Answer, Hit, Refusal

# Why a provision was found, in words, by language.
WHY = {
    "reference": {"en": "asked for by its number", "fr": "demandé par son numéro"},
    "passage": {"en": "its wording is close to the question", "fr": "son texte est proche de la question"},
    "question": {"en": "it answers questions much like this one", "fr": "il répond à des questions semblables"},
    "words": {"en": "it shares words with the question", "fr": "il partage des mots avec la question"},
}
NOTICE = {
    "en": "Restatement in our own words, not the official text; only the official text is authentic. No legal advice.",
    "fr": "Reformulation de notre main, en anglais, et non le texte officiel ; seul le texte officiel fait foi. Pas un avis juridique.",
}


def hit_data(hit: Hit, lang: str = "en") -> dict[str, Any]:
    """One hit in the form of the command's contract; `evidence` are half-open spans of `quote`, in code points."""
    return {
        "rank": hit.rank,
        "score": round(hit.score, 4),
        "citation": str(hit.citation),
        "label": hit.label(),
        "title": hit.article.title["en"],
        "instrument": hit.instrument.id,
        "expression": hit.wording.name,
        "quote": hit.quote.text,
        "evidence": [list(span) for span in hit.quote.evidence],
        "others": {quote.source.expression: quote.text for quote in hit.others},
        "roles": list(hit.article.roles),
        "page": hit.article.page,
        "printed_page": hit.article.printed,
        "binding": hit.instrument.binding,
        "in_force": hit.instrument.in_force.isoformat() if hit.instrument.in_force else None,
        "checked": hit.checked,
        "check": {"on": hit.check.on.isoformat(), "against": hit.check.against} if hit.check else None,
        "url": hit.instrument.url(lang),
        "why": [WHY[reason]["en"] for reason in hit.why],
        "related": [str(citation) for citation in hit.article.related],
    }


def reply_data(reply: Answer | Refusal, id_: object, latency_ms: float) -> dict[str, Any]:
    """A reply in the form of the command's contract."""
    refused = isinstance(reply, Refusal)
    return {
        "id": id_,
        "question": reply.question,
        "status": "refused" if refused else "answered",
        "reason": reply.reason if isinstance(reply, Refusal) else None,
        "ground": reply.ground.value if isinstance(reply, Refusal) else None,
        "confidence": round(reply.confidence, 4),
        "notes": list(reply.notes),
        "hits": [hit_data(hit, reply.lang) for hit in reply.hits],
        "latency_ms": round(latency_ms, 2),
    }


def unreadable(id_: object, line: str, reason: str) -> dict[str, Any]:
    """The output for a line of a batch that holds no question."""
    return {"id": id_, "question": line, "status": "refused", "reason": reason, "ground": "not-a-question",
            "confidence": 0.0, "notes": [], "hits": [], "latency_ms": 0.0}  # fmt: skip


def _wrapped(text: str, indent: str) -> str:
    lines = (
        textwrap.wrap(line, 96, subsequent_indent=" " * (len(line) - len(line.lstrip()) + 3))
        for line in text.split("\n")
    )
    return textwrap.indent("\n".join("\n".join(line) for line in lines), indent)


def _pages(article: Article) -> list[str]:
    """The printed page and, where it differs, that of the file: `p. 217 [file p. 219]`."""
    if article.page is None:
        return []
    if article.printed in (None, str(article.page)):
        return [f"p. {article.page}"]
    return [f"p. {article.printed} [file p. {article.page}]"]


_BADGES = {
    "en": {"binds": "binding", "binds not": "not binding", "not yet": "not in force", "checked": "checked {}",
           "unchecked": "not yet checked", "installed": "installed {}"},
    "fr": {"binds": "contraignant", "binds not": "non contraignant", "not yet": "pas en vigueur", "checked": "vérifié le {}",
           "unchecked": "pas encore vérifié", "installed": "installé le {}"},
}  # fmt: skip


def badges(hit: Hit, lang: str = "en") -> list[str]:
    """Binding or not, in force or not, on which page; and when it was checked or installed."""
    words, instrument = _BADGES[lang], hit.instrument
    pending = instrument.is_treaty and instrument.in_force is None
    force = words["not yet"] if pending else words["binds" if instrument.binding else "binds not"]
    if hit.wording.origin:
        state = words["installed"].format(hit.wording.origin.installed)
    else:
        state = words["checked"].format(hit.check.on) if hit.check else words["unchecked"]
    return [force, *_pages(hit.article), state]


def reply_text(reply: Answer | Refusal, most: int = 3) -> str:
    """A reply for the terminal: the refusal's reason if it is one, then the first `most` provisions, quoted."""
    lang = reply.lang
    lines = []
    if isinstance(reply, Refusal):
        lines.append(("Non couvert. " if lang == "fr" else "Not covered. ") + reply.reason)
        if reply.hits:
            lines.append("Les dispositions les plus proches :" if lang == "fr" else "The nearest provisions:")
    lines += list(reply.notes)
    for hit in reply.hits[:most]:
        lines += [
            "",
            f"{hit.rank}. {hit.label(lang)} – {hit.article.title[lang]}",
            f"   [{'; '.join(badges(hit, lang))}]",
        ]
        lines += [_wrapped(hit.quote.text, "   "), f"   {hit.citation}  {hit.instrument.url(lang)}"]
    restated = any(hit.wording.kind == "restatement" for hit in reply.hits[:most])
    return "\n".join([*lines, "", NOTICE[lang]] if restated or not reply.hits else lines)


def provision_text(library: Library, wording: Expression, provision: Provision) -> str:
    """One provision for the terminal, under its headings, with what is known of it."""
    article = library.articles[provision.citation.article]
    instrument = library.instruments[article.citation.instrument]
    if wording.origin:
        origin = wording.origin
        state = (
            f"{wording.kind} text as installed on {origin.installed} from {origin.file} (SHA-256 {origin.sha256[:16]}…)"
        )
    elif provision.check:
        state = f"restatement, checked {provision.check.on} against: {provision.check.against}"
    else:
        state = "restatement, not yet checked"
    force = (
        f"in force since {instrument.in_force}"
        if instrument.in_force
        else f"not in force (known on {instrument.status_as_of})"
    )
    related = ", ".join(map(str, article.related)) or "none"
    return "\n".join([
        instrument.cite(provision.citation), *library.headings(provision.citation), article.title["en"], "",
        wording.text(provision), "",
        f"address   {provision.citation}", f"roles     {', '.join(article.roles)}", f"related   {related}",
        f"status    {force}; {state}" if instrument.is_treaty else f"status    {state}", f"official  {instrument.url('en')}", *([] if wording.origin else ["", NOTICE["en"]]),
    ])  # fmt: skip


def provision_data(library: Library, wording: Expression, provision: Provision) -> dict[str, Any]:
    """One provision in one wording, as data."""
    article, instrument = (
        library.articles[provision.citation.article],
        library.instruments[provision.citation.instrument],
    )
    check, origin = provision.check, wording.origin
    return {
        "citation": str(provision.citation),
        "label": instrument.cite(provision.citation),
        "title": article.title,
        "headings": list(library.headings(provision.citation)),
        "expression": wording.name,
        "text": wording.text(provision),
        "roles": list(article.roles),
        "related": [str(citation) for citation in article.related],
        "checked": check is not None or wording.kind != "restatement",
        "check": {"on": check.on.isoformat(), "against": check.against} if check else None,
        "installed": {"file": origin.file, "on": origin.installed.isoformat(), "sha256": origin.sha256}
        if origin
        else None,
        "url": instrument.url(wording.source.lang),
    }
