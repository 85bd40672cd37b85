"""Charts, read as text."""
