"""What is to be shown at an address, or what is wrong with it."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.errors import UsageError
from ingest.library import Library
from ingest.treaty import Citation, Expression
from retriever.compose import by_authority
from ui.shown.lines import nearest_of

_WORDS = {
    "en": {
        "no address": "{found!r} is not an address of a text. Addresses look like cets-201 or cets-201/art_23. Choose a text from the list.",
        "no instrument": "There is no text {found!r} here.{near} Choose one from the list.", "near": " Did you mean {ids}?",
        "no place": "There is no {found!r} in the text “{label}”. The nearest place is {near}.{inner}",
        "inner": " Its parts run from {} to {}.",
        "no wording": "The text “{label}” is not available here in the wording {found!r}, only as: {names}. Choose one of these, or install the text.",
    },
    "fr": {
        "no address": "{found!r} n'est pas l'adresse d'un texte. Une adresse s'écrit par exemple cets-201 ou cets-201/art_23. Choisissez un texte dans la liste.",
        "no instrument": "Il n'y a pas ici de texte {found!r}.{near} Choisissez-en un dans la liste.",
        "near": " Vouliez-vous dire {ids}\u00a0?",
        "no place": "Il n'y a pas de {found!r} dans le texte «\u00a0{label}\u00a0». Le passage le plus proche est {near}.{inner}",
        "inner": " Ses subdivisions vont de {} à {}.",
        "no wording": "Le texte «\u00a0{label}\u00a0» n'est pas disponible ici dans la version {found!r}, mais seulement dans\u00a0: {names}. Choisissez l'une de ces versions ou installez le texte.",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opened:
    """What the reader shows: the place, the name of the wording, and that of a second one beside it."""

    citation: Citation
    expression: str
    beside: str | None = None


def opened(
    library: Library, address: str, expression: str | None = None, beside: str | None = None, lang: str = "en"
) -> Opened:
    """The place at `address` (`cets-201/art_23`, or `cets-201` for the whole), in the wording named, else in the most
    authoritative one that has it.

    A wording that lacks the place can be opened all the same: the page says so. Raises UsageError, in the language of the
    interface, for an address, text, place or wording that is not held.
    """
    w, found = _WORDS[lang], address.strip()[:100]
    try:
        citation = Citation.parse(address.strip())
    except ValueError:
        raise UsageError(w["no address"].format(found=found)) from None
    if citation.instrument not in library.instruments:
        close = ", ".join(difflib.get_close_matches(citation.instrument, library.instruments, 3))
        near = w["near"].format(ids=close) if close else ""
        raise UsageError(w["no instrument"].format(found=found, near=near))
    wordings = {wording.name: wording for wording in library.wordings(citation.instrument)}
    label = library.instruments[citation.instrument].label(lang)
    having = [each for each in wordings.values() if not citation.path or each.find(citation)]
    if not having:
        raise UsageError(_no_place(list(wordings.values()), citation, label, w))
    for name in (expression, beside):
        if name is not None and name not in wordings:
            raise UsageError(w["no wording"].format(label=label, names=", ".join(wordings), found=name[:100]))
    shown = expression or by_authority(having, lang)[0].name
    return Opened(citation, shown, beside if beside != shown else None)


def _no_place(wordings: Sequence[Expression], citation: Citation, label: str, words: dict[str, str]) -> str:
    held = dict.fromkeys(p.citation for wording in wordings for p in wording.provisions)
    near = nearest_of(held, citation.parent) or Citation(citation.instrument)
    inside = [c for c in held if c.path and c.parent == near]
    inner = words["inner"].format(inside[0], inside[-1]) if inside else ""
    return words["no place"].format(label=label, found=str(citation)[:100], near=near, inner=inner)
