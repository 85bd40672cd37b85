"""The command line: parse, one call, print. Data goes to standard output, everything else to standard error."""
