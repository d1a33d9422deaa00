"""When the start reached its marks, as JSON lines on standard error, for measuring it."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

_imported = time.time()
_enabled = False


def enable() -> None:
    """Write marks from now on."""
    global _enabled
    _enabled = True


def mark(name: str) -> None:
    """Write ``{"mark": name, "ms": …}`` if tracing, with milliseconds since the process started."""
    if _enabled:
        line = {"mark": name, "ms": round((time.time() - _process_start()) * 1000.0, 1)}
        print(json.dumps(line), file=sys.stderr, flush=True)


def _process_start() -> float:
    """When this process started, in seconds since the epoch.

    Exact to 10 ms on Linux; elsewhere the time at which this module was imported.
    """
    try:
        fields = Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return _imported
    ticks_after_boot = float(fields[19])
    now = time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.time() - (now - ticks_after_boot / os.sysconf("SC_CLK_TCK"))
