"""What interprets, explains, monitors … what, both ways: a relation is stated once, and its inverse follows from it."""

from __future__ import annotations

from collections.abc import Iterable

from ingest.treaty import Citation, Instrument, Provision, Relation

INVERSE = {
    "interprets": "interpreted-by",
    "supplements": "supplemented-by",
    "explains": "explained-by",
    "monitors": "monitored-by",
    "implements": "implemented-by",
    "replaces": "replaced-by",
    "follows": "followed-by",
    "refers-to": "referred-to-by",
    "issued-by": "issues",
    "about": "stated-by",
}


def relations(
    instruments: Iterable[Instrument], provisions: Iterable[Provision]
) -> dict[Citation, tuple[Relation, ...]]:
    """Every relation by the address that it starts from, the inverse ones too, in the order in which they are stated.

    A statement stands in the relation `about` to its provisions, an output in `issued-by` to its body.
    """
    found: dict[Citation, dict[Relation, None]] = {}

    def add(source: Citation, kind: str, target: Citation) -> None:
        found.setdefault(source, {})[Relation(kind, target)] = None
        found.setdefault(target, {})[Relation(INVERSE[kind], source)] = None

    for instrument in instruments:
        for relation in instrument.relations:
            add(Citation(instrument.id), relation.kind, relation.to)
        if instrument.body is not None:
            add(Citation(instrument.id), "issued-by", Citation(instrument.body))
    for provision in provisions:
        for citation in provision.about:
            add(provision.citation, "about", citation)
    return {citation: tuple(stated) for citation, stated in found.items()}
