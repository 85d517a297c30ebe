"""Reads one file of any known format into lines.

    pdf       native text, one Line per printed line, with pages       readers/pdf_file.py
    html      one Line per block                                       readers/html_file.py
    docx      one Line per paragraph or table cell                     readers/docx_file.py
    xml       the Dutch open law database's elements                   readers/xml_file.py
    markdown  one Line per line, marks taken off                       readers/markdown_file.py
    text      one Line per line                                        readers/text_file.py

The format is told by the content (readers/recognise.py); the name decides only between Markdown and plain text, where
the content leaves both open.

After `read`, the following holds:
1. no Line is empty, and each is clean (see readers/characters.py);
2. lines stand in reading order, and pages do not decrease;
3. no word was changed, added or joined; what was left out is counted in `Reading.removed`;
4. the same bytes give the same Reading, whatever the file is called.
"""

from __future__ import annotations

import errno
import hashlib
import importlib
import os
import re
import stat
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, cast

from ingest.errors import ReadingError
from ingest.readers import characters, recognise

MAX_BYTES = 100 * 1024 * 1024
MAX_CHARACTERS = 20_000_000  # some 8,000 printed pages


@dataclass(frozen=True, slots=True)
class Line:
    """One line or paragraph of a document as read.

    `text` has no control characters, no trailing blanks and is in composed form. `page` is the physical page, from 1;
    None where the format has no pages. `printed` is the number printed on that page, if one was seen. `heading` is 0
    for body text, 1 to 6 where the format itself marks a heading.
    """

    text: str
    page: int | None = None
    printed: str | None = None
    heading: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.heading <= 6:
            raise ValueError(f"a heading has level 1 to 6, or 0 for none: {self.heading}")


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read. `name` is without folder, `sha256` of the file's bytes; `removed` says what was left out, how often."""

    name: str
    format: str
    sha256: str
    lines: tuple[Line, ...]
    removed: tuple[tuple[str, int], ...]


class Reader(Protocol):
    """What a module of `ingest.readers` offers."""

    def lines(self, data: bytes, removed: Counter[str]) -> Iterable[Line]:
        """The lines of `data`; counts in `removed` what it leaves out; raises ReadingError without the file's name."""
        ...


def read(path: Path) -> Reading:
    """The document in the file at `path`. Raises ReadingError where it is not a plain file or cannot be read."""
    name = _name(str(path))
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        if path.is_symlink():  # said again by O_NOFOLLOW should it change in between
            raise OSError(errno.ELOOP, "")
        with open(path, "rb", opener=lambda file, _: os.open(file, flags)) as file:
            _demand_plain(os.fstat(file.fileno()).st_mode, name)
            data = file.read(MAX_BYTES + 1)
    except ValueError as error:
        raise ReadingError(f"{name} cannot be read: the name holds a NUL character; rename the file") from error
    except OSError as error:
        raise ReadingError(f"{name} cannot be read: {_reason(error)}") from error
    return read_bytes(name, data)


def read_bytes(name: str, data: bytes) -> Reading:
    """The document in `data`. `name` is shown, and its ending consulted only to tell Markdown from plain text."""
    name = _name(name)
    removed: Counter[str] = Counter()
    try:
        if not data:
            raise ReadingError("it is empty (zero bytes); download or save it again")
        if len(data) > MAX_BYTES:
            raise ReadingError(f"it is larger than {MAX_BYTES // 1024 // 1024} MB; split it into parts")
        format = recognise.format_of(name, data)
        reader = cast(Reader, importlib.import_module(f"ingest.readers.{format}_file"))
        lines = tuple(_clean(reader.lines(data, removed), removed))
        if not lines:
            raise ReadingError("no text was found in it; check that it is the document itself")
    except ReadingError as error:
        raise ReadingError(f"{name} cannot be read: {error}") from error.__cause__
    except MemoryError as error:
        raise ReadingError(f"{name} cannot be read: it needs more memory than there is; split it into parts") from error
    counts = tuple(sorted((what, count) for what, count in removed.items() if count))
    return Reading(name, format, hashlib.sha256(data).hexdigest(), lines, counts)


def _clean(lines: Iterable[Line], removed: Counter[str]) -> Iterable[Line]:
    """The lines with clean text; empty ones are dropped."""
    total = 0
    for line in lines:
        total += len(line.text)
        if total > MAX_CHARACTERS:
            raise ReadingError(f"it holds more than {MAX_CHARACTERS:,} characters; split it into parts")
        if text := characters.clean(line.text, removed):
            yield line if text == line.text else replace(line, text=text)


def _name(path: str) -> str:
    """The last part of `path`, safe to show: no folder of any system, no control or direction characters."""
    last = re.split(r"[/\\]", path.rstrip("/\\"))[-1]
    return characters.clean(last.encode("utf-8", "replace").decode(), Counter()).strip() or "the file"


def _demand_plain(mode: int, name: str) -> None:
    """Raises ReadingError unless `mode` is that of a plain file."""
    if not stat.S_ISREG(mode):
        raise ReadingError(f"{name} cannot be read: it is a device or pipe, not a file; name a file")


def _reason(error: OSError) -> str:
    if error.errno == errno.ELOOP:
        return "it is a symbolic link, and Basis follows none; name the file itself"
    if error.errno == errno.ENOENT:
        return "there is no such file; check the path"
    if error.errno == errno.EISDIR:
        return "it is a folder; name a file in it"
    if error.errno in (errno.EACCES, errno.EPERM):
        return "you may not read it; change its permissions"
    if error.errno == errno.ENXIO:
        return "it is a device or pipe, not a file; name a file"
    return f"{error.strerror or error}; check the path"
