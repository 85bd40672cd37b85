"""What can be wrong with a protocol in itself: a module a kind of table, all of whose problems are told at once."""
