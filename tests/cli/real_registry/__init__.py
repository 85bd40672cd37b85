"""What registries ask in real life, each held by the protocol and the files of examples/north."""
