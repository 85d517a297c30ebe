"""Servers on this machine that play what the real ones are known to do, and a way to ask them.

The addresses are https, as fetching demands; the transport `Wire` carries them to the local servers without TLS.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from ingest.fetching.addresses import Candidate
from ingest.fetching.fetch import Attempt, Fetched, Limits, Pace, fetch

PDF = b"%PDF-1.7\n" + b"words of our own\n" * 200 + b"%%EOF\n"
PAGE = b"<!DOCTYPE html><html><head><title>Our text</title></head><body><h1>Storks</h1>" + b"<p>Storks nest on roofs.</p>" * 300 + b"</body></html>"  # fmt: skip
CHALLENGE = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><noscript>Enable JavaScript and cookies to continue</noscript><script>var x = 1;</script></body></html>"  # fmt: skip
BLOCKED = b"<html><head><title>Notice</title></head><body><h1>Sorry, you have been blocked</h1></body></html>"

Play = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    server: Stage

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers), time.monotonic()))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.server.play[self.path](self)
        self.close_connection = True

    def answer(self, status: int = 200, body: bytes = b"", length: int | None = None, **headers: str) -> None:
        """One answer; `length` is what Content-Length says, by default the truth, -1 for no such line."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if length != -1:
            self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


class Stage(ThreadingHTTPServer):
    """A server on this machine: `play` says what each path does, `asked` holds each request with the time it came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.play: dict[str, Play] = {}
        self.asked: list[tuple[str, dict[str, str], float]] = []
        self.over = threading.Event()

    @property
    def place(self) -> str:
        return f"localhost:{self.server_port}"

    def url(self, path: str) -> str:
        return f"https://{self.place}{path}"

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.asked]


class Wire(httpx.BaseTransport):
    """Carries https requests over plain connections, to this machine only."""

    def __init__(self) -> None:
        self.inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert request.url.scheme == "https"
        assert request.url.host == "localhost"
        url = request.url.copy_with(scheme="http")
        return self.inner.handle_request(
            httpx.Request(request.method, url, headers=request.headers, extensions=request.extensions)
        )

    def close(self) -> None:
        self.inner.close()


@dataclass
class Watch:
    """A clock that sleeping moves on."""

    now: float = 1_000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


@contextlib.contextmanager
def on_stage() -> Iterator[Stage]:
    """A running server."""
    stage = Stage()
    threading.Thread(target=stage.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield stage
    stage.over.set()
    stage.shutdown()
    stage.server_close()


def stay_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on no name but this machine's can be looked up, and no proxy is set."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    look_up = socket.getaddrinfo

    def at_home(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host in ("localhost", "127.0.0.1"):
            return look_up("127.0.0.1", *args, **kwargs)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", at_home)


@dataclass
class Asker:
    """Calls `fetch` with short limits, a clock of its own and the stage as the only place allowed."""

    stage: Stage
    watch: Watch = field(default_factory=Watch)
    limits: Limits = field(default_factory=lambda: Limits(connect=2, read=2, total=5, size=200_000))
    judge: Callable[[Fetched], str | None] = lambda _: None
    pace: Pace = field(init=False)

    def __post_init__(self) -> None:
        self.pace = Pace(1.0, lambda: self.watch.now, self.watch.sleep)

    def __call__(self, *paths: str, formats: tuple[str, ...] = ("pdf",), contains: tuple[str, ...] = (), manifest: bool = False) -> tuple[Fetched | None, tuple[Attempt, ...]]:  # fmt: skip
        return fetch(
            "cets-201", "en", judge=self.judge, limits=self.limits, pace=self.pace, transport=Wire(),
            allowed=frozenset({self.stage.place}),
            among=tuple(Candidate(self.stage.url(path), formats, contains, manifest) for path in paths),
        )  # fmt: skip

    def outcome(self, path: str, **how: Any) -> str:
        """Why nothing came of one address."""
        fetched, attempts = self(path, **how)
        assert fetched is None
        assert [attempt.address for attempt in attempts] == [self.stage.url(path)]
        return attempts[0].outcome
