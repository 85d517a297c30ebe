"""The corpus: our restatement of each instrument, as text files. Data only; `corpus/README.md` says how to write it."""
