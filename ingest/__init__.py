"""From the files of the corpus to provisions, passages and lead-in questions."""
