"""What every server of ours has: where it listens, what it answers at all, pages that say what happened."""
