"""Reports: one file each, which works wherever a browser is, prints well, and asks nothing of a network."""
