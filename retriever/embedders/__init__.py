"""Adapters that turn text into vectors, one per file; `retriever.drivers` names them."""
