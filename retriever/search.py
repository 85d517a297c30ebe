"""Ranks the articles for a question and finds the exact provision in each.

Five searchers look for articles: dense over passages, dense over lead-in questions, a classifier that learnt from these,
BM25 over all words of an article, and likeness of spelling to its lead-in questions; a French question is also searched by
its English words. Their scores are put on one scale and added with fixed weights. Texts without lead-in questions, where one
comes first, are then read word by word. Inside an article the same kinds of score decide for the paragraph or point.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ingest.mentions import named_places
from ingest.treaty import Citation
from retriever import drivers
from retriever.analysis import stems
from retriever.answerability import Answerability
from retriever.classifier import Classifier
from retriever.index import Generation, embedded
from retriever.matching import Matcher, Met
from retriever.near import Groups, Near, nearest
from retriever.ports import Asker, Rows, Scores, Vectors
from retriever.rendering import for_english, language
from retriever.terms import Terms, Used
from retriever.words import places, runs

# An article answers several different questions: its best lead-in questions count, not all of them.
BEST_LEAD_INS = 5
BEST_SPELLED = 2
BEST_OF_PLACE = 3
# So many of the nearest are looked at; what is further away counts as the last of them.
NEAR_PASSAGES = 200
NEAR_LEAD_INS = 500
NEAR_OUTSIDE = 20
# A preamble speaks of everything and obliges to nothing: it answers only where nothing else does.
PREAMBLE = 1.0
# The share of a question's words that a text is taken to hold beyond those that it does, where nobody has told in what
# words people ask for it.
BARE = np.float32(0.2)
# What stands in there for its lead-in questions: so much for each cosine of its best passage, less so much.
STAND_IN = 1.8
STAND_IN_LESS = 0.25
# Of such texts so many of the nearest passages are read word by word, and what the mean cosine of their words counts.
READ = 10
READING = 30.0
# Added to the probabilities that the classifier gives.
RARE = np.float32(1e-6)
# What an article gains that the glossary names, where the question is nothing but that word.
TERM = 4.0


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each searcher counts. Tuned on `eval/questions/tuning-*.jsonl`, never on the report questions."""

    passages: float
    lead_ins: float
    words: float
    spelling: float
    rendered: float  # the words of a French question in English
    classifier: float


# What the lead-in questions count in the classifier's stead with a model that has none.
STEAD = 1.0
WEIGHTS = Weights(0.7, 0.7, 1.6, 0.6, 1.0, 2.0)


@dataclass(frozen=True, slots=True)
class View:
    """A question as the searchers see it: its stems, of a French one also those of its English words (`rendered`), the
    glossary's entries used in it, its vector, and what is near it.

    `passages` and `lead_ins` are cosines; `spelling` is a share, in [0, 1], of what the question's own runs of letters
    weigh: for each lead-in question, then for each question answered elsewhere. `spelled` are the lead-in questions that
    are nearest by it. `shares` are the probabilities that the classifier gives the places it knows, and `beyond` the one
    that none of them answers, what is meant by it taken from the whole conversation; None where it knows no place.
    """

    text: str
    lang: str
    stems: tuple[str, ...]
    rendered: tuple[str, ...]
    used: tuple[Used, ...]
    vector: Vectors
    passages: Near
    lead_ins: Near
    spelling: Scores
    spelled: Near
    shares: Scores
    beyond: float | None

    @property
    def sought(self) -> tuple[str, ...]:
        """The stems that its answer may hold, in whichever language that is."""
        return self.stems + self.rendered


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of every article (same order as `Searcher.articles`), by searcher and fused; higher is better.

    `passages` and `lead_ins` are cosines; `spelling`, `words` and `rendered` (BM25) are shares of what the question weighs;
    `classifier` are logarithms of probabilities, the least for articles that it does not know; `fused` adds them with mean 0
    and standard deviation 1 each, and is comparable within one question. `met`: how well the nearest passages meet the
    question's words, where they were read for it.
    """

    passages: Scores
    lead_ins: Scores
    words: Scores
    spelling: Scores
    rendered: Scores
    classifier: Scores
    fused: Scores
    met: Met | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a question is to the nearest lead-in questions and to the nearest questions that are answered elsewhere.

    `near` holds both ways' nearest, best first, by vector ("dense", cosines), by "spelling" and by "words" (shares);
    `entry` is the id, in `corpus/elsewhere.yaml`, of what the nearest question answered elsewhere belongs to, None where
    there is none; `cosine` that of the nearest question of all.
    """

    near: dict[str, tuple[Scores, Scores]]
    entry: str | None
    cosine: float


def _scaled(scores: Scores) -> Scores:
    spread = float(scores.std()) if len(scores) else 0.0
    scaled: Scores = (scores - scores.mean()) / spread if spread else np.zeros_like(scores)
    return scaled


class Searcher:
    """Holds an opened index ready for questions. `embedder` makes the vector of a question."""

    def __init__(
        self,
        generation: Generation,
        embedder: Asker,
        store: str = "quantised",
        weights: Weights = WEIGHTS,
        classifier: Classifier | None = None,
    ) -> None:
        library = generation.library
        self._weights = weights
        self.library = library
        self._embedder = embedder
        self._english_only = english_only = generation.english_only
        self._words = generation.words
        self.lexicon = generation.words.articles
        self.articles = tuple(library.articles)
        self._number = {article: position for position, article in enumerate(self.articles)}
        size, inside = len(self.articles), len(library.passages) + len(library.lead_ins)
        self._inside = len(library.lead_ins)
        cuts = (0, len(library.passages), inside, len(generation.vectors))
        self._stores = [drivers.store(store, generation.vectors.shape[1]) for _ in range(3)]
        for kept, start, end in zip(self._stores, cuts, cuts[1:], strict=False):
            kept.add(generation.vectors[start:end])
        self._places = places(library)
        at = {citation: position for position, citation in enumerate(self._places)}
        self._passage_places = np.array([at[passage.citation] for passage in library.passages], np.int64)
        self._lead_in_places = np.array([at[lead_in.citation] for lead_in in library.lead_ins], np.int64)
        article = np.array([self._number[citation.article] for citation in self._places], np.int64)
        self._places_in = Groups(article, size)
        self._passage_groups = Groups(article[self._passage_places], size)
        self._lead_in_groups = Groups(article[self._lead_in_places], size)
        self.bare = np.bincount(self._lead_in_groups.of, minlength=size) == 0
        bare = {self.articles[number].instrument for number in np.flatnonzero(self.bare)}
        said = {id_: list(library.instruments[id_].title.values()) for id_ in bare}
        for passage in library.passages:
            if passage.citation.instrument in said:
                said[passage.citation.instrument].append(passage.text)
        self._home = {id_: named_places(" ".join(texts)) for id_, texts in said.items()}
        answerability = Answerability.of(generation.embedder, generation.vectors.shape[1])
        self._matcher = Matcher(
            embedder, answerability, lambda row: embedded(library.passages[row], english_only), self._passage_groups.of
        )
        self._preambles = np.array([article.path == ("preamble",) for article in self.articles], np.float32)
        self._terms = Terms(library.terms)
        self._classifier = classifier or Classifier.of(generation.embedder, generation.vectors.shape[1])
        # Places that the library does not hold, as where an instrument was left out, are those of nobody: the last number.
        named = {str(citation): position for citation, position in at.items()}
        self._classes = np.array([named.get(name, len(at)) for name in self._classifier.places], np.int64)
        self._class_articles = np.append(self._places_in.of, size)[self._classes]
        self._classified = np.bincount(self._class_articles, minlength=size + 1)[:size] > 0

    def home(self, article: int) -> frozenset[str]:
        """The places that a text without lead-in questions names itself, for the article at that position: to the holder of a
        national act its country is not a foreign one."""
        return self._home[self.articles[article].instrument] if self.bare[article] else frozenset()

    def view(self, text: str, lang: str | None = None, earlier: Sequence[str] = ()) -> View:
        """Look at a question once; what the other methods need of it is in its view. `lang` is found out where it is None.
        With those that were asked before, oldest first, its words are those of all of them, its vector that of what it means
        behind them."""
        lang = lang or language(text)
        said = for_english(text, lang)
        asked = said if self._english_only else text
        if earlier:
            before = " ".join(earlier)
            vector = self._embedder.after(for_english(before, lang) if self._english_only else before, asked)
            text = f"{before} {text}"
            said = for_english(text, lang)
        else:
            vector = self._embedder.embed([asked])[0]
        words = tuple(stems(text, lang))
        rendered = tuple(stems(said, "en")) if lang == "fr" else ()
        used = tuple(self._terms.within(words, lang))
        passages, lead_ins, _ = self._stores
        spelling = self._words.spelled.shares(runs(text))
        shares, entries = self._classifier.shares(vector)
        return View(
            text, lang, words, rendered, used, vector,
            nearest(passages, vector, NEAR_PASSAGES), nearest(lead_ins, vector, NEAR_LEAD_INS),
            spelling, Near.of(spelling[: self._inside], NEAR_LEAD_INS),
            shares, float(entries.sum()) if len(shares) else None,
        )  # fmt: skip

    def score(self, view: View) -> Scored:
        """Every article's scores for one question.

        A text without lead-in questions, as those are that users install, gets what articles with a like passage have in
        the tuning questions: else every article that has some would stand before it.
        """
        size, w = len(self.articles), self._weights
        passages = view.passages.best(self._passage_groups.of, 1, size)
        lead_ins = view.lead_ins.best(self._lead_in_groups.of, BEST_LEAD_INS, size)
        words, rendered = map(self.lexicon.shares, (view.stems, view.rendered))
        spelling = view.spelled.best(self._lead_in_groups.of, BEST_SPELLED, size)
        bare = self.bare
        lead_ins[bare] = np.maximum(lead_ins[bare], STAND_IN * passages[bare] - STAND_IN_LESS)
        # A French question meets them, where they are English, in its English words only.
        words[bare] = np.maximum(words[bare], rendered[bare])
        spelling[bare] = np.maximum(spelling[bare], 0.1)
        known = words.copy()
        known[bare] += BARE
        shares = np.bincount(self._class_articles, view.shares, minlength=size + 1)[:size]
        classifier: Scores = np.log(shares.astype(np.float32) + RARE)
        asked = _scaled(lead_ins)
        told = asked.copy()
        # Of the known ones alone: else each text that is installed would make what it says of these count more.
        told[self._classified] = _scaled(classifier[self._classified])
        telling = w.classifier if self._classified.any() else STEAD
        fused = (
            w.passages * _scaled(passages) + w.lead_ins * asked + telling * told
            + w.words * _scaled(known) + w.spelling * _scaled(spelling) + w.rendered * _scaled(rendered)
        )  # fmt: skip
        fused = fused - PREAMBLE * self._preambles + TERM * self._called(view)
        return Scored(passages, lead_ins, words, spelling, rendered, classifier, fused)

    def read(self, view: View, scored: Scored) -> Scored:
        """Where a text without lead-in questions comes first, put those of its kind among the nearest passages in order again,
        by how well their words meet the question's too; all others keep their scores."""
        first = int(scored.fused.argmax())
        if not self.bare[first]:
            return scored
        of, nearest = self._passage_groups.of, view.passages.rows
        its = np.concatenate([nearest[of[nearest] == first], self._passage_groups.rows([first])])
        rows = np.union1d(nearest[:READ], its[:1])
        said, lang = (for_english(view.text, view.lang), "en") if self._english_only else (view.text, view.lang)
        met = self._matcher.met(said, lang, rows)
        if met is None:
            return scored
        articles = np.unique(of[rows][self.bare[of[rows]]])
        fused, own = scored.fused.copy(), scored.fused[articles]
        order = np.argsort(-own - READING * np.array([met.mean(article) for article in articles]), kind="stable")
        fused[articles[order]] = -np.sort(-own)
        return replace(scored, fused=fused, met=met)

    def of(self, scores: Scores, article: Citation) -> float:
        """The score of one article among the `scores` of all."""
        return float(scores[self._number[article]])

    def share(self, view: View, part: Iterable[str]) -> float:
        """The share of the question's weight (idf) that the stems of `part` have."""
        return min(1.0, sum(self.lexicon.weight(stem) for stem in part) / self.lexicon.mass(view.stems))

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

    def likeness(self, view: View) -> Likeness:
        """How like the question is to those that are answered here and to those answered elsewhere."""
        questions, inside = self._words.questions, self._inside
        outside = nearest(self._stores[2], view.vector, NEAR_OUTSIDE)
        words = questions.shares(view.stems)
        near = {
            "dense": (view.lead_ins.scores, outside.scores),
            "spelling": (view.spelled.scores, Near.of(view.spelling[inside:], NEAR_OUTSIDE).scores),
            "words": (Near.of(words[:inside], NEAR_OUTSIDE).scores, Near.of(words[inside:], NEAR_OUTSIDE).scores),
        }
        entry = None
        if len(outside.rows):
            together = outside.scores + 0.5 * (view.spelling + words)[inside + outside.rows]
            entry = self.library.outside[int(outside.rows[together.argmax()])].entry
        cosine = max(float(scores.max(initial=0)) for scores in near["dense"])
        return Likeness(near, entry, cosine)

    def why(self, scored: Scored, article: Citation) -> tuple[str, ...]:
        """By which searchers the article is among the first five."""
        at = self._number[article]
        lists = {"passage": scored.passages, "question": scored.lead_ins, "words": scored.words}
        if self.bare[at]:  # its score stands in for questions that it does not have
            del lists["question"]
        return tuple(name for name, scores in lists.items() if int((scores > scores[at]).sum()) < 5)

    def pinpoints(
        self,
        view: View,
        articles: Sequence[Citation],
        within: Citation | None = None,
        among: Collection[Citation] = (),
    ) -> list[Citation]:
        """For each article its provision that answers best: inside `within`, if given, and of those `among` where the
        article has any of them."""
        numbers = [self._number[article] for article in articles]
        size = len(self._places)
        dense = view.passages.best(self._passage_places, 1, size)
        asked = view.lead_ins.best(self._lead_in_places, BEST_OF_PLACE, size)
        spelled = np.zeros(size, np.float32)
        rows = self._lead_in_groups.rows(numbers)
        np.maximum.at(spelled, self._lead_in_places[rows], view.spelling[rows])
        words, rendered = map(self._words.places.scores, (view.stems, view.rendered))
        shares = np.bincount(self._classes, view.shares, minlength=size + 1).astype(np.float32)
        w = PINPOINT
        found = []
        for article, number in zip(articles, numbers, strict=True):
            mine = self._places_in.rows([number])
            mine = self._eligible(mine, article, within, among)
            if not len(mine):
                found.append(within or article)
                continue
            worth = (
                w.passages * dense[mine]
                + w.lead_ins * asked[mine]
                + w.spelling * spelled[mine]
                + w.words * words[mine] / (float(words[mine].max()) or 1.0)
                + w.rendered * rendered[mine] / (float(rendered[mine].max()) or 1.0)
                + w.classifier * shares[mine] / (float(shares[mine].max()) or 1.0)
            )
            found.append(self._places[mine[int(worth.argmax())]])
        return found

    def _eligible(self, places: Rows, article: Citation, within: Citation | None, among: Collection[Citation]) -> Rows:
        """Those of an article's places that may be cited."""
        if within is not None:
            places = places[[self._places[place].within(within) for place in places]]
        # What is asked of an output as a whole is answered by one of its statements.
        if self.library.instruments[article.instrument].is_output:
            stated = places[[bool(self._places[place].path) for place in places]]
            places = stated if len(stated) else places
        if among:
            wanted = places[[self._places[place] in among for place in places]]
            places = wanted if len(wanted) else places
        return places


# How much each searcher counts for the place inside an article; words are on a scale of their own there, [0, 1].
PINPOINT = Weights(2.0, 2.0, 0.65, 1.0, 0.65, 0.3)
