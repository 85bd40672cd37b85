"""Who is expected when, who came, and what was taken."""
