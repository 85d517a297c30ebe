"""One module a file format; each turns bytes into lines. Chosen and called by `ingest.reading` alone."""
