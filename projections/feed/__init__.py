"""The feed: what changed from one position of the log to another, in files that a warehouse applies exactly once."""
