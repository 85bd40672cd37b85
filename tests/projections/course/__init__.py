"""One patient's course."""
