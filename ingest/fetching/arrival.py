"""What came from an address, judged by its bytes alone: its form, whether it is whole, whether it turns programs away.

Neither the address nor the type that the server states is believed: a page that wards off programs comes at times with
status 200, and at times as a PDF. Nothing is read here beyond the search for a few words; that is the reader's part.
"""

from __future__ import annotations

import html
import re

import httpx

from ingest.fetching.addresses import Candidate

_SHORT = 5_000  # characters of visible text below which a page that asks for scripts or cookies is no document
_TITLES = re.compile(r"<title[^>]*>\s*(?:just a moment|attention required!|un instant|access denied)", re.I)
_WARDS = re.compile(
    r"enable (?:javascript|cookies)|(?:javascript|cookies) (?:and cookies )?(?:to continue|(?:is|are) (?:required|disabled))"
    r"|activer (?:javascript|les cookies)|just a moment|attention required|you have been blocked|are you (?:a )?human"
    r"|checking your browser",
    re.I,
)


def form(data: bytes) -> str | None:
    """What the bytes are, by how they begin: "pdf", "html", "xml", or None for anything else."""
    head = data[:2_048].removeprefix(b"\xef\xbb\xbf").lstrip()
    if b"%PDF-" in head[:1_024]:
        return "pdf"
    if not head.startswith(b"<"):
        return None
    if re.search(rb"<!doctype html|<html\b|<head\b|<body\b", head, re.I):
        return "html"
    return "xml" if re.match(rb"<[?!a-z_]", head, re.I) else None


def _visible(data: bytes) -> str:
    """The words of an HTML or XML text, tags and scripts left out, blanks made single. Good for looking words up only."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    text = re.sub(r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<[^<>]*>", " ", text, flags=re.I | re.S)
    return " ".join(html.unescape(text).split())


def wards_off(data: bytes, headers: httpx.Headers | None = None) -> bool:
    """Whether a page is one of those that turn programs away in place of the document.

    The usual sentences count only on a short page: a real text may carry a line about JavaScript in its frame.
    """
    if headers is not None and headers.get("cf-mitigated", "").lower() == "challenge":
        return True
    if form(data) in (None, "pdf"):
        return False
    if _TITLES.search(data[:8_192].decode("utf-8", errors="replace")):
        return True
    words = _visible(data)
    return len(words) < _SHORT and _WARDS.search(words) is not None


def flaw(candidate: Candidate, headers: httpx.Headers, data: bytes) -> str | None:
    """Why these bytes cannot be the text, as far as it shows without reading it; None if they may be."""
    if not data:
        return "an empty file"
    if wards_off(data, headers):
        return "a page that turns programs away"
    found = form(data)
    wanted = " or ".join(name.upper() for name in candidate.formats)
    if found is None:
        return f"neither PDF nor HTML nor XML, wanted {wanted}"
    if found not in candidate.formats:
        return f"{found.upper()} in place of {wanted}"
    if found == "pdf":
        return None if b"%%EOF" in data.rstrip(b"\0 \r\n\t")[-4_096:] else "a PDF that breaks off before its end"
    words = _visible(data).casefold()
    missing = [word for word in candidate.contains if word.casefold() not in words]
    return f"another text: {missing[0]!r} does not occur in it" if missing else None
