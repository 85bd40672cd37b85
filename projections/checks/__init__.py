"""What is implausible: warnings, which change nothing."""
