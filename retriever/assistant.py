"""The one way in: a question goes in, an answer or a refusal comes out. Command, page and evaluation all call `ask`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

import numpy as np

from ingest import mentions
from ingest.elsewhere import elsewhere
from ingest.errors import IndexingError, UsageError
from ingest.mentions import Mention, Mentions, Name
from ingest.treaty import Citation
from retriever import drivers
from retriever.analysis import stems
from retriever.answer import SURE_FROM, Answer, Ground, Hit, Refusal
from retriever.compose import Composer
from retriever.confidence import Calibration, Features, features
from retriever.index import REMEDY, open_index
from retriever.rendering import language
from retriever.scope import EVERYWHERE, Scope
from retriever.search import Likeness, Scored, Searcher, View

MOST_HITS = 10
MOST_OF_A_DOCUMENT = 2
# A case of many pages: the model reads 256 word pieces, and the question stands at the beginning or the end.
LONGEST_QUESTION = 2000
# How much the whole conversation counts beside the last question, and what an instrument gains that is named in it.
# Tuned on the tuning questions.
EARLIER = 0.6
NAMED = 3.0
# What the entries gain on the status and the explanatory report of a treaty that is named.
BESIDE = 1.0
# Where less sure than this that the sources answer what is asked of "Article 39", it is the Article 39 of something else.
FOREIGN = 0.05
# The share of a question, by weight, from which on it is looked up in the glossary and not only searched.
ONE_WORD = 0.8


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of a question before anything is decided. `text` is what of it is searched; `carried` are the
    instruments of the earlier questions, where this one names none."""

    question: str
    text: str
    view: View
    names: tuple[Name, ...]
    mentions: tuple[Mention, ...]
    scored: Scored
    carried: tuple[str, ...]


class Assistant:
    """Answers questions from one opened index. Holds no conversation: earlier questions come with each call."""

    def __init__(self, searcher: Searcher, calibration: Calibration) -> None:
        self.searcher = searcher
        self.library = searcher.library
        self.calibration = calibration
        self._known = self.library.citations()
        of = np.array([article.instrument for article in searcher.articles])
        self._articles = {id_: np.flatnonzero(of == id_) for id_ in self.library.instruments}
        self._mentions = Mentions(self.library.instruments.values())
        self.composer = Composer(self.library, searcher.lexicon)

    @classmethod
    def open(
        cls, data: Path, embedder: str = "sentence", store: str = "quantised", calibration: Calibration | None = None
    ) -> Assistant:
        """Open the index below `data`. Raises IndexingError where it is missing, damaged or made by another model."""
        generation = open_index(data)
        model = drivers.embedder(embedder)
        if (model.name, model.exported) != (generation.embedder, generation.exported):
            raise IndexingError(
                f"The index was built with {generation.exported or generation.embedder}, the model in use is "
                f"{model.exported or model.name}. {REMEDY}"
            )
        return cls(Searcher(generation, model.quick(generation.quick), store), calibration or Calibration.shipped())

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        within: Scope = EVERYWHERE,
        k: int = MOST_HITS,
        lang: str | None = None,
    ) -> Answer | Refusal:
        """Answer `question`, with at most `k` hits from `within`.

        `history` are the earlier questions of the conversation, oldest first; `lang` is "en" or "fr", found out where
        it is not given. Raises UsageError for an unknown language, or k below 1.
        """
        if k < 1:
            raise UsageError(f"wanted at least 1 hit, found {k}")
        if lang not in (None, "en", "fr"):
            raise UsageError(f"wanted language en or fr, found {lang!r}")
        seen = self.look(question, history, lang)
        return seen if isinstance(seen, Refusal) else self.reply(seen, within, k)

    def look(self, question: str, history: Sequence[str] = (), lang: str | None = None) -> Look | Refusal:
        """Search for `question`; `reply` decides what is said of it. A refusal where there is nothing to search for."""
        text = shortened(question)
        if not _asks(text):
            ground, lang = Ground.NOT_A_QUESTION, lang or language(text)
            return Refusal(question, lang, 0.0, (), ground=ground, reason=_REASONS[ground][lang])
        lang = lang or language(text)
        earlier = [shortened(asked) for asked in history]
        view = self.searcher.view(text, lang)
        whole = self.searcher.view(text, lang, earlier) if earlier else None
        names = self._mentions.names(text)
        scored, carried = self._scored(view, whole, names, earlier)
        if whole:  # its words alone may not say whether the sources hold what is meant
            view = replace(view, beyond=whole.beyond)
        found = self._mentions.find(text, names)
        if any(self._has_no_articles(name) for name in names):
            found = [mention for mention in found if mention.named]
        return Look(question, text, view, tuple(names), tuple(found), scored, carried)

    def _has_no_articles(self, name: Name) -> bool:
        """Whether a body or output is named: "what does the T-CY say of Article 32" asks for its words, not for the article."""
        held = self.library.instruments
        return bool(name.instruments) and all(held[id_].is_output for id_ in name.instruments)

    def reply(self, seen: Look, within: Scope = EVERYWHERE, k: int = MOST_HITS) -> Answer | Refusal:
        """The answer or refusal that follows from what was seen, with hits from `within`."""
        question, text, view, names, lang = seen.question, seen.text, seen.view, seen.names, seen.view.lang
        scored, carried, notes = seen.scored, seen.carried, []
        terms = tuple(used.as_said() for used in view.used)
        if carried:
            labels = ", ".join(self.library.instruments[id_].short_title[lang] for id_ in carried)
            notes.append(_CARRIED[lang].format(labels=labels))
        cited, missing, abroad = self._resolve(seen, within)
        if not all(map(within.holds, cited)):
            notes.append(_FILTERED[lang])
            cited = [c for c in cited if within.holds(c)]
        if missing and not cited:
            reason = self._missing(missing[0], text, lang)
            near = self._hits(view, scored, [c for m in missing for c in self._around(m, within)], within, k)
            return Refusal(
                question, lang, 0.02, near, tuple(notes), terms, ground=Ground.NO_SUCH_PROVISION, reason=reason
            )
        looked_up = [] if cited or seen.mentions else self._looked_up(view, within)
        hits = self._hits(view, scored, cited or looked_up, within, k, "reference" if cited else "glossary")
        notes += [self._missing(mention, text, lang) for mention in missing]
        likeness = self.searcher.likeness(view)
        observed = features(self.searcher, view, scored, likeness, names)
        regression = self.calibration.of(observed)
        searched = regression.confidence(observed)
        if cited and searched < FOREIGN and _of_something_else(seen, within):
            confidence = searched
        else:
            confidence = 0.99 if cited else 0.9 if looked_up else 0.01 if abroad else searched
        if hits and confidence >= regression.answer_from:
            notes += [_UNSURE[lang]] if confidence < SURE_FROM else []
            return Answer(question, lang, confidence, hits, tuple(notes), terms)
        away = [name.elsewhere for name in names] + [mention.elsewhere for mention in seen.mentions]
        named = next(filter(None, away), None)
        ground, reason = self._ground(lang, likeness, named, hits, observed)
        return Refusal(question, lang, confidence, hits, tuple(notes), terms, ground=ground, reason=reason)

    def features(self, question: str, history: Sequence[str] = ()) -> Features | None:
        """What the searchers see of a question, for calibration; None where its reference alone decides."""
        seen = self.look(question, history)
        if isinstance(seen, Refusal) or seen.mentions:
            return None
        return features(self.searcher, seen.view, seen.scored, self.searcher.likeness(seen.view), seen.names)

    def _scored(
        self, view: View, whole: View | None, names: Sequence[Name], history: Sequence[str]
    ) -> tuple[Scored, tuple[str, ...]]:
        """The scores of all articles, with what is named in the question or carried over from the earlier ones. `whole` is
        the view of the conversation, if there were earlier questions."""
        scored = self.searcher.score(view)
        fused = scored.fused
        # A body is named with all that it says and does: its name favours none of it.
        held = self.library.instruments
        named = {id_ for name in names for id_ in name.instruments if held[id_].kind != "body"}
        carried: tuple[str, ...] = ()
        if whole:
            fused = (1 - EARLIER) * fused + EARLIER * self.searcher.score(whole).fused
            if not named:
                carried = next((ids for text in reversed(history) if (ids := self._named(text))), ())
        meant = named or carried
        for id_, gain in (dict.fromkeys(self._beside(meant), BESIDE) | dict.fromkeys(meant, NAMED)).items():
            fused[self._articles[id_]] += np.float32(gain)
        return self.searcher.read(view, replace(scored, fused=fused)), carried

    def _beside(self, instruments: Iterable[str]) -> Iterator[str]:
        """The entries on the status and the explanatory reports of the treaties among `instruments`: who names a treaty may
        ask what is in it, who is bound by it, or what its authors meant."""
        for id_ in instruments:
            for relation in self.library.relations.get(Citation(id_), ()):
                if self.library.instruments[relation.to.instrument].kind in ("treaty-status", "explanatory-report"):
                    yield relation.to.instrument

    def _named(self, text: str) -> tuple[str, ...]:
        found = self._mentions.names(text)
        return next((name.instruments for name in reversed(found) if name.instruments), ())

    def _resolve(self, seen: Look, within: Scope) -> tuple[list[Citation], list[Mention], bool]:
        """The citations that the question names, the references to what does not exist, and whether it names only law
        that Basis does not hold. Where it names no instrument, all that have the provision are cited, best first."""
        found, view = seen.mentions, seen.view
        rank = dict(zip(self.searcher.articles, seen.scored.fused.tolist(), strict=True)) if found else {}
        filtered = (
            tuple(dict.fromkeys(a.instrument for a in self.searcher.articles if within.holds(a)))
            if within.articles
            else ()
        )
        cited: list[Citation] = []
        missing: list[Mention] = []
        for mention in found:
            if mention.elsewhere:
                continue
            instruments = mention.instruments if mention.named else (seen.carried or filtered or mention.instruments)
            located = [
                c for id_ in instruments for c in mentions.locate(mention, self.library.instruments[id_], self._known)
            ]
            if not located:
                missing.append(replace(mention, instruments=tuple(instruments)))
            whole = len({c.instrument for c in located}) > 1  # several instruments have it: the likeliest first
            cited += sorted(located, key=lambda c: -rank[c.article]) if whole else located
        abroad = bool(found) and all(mention.elsewhere for mention in found)
        if len(_rest(seen)) >= 3:  # more than the reference is asked: find the place in it
            cited = [self.searcher.pinpoints(view, [c.article], within=c)[0] for c in cited]
        return list({c.article: c for c in reversed(cited)}.values())[::-1], missing, abroad

    def _looked_up(self, view: View, within: Scope) -> list[Citation]:
        """Where the glossary leads, if the question is little else than one of its words."""
        for used in view.used:
            if self.searcher.share(view, used.stems) >= ONE_WORD:
                places = [c for c in used.term.citations if within.holds(c)]
                return list({c.article: c for c in reversed(places)}.values())[::-1]
        return []

    def _hits(
        self,
        view: View,
        scored: Scored,
        first: Sequence[Citation],
        within: Scope,
        k: int,
        asked_by: str = "reference",
    ) -> tuple[Hit, ...]:
        """The provisions `first`, then the best articles, each at its most exact address; `asked_by` is why the first ones
        are."""
        order = np.argsort(-scored.fused, kind="stable")
        taken = {c.article for c in first}
        ranked = (self.searcher.articles[position] for position in order)
        rest = (article for article in ranked if article not in taken and within.holds(article))
        top = float(scored.fused[order[0]])
        found = list(islice(self._sparing(chain(first, rest)), k))
        asked_for = [c for c in found if c in first]
        # An output asked for as a whole is quoted by the statement that is nearest to the question.
        whole = [self.searcher.pinpoints(view, [c])[0] if not c.path else c for c in asked_for]
        exact = [*whole, *self.searcher.pinpoints(view, found[len(asked_for) :])]
        hits = []
        for rank, (citation, pinpoint) in enumerate(zip(found, exact, strict=True), 1):
            asked = rank <= len(asked_for)
            # a provision asked for by name stands before every provision that was searched
            score = top + len(first) - rank + 1 if asked else self.searcher.of(scored.fused, citation)
            why = (asked_by,) if asked else self.searcher.why(scored, citation)
            hits.append(self.composer.hit(pinpoint, view.sought, within.quoting or view.lang, rank, score, why))
        return tuple(hits)

    def _sparing(self, ranked: Iterable[Citation]) -> Iterator[Citation]:
        """Every article of a treaty, and of any other document the first `MOST_OF_A_DOCUMENT` places."""
        taken: Counter[str] = Counter()
        for citation in ranked:
            taken[citation.instrument] += 1
            if (
                self.library.instruments[citation.instrument].is_treaty
                or taken[citation.instrument] <= MOST_OF_A_DOCUMENT
            ):
                yield citation

    def _around(self, mention: Mention, within: Scope) -> list[Citation]:
        """The article around a paragraph or point that does not exist."""
        if not mention.path[0].startswith("art_"):
            return []
        articles = [Citation(id_, mention.path[:1]) for id_ in mention.instruments]
        return [a for a in articles if a in self._known and within.holds(a)]

    def _missing(self, mention: Mention, text: str, lang: str) -> str:
        """What to say of a reference to a provision that does not exist, and what there is instead."""
        words = text[mention.start : mention.end].strip(" ,;")
        around = self._around(mention, EVERYWHERE)
        there = []
        for id_ in [c.instrument for c in around] or mention.instruments:
            instrument = self.library.instruments[id_]
            if not instrument.is_treaty:
                continue
            if around:
                article = Citation(id_, mention.path[:1])
                parts = [p.citation for p in self.library.wordings(id_)[0].provisions if p.citation.parent == article]
                end = next((c for c in reversed(parts) if c.path[-1] != "wrapup"), article).words(lang)
            else:
                end = Citation(id_, (f"art_{instrument.articles}",)).words(lang)
            there.append(_UP_TO[lang].format(label=instrument.label(lang), end=end))
        return f"{_NO_SUCH[lang].format(words=words)} {' '.join(there)}"

    def _ground(
        self, lang: str, likeness: Likeness, named: str | None, hits: Sequence[Hit], observed: Features
    ) -> tuple[Ground, str]:
        """Why the sources do not answer, and where else to look; `named` is the entry of law that the question names."""
        held = self.library.instruments
        nearest = held[hits[0].citation.instrument] if hits and not named else None
        if nearest and nearest.kind == OWN and observed.passage >= max(CLOSE_FROM, likeness.cosine):
            return Ground.CLOSE, _NOT_THERE[lang].format(label=nearest.short_title[lang])
        entries = {entry.id: entry for entry in elsewhere()}
        entry = entries.get(named or likeness.entry or "")
        if entry is not None and entry.subject and (named or likeness.cosine >= CLOSE_FROM):
            return Ground.CLOSE, _ELSEWHERE[lang].format(where=entry.where[lang])
        own = [instrument.short_title[lang] for instrument in held.values() if instrument.kind == OWN]
        also = (
            _ALSO_HELD[lang].format(labels=", ".join(own[:MOST_NAMED]) + ", …" * (len(own) > MOST_NAMED)) if own else ""
        )
        return Ground.OFF_TOPIC, _REASONS[Ground.OFF_TOPIC][lang] + also


# The kind of what people install that is not a wording of something held, and how many of those are named.
OWN = "document"
MOST_NAMED = 3
# Below this cosine to every question that we know, and to every passage, a question has another subject; measured on the
# tuning questions.
CLOSE_FROM = 0.5
_NO_SUCH = {
    "en": "There is no “{words}” in these sources.",
    "fr": "«\u00a0{words}\u00a0»\u00a0: cette disposition n'existe pas dans ces sources.",
}
_UP_TO = {"en": "The {label} goes up to {end}.", "fr": "{label}\u00a0: jusqu'à «\u00a0{end}\u00a0»."}
_CARRIED = {
    "en": "Understood, from the earlier questions, as being about: {labels}.",
    "fr": "Comprise, d'après les questions précédentes, comme portant sur\u00a0: {labels}.",
}
_FILTERED = {
    "en": "The question names a provision that the filters leave out.",
    "fr": "La question nomme une disposition que les filtres écartent.",
}
_UNSURE = {
    "en": "Not sure: this is what comes nearest, and it may not answer the question. Read what is quoted.",
    "fr": "Réponse peu sûre\u00a0: voici ce qui s'en approche le plus, sans forcément répondre à la question. Lisez ce qui est cité.",
}
_ELSEWHERE = {
    "en": "Close to the subject, but not in these sources: that is a matter of {where}.",
    "fr": "Proche du sujet, mais absent de ces sources. À chercher ailleurs\u00a0: {where}.",
}
_NOT_THERE = {
    "en": "Close to “{label}”, but not answered there.",
    "fr": "Proche de «\u00a0{label}\u00a0», mais sans réponse dans ce texte.",
}
_ALSO_HELD = {"en": " It also searched: {labels}.", "fr": " Également consulté\u00a0: {labels}."}
_REASONS = {
    Ground.NOT_A_QUESTION: {"en": "There is no question here to search for. Ask in a few words.", "fr": "Il n'y a pas ici de question à rechercher. Posez-la en quelques mots."},
    Ground.OFF_TOPIC: {
        "en": "Outside the subject: Basis holds treaties on the protection of children from sexual exploitation and abuse and on cybercrime.",
        "fr": "Hors sujet\u00a0: Basis contient des traités sur la protection des enfants contre l'exploitation et les abus sexuels et sur la cybercriminalité.",
    },
}  # fmt: skip


def _asks(text: str) -> bool:
    """Whether there is anything to search for: a word of two letters, or a number."""
    return re.search(r"[^\W\d_]{2}|\d", text) is not None


def shortened(question: str) -> str:
    """The question on one line; of a very long one the beginning and the end."""
    text = " ".join(question.split())
    half = LONGEST_QUESTION // 2
    return text if len(text) <= LONGEST_QUESTION else f"{text[:half]} {text[-half:]}"


def _rest(seen: Look) -> list[str]:
    """The stems of what the question asks beside the references and names in it."""
    text = seen.view.text
    spans = {(mention.start, mention.end) for mention in seen.mentions} | {
        (name.start, name.end) for name in seen.names
    }
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + " " + text[end:]
    return stems(text, seen.view.lang)


def _of_something_else(seen: Look, within: Scope) -> bool:
    """Whether the question asks of an article, says not of what, and what it asks is likelier answered elsewhere."""
    told = seen.carried or within.articles or any(mention.named for mention in seen.mentions)
    return not told and (seen.view.beyond or 0.0) > 0.5 and len(_rest(seen)) >= 2
