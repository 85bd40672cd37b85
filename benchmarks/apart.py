"""Work in a process of its own: `python -m benchmarks.apart MODULE FUNCTION`, its arguments on standard input.

The function returns the seconds that it measured and its answer, as JSON has it. Only the standard library is needed
here, for the process may be that of another environment.
"""

from __future__ import annotations

import json
import resource
import sys
from importlib import import_module
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_memory() -> int:
    """Return the most memory, in bytes, that this process ever had."""
    if STATUS.exists():  # of this program alone: the system's other figure can be that of the process that started it
        lines = dict(line.split(":", 1) for line in STATUS.read_text(encoding="ascii").splitlines())
        return int(lines["VmHWM"].split()[0]) * 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def main() -> None:
    """Do what the command line says, and print seconds, answer and peak memory."""
    module, function = sys.argv[1:]
    seconds, answer = getattr(import_module(module), function)(*json.load(sys.stdin))
    print(json.dumps({"seconds": seconds, "answer": answer, "peak": peak_memory()}))


if __name__ == "__main__":
    main()
