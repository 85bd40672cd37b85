"""The profile `meds`: what happened to each patient as events in time, for models that learn from such."""
