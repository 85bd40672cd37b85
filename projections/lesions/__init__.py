"""What became of each location between two studies: of derived and of paired readings."""
