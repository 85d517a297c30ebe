"""Tells the format of a file from its content: magic bytes first, then how its text begins.

A name is no evidence: a PDF called .txt is a PDF, and a picture called .pdf is refused for what it is.
"""

from __future__ import annotations

import io
import re
import zipfile

from ingest.errors import ReadingError
from ingest.readers import characters

_WANTED = "add a PDF, DOCX, HTML, Markdown or text file"

# What else comes under the name of a document: the first bytes, what it is, what to do.
_FOREIGN = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture", "run OCR on it, or find the document as text"),
    (b"\xff\xd8\xff", "a JPEG picture", "run OCR on it, or find the document as text"),
    (b"GIF87a", "a GIF picture", _WANTED),
    (b"GIF89a", "a GIF picture", _WANTED),
    (b"II*\0", "a TIFF picture", "run OCR on it, or find the document as text"),
    (b"MM\0*", "a TIFF picture", "run OCR on it, or find the document as text"),
    (b"{\\rtf", "an RTF document", "save it as DOCX or PDF"),
    (b"%!PS", "a PostScript file", "save it as PDF"),
    (b"\x7fELF", "a program", _WANTED),
    (b"\xcf\xfa\xed\xfe", "a program", _WANTED),
    (b"\xca\xfe\xba\xbe", "a program", _WANTED),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"BZh91AY&SY", "a bzip2 archive", "unpack it first"),
    (b"\xfd7zXZ\0", "an xz archive", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it first"),
    (b"Rar!\x1a\x07", "a RAR archive", "unpack it first"),
    (b"PK\x05\x06", "an empty ZIP archive", _WANTED),
    (b"SQLite format 3\0", "a database", _WANTED),
    (b"OggS\0", "a sound or film", _WANTED),
    (b"ID3\x03", "a sound", _WANTED),
    (b"ID3\x04", "a sound", _WANTED),
)
_IN_ZIP = (
    ("xl/", "an Excel workbook", "save the text as DOCX or PDF"),
    ("ppt/", "a PowerPoint presentation", "save it as PDF"),
    ("META-INF/container.xml", "an EPUB book", "save it as PDF or text"),
    ("content.xml", "an OpenDocument file", "save it as DOCX or PDF"),
)
_HTML_START = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.I)
_HTML_SIGN = re.compile(r"</(?:html|body|div|p|table|ul|ol|article|section|h[1-6])\s*>", re.I)
_SKIPPED = re.compile(r"(?:\s|<!--(?:(?!-->).){0,2000}-->|<\?xml[^>]{0,200}\?>)*", re.S)
_XML_START = re.compile(r"<(?:\?xml\b|!DOCTYPE\b|[A-Za-z_][\w.:-]*(?:\s[^<>]*)?/?>)")
_MARKDOWN_HEADING = re.compile(r"^#{1,6}[ \t]*\S", re.M)
_MARKDOWN_SIGN = re.compile(r"\*\*\S|\]\([^()\s]|^\[\^|^[-*] \S|^---$", re.M)


def format_of(name: str, data: bytes) -> str:
    """ "pdf", "docx", "html", "xml", "markdown" or "text"; ReadingError says what the file is where it is none of these."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf\t\n\r\f ")
    # Readers allow some bytes before the header (a mail's or a server's); then the end has to be a PDF's too.
    if start.startswith(b"%PDF-") or (b"%PDF-" in data[:1024] and b"%%EOF" in data[-1024:]):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _zip(data)
    _refuse_foreign(data)
    text = characters.decode(data)
    if not text.strip():
        raise ReadingError("it holds nothing but blanks; download or save it again")
    return _text(name, text)


def _refuse_foreign(data: bytes) -> None:
    for magic, what, todo in _FOREIGN:
        if data.startswith(magic):
            raise ReadingError(f"it is {what}, whatever its name says; {todo}")
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise ReadingError("it is an Office document locked with a password; save a copy without the password")
        raise ReadingError("it is a Word 97-2003 document (.doc) or another old Office file; save it as DOCX or PDF")
    if data.startswith(b"MZ") and b"\0" in data[:64]:
        raise ReadingError(f"it is a program, whatever its name says; {_WANTED}")
    if (data[:4] == b"RIFF" and data[8:12] in (b"WEBP", b"WAVE", b"AVI ")) or data[:1] + data[4:8] == b"\0ftyp":
        raise ReadingError(f"it is a picture, sound or film, whatever its name says; {_WANTED}")
    if data[257:262] == b"ustar" and b"\0" in data[:257]:
        raise ReadingError("it is a tar archive; unpack it first")


def _zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, OSError, EOFError) as error:
        raise ReadingError("it is a damaged ZIP or DOCX file; download or save it again") from error
    if "word/document.xml" in names:
        return "docx"
    for part, what, todo in _IN_ZIP:
        if any(entry.startswith(part) for entry in names):
            raise ReadingError(f"it is {what}, whatever its name says; {todo}")
    raise ReadingError("it is a ZIP archive, not a document; unpack it and add the documents in it")


def _text(name: str, text: str) -> str:
    begin = _SKIPPED.match(text, 0, 20_000)
    head = text[begin.end() if begin else 0 :][:2000]
    if _HTML_START.match(head):
        return "html"
    markdown = _MARKDOWN_HEADING.search(text) is not None
    if head.startswith("<") and not markdown:
        if _HTML_SIGN.search(text) and not text.lstrip().startswith("<?xml"):
            return "html"
        if _XML_START.match(head) or text.lstrip().startswith("<?xml"):
            return "xml"
    if name.lower().endswith((".md", ".markdown")) or (markdown and _MARKDOWN_SIGN.search(text)):
        return "markdown"
    return "text" if len(_MARKDOWN_HEADING.findall(text)) < 2 else "markdown"
