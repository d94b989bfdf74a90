"""Read published privacy policies: text, clause tree, topics, and the clauses that answer a question."""
