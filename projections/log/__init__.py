"""The log as columns: payloads decoded into one Arrow table a kind of fact, kept as blocks, read up to a position."""
