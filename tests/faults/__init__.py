"""What must hold whatever fails: killed processes, full disks, lost servers, strange files, many at once.

`make test` runs a short form of every harness, `make faults` the long one, whose figures stand in docs/trust.md.
"""
