"""Downloads one address: politely, within limits, redirects checked one by one, a broken download taken up again."""

from __future__ import annotations

import datetime
import email.utils
import http
import importlib.metadata
import re
import socket
import ssl
import threading
from dataclasses import dataclass, field
from typing import NoReturn

import httpx

from ingest.errors import FetchError
from ingest.fetching.addresses import objection, place
from ingest.fetching.arrival import wards_off
from ingest.fetching.pace import Pace

_ASK_AGAIN = frozenset({429, 502, 503, 504})
_ERROR_PAGE = 65_536  # bytes of an error page that are looked at
_RANGE = re.compile(r"bytes (\d{1,12})-\d{1,12}/(\d{1,12}|\*)")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much. Seconds, bytes, counts; `total` is for one address with its redirects and retries."""

    connect: float = 10.0
    read: float = 20.0
    total: float = 120.0
    size: int = 30_000_000
    redirects: int = 5
    retries: int = 3
    backoff: float = 1.0  # doubled each time
    longest_wait: float = 10.0  # a host that asks for more is left alone


LIMITS = Limits()


class NotTaken(Exception):
    """The address is done with; the message is the outcome."""


class _Redirected(Exception):
    """The answer names another address: its status, and the address as it was written."""

    def __init__(self, status: int, location: str) -> None:
        super().__init__(f"HTTP {status}")
        self.location = location


class _AskAgain(Exception):
    """It may go better later: the reason, the host, and how long it asked to be left alone (None: it did not say)."""

    def __init__(self, reason: str, host: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.host = host
        self.wait = wait


@dataclass(slots=True)
class _Body:
    """The bytes that have come so far, and what is needed to ask for the rest."""

    data: bytearray = field(default_factory=bytearray)
    total: int | None = None
    tag: str | None = None
    version: str | None = None  # ETag or Last-Modified, where the server also serves ranges

    def restart(self, headers: httpx.Headers | None = None) -> None:
        self.data.clear()
        self.total = self.tag = self.version = None
        if headers is not None:
            length = headers.get("content-length", "")
            self.total = int(length) if re.fullmatch(r"\d{1,15}", length) else None
            self.tag = headers.get("etag")
            if headers.get("accept-ranges", "").strip().lower() == "bytes":
                weak = self.tag is None or self.tag.startswith("W/")
                self.version = headers.get("last-modified") if weak else self.tag

    def continued_by(self, headers: httpx.Headers) -> bool:
        """Whether a partial answer starts where the bytes so far end, in the same version of the same size."""
        match = _RANGE.fullmatch(headers.get("content-range", "").strip())
        if match is None or int(match[1]) != len(self.data) or headers.get("etag", self.tag) != self.tag:
            return False
        size = self.total if match[2] == "*" else int(match[2])
        if self.total is None:
            self.total = size
        return size == self.total


@dataclass(frozen=True, slots=True)
class Download:
    """An open `client` with its limits. Once `stop` is set, no further request is made and no further byte is kept."""

    session: httpx.Client
    limits: Limits
    pace: Pace
    allowed: frozenset[str]
    stop: threading.Event

    def get(self, address: str) -> tuple[httpx.Response, bytes]:
        """The answer at `address`, redirects followed, broken downloads resumed. Raises NotTaken."""
        body, count = _Body(), 0
        while True:
            try:
                response = self._ask(address, body)
                return response, bytes(body.data)
            except _AskAgain as again:
                if again.wait is not None:
                    self.pace.hold(again.host, again.wait)
                    if again.wait > self.limits.longest_wait:
                        raise NotTaken(f"{again}; {again.host} asks to be left alone for {again.wait:.0f} s") from None
                if count == self.limits.retries:
                    raise NotTaken(f"{again} (asked {count + 1} times)") from None
                if again.wait is None:
                    self.pace.hold(again.host, self.limits.backoff * 2**count)
                count += 1

    def _ask(self, address: str, body: _Body) -> httpx.Response:
        url, hop = parsed(address), ""
        for _ in range(self.limits.redirects + 1):
            if reason := objection(url, self.allowed):
                raise NotTaken(
                    f"{hop or 'not asked: '}{str(url)[:200]}, which {reason}" + ("; not followed" * bool(hop))
                )
            host = place(url)
            if (due := self.pace.due(host)) > self.limits.longest_wait:
                raise NotTaken(f"not asked: {host} asked to be left alone for another {due:.0f} s")
            self.pace.wait(host)
            self._check()
            headers = {}
            if body.data and body.version:
                headers = {"Range": f"bytes={len(body.data)}-", "If-Range": body.version}
            try:
                with self.session.stream("GET", url, headers=headers) as response:
                    self._receive(response, body, host)
                    return response
            except _Redirected as redirected:
                url, hop = parsed(redirected.location, url), f"{redirected}: redirected to "
            except httpx.TimeoutException:
                raise _AskAgain("no answer in time", host) from None
            except (httpx.ReadError, httpx.RemoteProtocolError):
                raise _AskAgain("the connection was closed without a readable answer", host) from None
            except httpx.TransportError as error:
                raise NotTaken(_cause(error)) from None
            finally:
                self.pace.rest(host)
        raise NotTaken(f"redirected more than {self.limits.redirects} times, at last to {str(url)[:200]}")

    def _receive(self, response: httpx.Response, body: _Body, host: str) -> None:
        """Read the body of an answer onto the bytes so far."""
        status = response.status_code
        if status in (206, 416) and body.data and not (status == 206 and body.continued_by(response.headers)):
            body.restart()
            raise _AskAgain("the server could not continue the broken download", host, 0.0)
        if status == 200:
            body.restart(response.headers)
        elif status != 206 or not body.data:
            _refused(response, host)
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in ("identity", ""):
            raise NotTaken(f"sent packed ({encoding[:30]!r}) although it was asked for as it is")
        most = self.limits.size
        too_big = f"larger than {most:,} bytes; such a file is no treaty"
        if (body.total or 0) > most:
            raise NotTaken(too_big)
        broken = False
        try:
            for chunk in response.iter_raw():
                self._check()
                body.data += chunk
                if len(body.data) > most:
                    raise NotTaken(too_big)
        except (httpx.TimeoutException, httpx.ReadError, httpx.RemoteProtocolError):
            broken = True
        if broken or (body.total is not None and len(body.data) != body.total):
            came = f"{len(body.data):,} of {'an unknown number of' if body.total is None else f'{body.total:,}'} bytes"
            if body.version is None or not broken:
                body.restart()
            raise _AskAgain(f"cut short: {came} came", host)

    def _check(self) -> None:
        if self.stop.is_set():
            raise NotTaken("given up")


def _halt(response: httpx.Response) -> None:
    """Stop at a redirect before the library reads its target: what may be followed is decided here."""
    if response.has_redirect_location:
        raise _Redirected(response.status_code, response.headers["location"])


def agent() -> str:
    """How Basis introduces itself."""
    try:
        version = importlib.metadata.version("basis")
    except importlib.metadata.PackageNotFoundError:
        version = "from-source"
    return f"Basis/{version} (offline legal reference; one request a second)"


def client(lang: str, limits: Limits, transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """The client that `Download` needs. Raises FetchError if the settings of the environment cannot be used."""
    headers = {
        "User-Agent": agent(), "Accept": "application/pdf, text/html, application/xml;q=0.9, */*;q=0.1",
        "Accept-Encoding": "identity", "Accept-Language": lang,
    }  # fmt: skip
    timeout = httpx.Timeout(limits.read, connect=limits.connect)
    try:
        return httpx.Client(transport=transport, headers=headers, timeout=timeout, event_hooks={"response": [_halt]})
    except (ValueError, ImportError, OSError, httpx.InvalidURL) as error:
        raise FetchError(
            f"The network settings cannot be used ({error}); look at HTTPS_PROXY, ALL_PROXY, NO_PROXY and SSL_CERT_FILE "
            "in the environment."
        ) from error


def parsed(address: str, base: httpx.URL | None = None) -> httpx.URL:
    """The address as seen from `base`. Raises NotTaken if it cannot be read."""
    try:
        return httpx.URL(address) if base is None else base.join(address)
    except (httpx.InvalidURL, ValueError):
        raise NotTaken("the address" + (" it redirects to" if base else "") + " cannot be read") from None


def _refused(response: httpx.Response, host: str) -> NoReturn:
    """An answer that is not the text: a page that wards off programs, a host that is busy, an error."""
    status = response.status_code
    try:
        name = f"HTTP {status} ({http.HTTPStatus(status).phrase})"
    except ValueError:
        name = f"HTTP {status}"
    page = bytearray()
    if "content-encoding" not in response.headers:
        try:
            for chunk in response.iter_raw():
                page += chunk
                if len(page) > _ERROR_PAGE:
                    break
        except httpx.TransportError:
            pass  # the status is enough
    if wards_off(bytes(page), response.headers):
        raise NotTaken(f"{name} with a page that turns programs away")
    if status in _ASK_AGAIN:
        raise _AskAgain(name, host, _wanted_pause(response.headers.get("retry-after", "").strip()))
    raise NotTaken(name)


def _wanted_pause(value: str) -> float | None:
    """The seconds of a Retry-After header, given as a number or as a date; None if there are none."""
    if re.fullmatch(r"\d{1,9}", value):
        return float(value)
    try:
        date = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    if date.tzinfo is None:  # "-0000": universal time, said to be of unknown origin
        date = date.replace(tzinfo=datetime.UTC)
    return max(0.0, (date - datetime.datetime.now(datetime.UTC)).total_seconds())


def _cause(error: BaseException) -> str:
    """Why no connection came about, in words."""
    name = type(error).__name__
    if isinstance(error, httpx.ProxyError):
        return "the proxy named in the environment did not let it through"
    link: BaseException | None = error
    while link is not None:
        if isinstance(link, socket.gaierror):
            return "the name of the host could not be looked up (no network, or no such host)"
        if isinstance(link, ConnectionRefusedError):
            return "the connection was refused"
        if isinstance(link, ssl.SSLCertVerificationError):
            return "the certificate of the host is not trusted"
        if isinstance(link, ssl.SSLError):
            return "no secure connection came about"
        link = link.__cause__ or link.__context__
    return f"no connection ({name})"
