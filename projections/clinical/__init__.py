"""Visits: what was measured, what follows from it, the visits that changes refer to, and responses."""
