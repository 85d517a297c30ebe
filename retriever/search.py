"""Ranks the articles for a question and finds the exact provision in each.

Four searchers look at every article: dense over its passages, dense over its lead-in questions, BM25 over all its words,
and likeness of spelling to its lead-in questions. Their scores are put on one scale and added with fixed weights. Inside
an article the same kinds of score decide for the paragraph or point.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.treaty import Citation
from retriever import drivers
from retriever.analysis import language, stems
from retriever.index import Generation, embedded_text
from retriever.lexical import Lexicon
from retriever.ports import Embedder, Vectors
from retriever.spelling import Spelling
from retriever.terms import Terms, Used

Scores = NDArray[np.float32]
# An article answers several different questions: its best lead-in questions count, not all of them.
BEST_LEAD_INS = 3
BEST_SPELLED = 2
# A preamble speaks of everything and obliges to nothing: it answers only where nothing else does.
PREAMBLE = 1.0
# What an article gains that the glossary names, where the question is nothing but that word.
TERM = 4.0


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each searcher counts. Tuned on `eval/questions/tuning-*.jsonl`, never on the report questions."""

    passages: float
    lead_ins: float
    words: float
    spelling: float


# The model reads English: for a French question the words count more and the vectors less.
WEIGHTS = {"en": Weights(0.4, 1.3, 1.3, 0.5), "fr": Weights(0.2, 0.2, 1.6, 1.4)}


@dataclass(frozen=True, slots=True)
class View:
    """A question as the searchers see it: its stems, the glossary's entries used in it, and how like it is to everything
    in the index.

    `passages`, `lead_ins` and `outside` are cosines of vectors; `spelling` and `words` are likenesses of spelling
    (cosine) and words (BM25) to the lead-in questions followed by the questions answered elsewhere.
    """

    text: str
    lang: str
    stems: tuple[str, ...]
    used: tuple[Used, ...]
    passages: Scores
    lead_ins: Scores
    outside: Scores
    spelling: Scores
    words: Scores


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of every article (same order as `Searcher.articles`), by searcher and fused; higher is better.

    `passages`, `lead_ins` and `spelling` are cosines; `words` is BM25 (≥ 0); `fused` adds them with mean 0 and standard
    deviation 1 each, and is comparable within one question.
    """

    passages: Scores
    lead_ins: Scores
    words: Scores
    spelling: Scores
    fused: Scores


def _scaled(scores: Scores) -> Scores:
    spread = float(scores.std())
    scaled: Scores = (scores - scores.mean()) / spread if spread else np.zeros_like(scores)
    return scaled


def best_of(scores: Scores, groups: NDArray[np.int64], count: int, size: int) -> Scores:
    """For each of `size` groups the mean of the `count` best scores of its members; 0 for a group without any.

    >>> best_of(np.array([0.5, 0.9, 0.1], np.float32), np.array([0, 0, 1]), 2, 3).round(2).tolist()
    [0.699999988079071, 0.10000000149011612, 0.0]
    """
    order = np.lexsort((-scores, groups))
    grouped = groups[order]
    starts = np.searchsorted(grouped, np.arange(size))
    place = np.arange(len(order)) - starts[grouped]
    taken = order[place < count]
    total = np.bincount(groups[taken], scores[taken], minlength=size)
    number = np.maximum(np.bincount(groups[taken], minlength=size), 1)
    mean: Scores = (total / number).astype(np.float32)
    return mean


class _Vectors:
    """A store read whole: the cosine of a question with every vector, in order of adding."""

    def __init__(self, store: str, dim: int, rows: Sequence[Vectors]) -> None:
        self._store = drivers.store(store, dim)
        self._store.add(
            [str(row) for row in range(len(rows))], np.stack(rows) if rows else np.empty((0, dim), np.float32)
        )

    def cosines(self, vector: Vectors) -> Scores:
        out = np.zeros(len(self._store), np.float32)
        for id_, score in self._store.search(vector, len(self._store)):
            out[int(id_)] = score
        return out


class Searcher:
    """Holds an opened index ready for questions."""

    def __init__(self, generation: Generation, embedder: Embedder, store: str = "flat") -> None:
        library = generation.library
        self.library = library
        self._embedder = embedder
        self.articles = tuple(library.articles)
        self._number = {article: position for position, article in enumerate(self.articles)}
        self._passages = _Vectors(store, embedder.dim, [generation.vector(embedded_text(p)) for p in library.passages])
        self._lead_ins = _Vectors(store, embedder.dim, [generation.vector(q.text) for q in library.lead_ins])
        self._outside = _Vectors(store, embedder.dim, [generation.vector(q.text) for q in library.outside])
        asked = [(q.text, q.lang) for q in library.lead_ins] + [(q.text, q.lang) for q in library.outside]
        self._question_words = Lexicon([stems(text, lang) for text, lang in asked])
        self._passage_groups = np.array([self._number[p.citation.article] for p in library.passages], np.int64)
        self._lead_in_groups = np.array([self._number[q.citation.article] for q in library.lead_ins], np.int64)
        self._spelling = Spelling([text for text, _ in asked])
        by_article: list[list[str]] = [
            stems(a.title["en"], "en") + stems(a.title["fr"], "fr") for a in library.articles.values()
        ]
        by_provision: dict[Citation, list[str]] = {}
        for passage in library.passages:
            by_article[self._number[passage.citation.article]] += stems(passage.text, passage.lang)
            by_provision.setdefault(passage.citation, []).extend(stems(embedded_text(passage), passage.lang))
        for lead_in in library.lead_ins:
            words = stems(lead_in.text, lead_in.lang)
            by_article[self._number[lead_in.citation.article]] += words
            by_provision.setdefault(lead_in.citation, []).extend(words)
        self.lexicon = Lexicon(by_article)
        self._preambles = np.array([article.path == ("preamble",) for article in self.articles], np.float32)
        self._terms = Terms(library.terms)
        self._article_words = [frozenset(words) for words in by_article]
        self._provisions = tuple(by_provision)
        self._provision_words = Lexicon(list(by_provision.values()))

    def view(self, text: str, lang: str | None = None) -> View:
        """Look at a question once; what the other methods need of it is in the view."""
        lang = lang or language(text)
        vector = self._embedder.embed([text])[0]
        words = tuple(stems(text, lang))
        return View(
            text, lang, words, tuple(self._terms.within(words, lang)), self._passages.cosines(vector), self._lead_ins.cosines(vector),
            self._outside.cosines(vector), self._spelling.scores(text), self._question_words.scores(words),
        )  # fmt: skip

    def score(self, view: View) -> Scored:
        """Every article's scores for one question."""
        size, w = len(self.articles), WEIGHTS[view.lang]
        passages = best_of(view.passages, self._passage_groups, 1, size)
        lead_ins = best_of(view.lead_ins, self._lead_in_groups, BEST_LEAD_INS, size)
        words = self.lexicon.scores(view.stems)
        spelling = best_of(view.spelling[: len(view.lead_ins)], self._lead_in_groups, BEST_SPELLED, size)
        weighted = ((w.passages, passages), (w.lead_ins, lead_ins), (w.words, words), (w.spelling, spelling))
        fused: Scores = sum((weight * _scaled(scores) for weight, scores in weighted), np.zeros(size, np.float32))
        return Scored(
            passages, lead_ins, words, spelling, fused - PREAMBLE * self._preambles + TERM * self._called(view)
        )

    def share(self, view: View, part: Iterable[str]) -> float:
        """The share of the question's weight (idf) that the stems of `part` have."""
        total = sum(self.lexicon.weight(stem) for stem in view.stems) or 1.0
        return min(1.0, sum(self.lexicon.weight(stem) for stem in part) / total)

    def _called(self, view: View) -> Scores:
        """For every article how surely the glossary's words mean it: the share of the question that they are, and half
        of it for the second and later articles of an entry."""
        called = np.zeros(len(self.articles), np.float32)
        for used in view.used:
            share = self.share(view, used.stems)
            for place, citation in enumerate(used.term.citations):
                number = self._number.get(citation.article)
                if number is not None:
                    called[number] = max(called[number], share / 2 if place else share)
        return called

    def likeness(self, view: View) -> dict[str, tuple[Scores, Scores]]:
        """How like the question is to each lead-in question and to each question that is answered elsewhere: by vector
        (cosine), by spelling (cosine) and by words (BM25 for each unit of the question's weight)."""
        inside = len(view.lead_ins)
        words = view.words / (sum(self._question_words.weight(stem) for stem in set(view.stems)) or 1.0)
        return {
            "dense": (view.lead_ins, view.outside),
            "spelling": (view.spelling[:inside], view.spelling[inside:]),
            "words": (words[:inside], words[inside:]),
        }

    def nearest_outside(self, view: View) -> tuple[str | None, float]:
        """The id, in `corpus/elsewhere.yaml`, of what the nearest question answered elsewhere belongs to, and the cosine
        of the nearest question of all, answered here or elsewhere."""
        if not len(view.outside):
            return None, float(view.lead_ins.max(initial=0))
        likeness = self.likeness(view)
        together = likeness["dense"][1] + 0.5 * (likeness["spelling"][1] + likeness["words"][1])
        entry = self.library.outside[int(together.argmax())].entry
        return entry, float(max(view.lead_ins.max(initial=0), view.outside.max()))

    def holds(self, article: int, stem: str) -> bool:
        """Whether the stem stands in the words, titles or lead-in questions of the article at that position."""
        return stem in self._article_words[article]

    def _is_output(self, citation: Citation) -> bool:
        return self.library.instruments[citation.instrument].is_output

    def why(self, scored: Scored, article: Citation) -> tuple[str, ...]:
        """By which searchers the article is among the first five."""
        at = self._number[article]
        lists = {"passage": scored.passages, "question": scored.lead_ins, "words": scored.words}
        return tuple(name for name, scores in lists.items() if at in np.argsort(-scores, kind="stable")[:5])

    def pinpoints(
        self,
        view: View,
        articles: Sequence[Citation],
        within: Citation | None = None,
        among: Collection[Citation] = (),
    ) -> list[Citation]:
        """For each article its provision that answers best: inside `within`, if given, and of those `among` where the
        article has any of them."""
        words = self._provision_words.scores(view.stems)
        w = WEIGHTS[view.lang]
        scores: dict[Citation, list[float]] = {}
        wanted = {self._number[article] for article in articles}
        for row in np.flatnonzero(np.isin(self._passage_groups, list(wanted))):
            entry = scores.setdefault(self.library.passages[row].citation, [0.0, 0.0, 0.0])
            entry[0] = max(entry[0], float(view.passages[row]))
        for row in np.flatnonzero(np.isin(self._lead_in_groups, list(wanted))):
            entry = scores.setdefault(self.library.lead_ins[row].citation, [0.0, 0.0, 0.0])
            entry[1] = max(entry[1], float(view.lead_ins[row]))
            entry[2] = max(entry[2], float(view.spelling[row]))
        bm25 = dict(zip(self._provisions, words.tolist(), strict=True))
        found = []
        for article in articles:
            inside = within or article
            mine = [c for c in scores if c.within(inside)]
            # What is asked of an output as a whole is answered by one of its statements.
            mine = [c for c in mine if c.path or not self._is_output(c)] or mine
            mine = [c for c in mine if c in among] or mine
            top = max((bm25[c] for c in mine), default=0.0) or 1.0

            def worth(c: Citation, top: float = top) -> float:
                dense, asked, spelled = scores[c]
                return float(
                    w.passages * dense + w.lead_ins * asked + w.spelling * spelled + 0.5 * w.words * bm25[c] / top
                )

            found.append(max(mine, key=worth, default=inside))
        return found
