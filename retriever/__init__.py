"""From a question to an answer made of quotes, or to a refusal. Importing this loads no model, no FAISS, no page."""
