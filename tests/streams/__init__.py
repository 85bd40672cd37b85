"""Events as each release stored them; every one of them is read for ever."""
