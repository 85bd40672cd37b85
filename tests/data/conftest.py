"""The scripts here made expected values, with packages that the tests do without; none of them is a test."""

from __future__ import annotations

collect_ignore_glob = ["*.py"]
