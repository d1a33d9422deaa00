"""gloo on several threads, each with an OpenGL context of its own.

vispy keeps one current canvas for the whole process, and what is drawn goes to it. OpenGL itself has a
current context for each thread; with :func:`separate_threads` gloo follows it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any
from weakref import ref

from vispy.gloo import context


class _Canvases(threading.local):
    """What ``vispy.gloo.context.canvasses`` is, for each thread: references, the current one last."""

    def __init__(self) -> None:
        self._items: list[ref[Any]] = []

    def __iter__(self) -> Iterator[ref[Any]]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, place: Any) -> Any:
        return self._items[place]

    def __setitem__(self, place: Any, value: Any) -> None:
        self._items[place] = value


def separate_threads() -> None:
    """Let every thread have a current canvas of its own; call it on the thread that has drawn so far."""
    known = context.canvasses
    if not isinstance(known, _Canvases):
        separate = _Canvases()
        separate[:] = list(known)
        context.canvasses = separate
