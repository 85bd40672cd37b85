"""What may be recorded, as a registry protocol says it: one module a topic, one sentence a test."""
