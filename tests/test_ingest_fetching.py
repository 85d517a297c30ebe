"""Which addresses are asked, and what is taken of what they give. Nothing leaves 127.0.0.1."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest

from ingest.errors import BasisError
from ingest.fetching import arrival
from ingest.fetching.addresses import Candidate
from ingest.fetching.fetch import Attempt, Fetched, fetch
from tests.local_server import BLOCKED, CHALLENGE, PAGE, PDF, Asker, Stage, Wire, on_stage, stay_at_home


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


@pytest.fixture
def abroad() -> Iterator[Stage]:
    """A second server, which is not on the allow-list."""
    with on_stage() as stage:
        yield stage


def test_a_pdf_is_fetched_with_a_clear_user_agent_and_unpacked(stage: Stage, ask: Asker) -> None:
    stage.play["/one"] = lambda h: h.answer(body=PDF, Content_Type="application/pdf")
    fetched, attempts = ask("/one")
    assert fetched == Fetched(stage.url("/one"), "cets-201-en.pdf", PDF, "application/pdf")
    assert attempts == ()
    ((_, headers, _),) = stage.asked
    assert headers["User-Agent"].startswith("Basis/")
    assert headers["User-Agent"].endswith(" (offline legal reference; one request a second)")
    assert headers["Accept-Encoding"] == "identity"


def test_an_html_text_is_fetched_where_html_is_wanted(stage: Stage, ask: Asker) -> None:
    stage.play["/one"] = lambda h: h.answer(body=PAGE, Content_Type="text/html")
    fetched, attempts = ask("/one", formats=("html",), contains=("storks NEST",))
    assert fetched == Fetched(stage.url("/one"), "cets-201-en.html", PAGE, "text/html")
    assert attempts == ()


def test_the_form_is_seen_from_the_bytes_not_from_the_stated_type(stage: Stage, ask: Asker) -> None:
    stage.play["/one"] = lambda h: h.answer(body=PDF, Content_Type="text/html")
    fetched, _ = ask("/one", formats=("html", "pdf"))
    assert fetched is not None
    assert fetched.name == "cets-201-en.pdf"


def test_redirects_within_the_allow_list_are_followed(stage: Stage, ask: Asker) -> None:
    stage.play["/old"] = lambda h: h.answer(302, Location="/new?format=pdf")
    stage.play["/new?format=pdf"] = lambda h: h.answer(301, Location=stage.url("/newest"))
    stage.play["/newest"] = lambda h: h.answer(body=PDF)
    fetched, _ = ask("/old")
    assert fetched is not None
    assert fetched.address == stage.url("/newest")
    assert stage.paths() == ["/old", "/new?format=pdf", "/newest"]
    assert ask.watch.slept == [1.0, 1.0]


def test_a_redirect_loop_ends_after_five_redirects(stage: Stage, ask: Asker) -> None:
    stage.play["/a"] = lambda h: h.answer(302, Location="/b")
    stage.play["/b"] = lambda h: h.answer(302, Location="/a")
    assert ask.outcome("/a") == f"redirected more than 5 times, at last to {stage.url('/a')}"
    assert stage.paths() == ["/a", "/b"] * 3


def test_a_foreign_host_is_not_contacted(stage: Stage, abroad: Stage, ask: Asker) -> None:
    abroad.play["/one"] = lambda h: h.answer(body=PDF)
    stage.play["/one"] = lambda h: h.answer(302, Location=abroad.url("/one"))
    assert ask.outcome("/one") == (
        f"HTTP 302: redirected to {abroad.url('/one')}, which is not a place Basis asks (localhost); not followed"
    )
    assert stage.paths() == ["/one"]
    assert abroad.asked == []


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("http://{place}/two", "is not https but 'http'"),
        ("file:///etc/hostname", "is not https but 'file'"),
        ("data:application/pdf,x", "is not https but 'data'"),
        ("https://someone@{place}/two", "carries a user name or password"),
        ("https://{place}@127.0.0.1/two", "carries a user name or password"),
        ("https://127.0.0.1:{port}/two", "names a machine by its number"),
        ("https://[::1]:{port}/two", "names a machine by its number"),
        ("https://2130706433:{port}/two", "is not a place Basis asks (2130706433)"),
        ("//localhost.example.org/two", "is not a place Basis asks (localhost.example.org)"),
        ("https://localhost/two", "is not a place Basis asks (localhost)"),
        ("https://{place}\\@example.org/two", "carries a user name or password"),
        ("https://exa\x01mple.org/", "cannot be read"),
        ("https://localhost:999999/two", "is not a place Basis asks (localhost)"),
    ],
)
def test_redirects_that_lead_astray_are_not_followed(stage: Stage, ask: Asker, target: str, reason: str) -> None:
    target = target.format(place=stage.place, port=stage.server_port)
    stage.play["/one"] = lambda h: h.answer(302, Location=target)
    stage.play["/two"] = lambda h: h.answer(body=PDF)
    assert reason in ask.outcome("/one")
    assert stage.paths() == ["/one"]


@pytest.mark.parametrize("status", [200, 403, 429, 503])
@pytest.mark.parametrize("page", [CHALLENGE, BLOCKED, CHALLENGE.replace(b"</body>", b"<p>wait</p>" * 9_000)])
def test_a_page_that_turns_programs_away_is_recognised(stage: Stage, ask: Asker, status: int, page: bytes) -> None:
    stage.play["/one"] = lambda h: h.answer(status, page, Content_Type="application/pdf")
    outcome = ask.outcome("/one", formats=("pdf", "html"))
    assert outcome.endswith("a page that turns programs away")
    assert outcome.startswith("a page" if status == 200 else f"HTTP {status} (")
    assert len(stage.asked) == 1  # asking again would not help


def test_a_challenge_is_recognised_by_its_header(stage: Stage, ask: Asker) -> None:
    stage.play["/one"] = lambda h: h.answer(
        403, gzip.compress(CHALLENGE), Content_Encoding="gzip", cf_mitigated="challenge"
    )
    assert ask.outcome("/one") == "HTTP 403 (Forbidden) with a page that turns programs away"


def test_a_long_text_with_a_line_about_javascript_is_no_challenge(stage: Stage, ask: Asker) -> None:
    text = PAGE.replace(b"<h1>", b"<noscript>Please enable JavaScript to use the menu.</noscript><h1>")
    stage.play["/one"] = lambda h: h.answer(body=text)
    fetched, _ = ask("/one", formats=("html",))
    assert fetched is not None
    assert fetched.data == text


@pytest.mark.parametrize(
    ("body", "formats", "outcome"),
    [
        (PAGE, ("pdf",), "HTML in place of PDF"),
        (b"\xef\xbb\xbf  \n" + PAGE, ("pdf",), "HTML in place of PDF"),
        (PDF, ("html", "xml"), "PDF in place of HTML or XML"),
        (b'<?xml version="1.0"?><a>Storks</a>', ("html",), "XML in place of HTML"),
        (b"", ("pdf",), "an empty file"),
        (b"PK\x03\x04" + b"0" * 50, ("pdf",), "neither PDF nor HTML nor XML, wanted PDF"),
        (b"\x00\xff" * 50, ("pdf",), "neither PDF nor HTML nor XML, wanted PDF"),
        (PDF[:-10], ("pdf",), "a PDF that breaks off before its end"),
        (PAGE, ("html",), "another text: 'herons' does not occur in it"),
    ],
)
def test_what_is_not_the_text_at_first_sight_is_not_taken(
    stage: Stage, ask: Asker, body: bytes, formats: tuple[str, ...], outcome: str
) -> None:
    stage.play["/one"] = lambda h: h.answer(body=body, Content_Type="application/pdf")
    assert ask.outcome("/one", formats=formats, contains=("storks", "herons")) == outcome


def test_words_are_found_whatever_the_encoding_and_the_tags_between(stage: Stage, ask: Asker) -> None:
    text = "<html><body><p>Les preuves&nbsp;<i>électroniques</i></p><script>cigogne</script></body></html>"
    stage.play["/one"] = lambda h: h.answer(body=text.encode("cp1252"))
    fetched, _ = ask("/one", formats=("html",), contains=("preuves électroniques",))
    assert fetched is not None
    assert ask.outcome("/one", formats=("html",), contains=("cigogne",)).startswith("another text")


def test_the_wrong_treaty_leads_to_the_next_address(stage: Stage, ask: Asker) -> None:
    other = PDF.replace(b"words of our own", b"words of another")
    stage.play["/one"] = lambda h: h.answer(body=other)
    stage.play["/two"] = lambda h: h.answer(body=PDF)
    ask.judge = lambda fetched: None if b"our own" in fetched.data else "48 articles, wanted 50"
    fetched, attempts = ask("/one", "/two")
    assert fetched is not None
    assert (fetched.address, fetched.data) == (stage.url("/two"), PDF)
    assert attempts == (Attempt(stage.url("/one"), "48 articles, wanted 50"),)


def test_an_error_of_the_judge_is_its_reason(stage: Stage, ask: Asker) -> None:
    def judge(fetched: Fetched) -> str | None:
        raise BasisError(f"{fetched.name} is encrypted; save it without a password")

    stage.play["/one"] = lambda h: h.answer(body=PDF)
    ask.judge = judge
    assert ask.outcome("/one") == "cets-201-en.pdf is encrypted; save it without a password"


def test_addresses_are_asked_in_order_until_one_serves(stage: Stage, ask: Asker) -> None:
    said: list[str] = []
    stage.play |= {
        "/one": lambda h: h.answer(403, CHALLENGE),
        "/two": lambda h: h.answer(body=PAGE),
        "/three": lambda h: h.answer(body=PDF),
        "/four": lambda h: h.answer(body=PDF),
    }
    fetched, attempts = fetch(
        "cets-201", "en", judge=lambda _: None, pace=ask.pace, transport=Wire(), progress=said.append,
        allowed=frozenset({stage.place}),
        among=tuple(Candidate(stage.url(path), ("pdf",)) for path in ("/one", "/two", "/three", "/four")),
    )  # fmt: skip
    assert fetched is not None
    assert fetched.address == stage.url("/three")
    assert attempts == (
        Attempt(stage.url("/one"), "HTTP 403 (Forbidden) with a page that turns programs away"),
        Attempt(stage.url("/two"), "HTML in place of PDF"),
    )
    assert stage.paths() == ["/one", "/two", "/three"]
    assert said == [stage.url("/one"), stage.url("/two"), stage.url("/three")]


def test_the_newest_version_is_taken_from_the_list_of_versions(stage: Stage, ask: Asker) -> None:
    text = (
        b'<?xml version="1.0"?><toestand><kop><label>Article</label> <nr>1</nr></kop><al>Storks nest.</al></toestand>'
    )
    item = "2010-07-01_0/xml/BWBV0004127_2010-07-01_0.xml"
    stage.play["/bwb/BWBV0004127/manifest.xml"] = lambda h: h.answer(
        body=f'<?xml version="1.0"?><work label="BWBV0004127" _latestItem="{item}"/>'.encode()
    )
    stage.play[f"/bwb/BWBV0004127/{item}"] = lambda h: h.answer(body=text, Content_Type="application/xml")
    fetched, attempts = ask("/bwb/BWBV0004127/manifest.xml", formats=("xml",), contains=("article 1",), manifest=True)
    assert fetched == Fetched(stage.url(f"/bwb/BWBV0004127/{item}"), "cets-201-en.xml", text, "application/xml")
    assert attempts == ()


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b'<work _latestItem="../../elsewhere.xml"/>', "not the expected list of versions"),
        (b'<work _latestItem="https://example.org/2010-07-01_0/xml/x.xml"/>', "not the expected list of versions"),
        (b"<work/>", "not the expected list of versions"),
        (b"<work " * 30_000, "not the expected list of versions"),  # at once, not after minutes
        (CHALLENGE, "not the expected list of versions but a page that turns programs away"),
    ],
)
def test_a_list_of_versions_that_names_none_is_not_followed(
    stage: Stage, ask: Asker, body: bytes, outcome: str
) -> None:
    stage.play["/manifest.xml"] = lambda h: h.answer(body=body)
    assert ask.outcome("/manifest.xml", formats=("xml",), manifest=True) == outcome
    assert stage.paths() == ["/manifest.xml"]


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (PDF, "pdf"),
        (b"\n\n" + PDF, "pdf"),
        (PAGE, "html"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html><html/>', "html"),
        (b"<toestand/>", "xml"),
        (b"<3 storks", None),
        (b"words", None),
        (b"", None),
    ],
)
def test_the_form_of_a_file(data: bytes, form: str | None) -> None:
    assert arrival.form(data) == form
