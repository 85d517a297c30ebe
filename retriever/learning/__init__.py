"""Learns what is shipped beside the model; nothing here is needed to ask."""
