"""What a command ends with, for the scripts that call it.

| code | what |
|---|---|
| 0 | it did what was asked, or there was nothing to do; also where the reader of its output went away |
| 1 | a defect of spondyl, with its traceback; or somebody stopped the command |
| 2 | the command was not understood: an option, an argument or a name that there is not, or one without effect |
| 3 | it was refused, with the reason; or a check found what it looked for: a damaged log, an export that differs |

A refusal is any error of the tree that `registry.errors` draws. Warnings, as those of `spondyl check`, change no code.
"""

from __future__ import annotations

from typing import Final

DONE: Final = 0
DEFECT: Final = 1  # Python's own, and click's where a command is stopped
MISUNDERSTOOD: Final = 2  # click's own
REFUSED: Final = 3
