"""Parses XML that a stranger wrote: no entities, nothing loaded from elsewhere, no endless depth."""

from __future__ import annotations

from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from ingest.errors import ReadingError


def parse(data: bytes, what: str) -> Any:
    """The root element of the XML in `data`; `what` names it in the ReadingError raised where it is unsafe or broken."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        if "depth" in str(error).lower():
            raise ReadingError(f"{what} is nested too deeply; it may be an attack: do not use it") from error
        if "entit" in str(error).lower():
            raise ReadingError(f"{what} uses entities of its own, which can be an attack; get the file from its official address") from error  # fmt: skip
        raise ReadingError(f"{what} is damaged XML ({str(error)[:120]}); download it again") from error
    if root is None:
        raise ReadingError(f"{what} is empty XML; download it again")
    if root.getroottree().docinfo.internalDTD is not None:
        raise ReadingError(f"{what} declares a document type or entities, which can be an attack; get the file from its official address")  # fmt: skip
    return root


def local(element: Any) -> str:
    """The element's name without its namespace; "" for what is no element (an entity)."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
