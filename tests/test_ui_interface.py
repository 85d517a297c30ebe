"""The interface for programs: the calls themselves, over Gradio's client and over plain HTTP, and the examples of its page."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from ingest.errors import BasisError, UsageError
from ingest.library import Library
from ingest.treaty import Citation
from retriever.assistant import Assistant
from ui.interface import Interface, encodable, held, located
from ui.render import provision_data, reply_data
from ui.views.calls import register

DOCS = Path(__file__).resolve().parent.parent / "docs" / "api.md"
PASSWORD = "p4ss word&+"
NO_PLACE = "no provision {}; wanted an address as cets-201/art_20__para_1; "
pytestmark = pytest.mark.filterwarnings("ignore")


@dataclass
class Held:
    """The desk of the page, as far as the interface knows it."""

    assistant: Assistant


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client reads this when it is made, and reports its use to its makers otherwise."""
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "False")


@pytest.fixture
def interface(hashed: Assistant) -> Interface:
    return Interface(Held(hashed))


def _serve(interface: Interface, password: str | None) -> tuple[gr.Blocks, int]:
    with gr.Blocks(analytics_enabled=False) as page:
        button = gr.Button("a button of the page")
        button.click(lambda: None, None, None, api_visibility="private")
        register(interface)
    page.queue(default_concurrency_limit=8)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    page.launch(
        server_name="127.0.0.1", server_port=port, prevent_thread_lock=True, quiet=True, show_error=False, share=False,
        run_history=False, enable_monitoring=False, ssr_mode=False, auth=("basis", password) if password else None,
    )  # fmt: skip
    return page, port


@pytest.fixture(scope="module")
def port(hashed: Assistant) -> Iterator[int]:
    page, port = _serve(Interface(Held(hashed)), None)
    yield port
    page.close()


@pytest.fixture(scope="module")
def locked_port(hashed: Assistant) -> Iterator[int]:
    page, port = _serve(Interface(Held(hashed)), PASSWORD)
    yield port
    page.close()


def _http(port: int, path: str, body: object = None) -> str:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/gradio_api/{path}", data, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return str(answer.read().decode())


def _called(port: int, name: str, body: object, version: str = "") -> tuple[str, Any]:
    """The event and its data, by two requests as curl makes them."""
    event_id = json.loads(_http(port, f"call/{version}{name}", body))["event_id"]
    found = re.fullmatch(r"event: (\w+)\ndata: (.*)\n\n", _http(port, f"call/{name}/{event_id}"))
    assert found
    return found[1], json.loads(found[2])


def _timeless(data: dict[str, Any]) -> dict[str, Any]:
    assert 0 <= data["latency_ms"] < 60_000
    return {**data, "latency_ms": 0.0}


def test_ask_replies_what_the_command_replies(interface: Interface, hashed: Assistant) -> None:
    reply = interface.ask("Art. 20(1)(e) Lanzarote", None, None, 2, "en")
    assert _timeless(reply) == reply_data(hashed.ask("Art. 20(1)(e) Lanzarote", k=2, lang="en"), None, 0.0)
    assert [hit["rank"] for hit in reply["hits"]] == [1, 2]
    assert reply["hits"][0]["citation"] == "cets-201/art_20__para_1__point_e"


def test_ask_keeps_to_the_instruments_and_reads_the_history(interface: Interface) -> None:
    within = interface.ask("child data", instruments=["ets-185"], k=100)
    assert {hit["instrument"] for hit in within["hits"]} == {"ets-185"}
    assert len(within["hits"]) > 10
    after = interface.ask("and how long must they be kept?", history=["Article 23 of the Lanzarote Convention"])
    assert after["notes"] == ["Understood, from the earlier questions, as being about: Lanzarote Convention."]


def test_the_assistant_is_read_anew_at_each_call(hashed: Assistant) -> None:
    desk = Held(hashed)
    interface = Interface(desk)
    assert interface.show("cets-201/art_23")["citation"] == "cets-201/art_23"
    desk.assistant = None  # type: ignore[assignment]
    with pytest.raises(AttributeError):
        interface.show("cets-201/art_23")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"question": 5}, "wanted a text under `question`, found 5"),
        ({"question": None}, "wanted a text under `question`, found None"),
        ({"question": "q", "history": "before"}, "wanted a list of texts under `history`, found 'before'"),
        ({"question": "q", "history": [1]}, "wanted a list of texts under `history`, found [1]"),
        ({"question": "q", "history": ["a"] * 101}, "wanted at most 100 earlier questions under `history`, found 101"),
        ({"question": "child", "instruments": ["cets-999"]}, "no instrument 'cets-999'; wanted one of cets-201, "),
        ({"question": "q", "k": 0}, "wanted a whole number from 1 to 100 under `k`, found 0"),
        ({"question": "q", "k": 101}, "wanted a whole number from 1 to 100 under `k`, found 101"),
        ({"question": "q", "k": True}, "wanted a whole number from 1 to 100 under `k`, found True"),
        ({"question": "q", "k": "3"}, "wanted a whole number from 1 to 100 under `k`, found '3'"),
        ({"question": "q", "lang": "de"}, "wanted language en or fr, found 'de'"),
        ({"question": "q", "k": "x" * 500}, "wanted a whole number from 1 to 100 under `k`, found '" + "x" * 78 + "…"),
    ],
)
def test_what_ask_cannot_take_is_said(interface: Interface, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as raised:
        interface.ask(**arguments)
    assert str(raised.value).startswith(message)


def test_half_a_surrogate_pair_can_be_written_again(interface: Interface) -> None:
    assert encodable("a\ud800b") == "a?b"
    assert encodable("“é” 🎓") == "“é” 🎓"
    assert interface.ask("Article 23 \udfff Lanzarote")["question"] == "Article 23 ? Lanzarote"


@pytest.mark.parametrize("address", ["cets-201/art_23", "Article 23 of the Lanzarote Convention", "art. 23 Lanzarote"])
def test_show_finds_an_address_and_a_reference(interface: Interface, library: Library, address: str) -> None:
    assert located(library, address) == Citation.parse("cets-201/art_23")
    wording, provision = held(library, Citation.parse("cets-201/art_23"))[0]
    assert wording.name == "restatement-en"
    assert interface.show(address) == provision_data(library, wording, provision)
    assert interface.show(address, "restatement-en") == interface.show(address)


@pytest.mark.parametrize(
    ("address", "expression", "message"),
    [
        ("no sense", "", "wanted an address as cets-201/art_20__para_1, found 'no sense'"),
        ("cets-201/", "", "wanted an address as cets-201/art_20__para_1, found 'cets-201/'"),
        ("", "", "wanted an address as cets-201/art_20__para_1, found ''"),
        ("Article 3", "", "wanted an address as cets-201/art_20__para_1, found 'Article 3'"),
        ("../../etc/passwd", "", "wanted an address as cets-201/art_20__para_1, found '../../etc/passwd'"),
        ("cets-201/art_99", "", NO_PLACE.format("cets-201/art_99") + "cets-201 is held and has no such place"),
        ("cets-201", "", NO_PLACE.format("cets-201") + "cets-201 is a whole text, from cets-201/preamble on"),
        ("cets-999/art_1", "", NO_PLACE.format("cets-999/art_1") + "in one of cets-201, "),
        ("cets-201/art_23", "official-xx", "wanted a wording that holds cets-201/art_23, which are restatement-en;"),
    ],
)
def test_what_show_cannot_find_is_said(interface: Interface, address: str, expression: str, message: str) -> None:
    with pytest.raises(BasisError) as raised:
        interface.show(address, expression)
    assert str(raised.value).startswith(message)


def test_check_tells_what_the_command_tells(interface: Interface, library: Library) -> None:
    from retriever.checking import check
    from ui.checked import checked_data

    text = "Article 23 of the Lanzarote Convention applies, and Article 99 of the Budapest Convention."
    assert interface.check(text) == checked_data(check(library, text))
    assert json.loads(json.dumps(interface.check(text))) == interface.check(text)
    with pytest.raises(UsageError, match="wanted at most 1000000 characters under `text`, found 1000001"):
        interface.check("x" * 1_000_001)
    with pytest.raises(UsageError, match="wanted a text under `text`, found None"):
        interface.check(None)  # type: ignore[arg-type]


def test_the_page_offers_exactly_the_three_calls_with_their_defaults(port: int) -> None:
    offered = json.loads(_http(port, "info"))["named_endpoints"]
    taken = {
        name: [(p["parameter_name"], p["parameter_has_default"], p["parameter_default"]) for p in call["parameters"]]
        for name, call in offered.items()
    }
    question = [("history", True, None), ("instruments", True, None), ("k", True, 10), ("lang", True, "")]
    assert taken == {
        "/ask": [("question", False, None), *question],
        "/show": [("address", False, None), ("expression", True, "")],
        "/check": [("text", False, None)],
    }
    assert offered["/show"]["description"].startswith("Show one provision by its address")
    assert [call["returns"][0]["type"]["type"] for call in offered.values()] == ["object"] * 3


def test_gradios_client_gets_the_same_as_a_direct_call(port: int, interface: Interface) -> None:
    client = Client(f"http://127.0.0.1:{port}", verbose=False, analytics_enabled=False)
    reply = client.predict("Art. 9(2)(c) Budapest", k=3, api_name="/ask")
    assert _timeless(reply) == _timeless(interface.ask("Art. 9(2)(c) Budapest", k=3))
    assert client.predict("cets-201/art_23", api_name="/show") == interface.show("cets-201/art_23")
    with pytest.raises(AppError, match="no provision cets-201/art_99; wanted an address"):
        client.predict("cets-201/art_99", api_name="/show")


def test_plain_http_gets_the_same_as_a_direct_call(port: int, interface: Interface) -> None:
    shown = interface.show("cets-201/art_23")
    assert _called(port, "show", {"data": ["cets-201/art_23", ""]}) == ("complete", [shown])
    assert _called(port, "show", {"address": "cets-201/art_23"}, "v2/") == ("complete", [shown])
    hostile = "<script>alert(1)</script> \u202e Article 23 Lanzarote"
    event, [reply] = _called(port, "ask", {"question": hostile, "k": 1}, "v2/")
    assert (event, reply["question"], reply["hits"][0]["citation"]) == ("complete", hostile, "cets-201/art_23")


def test_bad_input_gets_a_message_and_leaves_no_traceback(port: int, capfd: pytest.CaptureFixture[str]) -> None:
    event, error = _called(port, "ask", {"data": [5, None, None, 10, ""]})
    assert (event, error["error"]) == ("error", "wanted a text under `question`, found 5")
    event, error = _called(port, "show", {"address": "cets-201/art_99"}, "v2/")
    assert event == "error"
    assert error["error"].startswith("no provision cets-201/art_99; wanted an address")
    assert "Traceback" not in "".join(capfd.readouterr())


def test_a_locked_page_answers_no_stranger(locked_port: int) -> None:
    for path in ("info", "call/ask", "call/v2/ask"):
        with pytest.raises(urllib.error.HTTPError) as raised:
            _http(locked_port, path, None if path == "info" else {"question": "x", "data": ["x"]})
        assert raised.value.code == 401


def _examples(language: str, port: int, locked_port: int) -> list[str]:
    blocks = re.findall(rf"^```{language}\n(.*?)^```", DOCS.read_text(encoding="utf-8"), re.M | re.S)
    assert all("127.0.0.1:7860" in block for block in blocks)
    return [block.replace("7860", str(locked_port if "PASSWORD" in block else port)) for block in blocks]


def test_the_python_examples_of_the_documentation_run(
    port: int, locked_port: int, interface: Interface, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BASIS_PASSWORD", PASSWORD)
    printed = []
    for example in _examples("python", port, locked_port):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(compile(example, str(DOCS), "exec"), {})
        printed.append(out.getvalue())
    first, second = printed
    lines = first.splitlines()
    assert lines[:2] == ["answered", "cets-201/art_23 Lanzarote Convention (CETS No. 201), Article 23"]
    assert interface.show("cets-201/art_23")["text"] in first
    assert "Budapest Convention (ETS No. 185), Article 16, paragraph 2 restatement-en" in lines
    assert interface.show("ets-185/art_16__para_2")["text"] in first
    assert lines[-1] == str(interface.check("As Article 99 of the Budapest Convention says"))
    assert second == "Lanzarote Convention (CETS No. 201), Article 23\n"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_curl_examples_of_the_documentation_run(port: int, locked_port: int, tmp_path: Path) -> None:
    citations = []
    for example in _examples("sh", port, locked_port):
        done = subprocess.run(
            ["sh", "-eu", "-c", example], cwd=tmp_path, env={"BASIS_PASSWORD": PASSWORD, "PATH": "/usr/bin:/bin"},
            capture_output=True, text=True, check=True, timeout=60,
        )  # fmt: skip
        found = re.search(r"event: complete\ndata: (.*)\n", done.stdout)
        assert found, done.stdout
        [data] = json.loads(found[1])
        citations.append(data["hits"][0]["citation"] if "hits" in data else data["citation"])
    assert citations == ["cets-201/art_23", "ets-185/art_16__para_2", "cets-201/art_23"]


def test_the_documentation_lists_every_field(interface: Interface) -> None:
    tables = re.findall(r"^\| field \| \|\n\|---\|---\|\n(.*?)\n\n", DOCS.read_text(encoding="utf-8"), re.M | re.S)
    listed = [
        [name for row in table.splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1])] for table in tables
    ]
    reply = interface.ask("Article 23 Lanzarote")
    checked = interface.check("Article 23 of the Lanzarote Convention says “Nobody may take a picture.”")
    assert [sorted(names) for names in listed] == [
        sorted(reply),
        sorted(reply["hits"][0]),
        sorted(interface.show("cets-201/art_23")),
        sorted(checked),
        sorted(checked["references"][0]),
        sorted(checked["quotes"][0]),
    ]
