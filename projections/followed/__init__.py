"""Who is expected when, who came, and what was taken: the schedule of the protocol laid beside what was recorded."""
