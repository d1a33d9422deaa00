"""How many processors there are."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from functools import cache

from threadpoolctl import ThreadpoolController


def processor_count() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def one_blas_thread() -> AbstractContextManager[object]:
    """NumPy's matrix products on this thread alone: small ones wait longer for others than they take."""
    return _products().limit(limits=1, user_api="blas")


@cache
def _products() -> ThreadpoolController:
    return ThreadpoolController()
