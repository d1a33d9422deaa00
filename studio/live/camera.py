"""A webcam or a film as a source of frames, seen by a landmarker on a thread of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from threading import Event, Lock, Thread
from typing import Protocol

from studio.live.film import Picture
from studio.live.frame import FaceFrame, Sink
from studio.live.landmarker import INSTALL, Landmarker
from studio.live.traffic import Rate, Traffic
from studio.storage.errors import StudioError

_PATIENCE = 2.0  # seconds for a camera that hangs; it is left to itself then


class Pictures(Protocol):
    """Pictures in the order of their times."""

    rate: float | None  # pictures a second of a film; None: they come as they are taken

    def __iter__(self) -> Iterator[Picture]:
        """Each (H, W, 3), sRGB."""

    def close(self) -> None:
        """Give back camera or file."""


class Webcam:
    """What the webcam ``number``, from 0, sees, as it is now; by OpenCV, which MediaPipe brings.

    Raises:
        StudioError: there is none, or another program has it.

    """

    rate: float | None = None

    def __init__(self, number: int) -> None:
        try:
            import cv2
        except ImportError as error:
            raise StudioError(f"A webcam needs the package mediapipe; install it by {INSTALL}.") from error
        self._number = number
        self._capture = cv2.VideoCapture(number)
        if not self._capture.isOpened():
            self._capture.release()
            raise StudioError(
                f"Webcam {number + 1} cannot be used; connect one, close other programs that use it, and let "
                "this program see it in the settings of your system."
            )

    def __iter__(self) -> Iterator[Picture]:
        """Each (H, W, 3), sRGB.

        Raises:
            StudioError: the webcam has gone.

        """
        while True:
            seen, picture = self._capture.read()
            if not seen:
                raise StudioError(f"Webcam {self._number + 1} sends no more pictures; connect it again.")
            yield picture[..., ::-1]  # OpenCV has blue first

    def close(self) -> None:
        """Give the camera back."""
        self._capture.release()


class Camera:
    """Pictures seen by a landmarker; the frames that it finds go to ``sink`` on the camera's thread.

    A film is seen whole: where the landmarker is slower than its rate, it runs slower, with the times that
    it has. Opening either takes seconds and is done on the thread, which tells problems by :attr:`traffic`.

    Args:
        sink: is given the frames.
        open_pictures: opens webcam or film.
        open_seeing: opens the landmarker.

    """

    def __init__(
        self,
        sink: Sink,
        open_pictures: Callable[[], Pictures],
        open_seeing: Callable[[], Landmarker],
    ) -> None:
        self._sink = sink
        self._open_pictures, self._open_seeing = open_pictures, open_seeing
        self._ending = Event()
        self._lock = Lock()
        self._taken = self._faceless = 0
        self._last: float | None = None
        self._rate = Rate()
        self._problem = ""
        self._ended = False
        self._thread = Thread(target=self._run, name="camera", daemon=True)

    @property
    def traffic(self) -> Traffic:
        """What came so far."""
        with self._lock:
            return Traffic(
                rate=self._rate.told(time.monotonic()),
                taken=self._taken,
                faceless=self._faceless,
                last=self._last,
                problem=self._problem,
                ended=self._ended,
            )

    def start(self) -> None:
        """Begin to see."""
        self._thread.start()

    def stop(self) -> None:
        """See no longer, and give the camera back."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(_PATIENCE)

    def _run(self) -> None:
        try:
            with closing(self._open_seeing()) as seeing, closing(self._open_pictures()) as pictures:
                self._see(pictures, seeing)
        except StudioError as error:
            self._tell(str(error))
        except Exception as error:  # noqa: BLE001 - a package or a camera may fail in any way
            self._tell(f"The camera stopped ({error}); start it again.")

    def _see(self, pictures: Pictures, seeing: Landmarker) -> None:
        began, last = time.monotonic(), -1
        for number, picture in enumerate(pictures):
            at = time.monotonic() if pictures.rate is None else began + number / pictures.rate
            if self._ending.wait(max(at - time.monotonic(), 0.0)):
                return
            last = max(round(1000.0 * (at - began)), last + 1)
            seen = seeing.detect(picture, last)
            now = time.monotonic()
            with self._lock:
                self._last = now
                if seen is None:
                    self._faceless += 1
                else:
                    self._taken += 1
                    self._rate.add(now)
            if seen is not None:
                self._sink(FaceFrame(at, seen.units, seen.head))
        with self._lock:
            self._ended = True

    def _tell(self, problem: str) -> None:
        with self._lock:
            self._problem = problem
