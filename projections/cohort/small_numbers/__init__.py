"""What of a cohort's figures is not shown where few patients stand behind it, and what would give that away."""
