"""The ten studies of examples/studies, on their simulated registry."""
