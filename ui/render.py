"""Replies as JSON and as text. Pure: no model, no page, and nothing shown that is not in the reply."""

from __future__ import annotations

import textwrap
from typing import Any

from ingest.library import Library
from ingest.treaty import Article, Expression, Instrument, Provision, Status
from retriever.answer import Answer, Hit, Refusal
from ui.terms import telling, term_data, told

# Why a provision was found, in words, by language.
WHY = {
    "reference": {"en": "the question names it", "fr": "la question nomme ce passage"},
    "glossary": {
        "en": "the glossary leads to it from a word of the question",
        "fr": "le glossaire y mène à partir d'un mot de la question",
    },
    "passage": {"en": "its wording is close to the question", "fr": "son texte est proche de la question"},
    "question": {"en": "it answers questions much like this one", "fr": "ce passage répond à des questions semblables"},
    "words": {"en": "it shares words with the question", "fr": "des mots de la question y figurent"},
}
NOTICE = {
    "en": "Our restatements and statements are not the official text; only the official text is authentic. This is not legal advice.",
    "fr": "Nos reformulations et nos énoncés, en anglais, ne sont pas le texte officiel\u00a0; seul le texte officiel fait foi. Ceci n'est pas un avis juridique.",
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
        "status": hit.provision.status.value if not hit.wording.origin else None,
        "source": source_data(hit.provision),
        "kind": hit.instrument.kind,
        "dated": hit.instrument.dated,
        "check": {"on": hit.check.on.isoformat(), "against": hit.check.against} if hit.check else None,
        "url": hit.instrument.url(lang),
        "why": [WHY[reason]["en"] for reason in hit.why],
        "related": [str(citation) for citation in hit.article.related],
    }


def source_data(provision: Provision) -> dict[str, Any] | None:
    """What a statement rests on; None for the provisions of treaties."""
    source = provision.source
    return {"where": source.where, "url": source.url, "as_of": source.as_of} if source else None


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
        "terms": [term_data(term) for term in reply.terms],
        "hits": [hit_data(hit, reply.lang) for hit in reply.hits],
        "latency_ms": round(latency_ms, 2),
    }


def unreadable(id_: object, line: str, reason: str) -> dict[str, Any]:
    """The output for a line of a batch that holds no question."""
    return {"id": id_, "question": line, "status": "refused", "reason": reason, "ground": "not-a-question",
            "confidence": 0.0, "notes": [], "terms": [], "hits": [], "latency_ms": 0.0}  # fmt: skip


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
    "en": {"binds": "binding", "binds not": "not binding", "not yet": "not in force", "since": "in force since {}", Status.CHECKED: "checked {}",
           Status.SOURCED: "from a public page, compared {}", Status.UNCHECKED: "not yet checked", "installed": "installed {}"},
    "fr": {"binds": "contraignant", "binds not": "non contraignant", "not yet": "pas en vigueur", "since": "en vigueur depuis le {}", Status.CHECKED: "vérifié le {}",
           Status.SOURCED: "d'après une page publique, comparé le {}", Status.UNCHECKED: "pas encore vérifié",
           "installed": "installé le {}"},
}  # fmt: skip
# What an output is, in French; in English it is its kind with blanks for hyphens.
_KINDS_FR = {
    "explanatory-report": "rapport explicatif", "opinion": "avis", "declaration": "déclaration",
    "monitoring-report": "rapport de suivi", "questionnaire": "questionnaire", "factsheets": "fiches d'information",
    "follow-up": "suivi", "guidance-note": "note d'orientation", "study": "étude", "assessment": "évaluation",
    "template": "modèle", "recommendation": "recommandation", "resolution": "résolution", "guidelines": "lignes directrices",
    "strategy": "stratégie", "handbook": "manuel", "body": "organe", "project": "projet", "training": "formation",
    "resource": "ressource", "event": "événement", "campaign": "campagne", "initiative": "initiative", "tool": "outil",
    "report": "rapport", "treaty-status": "état du traité",
}  # fmt: skip


def pending(instrument: Instrument, lang: str) -> list[str]:
    """That a treaty is not in force; nothing of any other instrument."""
    return [_BADGES[lang]["not yet"]] if instrument.is_treaty and instrument.in_force is None else []


def since(instrument: Instrument, lang: str) -> list[str]:
    """That a treaty is in force, and from which day; nothing of any other instrument."""
    return [_BADGES[lang]["since"].format(instrument.in_force)] if instrument.in_force else []


def _force(instrument: Instrument, lang: str) -> list[str]:
    """Binding or not, in force or not; of an output what it is and when it was adopted or published."""
    words = _BADGES[lang]
    if instrument.is_output:
        kind = _KINDS_FR[instrument.kind] if lang == "fr" else instrument.kind.replace("-", " ")
        return [kind, *([instrument.dated] if instrument.dated else []), words["binds not"]]
    return pending(instrument, lang) or [words["binds" if instrument.binding else "binds not"]]


def badges(hit: Hit, lang: str = "en") -> list[str]:
    """What binds, on which page; and what the wording rests on, since when, or when it was installed."""
    words = _BADGES[lang]
    if hit.wording.origin:
        state = words["installed"].format(hit.wording.origin.installed)
    else:
        state = words[hit.provision.status].format(hit.check.on if hit.check else "")
    return [*_force(hit.instrument, lang), *_pages(hit.article), state]


def reply_text(reply: Answer | Refusal, most: int = 3) -> str:
    """A reply for the terminal: the refusal's reason if it is one, then the first `most` provisions, quoted."""
    lang = reply.lang
    lines = []
    if isinstance(reply, Refusal):
        lines.append(("Non couvert. " if lang == "fr" else "Not covered. ") + reply.reason)
        if reply.hits:
            lines.append("Les dispositions les plus proches\u00a0:" if lang == "fr" else "The nearest provisions:")
    lines += [*reply.notes, *(told(term, lang) for term in telling(reply.terms, lang))]
    for hit in reply.hits[:most]:
        lines += [
            "",
            f"{hit.rank}. {hit.label(lang)} – {hit.article.title[lang]}",
            f"   [{'; '.join(badges(hit, lang))}]",
        ]
        lines += [_wrapped(hit.quote.text, "   "), *_resting(hit.provision, lang)]
        lines.append(f"   {hit.citation}  {hit.instrument.url(lang)}")
    restated = any(hit.wording.kind == "restatement" for hit in reply.hits[:most])
    return "\n".join([*lines, "", NOTICE[lang]] if restated or not reply.hits else lines)


def _resting(provision: Provision, lang: str) -> list[str]:
    """The line that tells what a statement rests on; none for the provisions of treaties."""
    source = provision.source
    if source is None:
        return []
    return [f"   {'Source:' if lang == 'en' else 'Source :'} {source.where} ({source.as_of})"]


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
        state = f"restatement, {provision.status} {provision.check.on} against: {provision.check.against}"
    else:
        state = "restatement, not yet checked"
    force = next(iter(since(instrument, "en")), f"not in force (known on {instrument.status_as_of})")
    related = ", ".join(map(str, article.related)) or "none"
    kinds: dict[str, list[str]] = {}
    for relation in library.relations_of(provision.citation.article):
        kinds.setdefault(relation.kind, []).append(str(relation.to))
    stated = [f"{kind.replace('-', ' '):<9} {', '.join(others)}" for kind, others in kinds.items()]
    return "\n".join([
        instrument.cite(provision.citation), *library.headings(provision.citation), article.title["en"], "",
        wording.text(provision), "",
        f"address   {provision.citation}", f"roles     {', '.join(article.roles)}", f"related   {related}", *_known(instrument), *stated,
        f"status    {force}; {state}" if instrument.is_treaty else f"status    {state}", f"official  {instrument.url('en')}", *([] if wording.origin else ["", NOTICE["en"]]),
    ])  # fmt: skip


def _known(instrument: Instrument) -> list[str]:
    """What is known of an output: its kind, number, date, languages, and when it was known; nothing of a treaty."""
    if not instrument.is_output:
        return []
    languages = ", ".join(instrument.authentic_languages) or "languages unknown"
    facts = [*_force(instrument, "en"), *([instrument.reference] if instrument.reference else []), languages]
    return [f"facts     {'; '.join(facts)}; known on {instrument.status_as_of}"]


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
        "relations": [{"kind": r.kind, "to": str(r.to)} for r in library.relations_of(provision.citation.article)],
        "status": provision.status.value if not origin else None,
        "source": source_data(provision),
        "checked": wording.kind != "restatement" or provision.status is Status.CHECKED,
        "check": {"on": check.on.isoformat(), "against": check.against} if check else None,
        "installed": {"file": origin.file, "on": origin.installed.isoformat(), "sha256": origin.sha256}
        if origin
        else None,
        "url": instrument.url(wording.source.lang),
    }
