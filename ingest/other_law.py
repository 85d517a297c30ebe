"""Law that no list names, told by what kind of text stands beside an article's number: "article 12 of the labour code".

All functions take folded text (`ingest.mentions.fold`). What may be a text that Basis holds is not taken for another law.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# What is surely none of ours, beside an article's number. A treaty of ours may be called "the agreement", but not by that word
# with another before it.
_POINTING = r"(?:the|this|that|these|it|its|our|my|their|your|same|which|any|each|an?|le|la|les|ce|cette|notre|nos|leur|votre|un|une)"
_STOPPED = (
    rf"(?!(?:{_POINTING}|and|et|in|en|dans|by|par|order|text|texte|instrument|convention|protocole?|treaty|traite)\b)"
)
_LAW = r"(?P<law>act|bill|code|constitution|law|loi|decree|decret|ordinance|ordonnance)"
_PACT = r"(?:agreement|charter|covenant|statute|accord|charte|pacte|statut)"
_AFTER = re.compile(
    rf"[\s,]*\b(?:of|du|des|de)\b\s(?:{_POINTING}\s|l')?+(?P<name>(?:{_STOPPED}[a-z0-9'-]+\s){{0,4}}?{_LAW}"
    rf"|(?:{_STOPPED}[a-z0-9'-]+\s){{1,4}}?{_PACT}|{_PACT}\s(?:of|on|with|sur|du|de|des|avec)\s[a-z]+)\b"
)
_BEFORE = re.compile(
    rf"\b(?P<name>{_STOPPED}[a-z-]+\s(?:(?P<law>code|constitution)|agreement|charter|covenant)|code\s(?:du|de\sla|des|de)\s[a-z]+)[\s,:(]*$"
)
# How far before an article's number its law is looked for.
WINDOW = 60


@dataclass(frozen=True, slots=True)
class OtherLaw:
    """The words at `start:end` that name a law; `entry` is its kind's id in `corpus/elsewhere.yaml`. `bare`: "act" and no more."""

    start: int
    end: int
    entry: str
    bare: bool

    @classmethod
    def of(cls, match: re.Match[str] | None, offset: int = 0) -> OtherLaw | None:
        """What `match` found in the part of a text that begins at `offset`."""
        if match is None:
            return None
        national = match["law"] or "code" in match["name"]
        start, end = match.span("name")
        return cls(
            offset + start, offset + end, "national-law" if national else "international", " " not in match["name"]
        )


def after(text: str, end: int) -> OtherLaw | None:
    """The law that a reference ending there is joined to: "article 12 of the labour code"."""
    return OtherLaw.of(_AFTER.match(text, end))


def before(text: str, start: int) -> OtherLaw | None:
    """The law right before a reference: "Labour Code, article 12"."""
    near = max(0, start - WINDOW)
    return OtherLaw.of(_BEFORE.search(text[near:start]), near)
