"""Downloads that break, drip, pack, refuse and come back. Nothing leaves 127.0.0.1."""

from __future__ import annotations

import datetime
import email.utils
import gzip
import itertools
import socket
import time
from collections.abc import Iterator

import pytest

from ingest.errors import FetchError
from ingest.fetching.addresses import Candidate
from ingest.fetching.fetch import Limits, Pace, fetch
from tests.local_server import PDF, Asker, Handler, Stage, Watch, on_stage, stay_at_home


@pytest.fixture(autouse=True)
def _nothing_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    stay_at_home(monkeypatch)


@pytest.fixture
def stage() -> Iterator[Stage]:
    with on_stage() as stage:
        yield stage


@pytest.fixture
def ask(stage: Stage) -> Asker:
    return Asker(stage)


def test_a_truncated_download_is_asked_for_again_and_given_up(stage: Stage, ask: Asker) -> None:
    stage.play["/one"] = lambda h: h.answer(body=PDF[:1_000], length=len(PDF))
    assert ask.outcome("/one") == f"cut short: 1,000 of {len(PDF):,} bytes came (asked 4 times)"
    assert [headers.get("Range") for _, headers, _ in stage.asked] == [None] * 4
    assert ask.watch.slept == [1.0, 2.0, 4.0]


def test_a_broken_download_is_resumed(stage: Stage, ask: Asker) -> None:
    def play(h: Handler) -> None:
        start = int(h.headers["Range"].removeprefix("bytes=").removesuffix("-")) if "Range" in h.headers else 0
        part, head = PDF[start : start + 1_500], {"ETag": '"one"', "Accept_Ranges": "bytes"}
        if start:
            assert h.headers["If-Range"] == '"one"'
            head["Content_Range"] = f"bytes {start}-{len(PDF) - 1}/{len(PDF)}"
        h.answer(206 if start else 200, part, length=len(PDF) - start, **head)

    stage.play["/one"] = play
    fetched, attempts = ask("/one")
    assert fetched is not None
    assert fetched.data == PDF
    assert attempts == ()
    assert [headers.get("Range") for _, headers, _ in stage.asked] == [None, "bytes=1500-", "bytes=3000-"]


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (206, {"Content_Range": f"bytes 0-{len(PDF) - 1}/{len(PDF)}"}),  # from the start after all
        (206, {"Content_Range": f"bytes 1000-{len(PDF)}/{len(PDF) + 1}"}),  # of another size
        (206, {"Content_Range": f"bytes 1000-{len(PDF) - 1}/{len(PDF)}", "ETag": '"two"'}),  # another version
        (206, {}),
        (416, {}),
    ],
)
def test_a_download_that_cannot_be_continued_starts_anew(
    stage: Stage, ask: Asker, status: int, headers: dict[str, str]
) -> None:
    def play(h: Handler) -> None:
        if len(stage.asked) == 1:
            h.answer(200, PDF[:1_000], length=len(PDF), ETag='"one"', Accept_Ranges="bytes")
        elif "Range" in h.headers:
            h.answer(status, PDF[1_000:], **headers)
        else:
            h.answer(200, PDF)

    stage.play["/one"] = play
    fetched, _ = ask("/one")
    assert fetched is not None
    assert fetched.data == PDF
    assert [headers.get("Range") for _, headers, _ in stage.asked] == [None, "bytes=1000-", None]


def test_a_new_version_in_answer_to_a_range_replaces_the_old_bytes(stage: Stage, ask: Asker) -> None:
    new = PDF.replace(b"words", b"WORDS")
    stage.play["/one"] = lambda h: (
        h.answer(200, new)
        if "Range" in h.headers
        else h.answer(200, PDF[:1_000], length=len(PDF), Last_Modified="Mon, 02 Nov 2026 10:00:00 GMT", Accept_Ranges="bytes")
    )  # fmt: skip
    fetched, _ = ask("/one")
    assert fetched is not None
    assert fetched.data == new


def _drip(h: Handler, head: bytes, drop: bytes) -> None:
    h.wfile.write(head)
    while not h.server.over.wait(0.05):
        h.wfile.write(drop)
        h.wfile.flush()


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n%PDF-1.7\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
)
def test_a_server_that_drips_is_left_after_the_total_time(stage: Stage, ask: Asker, head: bytes, drop: bytes) -> None:
    stage.play["/one"] = lambda h: _drip(h, head, drop)
    ask.limits = Limits(total=0.4)
    started = time.monotonic()
    assert ask.outcome("/one") == "not done within 0.4 s"
    assert time.monotonic() - started < 1.5


def test_a_silent_server_is_asked_four_times(stage: Stage, ask: Asker) -> None:
    stage.play["/one"] = lambda h: _drip(h, b"", b"")
    ask.limits = Limits(read=0.1, total=5)
    assert ask.outcome("/one") == "no answer in time (asked 4 times)"
    assert ask.watch.slept == [1.0, 2.0, 4.0]


def test_a_server_that_hangs_up_is_asked_four_times(stage: Stage, ask: Asker) -> None:
    stage.play["/one"] = lambda h: None
    assert ask.outcome("/one") == "the connection was closed without a readable answer (asked 4 times)"
    assert len(stage.asked) == 4


@pytest.mark.parametrize("framing", [b"Transfer-Encoding: chunked\r\n", b"Connection: close\r\n"])
def test_an_endless_body_is_cut_off_at_the_size_limit(stage: Stage, ask: Asker, framing: bytes) -> None:
    sent = 0

    def play(h: Handler) -> None:
        nonlocal sent
        block = b"x" * 10_000
        h.wfile.write(b"HTTP/1.1 200 OK\r\n" + framing + b"\r\n")
        while not stage.over.is_set() and sent < 100_000_000:
            h.wfile.write(b"2710\r\n" + block + b"\r\n" if b"chunked" in framing else block)
            sent += len(block)

    stage.play["/one"] = play
    assert ask.outcome("/one") == "larger than 200,000 bytes; such a file is no treaty"
    assert sent < 20_000_000
    assert len(stage.asked) == 1


def test_a_body_announced_as_too_large_is_not_read(stage: Stage, ask: Asker) -> None:
    stage.play["/one"] = lambda h: h.answer(body=PDF, length=10**12)
    assert ask.outcome("/one") == "larger than 200,000 bytes; such a file is no treaty"


def test_a_content_length_that_says_too_little_leaves_a_pdf_that_breaks_off(stage: Stage, ask: Asker) -> None:
    stage.play["/one"] = lambda h: h.answer(body=PDF, length=500)
    assert ask.outcome("/one") == "a PDF that breaks off before its end"


def test_a_body_without_content_length_is_taken(stage: Stage, ask: Asker) -> None:
    stage.play["/one"] = lambda h: h.answer(body=PDF, length=-1)
    fetched, _ = ask("/one")
    assert fetched is not None
    assert fetched.data == PDF


@pytest.mark.parametrize("encoding", ["gzip", "br", "identity, gzip"])
def test_a_packed_body_is_refused_unopened(stage: Stage, ask: Asker, encoding: str) -> None:
    stage.play["/one"] = lambda h: h.answer(body=gzip.compress(PDF), Content_Encoding=encoding)
    assert ask.outcome("/one") == f"sent packed ({encoding!r}) although it was asked for as it is"


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_server_is_asked_again_after_the_pause_it_wants(stage: Stage, ask: Asker, status: int) -> None:
    stage.play["/one"] = lambda h: (
        h.answer(status, Retry_After="7") if len(stage.asked) == 1 else h.answer(body=PDF)
    )  # fmt: skip
    fetched, attempts = ask("/one")
    assert fetched is not None
    assert attempts == ()
    assert ask.watch.slept == [7.0]


def test_the_pause_may_be_given_as_a_date(stage: Stage, ask: Asker) -> None:
    def play(h: Handler) -> None:
        date = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=6)
        answer = {"status": 503, "Retry_After": email.utils.format_datetime(date, usegmt=True)}
        h.answer(**answer) if len(stage.asked) == 1 else h.answer(body=PDF)  # type: ignore[arg-type]

    stage.play["/one"] = play
    assert ask("/one")[0] is not None
    assert len(ask.watch.slept) == 1
    assert 4 < ask.watch.slept[0] <= 6


def test_a_busy_server_without_a_wish_is_asked_at_growing_distances(stage: Stage, ask: Asker) -> None:
    stage.play["/one"] = lambda h: h.answer(503, Retry_After="soon")
    assert ask.outcome("/one") == "HTTP 503 (Service Unavailable) (asked 4 times)"
    assert ask.watch.slept == [1.0, 2.0, 4.0]


def test_a_host_that_wants_a_long_pause_is_left_alone_at_all_its_addresses(stage: Stage, ask: Asker) -> None:
    stage.play["/one"] = lambda h: h.answer(429, Retry_After="3600")
    fetched, attempts = ask("/one", "/two")
    assert fetched is None
    assert [attempt.outcome for attempt in attempts] == [
        f"HTTP 429 (Too Many Requests); {stage.place} asks to be left alone for 3600 s",
        f"not asked: {stage.place} asked to be left alone for another 3600 s",
    ]
    assert stage.paths() == ["/one"]


@pytest.mark.parametrize(("status", "name"), [(404, "Not Found"), (403, "Forbidden"), (500, "Internal Server Error"), (204, "No Content"), (206, "Partial Content"), (302, "Found"), (799, None)])  # fmt: skip
def test_other_answers_are_final(stage: Stage, ask: Asker, status: int, name: str | None) -> None:
    stage.play["/one"] = lambda h: h.answer(status, b"nothing")
    assert ask.outcome("/one") == (f"HTTP {status} ({name})" if name else "HTTP 799")
    assert len(stage.asked) == 1


def test_requests_to_one_host_keep_their_distance(stage: Stage, ask: Asker) -> None:
    for path in ("/one", "/two", "/three"):
        stage.play[path] = lambda h: h.answer(404)
    ask.pace = Pace(0.3)
    ask("/one", "/two")
    ask("/three")
    times = [at for _, _, at in stage.asked]
    assert len(times) == 3
    assert all(later - earlier >= 0.3 for earlier, later in itertools.pairwise(times))


def test_the_usual_distance_is_a_second_and_holds_per_host() -> None:
    watch = Watch()
    pace = Pace(clock=lambda: watch.now, sleep=watch.sleep)
    for host in ("rm.coe.int", "rm.coe.int", "www.coe.int", "rm.coe.int"):
        pace.wait(host)
    assert watch.slept == [1.0, 1.0]
    watch.now += 0.25
    pace.wait("rm.coe.int")
    assert watch.slept == [1.0, 1.0, 0.75]


def _over_the_real_transport(address: str, place: str) -> str:
    fetched, attempts = fetch(
        "cets-201", "en", judge=lambda _: None, limits=Limits(connect=1, total=5), pace=Pace(0.0),
        allowed=frozenset({place}), among=(Candidate(address, ("pdf",)),),
    )  # fmt: skip
    assert fetched is None
    return attempts[0].outcome


def test_a_name_that_cannot_be_looked_up_is_an_outcome() -> None:
    assert _over_the_real_transport("https://rm.coe.int/1680084822", "rm.coe.int") == (
        "the name of the host could not be looked up (no network, or no such host)"
    )


def test_a_refused_connection_is_an_outcome() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening
        place = f"localhost:{taken.getsockname()[1]}"
        assert _over_the_real_transport(f"https://{place}/one", place) == "the connection was refused"


def test_a_server_without_tls_is_an_outcome(stage: Stage) -> None:
    assert _over_the_real_transport(stage.url("/one"), stage.place) == "no secure connection came about"
    assert stage.asked == []


def test_a_proxy_setting_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://localhost:1")
    with pytest.raises(FetchError, match="HTTPS_PROXY"):
        _over_the_real_transport("https://rm.coe.int/1680084822", "rm.coe.int")


def test_a_proxy_of_the_environment_is_used(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://{stage.place}")  # the stage knows no CONNECT: it answers 501
    assert _over_the_real_transport("https://rm.coe.int/1680084822", "rm.coe.int") == (
        "the proxy named in the environment did not let it through"
    )


@pytest.mark.parametrize("address", ["http://rm.coe.int/1", "https://rm.coe.int:8443/1", "https://example.org/1", "https://rm.coe.int./1", "ftp://rm.coe.int/1", "rm.coe.int/1", "https://", "https://exa\x00mple/"])  # fmt: skip
def test_an_address_outside_the_rules_is_not_asked(address: str) -> None:
    fetched, attempts = fetch("cets-201", "en", judge=lambda _: None, among=(Candidate(address, ("pdf",)),))
    assert fetched is None
    assert attempts[0].outcome.startswith(("not asked: ", "the address cannot be read"))
