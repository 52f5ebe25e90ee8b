"""Settings that all tests share."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

COMMON = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

settings.register_profile("quick", COMMON, max_examples=60, derandomize=True)
settings.register_profile("deep", COMMON, max_examples=3000, print_blob=True)
os.environ.setdefault("JOBC_NO_CACHE", "1")  # tests of the cache say where it is
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
