"""Statistics of counts: pure functions of numbers, each naming its variant."""
