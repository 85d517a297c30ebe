"""Which provisions may answer a question, and in which language they are quoted first: what a person filters by."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ingest.errors import UsageError
from ingest.library import Library
from ingest.treaty import Citation, Instrument

# What people call the kinds of instruments, and which kinds of the catalogue each holds.
GROUPS: dict[str, frozenset[str]] = {
    "treaties": frozenset({"treaty", "protocol"}),
    "explanatory reports": frozenset({"explanatory-report"}),
    "committee outputs": frozenset({
        "opinion", "declaration", "monitoring-report", "questionnaire", "factsheets", "follow-up", "guidance-note", "assessment",
        "template", "report", "treaty-status", "body",
    }),
    "recommendations and strategies": frozenset({"recommendation", "resolution", "guidelines", "strategy", "handbook", "study"}),
    "projects and resources": frozenset({"project", "training", "resource", "event", "campaign", "initiative", "tool"}),
    "own documents": frozenset({"document"}),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scope:
    """The articles that may answer, None for all; and the language, "en" or "fr", of the wording to quote first, None for
    that of the question."""

    articles: frozenset[Citation] | None = None
    quoting: str | None = None

    def holds(self, citation: Citation) -> bool:
        """Whether the place lies in an article that may answer."""
        return self.articles is None or citation.article in self.articles


EVERYWHERE = Scope()


def scope(
    library: Library,
    instruments: Collection[str] = (),
    groups: Collection[str] = (),
    roles: Collection[str] = (),
    binding: bool = False,
    quoting: str | None = None,
) -> Scope:
    """The articles that fit all that is said: of these instruments, of a kind in these `GROUPS`, with one of these roles,
    legally binding. What is left empty leaves all in.

    Raises UsageError for an instrument, group, role or language that there is not, and where nothing fits.
    """
    known = {role for article in library.articles.values() for role in article.roles}
    _known("instrument", instruments, library.instruments)
    _known("kind", groups, GROUPS)
    _known("role", roles, sorted(known))
    if quoting not in (None, "en", "fr"):
        raise UsageError(f"wanted language en or fr, found {quoting!r}")
    if not (instruments or groups or roles or binding):
        return Scope(None, quoting)
    kinds = frozenset().union(*(GROUPS[group] for group in groups))

    def fits(instrument: Instrument) -> bool:
        named = not instruments or instrument.id in instruments
        return named and (not kinds or instrument.kind in kinds) and (instrument.binding or not binding)

    articles = frozenset(
        citation for citation, article in library.articles.items()
        if fits(library.instruments[citation.instrument]) and (not roles or set(roles) & set(article.roles))
    )  # fmt: skip
    if not articles:
        raise UsageError("nothing in these sources fits all the filters together; take one of them away")
    return Scope(articles, quoting)


def _known(what: str, wanted: Collection[str], held: Collection[str]) -> None:
    unknown = sorted(set(wanted) - set(held))
    if unknown:
        raise UsageError(f"no {what} {unknown[0]!r}; wanted one of {', '.join(held)}")
