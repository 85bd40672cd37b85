"""Statistics against published figures, other implementations, and laws."""
