"""The tables that say what follows from the facts, each in a module of its name, and summaries of them."""
