"""Work that gives way to the window, where the processor has not enough for both."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress

NICENESS = 10


def give_way(process: int | None = None) -> None:
    """Run ``process``, or without one this thread and those that it starts, only when others leave room.

    Threads have priorities of their own on Linux alone; elsewhere nothing changes for them.
    """
    if process is None and not sys.platform.startswith("linux"):
        return
    with suppress(OSError, AttributeError):  # not there, not allowed, or ended already
        os.setpriority(os.PRIO_PROCESS, process or threading.get_native_id(), NICENESS)
