"""Which embedders and stores there are; each is imported when it is first used."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from ingest.errors import UsageError
from retriever.ports import Embedder, Store

EMBEDDERS = {
    "sentence": "retriever.embedders.sentence:SentenceEmbedder",
    "hashing": "retriever.embedders.hashing:HashingEmbedder",
}
STORES = {"quantised": "retriever.stores.quantised:QuantisedStore", "exact": "retriever.stores.exact:ExactStore"}


def _made(table: dict[str, str], scheme: str, argument: object) -> object:
    if scheme not in table:
        raise UsageError(f"No driver {scheme!r}; wanted one of {', '.join(table)}.")
    module, name = table[scheme].split(":")
    return getattr(import_module(module), name)(argument)


def embedder(setting: str = "sentence") -> Embedder:
    """The embedder that `setting` names: `sentence` (the shipped model), `sentence:NAME_OR_FOLDER`, `hashing:256`."""
    scheme, _, location = setting.partition(":")
    return cast(Embedder, _made(EMBEDDERS, scheme, location))


def store(scheme: str, dim: int) -> Store:
    """An empty store of vectors with `dim` numbers."""
    return cast(Store, _made(STORES, scheme, dim))
