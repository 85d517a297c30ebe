"""The page's second tab: install an official text or a document of your own, see what is held, remove it."""

from __future__ import annotations

import datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from ingest import catalogue, shelf
from ingest.errors import BasisError
from ui.shelving import Wanted, entry_of, told

if TYPE_CHECKING:
    from ui.app import Desk

RECOGNISE, OWN = "recognise it", "a document of my own"


def held(desk: Desk) -> str:
    """What is held, as a table: name, wording, number of provisions, where it comes from."""
    library = desk.assistant.library
    rows = []
    for (id_, name), wording in library.expressions.items():
        origin = wording.origin
        source = f"{origin.file}, installed {origin.installed}" if origin else "shipped with Basis"
        cells = (library.instruments[id_].label(), f"{id_}/{name}", str(len(wording.provisions)), source)
        rows.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
    head = "".join(f"<th scope='col'>{name}</th>" for name in ("Text", "Wording", "Provisions", "From"))
    return f"<table class='held'><caption>Held now</caption><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def removable(desk: Desk) -> list[str]:
    """What can be removed: the texts that are not shipped with Basis."""
    return [f"{id_}/{name}" for (id_, name), wording in desk.assistant.library.expressions.items() if wording.origin]


def install(desk: Desk, path: str | None, which: str, lang: str, title: str, date: str, binding: bool, url: str) -> str:
    """Install an uploaded file; says in words what was found, or why nothing was installed."""
    if not path:
        return "Choose a file first."
    try:
        day = datetime.date.fromisoformat(date.strip()) if date.strip() else None
    except ValueError:
        return f"Not installed. Wanted a date as 2024-04-19, found {date!r}."
    instrument = "" if which in (RECOGNISE, OWN) else which
    wanted = Wanted(instrument, lang.strip(), which == OWN, title.strip(), day, binding, url.strip())
    try:
        entry = entry_of(Path(path), wanted, datetime.date.today())
    except BasisError as error:
        return f"Not installed. {error}"
    finally:
        Path(path).unlink(missing_ok=True)  # the upload is kept nowhere but in the data folder
    shelf.put(desk.settings.data, entry)
    desk.reopen()
    return f"Installed. {told(entry)}."


def remove(desk: Desk, text: str | None) -> str:
    """Remove one installed text, as `removable` names it."""
    instrument, _, expression = (text or "").partition("/")
    gone = shelf.remove(desk.settings.data, instrument, expression) if instrument and expression else []
    if not gone:
        return "Nothing removed: choose an installed text; what is shipped with Basis stays."
    desk.reopen()
    return f"Removed {', '.join(gone)}."


def texts_tab(desk: Desk) -> gr.Textbox:
    """Lay out the tab; returns the component that changes whenever a text was installed or removed."""
    names = [(entry.instrument.label(), entry.instrument.id) for entry in catalogue.load().entries]
    gr.HTML(
        "<p class='lead'>Install an official text and it is what is quoted from then on, with our restatement beside it. "
        "It is compared with the restatement, article by article, and installed whole or not at all. PDF, HTML, DOCX, "
        "Markdown or plain text. Files stay on this computer.</p>"
    )
    with gr.Row():
        with gr.Column(scale=2, min_width=280):
            file = gr.File(label="File", type="filepath", elem_id="file", height=130)
            which = gr.Dropdown([RECOGNISE, *names, OWN], value=RECOGNISE, label="Which text is it?", elem_id="which")
            lang = gr.Textbox("", label="Language (en, fr, …; empty: recognise it)", elem_id="lang")
            with gr.Accordion("For a document of your own", open=False):
                title = gr.Textbox("", label="Title (empty: as found)")
                date = gr.Textbox("", label="Date, as 2024-04-19")
                url = gr.Textbox("", label="Official address")
                binding = gr.Checkbox(False, label="Legally binding")
            put = gr.Button("Install", variant="primary", elem_id="install")
            said = gr.Textbox("", label="What was found", lines=4, interactive=False, elem_id="said")
        with gr.Column(scale=3, min_width=320):
            table = gr.HTML(held(desk), elem_id="held")
            gone = gr.Dropdown(removable(desk), label="Remove an installed text", elem_id="gone")
            out = gr.Button("Remove", variant="secondary", elem_id="remove")
    quiet: dict[str, Any] = {"api_visibility": "private"}
    put.click(lambda *given: install(desk, *given), [file, which, lang, title, date, binding, url], said, **quiet)
    out.click(lambda text: remove(desk, text), gone, said, **quiet)
    said.change(lambda: (held(desk), gr.Dropdown(choices=removable(desk), value=None)), None, [table, gone], **quiet)
    return said
