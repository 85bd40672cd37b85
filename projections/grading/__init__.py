"""Readings as byte matrices: grades, the state of each location, and readings in the order of their key."""
