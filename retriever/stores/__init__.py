"""Adapters that search vectors, one per file; `retriever.drivers` names them."""
