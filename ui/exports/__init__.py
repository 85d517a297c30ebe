"""A conversation as a file: Word with footnotes, PDF, Markdown, JSON, with a table of authorities."""
