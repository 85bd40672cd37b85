"""The printed figures of a paper beside recomputed ones, and what explains each that differs."""
