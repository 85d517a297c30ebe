"""What is searched by words: four lexicons over one library, made when the index is built and kept in `words.npz`."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import chain
from pathlib import Path

import numpy as np

from ingest.library import Library
from ingest.mentions import fold
from ingest.treaty import Citation, Passage
from retriever.analysis import stems
from retriever.lexical import Lexicon
from retriever.rendering import english

FILE = "words.npz"
# A run of letters in a larger share of the questions finds none of them: as many are right, and a third fewer entries are read.
COMMON_RUNS = 0.02
_WORD = re.compile(r"\w+")


def embedded_text(passage: Passage) -> str:
    """What is embedded for a passage: its context and its text. Only the text is ever quoted."""
    return f"{passage.context} {passage.text}"


def runs(text: str) -> list[str]:
    """The runs of four and five letters in the words of `text`, each once, with the blank at both ends of a word: so
    that typos and word forms still meet.

    >>> runs("Data")
    [' data', ' dat', 'data ', 'data', 'ata ']
    """
    return list(dict.fromkeys(chain.from_iterable(map(_runs, _WORD.findall(fold(text))))))


@lru_cache(maxsize=1 << 15)  # the questions of an index have half a million words, and twenty thousand different ones
def _runs(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    starts = range(max(1, len(padded) - 3))
    return tuple(padded[start : start + length] for start in starts for length in (5, 4))


def places(library: Library) -> list[Citation]:
    """Every address that has a passage or a lead-in question, in the order of `Words.places`."""
    cited = [passage.citation for passage in library.passages] + [lead_in.citation for lead_in in library.lead_ins]
    return list(dict.fromkeys(cited))


@dataclass(frozen=True, slots=True)
class Words:
    """`articles`: titles, passages and lead-in questions of each article, in order of `library.articles`; `places`:
    passages and lead-in questions of each address; `questions`: each lead-in question, then each question answered
    elsewhere, by their stems; `spelled`: the same by runs of letters."""

    articles: Lexicon
    places: Lexicon
    questions: Lexicon
    spelled: Lexicon

    @classmethod
    def of(cls, library: Library, alike: Words | None = None) -> Words:
        """The lexicons of a library. `alike` are those of one with the same questions: what is of these alone, the larger half
        of the work, is taken over. Raises ValueError for a library that was read without the words of its questions."""
        if library.lead_ins and not library.lead_ins[0].text:
            raise ValueError("wanted a library with the words of its questions")
        by_article = {
            a.citation: stems(a.title["en"], "en") + stems(a.title["fr"], "fr") for a in library.articles.values()
        }
        by_place: dict[Citation, list[str]] = {citation: [] for citation in places(library)}
        for passage in library.passages:
            by_article[passage.citation.article] += stems(passage.text, passage.lang)
            by_place[passage.citation] += stems(embedded_text(passage), passage.lang)
            if passage.lang == "fr":  # English questions are to find it too
                said = stems(english(passage.text), "en")
                by_article[passage.citation.article] += said
                by_place[passage.citation] += said
        asked = [stems(lead_in.text, lead_in.lang) for lead_in in library.lead_ins]
        for lead_in, words in zip(library.lead_ins, asked, strict=True):
            by_article[lead_in.citation.article] += words
            by_place[lead_in.citation] += words
        articles, spots = Lexicon.of(list(by_article.values())), Lexicon.of(list(by_place.values()))
        if alike is not None:
            return cls(articles, spots, alike.questions, alike.spelled)
        asked += [stems(question.text, question.lang) for question in library.outside]
        texts = [lead_in.text for lead_in in library.lead_ins] + [question.text for question in library.outside]
        return cls(articles, spots, Lexicon.of(asked), Lexicon.of(list(map(runs, texts)), COMMON_RUNS))

    def write(self, folder: Path) -> None:
        arrays = {
            f"{f.name}.{name}": array for f in fields(self) for name, array in getattr(self, f.name).arrays().items()
        }
        np.savez(folder / FILE, **arrays)

    @classmethod
    def read(cls, folder: Path) -> Words:
        """Read back what `write` wrote."""
        with np.load(folder / FILE, allow_pickle=False) as kept:
            parts = {
                f.name: {n.removeprefix(f"{f.name}."): kept[n] for n in kept.files if n.startswith(f"{f.name}.")}
                for f in fields(cls)
            }
        return cls(**{name: Lexicon.from_arrays(arrays) for name, arrays in parts.items()})
