"""What can be true of a patient, and what happened: statements, events, rules, the patient's own decisions."""
