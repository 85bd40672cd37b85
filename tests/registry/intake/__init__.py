"""Files to facts: the contract of docs/intake.md."""
