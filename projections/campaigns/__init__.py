"""What came of reading campaigns: final scores, where readers differ, and how far they agree."""
