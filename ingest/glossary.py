"""Reads the glossary: the words that people use, what the treaties call it, and where that stands."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from ingest.corpus_file import CorpusFile
from ingest.errors import Problem
from ingest.mentions import fold
from ingest.treaty import Citation, Term


def glossary(path: Path, known: Collection[Citation], problems: list[Problem]) -> tuple[Term, ...]:
    """The entries of the file `path`, in order; none where there is no such file. `known` are the addresses of the corpus.

    What is wrong is added to `problems`: form, an address that does not exist, a word that stands in two entries.
    """
    if not path.exists():
        return ()
    file = CorpusFile(path, problems)
    if file.data is None or not file.conforms("glossary"):
        return ()
    terms = []
    owner: dict[tuple[str, str], int] = {}
    for row, data in enumerate(file.data):
        cited = [file.cite((row, "at", column), address) for column, address in enumerate(data["at"])]
        words = {lang: tuple(data["words"][lang]) for lang in ("en", "fr")}
        for lang, each in words.items():
            for word in each:
                first = owner.setdefault((lang, " ".join(fold(word).split())), row)
                if first != row:
                    other = file.data[first]["words"][lang][0]
                    file.report((row, "words", lang), f"{word!r} stands under {other!r} too; leave it in one of them")
        terms.append(Term(words, data.get("term"), tuple(c for c in cited if c is not None), data.get("note")))
    file.exist(known)
    return tuple(terms)
