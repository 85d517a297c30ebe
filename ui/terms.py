"""The glossary's entries as JSON, text and HTML, and the command that looks a word up. Everything not ours is escaped."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from html import escape
from typing import Any

from ingest.library import Library
from ingest.treaty import Term
from ui.settings import Settings

_CALLED = {
    "en": "“{word}”: the treaties call this “{name}”.",
    "fr": "«\u00a0{word}\u00a0»\u00a0: les traités disent «\u00a0{name}\u00a0».",
}
_NO_NAME = {
    "en": "“{word}”: the treaties have no word for this.",
    "fr": "«\u00a0{word}\u00a0»\u00a0: les traités n'ont pas de terme pour cela.",
}


def term_data(term: Term) -> dict[str, Any]:
    """One entry in the form of the command's contract."""
    return {
        "words": {lang: list(words) for lang, words in term.words.items()},
        "term": term.name,
        "citations": [str(citation) for citation in term.citations],
        "note": term.note,
    }


def said(term: Term, lang: str) -> str:
    """The entry in one sentence: “grooming”. The treaties call this “solicitation of children …”."""
    if term.name is None:
        return _NO_NAME[lang].format(word=term.words[lang][0])
    return _CALLED[lang].format(word=term.words[lang][0], name=term.name[lang])


def told(term: Term, lang: str) -> str:
    """The sentence with the note, if the entry has one."""
    return " ".join(filter(None, [said(term, lang), term.note[lang] if term.note else ""]))


def telling(terms: Sequence[Term], lang: str) -> list[Term]:
    """The entries worth telling someone who used their word: where the treaties say it otherwise, or draw a line."""
    return [
        term for term in terms if term.note or term.name is None or term.name[lang].lower() not in map(str.lower, term.words[lang])
    ]  # fmt: skip


def term_text(library: Library, term: Term, lang: str) -> str:
    """One entry for the terminal."""
    others = ", ".join(term.words[lang][1:])
    lines = [said(term, lang), *([f"   {'also' if lang == 'en' else 'aussi '}: {others}"] if others else [])]
    lines += [
        f"   {citation}  {library.instruments[citation.instrument].cite(citation, lang)}" for citation in term.citations
    ]
    return "\n".join([*lines, *([f"   {term.note[lang]}"] if term.note else [])])


def terms_page(library: Library, terms: Sequence[Term], lang: str) -> str:
    """What the treaties call the words of a question, as HTML; empty where that is what the person said."""
    items = []
    for term in telling(terms, lang):
        held = [(library.instruments[c.instrument], c) for c in term.citations[:3]]
        places = ", ".join(
            f'<span title="{escape(instrument.cite(c, lang))}">{escape(instrument.brief(c, lang))}</span>'
            for instrument, c in held
        )
        items.append(f"<li>{escape(told(term, lang))} <small>{places}</small></li>")
    return f'<ul class="terms">{"".join(items)}</ul>' if items else ""


def glossary(args: argparse.Namespace, settings: Settings) -> int:
    """Tell what the treaties call a word, and where it stands; without a word, list the glossary."""
    from retriever.index import open_index
    from retriever.terms import Terms

    library = open_index(settings.data).library
    found = Terms(library.terms).named(args.word) if args.word else list(library.terms)
    for term in found:
        print(json.dumps(term_data(term), ensure_ascii=False) if args.json else term_text(library, term, args.lang))
    if not found:
        print(f"No entry for {args.word!r} in the glossary of {len(library.terms)} entries.")
    return 0 if found else 1
