"""What the clinical instruments say, with the printed examples: one module an instrument, one sentence a test."""
