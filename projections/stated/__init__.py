"""The tables that say what was stated, each in a module of its name: its declaration, its frame, its Arrow table."""
