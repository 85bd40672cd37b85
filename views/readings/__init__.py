"""The sheet of a reader in a browser: own cases alone, and one thing that is written, a reading."""
