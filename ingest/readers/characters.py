"""From bytes to characters, and which characters a document may keep.

After `clean`, the following holds:
1. the text is in Unicode's composed form (NFC) and stands on one line;
2. every kind of blank and tab is U+0020;
3. no control, format, private direction or zero-width character is left, nor half a surrogate pair;
4. nothing else was changed: what was left out is counted by name.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter

from ingest.errors import ReadingError

SOFT_HYPHEN = "soft hyphen"
INVISIBLE = "zero-width or direction mark"
CONTROL = "control character"

_BOMS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "", "UTF-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_BREAKS = re.compile("\r\n|[\n\r\v\x1c-\x1e\x85\u2028\u2029]")
_PLAIN = re.compile(r"[ -~]*")
_SEEN_BEFORE_DIGITS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2")  # format characters in print


def decode(data: bytes) -> str:
    """The text in `data`: UTF-8, UTF-16 with its mark, or the old Windows encoding for western Europe (cp1252).

    Raises ReadingError where none fits, or where a NUL shows that it is no text at all.
    """
    for mark, encoding, title in _BOMS:
        if data.startswith(mark):
            if not encoding:
                raise ReadingError(f"it is text in {title}; save it as UTF-8")
            try:
                text = data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise ReadingError(
                    f"it begins like {title} text, but byte {error.start + len(mark)} does not fit that encoding; "
                    "save it again as UTF-8"
                ) from error
            break
    else:
        if b"\0" in data:
            raise ReadingError("it is binary (it holds NUL bytes), not a text; add a PDF, DOCX, HTML, Markdown or text file")  # fmt: skip
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            return _western(data, error)
    if "\0" in text:
        raise ReadingError("it is binary (it holds NUL characters), not a text; add a PDF, DOCX, HTML, Markdown or text file")  # fmt: skip
    return text


def _western(data: bytes, why: UnicodeDecodeError) -> str:
    found = f"byte {why.start} (0x{data[why.start]:02x}) does not fit UTF-8"
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise ReadingError(
            f"its encoding is unknown: {found}, nor does it fit Windows-1252; save it as UTF-8"
        ) from error
    if any(ch < " " and ch not in "\t\n\r\f" for ch in text):
        raise ReadingError(f"its encoding is unknown: {found}, and control characters lie between; save it as UTF-8")
    return text


def split(text: str) -> list[str]:
    """The lines of `text`, at every kind of line break except the form feed (which divides pages)."""
    return _BREAKS.split(text)


def clean(text: str, removed: Counter[str]) -> str:
    """`text` as a document keeps it, without trailing blanks; what is left out is added to `removed`."""
    if _PLAIN.fullmatch(text):
        return text.rstrip()
    kept = []
    for ch in unicodedata.normalize("NFC", text):
        category = unicodedata.category(ch)
        if category in ("Zs", "Zl", "Zp") or ch in "\t\n\r\v\f\x85":
            kept.append(" ")
        elif ch == "\N{SOFT HYPHEN}":
            removed[SOFT_HYPHEN] += 1
        elif category == "Cf" and ch not in _SEEN_BEFORE_DIGITS:
            removed[INVISIBLE] += 1
        elif category in ("Cc", "Cs") or ch in "\ufffe\uffff":
            removed[CONTROL] += 1
        else:
            kept.append(ch)
    # Once more: two letters that an invisible character kept apart may now compose.
    return unicodedata.normalize("NFC", "".join(kept)).rstrip()
