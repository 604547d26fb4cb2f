"""
What all tests share: the same generated examples on every run, whatever the machine's load.

A property that fails here fails everywhere; larger and random runs are `make test-deep`.
"""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")
