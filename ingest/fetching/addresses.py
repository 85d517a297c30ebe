"""Where an official text may be asked for: the addresses in order, and the places that may be asked at all.

The list is `corpus/addresses.yaml`. None of its addresses has been tried live (`verified` is None for all of them):
what comes is judged when it comes.
"""

from __future__ import annotations

import datetime
import ipaddress
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
import yaml

from ingest.corpus_file import corpus_folder
from ingest.errors import FetchError

HOSTS = frozenset({
    "rm.coe.int", "www.coe.int", "pace.coe.int",
    "repository.officiele-overheidspublicaties.nl", "zoek.officielebekendmakingen.nl",
})  # fmt: skip
FORMATS = frozenset({"pdf", "html", "xml"})
_LANGUAGES = {"en": "English", "fr": "French", "de": "German", "nl": "Dutch"}
_TREATY = re.compile(r"c?ets-(\d{3})")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One address at which a text may be had.

    `formats`: what is taken from it, the expected one first. `contains`: words that an HTML or XML text must hold.
    `manifest`: the address gives a list of versions that names the file to fetch, in place of the text itself.
    `verified`: the day on which somebody saw it work; None if nobody did.
    """

    address: str
    formats: tuple[str, ...]
    contains: tuple[str, ...] = ()
    manifest: bool = False
    verified: datetime.date | None = None

    def __post_init__(self) -> None:
        if not self.formats or not FORMATS.issuperset(self.formats):
            raise ValueError(f"formats of {self.address}: write some of {sorted(FORMATS)}, not {self.formats!r}")


@cache
def _listed() -> dict[tuple[str, str], tuple[Candidate, ...]]:
    path = corpus_folder() / "addresses.yaml"
    try:
        data: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(path.read_text(encoding="utf-8"))
        return {
            (instrument, lang): tuple(
                Candidate(
                    row["address"], tuple(row["formats"]), tuple(entry.get("contains", ())),
                    row.get("via") == "manifest", row["verified"] or None,
                )
                for row in entry["candidates"]
            )
            for instrument, languages in data.items() for lang, entry in languages.items()
        }  # fmt: skip
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise FetchError(
            f"The list of addresses {path} cannot be read ({error}); mend it as its first lines say, or install Basis again."
        ) from error


def listed() -> tuple[tuple[str, str], ...]:
    """Every instrument and language for which an address is known, in the order of the list."""
    return tuple(_listed())


def candidates(instrument: str, lang: str) -> tuple[Candidate, ...]:
    """The addresses of one text in the order in which they are tried; empty where none is known."""
    return _listed().get((instrument, lang), ())


def place(url: httpx.URL) -> str:
    """Host of an address, with its port where that is not the usual one of its scheme."""
    host = url.raw_host.decode("ascii")
    return host if url.port is None else f"{host}:{url.port}"


def objection(url: httpx.URL, allowed: frozenset[str] = HOSTS) -> str | None:
    """Why `url` may not be asked for, in words that follow its name, or None if it may.

    `allowed` holds hosts, compared whole; a port other than that of https must be named with its host (`host:8443`).

    >>> objection(httpx.URL("https://rm.coe.int/1680084822"))
    >>> objection(httpx.URL("https://rm.coe.int.example.org/1680084822"))
    'is not a place Basis asks (rm.coe.int.example.org)'
    """
    if url.scheme != "https":
        return f"is not https but {url.scheme or 'nothing'!r}"
    if url.userinfo:
        return "carries a user name or password"
    host = url.raw_host.decode("ascii")
    try:
        ipaddress.ip_address(host)
        return "names a machine by its number"
    except ValueError:
        pass
    if place(url) in allowed:
        return None
    if host in allowed:
        return f"asks for the unusual port {url.port}"
    return f"is not a place Basis asks ({host[:100]})"


def by_hand(instrument: str, lang: str) -> str:
    """What to tell a person when nothing could be fetched: which file to download, and the command that installs it."""
    language = _LANGUAGES.get(lang, lang)
    known = [candidate for candidate in candidates(instrument, lang) if not candidate.manifest]
    treaty = _TREATY.fullmatch(instrument)
    page = (
        f"https://www.coe.int/en/web/conventions/full-list?module=treaty-detail&treatynum={treaty[1]}"
        if treaty
        else None
    )
    name = f"{instrument}-{lang}.{known[0].formats[0] if known else 'pdf'}"
    if known:
        first = f"Open {known[0].address} in a browser: it is the {language} text of {instrument}. Save it as {name}."
        others = [candidate.address for candidate in known[1:]]
        if others or page:
            tail = [f"look for the {language} text on {page}"] if page else []
            first += f"\nIf that does not open: {', or '.join([*(f'try {address}' for address in others), *tail])} (a web page is saved as .html)."
    elif page:
        first = f"Basis knows no address for the {language} text of {instrument}. Look for it on {page} in a browser and save it as {name}."
    else:
        first = f"Basis knows no address for the {language} text of {instrument}. Look for it at its publisher's and save it as {name}."
    return f"{first}\nThen run: basis add {name} --as {instrument} --lang {lang}"
