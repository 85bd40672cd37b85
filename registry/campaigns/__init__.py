"""Reading campaigns: their file and key, who reads what, what a reader sees of it, and what becomes of it."""
