"""Which language a question is in, and French in English words, for a model and for texts that have English only.

Every word, or set phrase, is replaced by what stands for it in `corpus/french.tsv`; the rest stays as it is. The result is
no English to be read, but it is searched like English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib import resources
from itertools import takewhile

from ingest.mentions import fold
from retriever.analysis import ligatures, stem

_ACCENTED = re.compile(r"[éèêëàâùûüçôîïœæ]")
NOTHING = "-"  # in the file: a word that is best left out
_WORD = re.compile(r"[^\W_]+")
# Words that tell the language: frequent in one, absent from the other.
_TELLING = {
    "en": frozenset("""the of is are what does do can my to and for with which who how under when if this that an it be by
        not from have has must may was were on or about i you he she they we where why will should police kid""".split()),
    "fr": frozenset("""le la les des un une est sont que qui quel quelle quels quelles pour dans par sur avec au aux ce
        cette il elle ils je mon ma mes peut doit faut et ou du en pas ne quoi comment pourquoi si l d qu nous vous
        son sa ses leur etre tu te ta on enfant ado""".split()),
}  # fmt: skip


# In the list for what they mean in French; as good English.
_BOTH = frozenset({"article", "prescription"})


def language(text: str) -> str:
    """`en` or `fr`, by the function words of the text, its accents, and the words of the list that are of one language
    only; English where nothing tells."""
    words = _split(text)
    french = sum(fold(word) in _TELLING["fr"] for word in words) + len(_ACCENTED.findall(text.lower()))
    others = sum(word in _TELLING["en"] for word in words)
    return "fr" if french + _words().leaning(words) > others else "en"


def english(text: str) -> str:
    """`text`, which is French, word by word in English.

    >>> english("Mon ex a mis en ligne des photos de ma sœur")
    'my ex has uploaded photo of my sister'
    """
    return _words()(text)


def for_english(text: str, lang: str) -> str:
    """What a model that reads English only is given of a text in `lang`."""
    return english(text) if lang == "fr" else text


class WordList:
    """The word list ready for texts: the longest phrase counts, then the very word, then the word without its accents, then
    of the words with the same stem the one that begins most alike."""

    def __init__(self, rows: Sequence[tuple[str, str]]) -> None:
        # by words with a blank between them, with accents first; the meaning of a form is looked up here too
        self._said = {" ".join(_split(french)): "" if said == NOTHING else said for french, said in rows}
        self._stems: dict[str, list[str]] = {}
        for phrase, meant in list(self._said.items()):
            self._said.setdefault(fold(phrase), meant)
            if " " not in phrase:
                # the stemmer tells "publié" from "publie" by the accent
                for form in dict.fromkeys((phrase, fold(phrase))):
                    self._stems.setdefault(stem(form, "fr"), []).append(form)
        # What a longer phrase goes on from.
        self._begun = {" ".join(words[:n]) for words in map(str.split, self._said) for n in range(1, len(words))}
        self._like = lru_cache(1 << 14)(self._most_like)  # the same words come again and again
        self._english = {stem(word, "en") for said in self._said.values() for word in said.split()}

    def __call__(self, text: str) -> str:
        words = _split(text)
        folded = list(map(fold, words))
        said: list[str] = []
        at = 0
        while at < len(words):
            length, meant = max(self._longest(words, at), self._longest(folded, at), key=lambda found: found[0])
            if meant is None:
                known = map(self._like, (words[at], folded[at]))
                length, meant = 1, next((each for each in known if each is not None), folded[at])
            said.append(meant)
            at += length
        return " ".join(filter(None, said))

    def _longest(self, words: Sequence[str], at: int) -> tuple[int, str | None]:
        """Of the phrases that begin at that word, how many words the longest has and what it means; 0 and None without one."""
        found: tuple[int, str | None] = (0, None)
        phrase = words[at]
        for end in range(at + 1, len(words) + 1):
            if phrase in self._said:
                found = (end - at, self._said[phrase])
            if phrase not in self._begun or end == len(words):
                break
            phrase = f"{phrase} {words[end]}"
        return found

    def leaning(self, words: Iterable[str]) -> int:
        """How many more of the words are French only than are English only."""
        telling = [word for word in words if len(word) > 1 and word not in _BOTH]
        return sum(self._french(word) - (stem(word, "en") in self._english) for word in telling)

    def _french(self, word: str) -> bool:
        return fold(word) in self._said or self._like(word) is not None

    def _most_like(self, word: str) -> str | None:
        """What the word of the same stem means that begins most like this one; None where there is none."""
        alike = self._stems.get(stem(word, "fr"))
        return self._said[max(alike, key=lambda other: (_beginning(other, word), -len(other)))] if alike else None


def _beginning(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _split(text: str) -> list[str]:
    return _WORD.findall(ligatures(text.lower()))


@cache
def _words() -> WordList:
    lines = (resources.files("corpus") / "french.tsv").read_text(encoding="utf-8").splitlines()
    return WordList([(french, said) for french, said in (line.split("\t") for line in lines)])
