"""How far the drawn head is from the photo, as colours inside its outline, made on a thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from studio.render.colour_scale import colours_at
from studio.render.shot import Renderer, Shot
from studio.storage.errors import JobCancelled, StudioError

Pixels = NDArray[np.uint8]

FARTHEST = 0.4  # of the range of a display value: what differs by more has the last colour
VEIL = 150  # alpha of the dark that lies on the photo around the head
_OUTLINE = 0.5  # alpha of a pixel of the head from which on it counts


@dataclass(frozen=True, eq=False)
class Differing:
    """A shot and the photo that it is compared with."""

    shot: Shot  # transparent, as large as the canvas
    photo: Pixels  # (h, w, 3) as it lies on the canvas, each a pixel of the shot's
    left: int  # where it lies there
    top: int


@dataclass(frozen=True, eq=False)
class Difference:
    """What came of it."""

    colours: Pixels  # (h, w, 4) over the photo
    mean: float  # of display values inside the outline, 0..1; NaN where no head is seen


def difference(head: Pixels, photo: Pixels) -> Difference:
    """The absolute difference of ``head`` (h, w, 4), sRGB with straight alpha, from ``photo`` (h, w, 3).

    The mean of the three channels' display values counts.
    """
    inside = head[..., 3] >= 255.0 * _OUTLINE
    far = np.abs(head[..., :3].astype(np.float32) - photo[..., :3]).mean(axis=-1)[inside] / np.float32(255.0)
    colours = np.zeros((*inside.shape, 4), np.uint8)
    colours[..., 3] = VEIL
    colours[inside, :3] = np.rint(colours_at(far / FARTHEST, signed=False) * 255.0)
    colours[inside, 3] = 255
    return Difference(colours, float(far.mean()) if far.size else float("nan"))


class DifferenceMaker(QObject):
    """Makes the newest difference that was asked for; one that is replaced meanwhile is given up."""

    made = Signal(object)  # Difference
    failed = Signal(str)  # one sentence

    def __init__(self, renderer: Callable[[], Renderer], parent: QObject) -> None:
        super().__init__(parent)
        self._renderer = renderer
        self._wake = threading.Condition()
        self._wanted: Differing | None = None
        self._stopping = False
        self._thread = threading.Thread(target=self._work, name="photo difference")

    def ask(self, wanted: Differing) -> None:
        """Make ``wanted``."""
        with self._wake:
            self._wanted = wanted
            self._wake.notify()
        if self._thread.ident is None:
            self._thread.start()

    def stop(self) -> None:
        """Give up the work in hand and join the thread."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread.ident is not None:
            self._thread.join()

    def _outdated(self) -> bool:
        return self._stopping or self._wanted is not None

    def _work(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(self._outdated)
                wanted, self._wanted = self._wanted, None
            if self._stopping or wanted is None:
                return
            try:
                drawn = self._renderer().render(wanted.shot, self._outdated)
            except JobCancelled:
                continue
            except StudioError as error:
                self.failed.emit(str(error))
                continue
            except Exception as error:  # noqa: BLE001 - the thread must outlive any one picture
                self.failed.emit(f"The difference from the photo could not be drawn ({error}).")
                continue
            height, width = wanted.photo.shape[:2]
            head = drawn[wanted.top : wanted.top + height, wanted.left : wanted.left + width]
            self.made.emit(difference(head, wanted.photo))
