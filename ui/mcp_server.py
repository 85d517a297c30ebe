"""Basis for programs that speak the Model Context Protocol: a process of its own, over standard input and output only.

Tools: ask, show, check, with the JSON of the command. Resources: every text by `basis://cets-201`, every provision by
`basis://cets-201/art_23`. Nothing is listened on, so there is nobody to keep out but whoever started the process.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.errors import BasisError, UsageError
from ingest.library import Library
from ingest.treaty import Citation
from retriever.assistant import Assistant
from retriever.compose import by_authority
from ui.interface import Interface, held, told
from ui.render import NOTICE, provision_text
from ui.settings import VERSION, Settings

if TYPE_CHECKING:
    from mcp.server import MCPServer

SCHEME = "basis://"
INSTRUCTIONS = (
    "Basis finds and quotes provisions of Council of Europe treaties and committee outputs on the protection of children "
    "from sexual exploitation and abuse and on cybercrime. Quote the text it returns unchanged and cite its address. "
    "`checked` and `binding` say how far a text can be relied on; a refusal means that these sources do not answer. "
    "It is a finding aid, not legal advice."
)


@dataclass(frozen=True, slots=True)
class _Served:
    """What the interface reads the assistant from; here it is never replaced."""

    assistant: Assistant


def serve(assistant: Assistant) -> MCPServer[Any]:
    """The server, not yet running: three tools, and a resource for each text and provision that `assistant` holds."""
    from mcp.server import MCPServer
    from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
    from mcp.server.mcpserver.resources import FunctionResource
    from mcp.types import ToolAnnotations

    library = assistant.library
    server: MCPServer[Any] = MCPServer(
        "basis", title="Basis", version=VERSION, instructions=INSTRUCTIONS, log_level="ERROR"
    )
    reading = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
    for call in Interface(_Served(assistant)).calls():
        server.add_tool(told(call, ToolError), annotations=reading, structured_output=True)
    for instrument in library.instruments.values():
        server.add_resource(
            FunctionResource.from_function(
                lambda id_=instrument.id: whole_text(library, id_),
                uri=SCHEME + instrument.id, name=instrument.id, title=instrument.label(), mime_type="text/plain",
            )
        )  # fmt: skip

    def provision(instrument: str, place: str) -> str:
        """A provision, as basis://cets-201/art_20__para_1: its text, its citation and what is known of it."""
        try:
            return place_text(library, f"{instrument}/{place}")
        except BasisError as error:
            raise ResourceNotFoundError(str(error)) from None

    server.resource(SCHEME + "{instrument}/{place}", mime_type="text/plain")(provision)
    return server


def place_text(library: Library, address: str) -> str:
    """A provision in the most authoritative wording held, with its citation. Raises UsageError for what is no address
    of a provision held."""
    try:
        citation = Citation.parse(address)
    except ValueError:
        raise UsageError(f"wanted an address as cets-201/art_20__para_1, found {address!r}") from None
    return provision_text(library, *held(library, citation)[0])


def whole_text(library: Library, instrument: str) -> str:
    """An instrument from beginning to end in the most authoritative wording held, with its name and that wording's."""
    known = library.instruments[instrument]
    wording = by_authority(library.wordings(instrument), "en")[0]
    notice = ["", NOTICE["en"]] if wording.kind == "restatement" else []
    head = [known.label(), known.title["en"], f"{instrument}, {wording.name}; official: {known.url('en') or 'unknown'}"]
    return "\n".join([*head, "", wording.source.text, *notice])


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Serve programs that speak the Model Context Protocol, over standard input and output."""
    with contextlib.redirect_stdout(sys.stderr):  # a library's greeting would be read as a broken message
        server = serve(Assistant.open(settings.data, settings.embedder, settings.store))
    server.run("stdio")
    return 0
