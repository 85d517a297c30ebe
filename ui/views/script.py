"""The two ways between Python and the page's own script: what the script tells, and files that it is given to save."""

from __future__ import annotations

import base64
import itertools
import json
from importlib import resources
from typing import Any

import gradio as gr

# Wiring inside the page: nothing of it is part of the API, and the page shows its own signs of work.
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "minimal"}


def scripts(name: str) -> str:
    return resources.files("ui").joinpath("assets", name).read_text(encoding="utf-8")


def conductor() -> gr.HTML:
    """Tells of clicks on places (`select`, with `.place`, `.expression`, `.beside`) and on questions (`submit`, with
    `.question`) wherever they stand in the page."""
    return gr.HTML("", js_on_load=scripts("conductor.js"), visible="hidden", elem_id="conductor")


def courier() -> gr.HTML:
    """Set its value to a `parcel` and the browser saves the file; nothing is left on the server's disk."""
    return gr.HTML("", html_template="", js_on_load=scripts("courier.js"), visible="hidden", elem_id="courier")


# Two parcels with the same content must differ, or the browser would not see that there is a new one.
_NUMBERS = itertools.count(1)


def parcel(name: str, data: bytes) -> str:
    """A file for the courier to save under `name`."""
    return json.dumps({"name": name, "number": next(_NUMBERS), "data": base64.b64encode(data).decode()})
