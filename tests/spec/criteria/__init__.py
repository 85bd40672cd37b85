"""When a response, a flare or a classification is met, with the computed examples: one sentence a test."""
