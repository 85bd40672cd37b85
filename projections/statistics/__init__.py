"""Statistics as pure functions over arrays: every result names its variant and its n, and why it has no value."""
