"""What a registry collects, as it is adopted, kept in the log, and asked for at any position of it."""
