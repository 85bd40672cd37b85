"""What a cohort file says: who, day 0, time points, imaging, tables, statistical options."""
