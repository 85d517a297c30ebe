"""Official treaty texts → provisions at the addresses of the restatement, and the proof that they are whole."""
