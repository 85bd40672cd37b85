"""Statistics as pure functions over arrays: every result names its test, its variant, its n, and why where it has no value."""
