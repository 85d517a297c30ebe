"""The legal basis of a conduct or measure: every row a citation that may stand there, or an honest nothing."""

from __future__ import annotations

import json

import pytest

from retriever.answer import Refusal
from retriever.assistant import Assistant
from retriever.checklist import INTERPRETS, ROWS, Checklist, checklist
from ui.arranged import NOTHING, checklist_data, checklist_page, checklist_text

CONDUCTS = {
    "An adult asks a girl of 12 over the internet to meet him for sex and buys her a train ticket": "cets-201/art_23",
    "He keeps hundreds of pictures of abused children on his hard disk": "cets-201/art_20",
    "someone broke into our hospital's server and encrypted everything": "ets-185/art_4",
    "Article 9 Budapest": "ets-185/art_9",
}


def made(assistant: Assistant, question: str) -> Checklist:
    found = checklist(assistant, question)
    assert isinstance(found, Checklist), question
    return found


def cited(found: Checklist) -> dict[str, list[str]]:
    return {row.name: [str(hit.citation) for hit in row.hits] for row in found.rows}


@pytest.mark.parametrize(("question", "offence"), CONDUCTS.items())
def test_a_conduct_has_its_offence_and_all_that_follows(assistant: Assistant, question: str, offence: str) -> None:
    found = made(assistant, question)
    rows = cited(found)
    assert found.conduct
    assert list(rows) == list(ROWS)
    assert offence in rows["offence"]
    treaty = offence.split("/")[0]
    follows = {
        "cets-201": {"liability": "art_24", "jurisdiction": "art_25", "sanctions": "art_27", "co-operation": "art_38"},
        "ets-185": {"liability": "art_11", "jurisdiction": "art_22", "sanctions": "art_13", "co-operation": "art_23"},
    }[treaty]
    assert {row: f"{treaty}/{article}" in rows[row] for row, article in follows.items()} == dict.fromkeys(follows, True)
    assert "ets-185/art_14" in rows["powers"], "the powers of Budapest serve every offence"


def test_each_row_holds_only_what_may_stand_there(assistant: Assistant) -> None:
    library = assistant.library
    for question in (*CONDUCTS, "freeze the data on a server abroad"):
        for row in made(assistant, question).rows:
            for hit in row.hits:
                if row.name == "interpretation":
                    assert hit.instrument.is_output
                    assert {r.kind for place in (hit.citation, hit.article.citation) for r in library.relations[place]} & {
                        *INTERPRETS, "interprets", "explains", "about"
                    }  # fmt: skip
                elif row.name == "reservations":
                    assert hit.citation in (*hit.instrument.reservations, *hit.instrument.declarations)
                else:
                    assert set(ROWS[row.name]) & set(hit.article.roles)


def test_the_reservations_of_the_offence_are_named(assistant: Assistant) -> None:
    rows = cited(made(assistant, "Article 20 Lanzarote"))
    assert rows["offence"][0] == "cets-201/art_20"
    assert {"cets-201/art_20__para_3", "cets-201/art_20__para_4"} <= set(rows["reservations"])


def test_the_opinion_on_grooming_stands_beside_the_offence_that_it_interprets(assistant: Assistant) -> None:
    found = cited(made(assistant, next(iter(CONDUCTS))))["interpretation"]
    assert any(address.startswith("lc-op-2015-grooming/statement_") for address in found)


def test_a_measure_has_no_offence_and_says_so(assistant: Assistant) -> None:
    found = made(assistant, "order a provider abroad to freeze stored data at once")
    rows = cited(found)
    assert not found.conduct
    assert (rows["offence"], rows["liability"], rows["jurisdiction"], rows["sanctions"]) == ([], [], [], [])
    assert "ets-185/art_29" in rows["co-operation"]
    text = checklist_text(found)
    assert "describes no conduct that these treaties make an offence" in text
    assert text.count(NOTHING["en"]) == sum(not hits for name, hits in rows.items() if name != "offence")


def test_what_the_sources_do_not_cover_is_refused(assistant: Assistant) -> None:
    assert isinstance(checklist(assistant, "my neighbour parks his lorry on my lawn, can I have it towed"), Refusal)


def test_text_json_and_page_hold_the_same_provisions(assistant: Assistant) -> None:
    found = made(assistant, "<b>grooming</b> of a boy of 13 for pictures of himself")
    data = json.loads(json.dumps(checklist_data(found)))
    addresses = [hit["citation"] for row in data["rows"] for hit in row["hits"]]
    page, text = checklist_page(found), checklist_text(found)
    assert len(addresses) >= 10
    assert all(f'data-citation="{address}"' in page and f"[{address}]" in text for address in addresses)
    assert "<b>grooming" not in page
    assert [row["row"] for row in data["rows"]] == list(ROWS)
