"""The list of addresses, and what is said when none serves. Nothing is asked here."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from ingest.errors import FetchError
from ingest.fetching import addresses
from ingest.fetching.addresses import HOSTS, by_hand, candidates, listed, objection
from ingest.library import Library


def test_every_address_of_the_list_may_be_asked(library: Library) -> None:
    assert listed() == tuple(
        (instrument, lang) for instrument in ("cets-201", "ets-185", "ets-189", "cets-224") for lang in ("en", "fr")
    )
    for instrument, lang in listed():
        for candidate in candidates(instrument, lang):
            assert objection(httpx.URL(candidate.address), HOSTS) is None
            assert candidate.contains
            assert candidate.verified is None  # none was tried live
            assert candidate.manifest == candidate.address.endswith("/manifest.xml")
    for instrument, lang in listed():
        assert candidates(instrument, lang)[0].address == library.instruments[instrument].urls[lang]


def test_the_addresses_of_the_lanzarote_convention_are_tried_in_order() -> None:
    assert [(candidate.address, candidate.formats) for candidate in candidates("cets-201", "en")] == [
        ("https://rm.coe.int/1680084822", ("pdf",)),
        ("https://rm.coe.int/1680084822?format=html", ("html", "pdf")),
        ("https://repository.officiele-overheidspublicaties.nl/bwb/BWBV0004127/manifest.xml", ("xml",)),
    ]
    assert [candidate.address for candidate in candidates("cets-224", "en")][-1] == (
        "https://zoek.officielebekendmakingen.nl/trb-2022-66.html"
    )
    assert candidates("cets-201", "tlh") == ()


def test_a_list_that_cannot_be_read_is_named(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "addresses.yaml").write_text(
        "cets-201: {en: {candidates: [{address: x, formats: [doc], verified: false}]}}"
    )
    monkeypatch.setattr(addresses, "corpus_folder", lambda: tmp_path)
    addresses._listed.cache_clear()
    try:
        with pytest.raises(FetchError, match=r"addresses\.yaml cannot be read \(formats of x"):
            listed()
    finally:
        addresses._listed.cache_clear()


def test_by_hand_names_the_file_and_the_command() -> None:
    said = by_hand("cets-201", "en")
    assert "Open https://rm.coe.int/1680084822 in a browser: it is the English text of cets-201." in said
    assert said.endswith("\nThen run: basis add cets-201-en.pdf --as cets-201 --lang en")


def test_by_hand_helps_where_no_address_is_known() -> None:
    said = by_hand("cets-225", "nl")
    assert said.startswith("Basis knows no address for the Dutch text of cets-225. Look for it on https://www.coe.int/")
    assert "treatynum=225" in said
    assert said.endswith("basis add cets-225-nl.pdf --as cets-225 --lang nl")
