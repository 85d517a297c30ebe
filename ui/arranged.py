"""The checklist of a conduct or measure as JSON, text and HTML, and its command."""

from __future__ import annotations

import argparse
import json
from html import escape
from typing import Any

from retriever.answer import Hit, Refusal
from retriever.checklist import Checklist, Row, checklist
from ui.render import NOTICE, badges, hit_data, pending, reply_data, reply_text
from ui.settings import Settings
from ui.shown.lines import marked, place_link

ROWS = {
    "offence": {"en": "Offence and its elements", "fr": "Infraction et ses éléments"},
    "liability": {"en": "Attempt, aiding, corporate liability", "fr": "Tentative, complicité, responsabilité des personnes morales"},
    "jurisdiction": {"en": "Jurisdiction", "fr": "Compétence"},
    "sanctions": {"en": "Sanctions and aggravating circumstances", "fr": "Sanctions et circonstances aggravantes"},
    "powers": {"en": "Powers and procedures to obtain evidence", "fr": "Pouvoirs et procédures d'obtention des preuves"},
    "co-operation": {"en": "International co-operation", "fr": "Coopération internationale"},
    "victim": {"en": "Protection of the victim", "fr": "Protection de la victime"},
    "interpretation": {"en": "Interpretation by the committees and reports", "fr": "Interprétation par les comités et les rapports"},
    "reservations": {"en": "Reservations and declarations allowed", "fr": "Réserves et déclarations admises"},
}  # fmt: skip
OPEN = {"en": "Open in the reader", "fr": "Ouvrir dans le lecteur"}
NOTHING = {"en": "Nothing found in these sources.", "fr": "Rien n'a été trouvé dans ces sources."}
_NO_OFFENCE = {
    "en": "Nothing found: the question describes no conduct that these treaties make an offence.",
    "fr": "Rien n'a été trouvé\u00a0: la question ne décrit aucun comportement que ces traités érigent en infraction.",
}


def _nothing(made: Checklist, row: Row) -> str:
    return (NOTHING if made.conduct else _NO_OFFENCE)[made.lang] if row.name == "offence" else NOTHING[made.lang]


def _title(hit: Hit, lang: str) -> str:
    """The article's title, and that its treaty is not in force where it is not."""
    return " · ".join([hit.article.title[lang], *pending(hit.instrument, lang)])


def checklist_data(made: Checklist) -> dict[str, Any]:
    """The checklist in the form of the command's contract; a row without hits is there and empty."""
    rows = [
        {"row": row.name, "title": ROWS[row.name][made.lang], "hits": [hit_data(hit, made.lang) for hit in row.hits]}
        for row in made.rows
    ]
    return {"question": made.question, "status": "answered", "conduct": made.conduct, "rows": rows}


def checklist_text(made: Checklist) -> str:
    """The checklist for the terminal: every row with its citations, and the words of the offence."""
    lines = []
    for row in made.rows:
        lines += ["", ROWS[row.name][made.lang]]
        for hit in row.hits:
            lines.append(f"   {hit.label(made.lang)} – {_title(hit, made.lang)}  [{hit.citation}]")
            if row.name == "offence":
                lines += [f"      {line}" for line in hit.quote.text.split("\n")]
        if not row.hits:
            lines.append(f"   {_nothing(made, row)}")
    return "\n".join([*lines, "", NOTICE[made.lang]]).strip("\n")


def _cell(hit: Hit, lang: str, opened: bool) -> str:
    tags = "".join(f"<li>{escape(tag)}</li>" for tag in badges(hit, lang))
    return (
        f'<details data-citation="{escape(str(hit.citation))}"{" open" if opened else ""}><summary>{escape(hit.label(lang))}'
        f'<small>{escape(_title(hit, lang))}</small></summary><ul class="badges">{tags}</ul>'
        f'<blockquote lang="{hit.quote.source.lang}">{marked(hit.quote.text)}</blockquote>'
        f'<p class="actions">{place_link(hit.citation, OPEN[lang], hit.wording.name)}</p></details>'
    )


def checklist_page(made: Checklist) -> str:
    """The checklist as HTML: one row of a table for each step, its provisions folded, the first offence open."""
    rows = []
    for row in made.rows:
        cells = "".join(
            _cell(hit, made.lang, row.name == "offence" and hit.rank == 1) for hit in row.hits
        ) or f'<p class="nothing">{escape(_nothing(made, row))}</p>'  # fmt: skip
        rows.append(
            f'<tr data-row="{row.name}"><th scope="row">{escape(ROWS[row.name][made.lang])}</th><td>{cells}</td></tr>'
        )
    return (
        f'<section class="reply checklist" lang="{made.lang}"><h3 class="question" tabindex="-1"><bdi>{escape(made.question[:600])}</bdi></h3>'
        f'<table><tbody>{"".join(rows)}</tbody></table><p class="notice">{NOTICE[made.lang]}</p></section>'
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Arrange the legal basis of a conduct or measure: offence, jurisdiction, powers, co-operation, reservations …"""
    from retriever.assistant import Assistant

    made = checklist(Assistant.open(settings.data, settings.embedder, settings.store), args.question, args.lang)
    if isinstance(made, Refusal):
        print(json.dumps(reply_data(made, None, 0.0), ensure_ascii=False) if args.json else reply_text(made))
        return 1
    print(json.dumps(checklist_data(made), ensure_ascii=False) if args.json else checklist_text(made))
    return 0
