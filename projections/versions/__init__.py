"""Every version of every fact, as columns: what `events` has as JSON."""
