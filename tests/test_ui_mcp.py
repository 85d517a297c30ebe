"""The MCP server, spoken to by the SDK's own client: in this process, and over the pipes of a process of its own."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import anyio
import pytest
from mcp import Client, MCPError, StdioServerParameters, stdio_client
from mcp.types import TextContent, TextResourceContents

from ingest.errors import IndexingError, UsageError
from ingest.library import Library
from ingest.treaty import Citation
from retriever.assistant import Assistant
from ui.interface import Interface
from ui.mcp_server import place_text, run, serve, whole_text
from ui.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
START = """
import argparse, sys
from ui.mcp_server import run
from ui.settings import Settings, silence
silence()
sys.exit(run(argparse.Namespace(), Settings.read(None)))
"""
T = TypeVar("T")
INVALID = -32602  # JSON-RPC: invalid parameters


class Held:
    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant


def _spoken(server: Any, talk: Callable[[Client], Awaitable[T]], mode: str = "auto") -> T:
    async def main() -> T:
        async with Client(server, mode=mode) as client:
            return await talk(client)

    return anyio.run(main)


def _environment(data: Path) -> dict[str, str]:
    return {"BASIS_DATA": str(data), "BASIS_EMBEDDER": "hashing:512", "PYTHONPATH": str(ROOT)}


def _process(data: Path) -> Any:
    return stdio_client(StdioServerParameters(command=sys.executable, args=["-c", START], env=_environment(data)))


def _timeless(reply: dict[str, Any]) -> dict[str, Any]:
    return {**reply, "latency_ms": 0.0}


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_process_of_its_own_answers_over_its_pipes(hashed: Assistant, hashed_data: Path, mode: str) -> None:
    interface = Interface(Held(hashed))

    async def talk(client: Client) -> None:
        assert client.server_info is not None
        assert client.server_info.name == "basis"
        asked = await client.call_tool("ask", {"question": "Art. 20(1)(e) Lanzarote", "k": 2})
        assert not asked.is_error
        assert asked.structured_content is not None
        assert _timeless(asked.structured_content) == _timeless(interface.ask("Art. 20(1)(e) Lanzarote", k=2))
        shown = await client.call_tool("show", {"address": "ets-185/art_16__para_2"})
        assert shown.structured_content == interface.show("ets-185/art_16__para_2")
        [content] = shown.content
        assert isinstance(content, TextContent)
        assert json.loads(content.text) == shown.structured_content
        read = await client.read_resource("basis://cets-201/art_23")
        [text] = read.contents
        assert isinstance(text, TextResourceContents)
        assert text.text == place_text(hashed.library, "cets-201/art_23")

    _spoken(_process(hashed_data), talk, mode)


def test_nothing_but_the_protocol_is_written(hashed_data: Path) -> None:
    asked = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
            "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {
            "name": "ask", "arguments": {"question": "<b>Article 23</b>\n\u202e Lanzarote", "k": 1}}},
        {"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {"name": "ask", "arguments": {"question": "q", "k": 0}}},
    ]  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-c", START], env=_environment(hashed_data), stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    giving_up = threading.Timer(60, process.kill)  # a process that says nothing would be waited for without end
    giving_up.start()
    answers = []
    for message in asked:  # one at a time: a process that is told to stop does not finish what it was asked
        process.stdin.write(json.dumps(message) + "\n")
        process.stdin.flush()
        if "id" in message:
            answers.append(json.loads(process.stdout.readline()))
    rest, complaints = process.communicate()
    giving_up.cancel()
    assert (process.returncode, rest) == (0, "")
    assert "Traceback" not in complaints
    assert [(answer["jsonrpc"], answer["id"]) for answer in answers] == [("2.0", 1), ("2.0", 2), ("2.0", 3)]
    refused = answers[2]["result"]
    assert refused["isError"] is True
    assert refused["content"][0]["text"].endswith("wanted a whole number from 1 to 100 under `k`, found 0")


def test_the_three_tools_are_described_and_only_read(hashed: Assistant) -> None:
    listed = _spoken(serve(hashed), lambda client: client.list_tools()).tools
    assert {tool.name: tool.input_schema.get("required") for tool in listed} == {
        "ask": ["question"], "show": ["address"], "check": ["text"],
    }  # fmt: skip
    assert list(listed[0].input_schema["properties"]) == ["question", "history", "instruments", "k", "lang"]
    assert all(tool.annotations is not None and tool.annotations.read_only_hint for tool in listed)
    assert all((tool.output_schema or {})["type"] == "object" for tool in listed)
    assert (listed[1].description or "").startswith("Show one provision by its address")


def test_check_tells_what_the_interface_tells(hashed: Assistant) -> None:
    text = "Article 23 of the Lanzarote Convention applies, and Article 99 of the Budapest Convention."
    told = _spoken(serve(hashed), lambda client: client.call_tool("check", {"text": text}))
    assert told.structured_content == Interface(Held(hashed)).check(text)


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("show", {"address": "cets-201/art_99"}, "no provision cets-201/art_99; wanted an address as "),
        ("ask", {"question": "child", "instruments": ["cets-999"]}, "no instrument 'cets-999'; wanted one of "),
        ("ask", {"question": "child", "lang": "de"}, "wanted language en or fr, found 'de'"),
        ("ask", {"question": 5}, "Input should be a valid string"),
        ("show", {}, "Field required"),
    ],
)
def test_what_a_tool_cannot_take_is_said(hashed: Assistant, tool: str, arguments: dict[str, Any], message: str) -> None:
    failed = _spoken(serve(hashed), lambda client: client.call_tool(tool, arguments))
    assert failed.is_error
    [content] = failed.content
    assert isinstance(content, TextContent)
    assert message in content.text


def test_every_text_is_a_resource_and_every_provision_has_an_address(hashed: Assistant, library: Library) -> None:
    server = serve(hashed)
    listed = _spoken(server, lambda client: client.list_resources()).resources
    assert [str(resource.uri) for resource in listed] == [f"basis://{id_}" for id_ in library.instruments]
    assert listed[0].title == "Lanzarote Convention (CETS No. 201)"
    templates = _spoken(server, lambda client: client.list_resource_templates()).resource_templates
    assert [template.uri_template for template in templates] == ["basis://{instrument}/{place}"]
    for id_ in library.instruments:
        assert library.wordings(id_)[0].source.text in whole_text(library, id_)


def test_a_whole_text_says_what_it_is(hashed: Assistant, library: Library) -> None:
    [content] = _spoken(serve(hashed), lambda client: client.read_resource("basis://ets-185")).contents
    assert isinstance(content, TextResourceContents)
    assert content.text == whole_text(library, "ets-185")
    assert content.text.startswith(
        "Budapest Convention (ETS No. 185)\nConvention on Cybercrime\nets-185, restatement-en;"
    )
    assert content.text.endswith("only the official text is authentic. This is not legal advice.")


def test_a_provision_is_read_with_its_citation(library: Library) -> None:
    citation = Citation.parse("cets-201/art_20__para_1__point_e")
    wording = library.wordings("cets-201")[0]
    provision = wording.find(citation)
    assert provision is not None
    text = place_text(library, str(citation))
    assert text.startswith("Lanzarote Convention (CETS No. 201), Article 20, paragraph 1, point e\n")
    assert wording.text(provision) in text
    assert re.search(rf"^address +{citation}$", text, re.M)


@pytest.mark.parametrize(
    "uri",
    [
        "basis://cets-201/art_99",
        "basis://cets-201/no_place",
        "basis://nothing",
        "basis://cets-201/..%2f..",
        "file:///etc/passwd",
    ],
)
def test_what_is_no_address_is_no_resource(hashed: Assistant, uri: str) -> None:
    async def talk(client: Client) -> MCPError:
        with pytest.raises(MCPError) as raised:
            await client.read_resource(uri)
        return raised.value

    assert _spoken(serve(hashed), talk).code == INVALID


def test_a_place_that_is_not_held_is_an_error(library: Library) -> None:
    for address in ("cets-201/art_99", "cets-201/no_place", "cets-201", "Article 23 Lanzarote"):
        with pytest.raises(UsageError):
            place_text(library, address)


def test_without_an_index_it_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(IndexingError, match="basis index"):
        run(argparse.Namespace(), Settings(tmp_path, "hashing:512"))


def test_the_configuration_in_the_documentation_starts_it() -> None:
    [block] = re.findall(r"^```json\n(.*?)^```", (ROOT / "docs" / "api.md").read_text(encoding="utf-8"), re.M | re.S)
    told = json.loads(block)["mcpServers"]["basis"]
    assert (Path(told["command"]).name, told["args"]) == ("basis", ["mcp"])
    settings = Settings.read(None, told["env"])
    assert (settings.data, settings.embedder) == (Path("/path/to/basis/.data"), "sentence")
