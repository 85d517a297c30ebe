"""The view Documents: install an official text or a document of your own, see what is held, remove it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from ingest.errors import BasisError
from ingest.library import Library
from ui.desk import Desk
from ui.shown.lines import place_link
from ui.views.script import QUIET

RECOGNISE, OWN = "recognise it", "a document of my own"
WORDS = {
    "en": {
        "title": "Documents", "file": "File", "which": "Which text is it?", RECOGNISE: "Recognise it from the file", OWN: "A document of my own",
        "lead": "Install an official text, and it is quoted from then on, with our restatement after it. It is compared with the restatement, article by article, and installed whole or not at all. PDF, HTML, DOCX, Markdown or plain text. Files stay on the machine that serves this page.",
        "read only": "On this server texts are installed by the person who runs it, with <code>basis add FILE</code>.",
        "lang": "Language (en, fr, …; leave empty to have it recognised)", "own": "For documents of your own", "name": "Title (leave empty to take the one in the file)",
        "date": "Date, for example 2024-04-19", "url": "Official address", "binding": "Legally binding", "install": "Install", "said": "What was found",
        "gone": "Installed text to remove", "remove": "Remove", "no file": "Choose a file first.", "not": "Not installed. {}",
        "no date": "Not installed. A date is written like 2024-04-19; found {!r}.", "done": "Installed. {}.", "removed": "Removed {}.",
        "nothing": "Nothing removed: choose an installed text; what is shipped with Basis stays.", "reading": "Reading the file", "building": "Building the index",
        "held": "Texts available here", "outputs": "{} outputs, recommendations, projects and resources, shipped with Basis", "shipped": "shipped with Basis", "from": "{file}, installed {day}",
    },
    "fr": {
        "title": "Documents", "file": "Fichier", "which": "De quel texte s'agit-il\u00a0?", RECOGNISE: "À reconnaître d'après le fichier", OWN: "Un de mes propres documents",
        "lead": "Installez un texte officiel\u00a0: c'est lui qui sera cité, suivi de notre reformulation. Il est comparé à la reformulation, article par article, et installé en entier ou pas du tout. PDF, HTML, DOCX, Markdown ou texte brut. Les fichiers restent sur la machine qui héberge cette page.",
        "read only": "Sur ce serveur, les textes sont installés par la personne qui l'administre, avec <code>basis add FICHIER</code>.",
        "lang": "Langue (en, fr, …\u00a0; laisser vide pour qu'elle soit reconnue)", "own": "Pour vos propres documents", "name": "Titre (laisser vide pour prendre celui du fichier)",
        "date": "Date, par exemple 2024-04-19", "url": "Adresse officielle", "binding": "Juridiquement contraignant", "install": "Installer", "said": "Ce qui a été trouvé",
        "gone": "Texte installé à retirer", "remove": "Retirer", "no file": "Choisissez d'abord un fichier.", "not": "Non installé. {}",
        "no date": "Non installé. Une date s'écrit par exemple 2024-04-19\u00a0; reçu\u00a0: {!r}.", "done": "Installé. {}.", "removed": "Retiré\u00a0: {}.",
        "nothing": "Rien n'a été retiré\u00a0: choisissez un texte installé\u00a0; ce qui est livré avec Basis reste.", "reading": "Lecture du fichier", "building": "Construction de l'index",
        "held": "Textes disponibles ici", "outputs": "{} travaux, recommandations, projets et ressources, livrés avec Basis", "shipped": "livré avec Basis", "from": "{file}, installé le {day}",
    },
}  # fmt: skip

HEADS = {"en": ("Text", "Wording", "Provisions", "From"), "fr": ("Texte", "Version", "Dispositions", "Provenance")}


def held(desk: Desk, lang: str) -> str:
    """What is held: the treaties and what was installed as a table; what is shipped beside them as another, folded."""
    w, library = WORDS[lang], desk.assistant.library
    shipped = {
        key for key, wording in library.expressions.items()
        if wording.origin is None and not library.instruments[key[0]].is_treaty
    }  # fmt: skip
    first = [key for key in library.expressions if key not in shipped]
    rest = [key for key in library.expressions if key in shipped]
    return (
        f"{_table(library, first, w['held'], lang)}<details><summary>{escape(w['outputs'].format(len(rest)))}</summary>"
        f"{_table(library, rest, w['outputs'].format(len(rest)), lang)}</details>"
    )


def _table(library: Library, keys: Sequence[tuple[str, str]], caption: str, lang: str) -> str:
    """Texts by name, wording, number of provisions, and where they come from."""
    w = WORDS[lang]
    rows = []
    for id_, name in keys:
        wording = library.expressions[id_, name]
        origin = wording.origin
        source = w["from"].format(file=origin.file, day=origin.installed) if origin else w["shipped"]
        link = place_link(wording.provisions[0].citation.article, escape(library.instruments[id_].label(lang)), name)
        cells = "".join(f"<td>{escape(cell)}</td>" for cell in (f"{id_}/{name}", str(len(wording.provisions)), source))
        rows.append(f'<tr><th scope="row">{link}</th>{cells}</tr>')
    heads = "".join(f'<th scope="col">{name}</th>' for name in HEADS[lang])
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{caption}"><table class="held"><caption>{caption}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def removable(desk: Desk) -> list[str]:
    """What can be removed: the texts that are not shipped with Basis."""
    return [f"{id_}/{name}" for (id_, name), wording in desk.assistant.library.expressions.items() if wording.origin]


class Documents:
    """The view's components; `said` changes whenever a text was installed or removed."""

    def __init__(self, desk: Desk, lang: str) -> None:
        w = WORDS[lang]
        self._desk, self._lang, self._words = desk, lang, w
        gr.HTML(f'<h2 class="view">{w["title"]}</h2><p class="lead">{w["read only" if desk.read_only else "lead"]}</p>')
        with gr.Column(visible=not desk.read_only, elem_id="installing"):
            instruments = desk.assistant.library.instruments.values()
            names = [(i.label(lang), i.id) for i in instruments if i.is_treaty or i.is_output]
            self.file = gr.File(label=w["file"], type="filepath", elem_id="file", height=120)
            self.which = gr.Dropdown(
                [(w[RECOGNISE], RECOGNISE), *names, (w[OWN], OWN)], value=RECOGNISE, label=w["which"], elem_id="which"
            )
            self.tongue = gr.Textbox("", label=w["lang"], elem_id="lang")
            with gr.Accordion(w["own"], open=False, elem_id="own"):
                self.name = gr.Textbox("", label=w["name"])
                self.date = gr.Textbox("", label=w["date"])
                self.url = gr.Textbox("", label=w["url"])
                self.binding = gr.Checkbox(False, label=w["binding"])
            self.put = gr.Button(w["install"], variant="primary", elem_id="install", min_width=120)
            self.said = gr.Textbox("", label=w["said"], lines=3, interactive=False, elem_id="said")
            self.gone = gr.Dropdown(removable(desk), value=None, label=w["gone"], elem_id="gone")
            self.out = gr.Button(w["remove"], variant="secondary", elem_id="remove", min_width=120)
        self.table = gr.HTML(held(desk, lang), elem_id="held")

    def install(
        self, path: str | None, which: str, lang: str, title: str, date: str, binding: bool, url: str,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - how Gradio hands a progress bar to its handlers
    ) -> str:  # fmt: skip
        """Install an uploaded file; says in words what was found, or why nothing was installed."""
        # What reads files is loaded when the first one comes: it takes memory that answering does not need.
        from ingest import catalogue, shelf
        from ui.shelving import Wanted, entry_of, told

        w = self._words
        if not path:
            return w["no file"]
        try:
            day = datetime.date.fromisoformat(date.strip()) if date.strip() else None
        except ValueError:
            return w["no date"].format(date)
        instrument = "" if which in (RECOGNISE, OWN) else which
        wanted = Wanted(instrument, lang.strip(), which == OWN, title.strip(), day, binding, url.strip())
        progress(0.1, w["reading"])
        try:
            corpus = catalogue.load()
            entry = entry_of(Path(path), wanted, datetime.date.today(), corpus)
        except BasisError as error:
            return w["not"].format(error)
        finally:
            Path(path).unlink(missing_ok=True)  # the upload is kept nowhere but in the data folder
        progress(0.4, w["building"])
        shelf.put(self._desk.settings.data, entry)
        self._desk.reopen(corpus)
        return w["done"].format(told(entry))

    def remove(self, text: str | None) -> str:
        """Remove one installed text, as `removable` names it."""
        from ingest import shelf

        instrument, _, expression = (text or "").partition("/")
        gone = shelf.remove(self._desk.settings.data, instrument, expression) if instrument and expression else []
        if not gone:
            return self._words["nothing"]
        self._desk.reopen()
        return self._words["removed"].format(", ".join(gone))

    def connect(self) -> Any:
        """Connect what is clicked here; returns the component that changes with what is held."""
        if not self._desk.read_only:  # a button that is not shown could still be called
            given = [self.file, self.which, self.tongue, self.name, self.date, self.binding, self.url]
            self.put.click(self.install, given, self.said, api_visibility="private")
            self.out.click(self.remove, self.gone, self.said, api_visibility="private")
        self.said.change(self.refreshed, None, [self.table, self.gone], **QUIET)
        return self.said

    def refreshed(self) -> tuple[str, gr.Dropdown]:
        """What is held now, and what of it can be removed: somebody else may have installed a text since."""
        return held(self._desk, self._lang), gr.Dropdown(choices=removable(self._desk), value=None)
