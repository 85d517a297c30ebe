"""Downloading official texts from their official addresses, politely and from listed hosts only."""
