"""Reading campaigns at a point in time: who is to read what, and what came of it."""
