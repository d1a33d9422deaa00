"""Compiling NumPy kernels to machine code; imported on demand, because it loads numba."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
from numba import types

POINTS = types.Array(types.float32, 2, "C", readonly=True)  # also takes arrays that may be written
TRIANGLES = types.Array(types.int32, 2, "C", readonly=True)


def compiled(
    *signature: types.Type, fused: bool = False, also: tuple[types.Type, ...] = ()
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A decorator that compiles a function for arguments of ``signature``, free of the interpreter lock.

    The machine code is kept beside the source, or in the user's cache folder where the source is
    not writable (both by numba, ``NUMBA_CACHE_DIR`` overrides), or nowhere if neither can be
    written. Serial: it gives the same bits every time and may run on several threads at once.
    ``fused`` lets a product and a sum become one instruction, rounded once: faster, and other last bits
    on processors without it. ``also`` is a second signature, for which it is compiled too.
    """
    signatures = [signature, also] if also else [signature]
    options = {"nogil": True, "fastmath": {"contract"} if fused else False}

    def compile_function(function: Callable[..., Any]) -> Callable[..., Any]:
        try:
            return numba.njit(signatures, cache=True, **options)(function)
        except (RuntimeError, OSError):  # numba found no folder that it may write to
            return numba.njit(signatures, **options)(function)

    return compile_function
