"""Reads a PDF in a process of its own, so that no file can hang Basis, fill its memory or bring it down.

What is read, and how, stands in `pdf_pages`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator

from ingest.errors import ReadingError
from ingest.reading import Line

MAX_SECONDS = 600  # for the whole file; a page has its own limit


def lines(data: bytes, removed: Counter[str]) -> Iterator[Line]:
    """The printed lines of the PDF in `data`; raises ReadingError where it is locked, damaged, too long or a scan."""
    path = os.pathsep.join(folder for folder in sys.path if folder)
    command = [sys.executable, "-P", "-m", "ingest.readers.pdf_pages"]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=MAX_SECONDS, env={**os.environ, "PYTHONPATH": path}
        )
        answer = json.loads(done.stdout) if done.returncode == 0 else None
    except subprocess.TimeoutExpired as error:
        raise ReadingError(f"the PDF took longer than {MAX_SECONDS // 60} minutes to read; split it into parts") from error  # fmt: skip
    except (OSError, ValueError) as error:
        raise ReadingError(f"the program that reads PDFs did not start or answer ({error}); install Basis again") from error  # fmt: skip
    if answer is None:
        if b"ModuleNotFoundError" in done.stderr:
            raise ReadingError("the program that reads PDFs is not whole; install Basis again")
        raise ReadingError(
            "the PDF brought its reader down or held it too long on one page; it is damaged or made to do harm: get it "
            "from its official address"
        )
    if "refused" in answer:
        raise ReadingError(answer["refused"])
    removed.update(answer["removed"])
    for text, page, printed in answer["lines"]:
        yield Line(text, page, printed)
