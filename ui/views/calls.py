"""The calls of the interface, offered through the page's Gradio API."""

from __future__ import annotations

import gradio as gr

from ui.interface import Interface, told

# Calls that are worked on at once, of all three together; the rest wait, so that programs do not crowd out the page.
AT_ONCE = 2


def register(interface: Interface) -> None:
    """Offer the calls as /ask, /show and /check of the Gradio page that is being built."""

    def error(message: str) -> Exception:
        return gr.Error(message, print_exception=False)

    for call in interface.calls():
        offered = told(call, error)
        gr.api(offered, api_name=call.__name__, concurrency_limit=AT_ONCE, concurrency_id="interface")  # type: ignore[attr-defined]
