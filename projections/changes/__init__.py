"""What is not the same at two positions of the log, for people: what was stated, and what followed from it."""
