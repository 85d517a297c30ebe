"""What a person filters by."""

from __future__ import annotations

import pytest

from ingest.errors import UsageError
from ingest.library import Library
from ingest.treaty import Citation
from retriever.assistant import Assistant
from retriever.scope import EVERYWHERE, GROUPS, Scope, scope


def test_no_filter_leaves_everything_in(library: Library) -> None:
    assert scope(library) == EVERYWHERE
    assert all(map(EVERYWHERE.holds, library.articles))


def test_filters_hold_together(library: Library) -> None:
    offences = scope(library, instruments=["ets-185", "ets-189"], roles=["offence"], binding=True).articles
    assert offences is not None
    assert {str(c) for c in offences if c.instrument == "ets-189"} == {
        str(c) for c, a in library.articles.items() if c.instrument == "ets-189" and "offence" in a.roles
    }
    assert Citation.parse("ets-185/art_9") in offences
    assert not any(c.instrument == "cets-201" for c in offences)


def test_every_kind_of_the_catalogue_is_in_one_group(library: Library) -> None:
    for instrument in library.instruments.values():
        assert sum(instrument.kind in kinds for kinds in GROUPS.values()) == 1, instrument.id


def test_only_what_binds(library: Library) -> None:
    articles = scope(library, binding=True).articles or frozenset()
    assert {c.instrument for c in articles} == {"cets-201", "ets-185", "ets-189"}  # CETS 224 is not in force


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"instruments": ["cets-999"]}, "no instrument 'cets-999'"),
        ({"groups": ["laws"]}, "no kind 'laws'; wanted one of treaties"),
        ({"roles": ["crime"]}, "no role 'crime'"),
        ({"quoting": "de"}, "wanted language en or fr, found 'de'"),
        ({"instruments": ["lc"], "roles": ["offence"]}, "nothing in these sources fits all the filters together"),
    ],
)
def test_a_filter_that_cannot_be_is_refused(library: Library, given: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        scope(library, **given)  # type: ignore[arg-type]


def test_hits_keep_to_the_scope(hashed: Assistant) -> None:
    within = scope(hashed.library, roles=["jurisdiction"])
    hits = hashed.ask("Which court may try an abuse of a child abroad?", within=within).hits
    assert hits
    assert all("jurisdiction" in hit.article.roles for hit in hits)
    assert Scope(frozenset(), "fr").holds(hits[0].citation) is False
