"""Finds the glossary's words in a question: what people say, and what the treaties call it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ingest.treaty import Term
from retriever.analysis import stems


@dataclass(frozen=True, slots=True)
class Used:
    """An entry of the glossary, the stems of the question that named it, and the glossary's word that they are."""

    term: Term
    stems: tuple[str, ...]
    word: str

    def as_said(self) -> Term:
        """The entry with the word that was used before the others."""
        return replace(self.term, words={lang: self._first(words) for lang, words in self.term.words.items()})

    def _first(self, words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.word, *words))) if self.word in words else words


class Terms:
    """The glossary ready for questions. Words are compared by their stems, so that a plural is found too."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._phrases: dict[tuple[str, tuple[str, ...]], Used] = {}
        for term in terms:
            for lang, words in term.words.items():
                for word in words:
                    phrase = tuple(stems(word, lang))
                    if phrase:
                        self._phrases.setdefault((lang, phrase), Used(term, phrase, word))
        self._longest = max((len(phrase) for _, phrase in self._phrases), default=0)

    def within(self, question: Iterable[str], lang: str) -> list[Used]:
        """The entries with a word in the question, given as its stems in order; where words overlap the longest counts.
        A French question is also searched for English words."""
        sought = tuple(question)
        found: dict[int, Used] = {}
        at = 0
        while at < len(sought):
            for length in range(min(self._longest, len(sought) - at), 0, -1):
                phrase = sought[at : at + length]
                known = self._phrases.get((lang, phrase)) or self._phrases.get(("en", phrase))
                if known is not None:
                    found.setdefault(id(known.term), known)
                    at += length - 1
                    break
            at += 1
        return list(found.values())

    def named(self, word: str) -> list[Term]:
        """The entries that hold `word`, or a word that begins with it, in either language: what a person browses."""
        sought = {lang: tuple(stems(word, lang)) for lang in ("en", "fr")}
        found: dict[int, Term] = {}
        for (lang, phrase), known in self._phrases.items():
            wanted = sought[lang]
            if wanted and any(phrase[at : at + len(wanted)] == wanted for at in range(len(phrase))):
                found.setdefault(id(known.term), known.term)
        return list(found.values())
