"""The benchmarks at a size at which they take seconds: that they run, agree with their alternatives, and are told."""
