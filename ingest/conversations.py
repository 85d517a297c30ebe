"""Conversations that end in a question which is to be understood from those before it, and what it means when it stands alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ingest.corpus_file import corpus_folder
from ingest.errors import CorpusError, Problem
from ingest.treaty import Citation

NOTHING = "-"  # in the file: nothing in the corpus answers
AFTER = " >> "  # in the file: between one question and the next


@dataclass(frozen=True, slots=True)
class Conversation:
    """`earlier` are the questions before, oldest first, and `question` the last one, in `lang`; `alone` is the same question in full,
    in English whatever the language. `citation` is the provision that answers it; None where nothing does."""

    citation: Citation | None
    lang: str
    earlier: tuple[str, ...]
    question: str
    alone: str


def conversations(path: Path | None = None) -> tuple[Conversation, ...]:
    """The lines of the file at `path`, by default `corpus/conversations.tsv`, in order. Raises CorpusError for lines of another form."""
    path = path or corpus_folder() / "conversations.tsv"
    found, problems = [], []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            address, lang, said, alone = line.split("\t")
            *earlier, question = said.split(AFTER)
            if not earlier or lang not in ("en", "fr") or not all((*earlier, question, alone)):
                raise ValueError
            citation = None if address == NOTHING else Citation.parse(address)
            found.append(Conversation(citation, lang, tuple(earlier), question, alone))
        except ValueError:
            wanted = (
                f"address or {NOTHING}, en or fr, questions with “{AFTER}” between them, the last in full; tabs between"
            )
            problems.append(Problem(path, number, f"not a conversation: wanted {wanted}; write the line so"))
    if problems:
        raise CorpusError(problems)
    return tuple(found)
