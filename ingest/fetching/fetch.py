"""Asks the official addresses of a text, one after the other, until one gives it.

After `fetch`, the following holds:
1. only https addresses whose host is on the allow-list were asked, redirects included;
2. a host was asked at most once in the time of `Pace` (one second), and not before it said it may be asked again;
3. what is returned is whole, has the form that its address may give, is no page that wards off programs, is at most
   `Limits.size` bytes, and was accepted by the caller's `judge`;
4. each address that gave nothing usable is in the attempts, with the reason in words.

None of the addresses in `corpus/addresses.yaml` has been tried live; the Council of Europe's hosts are known to refuse
programs. Proxy settings of the environment are honoured.
"""

from __future__ import annotations

import functools
import queue
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import httpx

from ingest.errors import BasisError
from ingest.fetching.addresses import HOSTS, Candidate, by_hand, candidates
from ingest.fetching.arrival import flaw, form, wards_off
from ingest.fetching.download import LIMITS, Download, Limits, NotTaken, client, parsed
from ingest.fetching.pace import Pace

__all__ = [
    "HOSTS",
    "LIMITS",
    "PACE",
    "Attempt",
    "Candidate",
    "Fetched",
    "Limits",
    "Pace",
    "by_hand",
    "candidates",
    "fetch",
]

_NEWEST = re.compile(rb'\s_latestItem=["\'](\d{4}-\d\d-\d\d_\d+/xml/BWB[A-Z]\d{7}_\d{4}-\d\d-\d\d_\d+\.xml)["\']')
_T = TypeVar("_T")
PACE = Pace()  # one for the process: two calls of `fetch` must not add up to two requests a second


@dataclass(frozen=True, slots=True)
class Fetched:
    """A text as it came: the address it came from in the end, a file name of ours, its bytes, the type it was given."""

    address: str
    name: str
    data: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """An address that gave nothing usable: what came instead, and why it was not taken, in words."""

    address: str
    outcome: str


def _bring(
    candidate: Candidate, limits: Limits, pace: Pace, allowed: frozenset[str],
    transport: httpx.BaseTransport | None, lang: str, stop: threading.Event,
) -> tuple[httpx.Response, bytes]:  # fmt: skip
    """Ask one address for its text. Raises NotTaken, also for what is not the text at first sight."""
    with client(lang, limits, transport) as session:
        asking = Download(session, limits, pace, allowed, stop)
        response, data = asking.get(candidate.address)
        if candidate.manifest:
            tag = data.partition(b"<work")[2][:2_000].partition(b">")[0]
            newest = _NEWEST.search(tag)
            if newest is None:
                page = " but a page that turns programs away" if wards_off(data, response.headers) else ""
                raise NotTaken(f"not the expected list of versions{page}")
            response, data = asking.get(str(parsed(newest[1].decode("ascii"), httpx.URL(candidate.address))))
    if reason := flaw(candidate, response.headers, data):
        raise NotTaken(reason)
    return response, data


def _within(seconds: float, work: Callable[[threading.Event], _T]) -> _T:
    """The result of `work`, or NotTaken after `seconds`, whatever it is waiting for.

    A time-out of the socket does not bound the looking up of a name, nor a server that sends a byte now and then. The
    thread left behind stops by itself at the next byte or time-out, and does not keep the program from ending.
    """
    done: queue.SimpleQueue[tuple[_T | None, BaseException | None]] = queue.SimpleQueue()
    stop = threading.Event()

    def run() -> None:
        try:
            done.put((work(stop), None))
        except BaseException as error:
            done.put((None, error))

    threading.Thread(target=run, name="fetching", daemon=True).start()
    try:
        result, error = done.get(timeout=seconds)
    except queue.Empty:
        raise NotTaken(f"not done within {seconds:g} s") from None
    finally:
        stop.set()
    if error is not None:
        raise error
    return result  # type: ignore[return-value]  # no error: it is the result


def fetch(
    instrument: str, lang: str, *, judge: Callable[[Fetched], str | None], among: tuple[Candidate, ...] | None = None,
    limits: Limits = LIMITS, pace: Pace = PACE, allowed: frozenset[str] = HOSTS,
    transport: httpx.BaseTransport | None = None, progress: Callable[[str], None] | None = None,
) -> tuple[Fetched | None, tuple[Attempt, ...]]:  # fmt: skip
    """The text of `instrument` in `lang` from the first address that gives it, and the addresses that did not.

    `judge` reads what came and says why it is not the text, or None if it is; a BasisError it raises is such a reason.
    `among` replaces the addresses of the list, `transport` the network (the proxy settings are then not used).
    `progress` is called with each address before it is asked. Raises FetchError if the network settings are unusable.
    """
    attempts: list[Attempt] = []
    for candidate in candidates(instrument, lang) if among is None else among:
        if progress is not None:
            progress(candidate.address)
        try:
            response, data = _within(
                limits.total, functools.partial(_bring, candidate, limits, pace, allowed, transport, lang)
            )
        except NotTaken as outcome:
            attempts.append(Attempt(candidate.address, str(outcome)))
            continue
        name = f"{instrument}-{lang}.{form(data)}"
        fetched = Fetched(str(response.url), name, data, response.headers.get("content-type", ""))
        try:
            reason = judge(fetched)
        except BasisError as error:
            reason = str(error)
        if reason is None:
            return fetched, tuple(attempts)
        attempts.append(Attempt(candidate.address, reason))
    return None, tuple(attempts)
