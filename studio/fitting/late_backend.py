"""A backend that is made on a thread while a fit begins without it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.backends.base import Backend


class LateBackend:
    """Begins to ``make`` a backend at once: its library takes seconds to load, least squares need none."""

    def __init__(self, make: Callable[[], Backend]) -> None:
        self._make = make
        self._made: Backend | None = None
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="backend of a fit", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._made = self._make()
        except Exception as failure:  # noqa: BLE001 - told on the thread that needs the backend
            self._failure = failure

    def get(self) -> Backend:
        """The backend, once it is there.

        Raises:
            StudioError: none works here.

        """
        self._thread.join()
        if self._failure is not None:
            raise self._failure
        assert self._made is not None
        return self._made


def made(backend: Backend | LateBackend) -> Backend:
    """``backend``, waited for where it is still being made.

    Raises:
        StudioError: none works here.

    """
    return backend.get() if isinstance(backend, LateBackend) else backend
