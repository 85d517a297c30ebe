"""Every error that Basis shows to a person.

    BasisError            exit code 3
    ├── UsageError        exit code 2: a flag, setting or question that cannot be taken
    ├── CorpusError       a file of the corpus is wrong; carries every problem found
    ├── ReadingError      a file cannot be read as a document
    ├── ModelError        the embedding model is missing or not the expected one
    ├── FetchError        a text cannot be fetched as things are set up here
    ├── TreatyError       a file cannot be read as the text of a treaty
    ├── ExportError       a library that writes the exported file is missing or has failed
    ├── RunError          the file of an evaluation is damaged or of another form
    └── IndexingError     the index is missing, damaged or made by something else

Each message says what was wanted, what was found and what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class BasisError(Exception):
    """Something a person has to mend; `exit_code` is what the command returns."""

    exit_code = 3


class UsageError(BasisError):
    """The command was called in a way it cannot follow."""

    exit_code = 2


class ReadingError(BasisError):
    """A file cannot be read: it is damaged, locked, too large, without text, or not what its name says."""


class ModelError(BasisError):
    """The embedding model is missing, or its files are not the expected ones."""


class FetchError(BasisError):
    """Fetching cannot start: a proxy setting or the list of addresses cannot be used."""


class TreatyError(BasisError):
    """A file cannot be read as the text of a treaty."""


class ExportError(BasisError):
    """A library that writes the file is missing or has failed; the message says which."""


class RunError(BasisError):
    """The file of an evaluation is damaged, or of another form than this version writes."""


class IndexingError(BasisError):
    """The index is missing, damaged, or belongs to another model or format."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a file: where it is and what to write instead. `line` counts from 1; 0 means the whole file."""

    file: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class CorpusError(BasisError):
    """Files of the corpus are wrong; nothing was built from them."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        count = len(self.problems)
        lines = "\n".join(str(problem) for problem in self.problems)
        super().__init__(f"The corpus has {count} mistake{'s' if count > 1 else ''}; nothing was built.\n{lines}")
