"""What readers of paired examinations say became of each lesion: the tables of their verdicts."""
