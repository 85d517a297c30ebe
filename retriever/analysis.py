"""Words for lexical search: stop words and stems."""

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
    words = [word for word in _WORD.findall(fold(ligatures(text))) if word not in _STOP.get(lang, ())]
    return list(map(str, _stemmer(lang).stemWords(words)))


def stem(word: str, lang: str) -> str:
    """The stem of one word in small letters."""
    return str(_stemmer(lang).stemWord(word))


def ligatures(text: str) -> str:
    """`text` with œ and æ, which many keyboards lack, as two letters each."""
    return text.replace("œ", "oe").replace("æ", "ae").replace("Œ", "OE").replace("Æ", "AE")
