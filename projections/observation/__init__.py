"""Observed time: which day a partial day counts as, and from when to when each patient was under observation."""
