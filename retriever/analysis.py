"""Words for lexical search: language, stop words, stems. English and French."""

from __future__ import annotations

import re
from functools import cache

import Stemmer

from ingest.mentions import fold

_WORD = re.compile(r"[a-z0-9]+")
_STOP = {
    "en": frozenset("""a about all also am an and any are as at be because been being but by can could did do does doing
        else for from get gets got had has have having he her here hers him his how i if in into is it its just like me
        might my no not of off on only or our out over own please say says she should so some such than that the their
        them then there these they this those to too under until up us very want was we were what when where whether
        which while who whom whose why will with would you your article articles convention treaty provision rule law
        legal dont doesnt isnt im ive cant""".split()),
    "fr": frozenset("""a ai alors au aucun aucune aussi autre aux avec avoir c ca car ce cela ces cet cette ceux chez ci
        comme comment d dans de des doit donc du elle elles en encore entre est et etaient etait ete etre eu faut fait
        il ils j je l la le les leur leurs lors lui m ma mais me meme mes moi mon n ne ni nos notre nous on ont ou par
        pas peut peuvent plus pour pourquoi qu quand que quel quelle quelles quels qui quoi s sa sans se ses si son sont
        sous sur t ta te tes toi ton tous tout toute toutes tres tu un une vos votre vous y article articles convention
        traite loi droit disposition quelqu est""".split()),
}  # fmt: skip
# Words that tell the language: frequent in one, absent from the other.
_TELLING = {
    "en": frozenset("""the of is are what does do can my to and for with which who how under when if this that an it be by
        not from have has must may was were on or about i you he she they we where why will should police kid""".split()),
    "fr": frozenset("""le la les des un une est sont que qui quel quelle quels quelles pour dans par sur avec au aux ce
        cette il elle ils je mon ma mes peut doit faut et ou du en pas ne quoi comment pourquoi si l d qu c n s nous vous
        son sa ses leur etre tu te ta on enfant ado""".split()),
}  # fmt: skip


def language(text: str) -> str:
    """`en` or `fr`, by the function words of the text; English where nothing tells."""
    words = _WORD.findall(fold(text))
    counts = {lang: sum(word in telling for word in words) for lang, telling in _TELLING.items()}
    accents = len(re.findall(r"[éèêàùçôîûœ]", text.lower()))
    return "fr" if counts["fr"] + accents > counts["en"] else "en"


# Installed texts may be in other languages than questions.
_STEMMERS = {
    "en": "english",
    "fr": "french",
    "de": "german",
    "nl": "dutch",
    "it": "italian",
    "es": "spanish",
    "ru": "russian",
}


@cache
def _stemmer(lang: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(_STEMMERS.get(lang, "english"))


def stems(text: str, lang: str) -> list[str]:
    """The stems of the content words of `text`, in order, repeats kept."""
    words = [word for word in _WORD.findall(fold(text)) if word not in _STOP.get(lang, ())]
    return [str(stem) for stem in _stemmer(lang).stemWords(words)]
