"""What can be shown of the log to others: the history of a fact, and proofs that it was there."""
